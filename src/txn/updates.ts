/** The way to what works for an update of the firmware (`update.lazy`), which is in memory only while there is such work. */
import type { SignOn } from "./idle";
import { updatePart } from "./update.lazy";
import type { Works } from "./works";

/** True while flash is at work on it: events wait. */
export function isUpdateReading(s: SignOn): boolean {
  return s.update !== null && s.update.isReading;
}

/** Its time has come, or flash has answered. */
export function onUpdate(works: Works, text: string): void {
  const s = works.signOn;
  const part = (s.update && s.update.part) || updatePart();
  part.workUpdate(works, text);
  if (s.update) s.update.part = part;
}
