/**
 * What a PN532 is heard to say while a command runs (see `pn532-link`): bytes on the HSU; on I2C and SPI the question whether the
 * device has a frame, every POLL_MS, and then the frame.
 */
import { busAsk, busRead, bytesRead, isReady, NfcBus } from "./pn532-bus";
import { Frame, nextFrame, SYNTAX_ERROR } from "./pn532-frame";
import { ACK_MS, Await, end, expired, type Link, LinkReport, occupy, Op, POLL_MS, repeat, wait } from "./pn532-link";

/** Silence in the middle of an answer: the rest of it does not come (same latencies). */
const GAP_MS = 150;
/** A write on I2C that nobody acknowledged is tried again after this. */
const RESEND_MS = 10;
/** An ACK with its preamble and postamble. */
const ACK_BYTES = 6;

export function onLinkTimer(link: Link): LinkReport {
  if (link.awaits === Await.Nothing) return LinkReport.None;
  if (link.op !== Op.None) return end(link, LinkReport.Silent);
  if (link.bus === NfcBus.Hsu || link.board.nowMs() >= link.untilMs) return expired(link);
  occupy(link, Op.Ask);
  busAsk(link.board, link.bus);
  return LinkReport.None;
}

/** Bytes on the HSU. */
export function onLinkBytes(link: Link, bytes: string): LinkReport {
  if (link.awaits === Await.Nothing) return LinkReport.None;
  link.frames.heard += bytes;
  const report = take(link);
  if (link.awaits !== Await.Answer || !link.frames.isNoisy) return report;
  // Part of an answer. A line that is never quiet must not put the end off for ever.
  const leftMs = link.untilMs - link.board.nowMs();
  if (leftMs <= 0) return expired(link);
  link.board.timer(link.timer, leftMs < GAP_MS ? leftMs : GAP_MS);
  return report;
}

/** A call on I2C (`isDone`: acknowledged) or SPI ended. */
export function onLinkBus(link: Link, isDone: boolean, text: string): LinkReport {
  const op = link.op;
  if (op === Op.None) return LinkReport.None;
  link.op = Op.None;
  if (link.awaits === Await.Abort) return end(link, LinkReport.Silent);
  if (op === Op.Write) {
    wait(link, isDone ? ACK_MS : RESEND_MS);
  } else if (!isDone || (op === Op.Ask && !isReady(link.bus, text))) {
    link.board.timer(link.timer, POLL_MS);
  } else if (op === Op.Ask) {
    occupy(link, Op.Read);
    busRead(link.board, link.bus, link.awaits === Await.Ack ? ACK_BYTES : link.answerBytes);
  } else {
    return onRead(link, bytesRead(link.natives, link.bus, text));
  }
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
  for (let kind = nextFrame(frames); kind !== Frame.None; kind = nextFrame(frames)) {
    if (kind === Frame.Ack) {
      if (link.awaits === Await.Ack) {
        link.awaits = Await.Answer;
        frames.isNoisy = false;
        wait(link, link.answerMs);
      }
    } else if (link.awaits === Await.Answer) {
      if (kind === Frame.Broken) return repeat(link);
      if (frames.data === SYNTAX_ERROR) return end(link, LinkReport.SyntaxError);
      if (frames.data.substr(0, 2) === link.code) {
        link.data = frames.data.substr(2);
        return end(link, LinkReport.Answer);
      }
    }
  }
  return LinkReport.None;
}
