/**
 * Frames between host and PN532: NXP UM0701-02 (PN532 User Manual, rev. 02) section 6.2.1. A start code 00 FF, a length with its
 * own checksum, TFI and data, a checksum over these; zeros before and after. Pure; no wait. What is no frame is passed over, so
 * that the next one is found after any garbage, and no more than one unfinished frame is kept.
 *
 * Part of: pn532.ts
 */
import type { Natives } from "../board/board";

/** TFI, command code and 263 bytes more (6.2.1.2: 264 bytes of packet data, 265 with the TFI). */
export const DATA_BYTES_MAX = 265;
/** The longest frame: preamble, start code, FF FF, two bytes of length and their checksum, data, checksum, postamble. */
export const FRAME_BYTES_MAX = DATA_BYTES_MAX + 10;
/** 6.2.1.3: from the host it breaks off the command that runs. */
export const ACK = "\0\0\xff\0\xff\0";
/** 6.2.1.4: asks for the last answer once more. */
export const NACK = "\0\0\xff\xff\0\0";
/** The data of the error frame (6.2.1.5): the PN532 did not understand the command. */
export const SYNTAX_ERROR = "\x7f";

const START = "\0\xff";
/** Start code, 00 FF and a postamble: the shortest of all. FF 00 would be a NACK, which only the host says. */
const ACK_BODY_BYTES = 5;
/** Start code, FF FF in place of length and checksum, two bytes of length, checksum. */
const EXTENDED_HEAD_BYTES = 7;
/** Bytes without a start code that may still be zeros around a frame. */
const ZEROS_MAX = 2;

export const enum Frame {
  /** Nothing whole is left. */
  None = 0,
  Ack = 1,
  /** `data` is there, TFI in front. */
  Data = 2,
  /** A frame whose checksum is wrong. */
  Broken = 3,
}

export interface Frames {
  natives: Natives;
  /** Bytes that no frame was made of yet. */
  heard: string;
  /** So many of them it takes until `nextFrame` can find more than it did. */
  needed: number;
  /** TFI and data of the last frame. */
  data: string;
  /** More has been heard than whole frames and zeros between them. */
  isNoisy: boolean;
}

export function openFrames(natives: Natives): Frames {
  return { natives: natives, heard: "", needed: 0, data: "", isNoisy: false };
}

/** The frame of TFI and data (1 to DATA_BYTES_MAX bytes), extended only when it must be. */
export function buildFrame(natives: Natives, data: string): string {
  const length = data.length;
  const head =
    length < 256
      ? String.fromCharCode(length, 256 - length)
      : "\xff\xff" + String.fromCharCode(length >> 8, length & 255, -((length >> 8) + length) & 255);
  return "\0" + START + head + data + String.fromCharCode(-natives.sum(data) & 255, 0);
}

/** Takes the next frame off the bytes heard. */
export function nextFrame(frames: Frames): Frame {
  const heard = frames.heard;
  for (let at = heard.indexOf(START); at >= 0; at = heard.indexOf(START, at + 1)) {
    if (heard.length < at + ACK_BODY_BYTES) return keep(frames, at, ACK_BODY_BYTES);
    const length = heard.charCodeAt(at + 2);
    const sum = length + heard.charCodeAt(at + 3);
    if (sum === 256) return takeData(frames, at, 4, length);
    if (sum === 255 && length === 0 && heard.charAt(at + 4) === "\0") {
      frames.needed = 0;
      frames.heard = heard.substr(at + 4);
      return Frame.Ack;
    }
    if (sum === 510) {
      if (heard.length < at + EXTENDED_HEAD_BYTES) return keep(frames, at, EXTENDED_HEAD_BYTES);
      // Two bytes of length, and their checksum.
      const high = heard.charCodeAt(at + 4);
      const low = heard.charCodeAt(at + 5);
      const extended = (high << 8) + low;
      const isRight = ((high + low + heard.charCodeAt(at + 6)) & 255) === 0;
      if (isRight && extended > 0 && extended <= DATA_BYTES_MAX)
        return takeData(frames, at, EXTENDED_HEAD_BYTES, extended);
    }
  }
  if (heard.length > ZEROS_MAX) frames.isNoisy = true;
  frames.needed = 0;
  frames.heard = heard.charAt(heard.length - 1) === "\0" ? "\0" : "";
  return Frame.None;
}

/** What stands from `at` on may become a frame, once there are so many bytes of it. */
function keep(frames: Frames, at: number, needed: number): Frame {
  frames.isNoisy = true;
  frames.needed = needed;
  frames.heard = frames.heard.substr(at);
  return Frame.None;
}

/**
 * A frame at `at` with its data `headBytes` further, their checksum, and a postamble, without which a lost zero would not show: the
 * checksum would pass for data, and the postamble for the checksum. When it is wrong, a whole frame may still stand inside.
 */
function takeData(frames: Frames, at: number, headBytes: number, length: number): Frame {
  const heard = frames.heard;
  const dataAt = at + headBytes;
  const end = dataAt + length + 1;
  if (heard.length <= end) return keep(frames, at, headBytes + length + 2);
  const isRight = heard.charAt(end) === "\0" && (frames.natives.sum(heard.substr(dataAt, length + 1)) & 255) === 0;
  frames.needed = 0;
  frames.data = isRight ? heard.substr(dataAt, length) : "";
  frames.heard = heard.substr(isRight ? end : dataAt);
  return isRight ? Frame.Data : Frame.Broken;
}
