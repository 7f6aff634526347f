/** Sealing and opening of a message of 128 bytes, as often as the bench wants (`test/bench/bench.ts`). */
import { board } from "../../src/board/console";
import { openPowers } from "../../src/crypto/powers";
import { fillPad, open, openBytes, openPad, restartPad, seal, sealBytes, startPad } from "../../src/crypto/secretbox";
import { TAG_AT, workBytes } from "../../src/crypto/work";
import { plain } from "../../src/proto/plain";

declare const io: { cases: ((times: number) => void)[] };

const natives = board.natives || plain;
const MESSAGE_BYTES = 128;
const key = new Uint32Array([
  0x2755651b, 0xd485e973, 0x5211cd62, 0x6c479a7a, 0x4e950960, 0x7464ac9e, 0x44eec0f2, 0x8943f684,
]);
const head = new Uint32Array([0x01513030, 0x30303030, 0x31303030, 0]);
const message = "0200 message of 128 bytes, of which a third are digits 0123456789 ".repeat(2).substr(0, MESSAGE_BYTES);
const pad = openPad(natives.dot ? openPowers() : null);
startPad(pad, key, head, 1, 0);
const box = seal(pad, message, natives);
const boxBytes = new Uint8Array(box.length);
natives.toBytes(box, boxBytes, 0);

function fill(): void {
  let made = true;
  while (made) made = fillPad(pad, natives.dot);
}

function openBox(): void {
  workBytes.set(boxBytes, TAG_AT * 4);
  if (!openBytes(pad, MESSAGE_BYTES, natives.dot)) throw new Error("does not open");
}

fill();

io.cases = [
  // All that can be is made ahead: what is left of sealing and opening, in bytes and from and to strings.
  (times) => {
    for (; times--;) sealBytes(pad, MESSAGE_BYTES, natives.dot);
  },
  (times) => {
    for (; times--;) openBox();
  },
  (times) => {
    for (; times--;) seal(pad, message, natives);
  },
  (times) => {
    for (; times--;) if (open(pad, box, natives) !== message) throw new Error("does not open");
  },
  // What is made ahead.
  (times) => {
    for (; times--;) {
      startPad(pad, key, head, 1, 0);
      fill();
    }
  },
  // Nothing is made ahead.
  (times) => {
    for (; times--;) {
      startPad(pad, key, head, 1, 0);
      sealBytes(pad, MESSAGE_BYTES, natives.dot);
    }
  },
  (times) => {
    for (; times--;) {
      startPad(pad, key, head, 1, 0);
      openBox();
    }
  },
  // The subkey of XSalsa20 is there: as if one key sealed many messages.
  (times) => {
    for (; times--;) {
      restartPad(pad, 1, 0);
      sealBytes(pad, MESSAGE_BYTES, natives.dot);
    }
  },
];
