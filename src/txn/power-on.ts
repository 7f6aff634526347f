/**
 * Makes all that the terminal works with. In memory only at power-on, and so no function made here may be kept: it would keep all the rest.
 */
import type { Board, Natives } from "../board/board";
import { noGlyph, openPrinter } from "../drivers/printer";
import type { Panel } from "../drivers/screen";
import type { QrMaker } from "../drivers/slip";
import { openDevices } from "./devices";
import { openLink } from "./link";
import { openPins } from "./pins";
import type { Waiting } from "./queue";
import { openJournal } from "./ring-open";
import { openSeals } from "./seal";
import { openTerminal } from "./state";
import { Timer } from "./timers";
import type { Works } from "./works";

export function openWorks(board: Board, natives: Natives, panel: Panel, makeQr: QrMaker): Works {
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
      listed: 0,
      atMs: 0,
      asked: null,
      hostKey: "",
      rekey: null,
      update: null,
      testAtMs: 0,
    },
    panel: panel,
    printer: openPrinter(board, Timer.Printer, noGlyph, makeQr),
    devices: openDevices(board, queue),
    taps: null,
    track1: "",
    track2: "",
    frame: "",
    effects: 0,
    queue: queue,
  };
}
