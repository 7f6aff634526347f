/** The contactless reader of a terminal that has one. What works with it (`tap.lazy`) is in memory only while a card is asked for. */
import type { Happening } from "../board/board";
import type { Devices } from "./devices";
import { State } from "./state";
import type { Reader } from "./tap";
import { tapPart } from "./tap.lazy";
import { timekeeperPart } from "./timekeeper.lazy";
import type { Works } from "./works";

export interface Taps {
  part: ReturnType<typeof tapPart>;
  own: Reader;
}

/** A state has been entered: looks for a card where one is asked for, and nowhere else. */
export function holdTaps(works: Works): void {
  const t = works.t;
  const devices = works.devices;
  const settings = t.settings;
  const keeper = devices.timekeeper;
  const taps = devices.taps;
  if (t.state !== State.Card) {
    if (taps && taps.part.endReader(taps.own)) devices.taps = null;
  } else if (taps && taps.part.lookAgain(taps.own)) {
    return;
  } else if (settings && keeper && settings.tap !== "") {
    // Nobody knows the day: the month that the book knows will do.
    const date = timekeeperPart().today(keeper) || t.month + "01";
    const part = tapPart();
    const own = part.openReader(works, settings, date);
    devices.taps = own ? { part: part, own: own } : null;
  }
}

/** Something happened at the reader. */
export function onTaps(devices: Devices, happening: Happening, value: number, text: string): void {
  const taps = devices.taps;
  if (taps && taps.part.onReader(taps.own, happening, value, text)) devices.taps = null;
}
