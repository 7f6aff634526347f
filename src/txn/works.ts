/** All that the terminal works with, made once at power-on. */
import type { Board, Natives } from "../board/board";
import { openPrinter, type Printer } from "../drivers/printer";
import type { Panel } from "../drivers/screen";
import { qrPart } from "../proto/qr.lazy";
import { type Devices, openDevices } from "./devices";
import type { SignOn } from "./idle";
import { type Link, openLink } from "./link";
import { openPins, type Pins } from "./pins";
import type { Waiting } from "./queue";
import { type Journal, openJournal } from "./ring";
import { openSeals, type Seals } from "./seal";
import { openTerminal, type Terminal } from "./state";
import type { Taps } from "./taps";
import { Timer } from "./timers";

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

/** What the printer lacks is printed as `?`: so far no text goes beyond ASCII. */
function noGlyph(): string {
  return "";
}

export function openWorks(board: Board, natives: Natives, panel: Panel): Works {
  const queue: Waiting[] = [];
  const seals = openSeals(natives);
  return {
    board: board,
    natives: natives,
    t: openTerminal(),
    journal: openJournal(board.flash, natives),
    pins: openPins(board, natives),
    link: openLink(board, natives, Timer.Link, seals.even.pad.powers),
    seals: seals,
    signOn: {
      isDue: true,
      isOut: false,
      isAsked: false,
      offered: 0,
      atMs: 0,
      asked: null,
      hostKey: "",
      rekey: null,
    },
    panel: panel,
    printer: openPrinter(board, Timer.Printer, noGlyph, (text) => qrPart().qrSteps(natives, text)),
    devices: openDevices(board, queue),
    taps: null,
    track1: "",
    track2: "",
    frame: "",
    effects: 0,
    queue: queue,
  };
}
