/** A minute of the first screen is over, and nobody has done anything: the panel may go dark, and the self-test may be due. */
import { beginSelfTest } from "./selftest";
import { Fault, State } from "./state";
import type { Works } from "./works";

export { workUpdate } from "./selftest";

export function idleMinute(works: Works): void {
  dozeOff(works);
  const s = works.signOn;
  if (works.t.fault === Fault.None && !s.update && works.board.nowMs() >= s.testAtMs) beginSelfTest(works);
}

/** The panel goes dark, unless anything is open or owed, left to be paid, or wrong. */
function dozeOff(works: Works): void {
  const t = works.t;
  const minutes = t.settings ? t.settings.sleepMinutes : 0;
  const isDone = !t.isOpen && !t.isOwed && t.waiting === "" && t.splitMinor === 0;
  const isQuiet = t.state === State.Idle && isDone && t.fault === Fault.None;
  t.isDark = isQuiet && minutes > 0 && works.board.nowMs() - t.usedAtMs >= minutes * 60000;
}
