/** Frames of a reader with its own decoder, spoilt and in pieces: an outcome in a bounded time, and only what a track can hold. */
import {
  FRAME_BYTES_MAX,
  onStripeBytes,
  onStripeTimer,
  openStripeReader,
  StripeReport,
} from "../../src/drivers/magstripe-uart";
import { fakeBoard } from "../drivers/fake-board";

const T1 = "%B4761739001010010^TEST/CARD ONE^28122011143800000000?";
const T2 = ";4761739001010010=28122011143800000000?";
const FRAMES = [`${T1}${T2}\r`, `\x02${T2}+011234567890=7247240?\r\x03`, `%E?${T2}\r`, `${T2}${T2}\r`, "\xff\0\r\n"];
const TRACK1 = /^$|^%[ -$&->@-_]{1,76}\?$/;
const TRACK2 = /^$|^;[0-9=]{1,37}\?$/;
const TRACK3 = /^$|^;[0-9=]{1,104}\?$/;

let nowMs = 0;
let isArmed = false;
const board = {
  ...fakeBoard(),
  nowMs: () => nowMs,
  timer: (_: number, delayMs: number) => {
    isArmed = delayMs >= 0;
  },
};

function spoil(frame: string, random: (below: number) => number): string {
  const at = random(frame.length + 1);
  switch (random(5)) {
    case 0:
      return frame.slice(0, at) + String.fromCharCode(random(256)) + frame.slice(at + random(2));
    case 1:
      return frame.slice(at);
    case 2:
      return frame.slice(0, at);
    case 3:
      return frame.slice(0, at) + frame.slice(at, at + random(60)).repeat(random(5)) + frame.slice(at);
    default:
      return frame + (FRAMES[random(FRAMES.length)] ?? "");
  }
}

export function fuzz(random: (below: number) => number): void {
  const reader = openStripeReader(board, 5);
  isArmed = false;
  let frame = FRAMES[random(FRAMES.length)] ?? "";
  for (let left = random(4); left > 0; left--) frame = spoil(frame, random);
  const take = (report: StripeReport) => {
    if (reader.bytes.length > FRAME_BYTES_MAX) throw new Error("too many bytes are kept");
    if (isArmed !== (reader.bytes !== "")) throw new Error(isArmed ? "waits for nothing" : "waits for ever");
    const { track1, track2, track3 } = reader;
    if (report !== StripeReport.Card) return;
    if (!TRACK1.test(track1) || !TRACK2.test(track2) || !TRACK3.test(track3))
      throw new Error(`${track1}${track2}${track3}`);
    if (track1 + track2 + track3 === "") throw new Error("a card without a track");
  };
  for (let at = 0; at < frame.length;) {
    const size = 1 + random(80);
    nowMs += random(90);
    take(onStripeBytes(reader, frame.slice(at, at + size)));
    at += size;
  }
  if (isArmed) {
    nowMs += 100;
    take(onStripeTimer(reader));
  }
  if (isArmed) throw new Error("no end");
}
