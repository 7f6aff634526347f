/**
 * Magnetic stripe readers that decode by themselves and send ASCII: `%` track 1 `?`, `;` track 2 `?`, `+` track 3 `?`, CR. STX, ESC and
 * ETX are options, a track that could not be read is `E`. Parity and LRC were checked in the reader, so that sentinels, character
 * sets, lengths and order are checked here: what is not wholly a frame is no card. Units: ms, bytes. Such a reader is never asked
 * anything; one that was pulled out is silent like one that nobody uses, and works again when it is back.
 *
 * Part: MagTek MT-211 and readers that send alike
 * Bus: UART
 * Document: MagTek 99875051-7, "RS-232 Swipe Reader, 3-Track", figures 3-1 and 3-2
 * Pins: TX, VCC, GND
 * Slowest: 1.2 s, a frame that drips
 */
import type { Board } from "../board/board";

/** A frame without its CR is over when nothing came for this long: 100 characters at 9600 baud. */
export const GAP_MS = 100;
/** Three full tracks at 2400 baud. */
export const FRAME_MS_MAX = 1200;
/** 79 + 40 + 107 characters and what may stand around them. */
export const FRAME_BYTES_MAX = 240;

export const enum StripeReport {
  None = 0,
  /** A card: `track1` to `track3`, "" for a track that it does not have or that could not be read. */
  Card = 1,
  /** Something that began like a card, and is none. */
  Unread = 2,
}

export interface StripeReader {
  board: Board;
  timer: number;
  bytes: string;
  beganMs: number;
  /** With the sentinels that they have on the stripe. */
  track1: string;
  track2: string;
  track3: string;
  /** For service: frames by report. */
  cardCount: number;
  unreadCount: number;
}

export function openStripeReader(board: Board, timer: number): StripeReader {
  return {
    board: board,
    timer: timer,
    bytes: "",
    beganMs: 0,
    track1: "",
    track2: "",
    track3: "",
    cardCount: 0,
    unreadCount: 0,
  };
}

/** Bytes from the reader. At most one card comes out; what follows it in the same bytes is dropped: nobody swipes twice in a frame. */
export function onStripeBytes(reader: StripeReader, bytes: string): StripeReport {
  const nowMs = reader.board.nowMs();
  if (reader.bytes === "") reader.beganMs = nowMs;
  const room = FRAME_BYTES_MAX - reader.bytes.length;
  reader.bytes += bytes.substr(0, room);
  const end = reader.bytes.indexOf("\r");
  if (end >= 0) return finish(reader, reader.bytes.substr(0, end));
  const leftMs = reader.beganMs + FRAME_MS_MAX - nowMs;
  if (bytes.length > room || leftMs <= 0) return finish(reader, "%");
  reader.board.timer(reader.timer, leftMs < GAP_MS ? leftMs : GAP_MS);
  return StripeReport.None;
}

/** Nothing came any more: the frame is what came before. */
export function onStripeTimer(reader: StripeReader): StripeReport {
  return finish(reader, reader.bytes);
}

function finish(reader: StripeReader, frame: string): StripeReport {
  reader.bytes = "";
  reader.board.timer(reader.timer, -1);
  reader.track1 = "";
  reader.track2 = "";
  reader.track3 = "";
  // Bytes before the first start sentinel are a line that was plugged in.
  let at = 0;
  while (at < frame.length && "%;+".indexOf(frame.charAt(at)) < 0) at++;
  if (at === frame.length) return StripeReport.None;
  if (split(reader, frame, at)) {
    reader.cardCount++;
    return StripeReport.Card;
  }
  reader.track1 = "";
  reader.track2 = "";
  reader.track3 = "";
  reader.unreadCount++;
  return StripeReport.Unread;
}

/** Takes the tracks out of a frame, in their order, none twice, nothing between them. False when it is not so, or no track is good. */
function split(reader: StripeReader, frame: string, start: number): boolean {
  let at = start;
  let lastTrack = 0;
  while (at < frame.length) {
    const track = "%;+".indexOf(frame.charAt(at)) + 1;
    const end = frame.indexOf("?", at);
    if (track <= lastTrack || end < 0) return false;
    lastTrack = track;
    const data = frame.substr(at + 1, end - at - 1);
    at = end + 1;
    if (data === "E") continue;
    if (!isData(track, data)) return false;
    if (track === 1) reader.track1 = "%" + data + "?";
    else if (track === 2) reader.track2 = ";" + data + "?";
    else reader.track3 = ";" + data + "?";
  }
  return reader.track1 + reader.track2 + reader.track3 !== "";
}

/** The characters of a track without sentinels and LRC (ISO/IEC 7811-2 tables 4 and 5, ISO/IEC 7813, ISO/IEC 4909). */
function isData(track: number, data: string): boolean {
  const length = data.length;
  if (track === 1) return length <= 76 && /^[ -$&->@-_]+$/.test(data);
  return length <= (track === 2 ? 37 : 104) && /^[0-9=]+$/.test(data);
}
