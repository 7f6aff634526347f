/** All that the terminal works with, made once at power-on (`power-on`). */
import type { Board, Natives } from "../board/board";
import type { Printer } from "../drivers/printer";
import type { Panel } from "../drivers/screen";
import type { Devices } from "./devices";
import type { SignOn } from "./idle";
import type { Link } from "./link";
import { isPinsBusy, type Pins } from "./pins";
import type { Waiting } from "./queue";
import { isJournalBusy, type Journal } from "./ring";
import type { Seals } from "./seal";
import type { Terminal } from "./state";
import type { Taps } from "./taps";

export interface Works {
  board: Board;
  natives: Natives;
  t: Terminal;
  journal: Journal;
  pins: Pins;
  link: Link;
  seals: Seals;
  signOn: SignOn;
  panel: Panel;
  printer: Printer;
  devices: Devices;
  /** The contactless reader, while a card is asked for. */
  taps: Taps | null;
  /** Text of tracks 1 and 2 of the swipe in hand. */
  track1: string;
  track2: string;
  /** The sealed request of the sale that is being journalled. */
  frame: string;
  /** Effects that wait for the journal. */
  effects: number;
  queue: Waiting[];
}

/** Something is being read, which comes back as `Happening.Flash`. */
export function isFlashBusy(works: Works): boolean {
  const desk = works.t.desk;
  const update = works.signOn.update;
  if ((desk && desk.isReading) || (update && update.isReading)) return true;
  return isJournalBusy(works.journal) || isPinsBusy(works.pins);
}
