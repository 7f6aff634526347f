/** The contactless reader of a terminal that has one. What works with it (`reader.lazy`) is in memory only while a card is asked for. */
import type { Happening } from "../board/board";
import type { Devices } from "./devices";
import type { Reader } from "./reader";
import { readerPart } from "./reader.lazy";
import { State } from "./state";
import type { Works } from "./works";

export interface Taps {
  part: ReturnType<typeof readerPart>;
  own: Reader;
}

/** The state is another one, or again the same: looks for a card where one is asked for, and nowhere else. */
export function holdTaps(works: Works): void {
  const devices = works.devices;
  const settings = works.t.settings;
  const taps = devices.taps;
  if (works.t.state !== State.Card) endTaps(devices);
  else if (taps) taps.part.lookAgain(taps.own);
  else if (settings && settings.tap === "hsu") {
    const part = readerPart();
    devices.taps = { part: part, own: part.openReader(works) };
  }
}

/** Lets the reader and all that works with it go, at once. */
export function endTaps(devices: Devices): void {
  const taps = devices.taps;
  if (taps) taps.part.closeReader(taps.own);
  devices.taps = null;
}

/** Something happened at the reader. */
export function onTaps(devices: Devices, happening: Happening, value: number, text: string): void {
  const taps = devices.taps;
  if (taps) taps.part.onReader(taps.own, happening, value, text);
}
