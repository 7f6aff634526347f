/**
 * The PN532's frame finder and driver against anything that can come in: mostly frames that are nearly right. Nothing is thrown, memory
 * stays bounded, no frame is made up, and the driver always has a timer armed.
 */
import type { Board } from "../../src/board/board";
import {
  APDU_BYTES_MAX,
  exchange,
  onNfcBytes,
  onNfcI2c,
  onNfcSpi,
  onNfcTimer,
  openNfc,
  pollCards,
  release,
} from "../../src/drivers/pn532";
import { NfcBus } from "../../src/drivers/pn532-bus";
import { DATA_BYTES_MAX, Frame, FRAME_BYTES_MAX, nextFrame, openFrames } from "../../src/drivers/pn532-frame";
import { NfcReport } from "../../src/drivers/pn532-report";
import { plain } from "../../src/proto/plain";
import { frameOf } from "../../src/sim/twins/pn532";
import { fakeBoard } from "../drivers/fake-board";
import { ANSWERS, LISTED } from "../drivers/pn532-vectors";

type Random = (below: number) => number;

const CODES = [0x15, 0x03, 0x33, 0x4b, 0x41, 0x53];
const ACK = "\x00\x00\xff\x00\xff\x00";
const PIECES = [
  ...ANSWERS.map(({ frame }) => frame),
  ...LISTED.map(({ answer }) => frameOf(`\xd5\x4b${answer}`)),
  ...CODES.map((code) => frameOf(`\xd5${String.fromCharCode(code)}\x00`)),
  frameOf("\xd5\x03\x32\x01\x06\x07"),
  frameOf(`\xd5\x41\x40${"\x90\x00".repeat(120)}`),
  ACK,
  "\x00\x00\xff",
];
const fake = fakeBoard();
const mirror = (byte: number): number => {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) out |= 0x80 >> bit;
  return out;
};
const MIRROR = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(mirror(byte)));

function noise(random: Random): string {
  let out = "";
  for (let left = random(12); left > 0; left--) out += String.fromCharCode(random(3) ? random(256) : random(2) * 255);
  return out;
}

/** A piece, whole or with a byte lost, doubled or changed. */
function piece(random: Random): string {
  const text = PIECES[random(PIECES.length)] ?? ACK;
  const at = random(text.length);
  const kind = random(8);
  if (kind > 3) return text;
  const byte =
    kind === 0 ? "" : kind === 1 ? noise(random) : String.fromCharCode(text.charCodeAt(at) ^ (1 << random(8)));
  return kind === 3 ? text.slice(0, at) : text.slice(0, at) + byte + text.slice(at + 1);
}

function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(what);
}

function fuzzFrames(random: Random): void {
  const frames = openFrames(plain);
  let stream = "";
  for (let left = 1 + random(5); left > 0; left--) {
    const text = random(4) ? piece(random) : noise(random);
    stream += text;
    frames.heard += text;
    let found = 0;
    for (let kind = nextFrame(frames); kind !== Frame.None; kind = nextFrame(frames)) {
      check(found++ < 1000, "frames without end");
      if (kind !== Frame.Data) continue;
      check(frames.data.length > 0 && frames.data.length <= DATA_BYTES_MAX, "a frame's length");
      const checksum = String.fromCharCode(-plain.sum(frames.data) & 255);
      check(stream.includes(frames.data + checksum), "a frame that was not there");
    }
    check(frames.heard.length < FRAME_BYTES_MAX, "memory for more than a frame");
  }
}

function fuzzDriver(random: Random): void {
  let nowMs = 0;
  let armedMs = -1;
  const board: Board = {
    ...fake,
    nowMs: () => nowMs,
    timer: (_, delayMs) => {
      armedMs = delayMs;
    },
    uart: () => undefined,
    i2c: () => undefined,
    spi: () => undefined,
  };
  const bus = random(3) as NfcBus;
  const nfc = openNfc(board, plain, 1, bus);
  const bytesIn = (text: string): NfcReport => {
    if (bus === NfcBus.Hsu) return onNfcBytes(nfc, text);
    if (bus === NfcBus.I2c) return onNfcI2c(nfc, random(20) > 0, random(9) ? `\x01${text}` : text);
    return onNfcSpi(nfc, random(9) ? `\0${[...text].map((byte) => MIRROR[byte.charCodeAt(0)]).join("")}` : text);
  };
  const ready = bus === NfcBus.I2c ? "" : "\x01";
  for (let left = 4 + random(40); left > 0; left--) {
    const kind = random(16);
    let report: NfcReport = NfcReport.None;
    if (kind === 0) pollCards(nfc);
    else if (kind === 1) exchange(nfc, "\x80".repeat(1 + random(random(9) ? 40 : 700)));
    else if (kind === 2) release(nfc);
    else if (kind < 6) {
      nowMs += Math.max(0, armedMs);
      armedMs = -1;
      report = onNfcTimer(nfc);
    } else if (kind < 8) report = bytesIn(ready);
    else if (kind < 15) report = bytesIn(random(3) ? answerFor(nfc.link.code, random) : piece(random));
    else report = bytesIn(noise(random));
    check(armedMs >= 0, "the driver waits without a timer");
    check(report >= NfcReport.None && report <= NfcReport.Released, "a report without a name");
    check(nfc.answer.length <= APDU_BYTES_MAX + 262, "an answer without a bound");
    check(nfc.link.frames.heard.length < FRAME_BYTES_MAX, "memory for more than a frame");
    if (report === NfcReport.Card) check(nfc.card.uid.length > 0 && nfc.card.answerMs <= 4700, "a card without bounds");
    if (report === NfcReport.Answer) check(nfc.answer.length <= APDU_BYTES_MAX, "an answer that is too long");
  }
}

/** What gets the driver further: an ACK, or an answer to the command that runs. */
function answerFor(code: string, random: Random): string {
  if (random(2)) return ACK;
  if (code === "\xd5\x03") return frameOf("\xd5\x03\x32\x01\x06\x07");
  if (code === "\xd5\x4b") return frameOf(code + (random(3) ? (LISTED[random(LISTED.length)]?.answer ?? "") : "\0"));
  if (code === "\xd5\x41") return frameOf(`${code}${String.fromCharCode(random(4) ? 0 : random(256))}${noise(random)}`);
  return frameOf(`${code}\0`.slice(0, random(2) + 2));
}

export function fuzz(random: Random): void {
  if (random(3)) fuzzFrames(random);
  else fuzzDriver(random);
}
