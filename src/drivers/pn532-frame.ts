/**
 * Frames between host and PN532: NXP UM0701-02 (PN532 User Manual, rev. 02) section 6.2.1. A start code 00 FF, a length with its
 * own checksum, TFI and data, a checksum over these; zeros before and after. Pure; no wait. What is no frame is passed over, so
 * that the next one is found after any garbage, and no more than one unfinished frame is kept.
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
const EXTENDED = "\xff\xff";
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
  /** TFI and data of the last frame. */
  data: string;
  /** More has been heard than whole frames and zeros between them. */
  isNoisy: boolean;
}

export function openFrames(natives: Natives): Frames {
  return { natives: natives, heard: "", data: "", isNoisy: false };
}

/** The frame of TFI and data (1 to DATA_BYTES_MAX bytes), extended only when it must be. */
export function buildFrame(natives: Natives, data: string): string {
  const length = data.length;
  const head =
    length < 256
      ? String.fromCharCode(length, 256 - length)
      : EXTENDED + String.fromCharCode(length >> 8, length & 255, -((length >> 8) + length) & 255);
  return "\0" + START + head + data + String.fromCharCode(-natives.sum(data) & 255, 0);
}

/** Takes the next frame off the bytes heard. */
export function nextFrame(frames: Frames): Frame {
  const heard = frames.heard;
  for (let at = heard.indexOf(START); at >= 0; at = heard.indexOf(START, at + 1)) {
    const isExtended = heard.substr(at + 2, 2) === EXTENDED;
    const dataAt = at + (isExtended ? 7 : 4);
    if (heard.length < dataAt) return keep(frames, heard.substr(at));
    const length = isExtended ? twoBytes(heard, at + 4) : heard.charCodeAt(at + 2);
    const check = ((length >> 8) + length + heard.charCodeAt(dataAt - 1)) & 255;
    // 00 FF and a postamble is an ACK. FF 00 would be a NACK, which only the host says.
    if (length === 0 && check === 255 && !isExtended) {
      if (heard.length === dataAt) return keep(frames, heard.substr(at));
      if (heard.charAt(dataAt) === "\0") {
        frames.heard = heard.substr(dataAt);
        return Frame.Ack;
      }
    }
    if (check === 0 && length > 0 && length <= DATA_BYTES_MAX) {
      if (heard.length <= dataAt + length) return keep(frames, heard.substr(at));
      return take(frames, dataAt, length);
    }
  }
  if (heard.length > ZEROS_MAX) frames.isNoisy = true;
  frames.heard = heard.charAt(heard.length - 1) === "\0" ? "\0" : "";
  return Frame.None;
}

function twoBytes(text: string, at: number): number {
  return (text.charCodeAt(at) << 8) + text.charCodeAt(at + 1);
}

function keep(frames: Frames, rest: string): Frame {
  frames.isNoisy = true;
  frames.heard = rest;
  return Frame.None;
}

/** `length` bytes of data and their checksum. When it is wrong, a whole frame may still stand inside of what seemed to be one. */
function take(frames: Frames, at: number, length: number): Frame {
  const heard = frames.heard;
  const isRight = (frames.natives.sum(heard.substr(at, length + 1)) & 255) === 0;
  frames.data = isRight ? heard.substr(at, length) : "";
  frames.heard = heard.substr(isRight ? at + length + 1 : at);
  return isRight ? Frame.Data : Frame.Broken;
}
