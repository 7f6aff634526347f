/** Boxes made and opened on the spot and ahead. Commands: 0 with subkey's key, nonce (24) and message; 1 with a key of 32 bytes and a message for Poly1305. */
import { board } from "../../src/board/console";
import { poly1305 } from "../../src/crypto/poly1305";
import { makePower, openPowers, poly1305Ahead, POWERS } from "../../src/crypto/powers";
import { fillPad, open, openPad, restartPad, seal, startPad } from "../../src/crypto/secretbox";
import { END, MESSAGE_AT, TAG_AT, workBytes } from "../../src/crypto/work";
import { plain } from "../../src/proto/plain";

declare const io: { tx(line: string): void };

const natives = board.natives || plain;
const bytes = new Uint8Array(56);
const words = new Uint32Array(bytes.buffer);
const powers = natives.dot ? openPowers() : null;
const pad = openPad(powers);

function boxes(message: string): string[] {
  startPad(pad, words.subarray(0, 8), words.subarray(8, 12), words[12], words[13]);
  const box = seal(pad, message, natives);
  const report = [box, open(pad, box, natives)];
  restartPad(pad, words[12], words[13]);
  let isMore = true;
  while (isMore) isMore = fillPad(pad, natives.dot);
  report.push(seal(pad, message, natives), open(pad, box, natives), open(pad, "?" + box.substr(1), natives));
  return report;
}

function tag(): string {
  return natives.toText(workBytes.subarray(TAG_AT * 4, MESSAGE_AT * 4));
}

function tags(message: string): string[] {
  const key = words.subarray(0, 8);
  natives.toBytes(message, workBytes, MESSAGE_AT * 4);
  workBytes.set(END, MESSAGE_AT * 4 + message.length);
  poly1305(message.length, key);
  const report = [tag()];
  const dot = natives.dot;
  if (powers && dot) {
    for (let power = 1; power <= POWERS; power++) makePower(powers, power, key, dot);
    poly1305Ahead(message.length, key, powers, dot);
    report.push(tag());
  }
  return report;
}

board.start((happening, value, text) => {
  if ((happening as number) !== 20) return;
  const head = value === 0 ? 56 : 32;
  natives.toBytes(text.substr(0, head), bytes, 0);
  const report: string[] = value === 0 ? boxes(text.substr(head)) : tags(text.substr(head));
  io.tx(JSON.stringify(["x"].concat(report)));
});
