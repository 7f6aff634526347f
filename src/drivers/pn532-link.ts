/**
 * One command at a time to a PN532 and its answer back: UM0701-02 section 6.2.2 (dialog structure). A command is acknowledged within
 * 15 ms, then answered; a bad answer is asked for again with a NACK, a command without an end is broken off with an ACK. An
 * answer counts only after the ACK of its own command, so that no late one is taken for another's.
 *
 * Longest wait of a command: tries * ACK_MS, then its answer's bound and NACKS * ACK_MS more, each with GAP_MS for bytes that
 * come last; on I2C and SPI a call to the bus that never ends adds BUS_MS once.
 *
 * Part of: pn532.ts
 */
import { type Board, type Natives, Port } from "../board/board";
import type { NfcBus } from "./pn532-bus";
import type { busPart } from "./pn532-bus.lazy";
import { ACK, buildFrame, FRAME_BYTES_MAX, type Frames, NACK } from "./pn532-frame";

/** 24 ms for the longest command at 115200 baud, 15 ms for the device, and up to 100 ms until an idle engine looks at its UART. */
export const ACK_MS = 150;
/** Between two questions whether the device is ready. */
export const POLL_MS = 5;
/** An I2C call may take a second until the engine gives it up. */
export const BUS_MS = 1500;
/** An answer is asked for again so many times. */
const NACKS = 2;

export const enum LinkReport {
  None = 0,
  /** `data` is the answer behind its code. */
  Answer = 1,
  /** The device says that the command is wrong. */
  SyntaxError = 2,
  /** Answers come, and none can be read. */
  Garbled = 3,
  Silent = 4,
}

export const enum Await {
  Nothing = 0,
  Ack = 1,
  Answer = 2,
  /** The end of a write that breaks a command off. */
  Abort = 3,
}

/** What the bus is doing. */
export const enum Op {
  None = 0,
  Write = 1,
  Ask = 2,
  Read = 3,
}

export interface Link {
  board: Board;
  natives: Natives;
  timer: number;
  bus: NfcBus;
  /** Null on the HSU. */
  wires: ReturnType<typeof busPart> | null;
  frames: Frames;
  awaits: Await;
  op: Op;
  /** The command's bytes, for another try. */
  sent: string;
  /** TFI and code that the answer begins with. */
  code: string;
  data: string;
  triesLeft: number;
  nacksLeft: number;
  /** The bound of the answer. */
  answerMs: number;
  /** When the wait for a frame is over. */
  untilMs: number;
  /** So many bytes of an answer are read on I2C and SPI; when they were too few, all that there can be. */
  answerBytes: number;
}

/** Sends TFI, code and parameters, with `wake` in front. A later call gives the report. */
export function command(
  link: Link,
  wake: string,
  data: string,
  tries: number,
  answerMs: number,
  answerBytes: number,
): void {
  link.sent = wake + buildFrame(link.natives, data);
  link.code = "\xd5" + String.fromCharCode(data.charCodeAt(1) + 1);
  link.triesLeft = tries - 1;
  link.nacksLeft = NACKS;
  link.answerMs = answerMs;
  link.answerBytes = answerBytes;
  send(link, link.sent, Await.Ack);
}

function send(link: Link, bytes: string, awaits: Await): void {
  const frames = link.frames;
  frames.heard = "";
  frames.needed = 0;
  frames.isNoisy = false;
  link.awaits = awaits;
  const wires = link.wires;
  if (!wires) {
    link.board.uart(Port.Nfc, bytes);
    wait(link, ACK_MS);
  } else {
    wires.busWrite(link.board, link.natives, link.bus, bytes);
    occupy(link, Op.Write);
  }
}

export function occupy(link: Link, op: Op): void {
  link.op = op;
  link.board.timer(link.timer, BUS_MS);
}

/** Waits for a frame. */
export function wait(link: Link, waitMs: number): void {
  link.untilMs = link.board.nowMs() + waitMs;
  link.board.timer(link.timer, link.wires ? POLL_MS : waitMs);
}

/** The command is over. Who gets the report arms the timer anew. */
export function end(link: Link, report: LinkReport): LinkReport {
  link.awaits = Await.Nothing;
  link.op = Op.None;
  return report;
}

/** Asks for the answer once more; the device does not run the command again for that. */
export function repeat(link: Link): LinkReport {
  if (link.nacksLeft === 0) return end(link, LinkReport.Garbled);
  link.nacksLeft--;
  link.answerBytes = FRAME_BYTES_MAX;
  send(link, NACK, Await.Answer);
  return LinkReport.None;
}

/** What was waited for did not come. */
export function expired(link: Link): LinkReport {
  if (link.awaits === Await.Ack && link.triesLeft > 0) {
    link.triesLeft--;
    send(link, link.sent, Await.Ack);
    return LinkReport.None;
  }
  if (link.awaits !== Await.Answer) return end(link, LinkReport.Silent);
  if (link.frames.isNoisy) return repeat(link);
  send(link, ACK, Await.Abort);
  return link.wires ? LinkReport.None : end(link, LinkReport.Silent);
}
