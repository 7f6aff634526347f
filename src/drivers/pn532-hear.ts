/**
 * What a PN532 is heard to say while a command runs (see `pn532-link`): bytes on the HSU; on I2C and SPI the question whether the
 * device has a frame, every POLL_MS, and then the frame.
 *
 * Part of: pn532.ts
 */
import { ACK, Frame, nextFrame, SYNTAX_ERROR } from "./pn532-frame";
import { ACK_MS, Await, end, expired, type Link, LinkReport, occupy, Op, POLL_MS, repeat, wait } from "./pn532-link";

/** From the first bytes of an answer to its last: 24 ms for the longest at 115200 baud, 100 ms for an idle engine to look. */
const GAP_MS = 150;
/** A write on I2C that nobody acknowledged is tried again after this. */
const RESEND_MS = 10;
/** An ACK with its preamble and postamble. */
const ACK_BYTES = 6;

export function onLinkTimer(link: Link): LinkReport {
  if (link.op !== Op.None) return end(link, LinkReport.Silent);
  const wires = link.wires;
  if (!wires || link.board.nowMs() >= link.untilMs) return expired(link);
  occupy(link, Op.Ask);
  wires.busAsk(link.board, link.bus);
  return LinkReport.None;
}

/** Bytes on the HSU, put with those heard before. */
export function onLinkBytes(link: Link): LinkReport {
  const frames = link.frames;
  if (link.awaits === Await.Nothing) frames.heard = "";
  const report = take(link);
  if (!frames.isNoisy || link.awaits !== Await.Answer) return report;
  // Part of an answer. A line that is never quiet must not put the end off for ever.
  if (link.board.nowMs() >= link.untilMs) return expired(link);
  link.board.timer(link.timer, GAP_MS);
  return report;
}

/** A call on I2C (`isDone`: acknowledged) or SPI ended. */
export function onLinkBus(link: Link, isDone: boolean, text: string): LinkReport {
  const op = link.op;
  const wires = link.wires;
  link.op = Op.None;
  if (!wires) return LinkReport.None;
  if (op === Op.Ask) {
    if (isDone && wires.isReady(link.bus, text)) {
      occupy(link, Op.Read);
      wires.busRead(link.board, link.bus, link.awaits === Await.Ack ? ACK_BYTES : link.answerBytes);
    } else {
      link.board.timer(link.timer, POLL_MS);
    }
    return LinkReport.None;
  }
  if (op === Op.Read && isDone) return onRead(link, wires.bytesRead(link.natives, link.bus, text));
  return onWritten(link, op, isDone);
}

function onWritten(link: Link, op: Op, isDone: boolean): LinkReport {
  if (link.awaits === Await.Abort) return end(link, LinkReport.Silent);
  if (op === Op.Write) wait(link, isDone ? ACK_MS : RESEND_MS);
  else if (op === Op.Read) link.board.timer(link.timer, POLL_MS);
  return LinkReport.None;
}

/** A frame was read. When it is not the one waited for, the next may be, or it has to come again. */
function onRead(link: Link, bytes: string): LinkReport {
  const awaits = link.awaits;
  link.frames.heard = bytes;
  const report = take(link);
  if (link.awaits !== awaits || link.op !== Op.None) return report;
  if (awaits === Await.Answer) return repeat(link);
  link.board.timer(link.timer, POLL_MS);
  return report;
}

/** Goes through the frames heard. */
function take(link: Link): LinkReport {
  const frames = link.frames;
  if (frames.heard === ACK && link.awaits === Await.Ack) {
    frames.heard = "";
    return onAck(link);
  }
  for (let kind = nextFrame(frames); kind !== Frame.None; kind = nextFrame(frames)) {
    if (link.awaits === Await.Answer) {
      if (kind === Frame.Data && frames.data.substr(0, 2) === link.code) {
        link.data = frames.data.substr(2);
        return end(link, LinkReport.Answer);
      }
      if (kind === Frame.Broken) return repeat(link);
      if (frames.data === SYNTAX_ERROR) return end(link, LinkReport.SyntaxError);
    } else if (kind === Frame.Ack && link.awaits === Await.Ack) {
      onAck(link);
    }
  }
  return LinkReport.None;
}

/** The device runs the command. */
function onAck(link: Link): LinkReport {
  link.awaits = Await.Answer;
  link.frames.data = "";
  link.frames.isNoisy = false;
  wait(link, link.answerMs);
  return LinkReport.None;
}
