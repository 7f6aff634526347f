/**
 * The self-test of code and keys: in the first idle minute after power-on, then once a day. The random source (FIPS 140-2 section 4.9.2), the
 * cipher (NaCl's own test), what is kept in flash (`selftest-kept`), and the code: the check of the slot that it runs from, which whoever wrote
 * the slot left behind its head (`docs/updates.md`). Not the digest: that costs a core of Salsa20 for 16 bytes, minutes in all, and is for what
 * somebody might have changed on purpose, when a bundle comes in. Where a board has no slots nobody knows what the code should be: it is passed over.
 *
 * In memory it stands where an update of the firmware does, and like that it ends with whatever leads out of Idle; it begins anew in the next idle
 * minute. A turn costs a core of Salsa20 at most or what a turn of power-on costs, and a key or card comes in between any two. A part that
 * fails twice in a row is a fault: once may have been a bit that was read wrong. About 450 turns for a bundle of 130 kB, some 10 s on an ESP32.
 */
import { Signal, signal } from "../drivers/buzzer";
import { fillPad, open, seal, startPad } from "../crypto/secretbox";
import { fromBigEndian, toBigEndian } from "../proto/bytes";
import { PAGE_BYTES } from "../board/board";
import { screen } from "./screens";
import { SlotFor } from "./seal";
import { type Kept, keptAnswered, openKept, workKept } from "./selftest-kept";
import { TEST_BOX_CRC, TEST_KEY, TEST_MESSAGE } from "./selftest.table";
import { Fault } from "./state";
import { Timer } from "./timers";
import {
  At,
  DIGEST_STEP_BYTES,
  goOn,
  HEAD_BYTES,
  openUpdate,
  read,
  Stage,
  takeCheck,
  UNSET,
  type Update,
} from "./update-slot";
import type { Works } from "./works";

const DAY_MS = 86400000;
const PAUSE_MS = 150;
/** A sign-on is out, or an update waits: to the next look. */
const WAIT_MS = 30000;
/** In one block 64 bits: of 16 two are alike by chance too often. */
const BLOCK_BYTES = 8;
const BLOCKS = 16;
const CHECK_BYTES = 4;
/** Of the code in a turn. */
const CODE_BYTES = 4 * DIGEST_STEP_BYTES;

const enum Part {
  Random = 0,
  Cipher = 1,
  Kept = 2,
  Code = 3,
  End = 4,
}

export interface SelfTest {
  part: Part;
  /** Turns of the part in hand. */
  turns: number;
  /** What was drawn, or the box. */
  text: string;
  kept: Kept | null;
  /** What was found the first time. */
  found: Fault;
}

/** What works on it comes with its first turn. */
export function beginSelfTest(works: Works): void {
  const u = openUpdate(0, { part: Part.Random, turns: 0, text: "", kept: null, found: Fault.None });
  works.signOn.update = u;
  goOn(works, u, Stage.Test);
}

/** Its time has come, or flash has answered with `text`. */
export function workUpdate(works: Works, text: string): void {
  const s = works.signOn;
  const u = s.update;
  const test = u ? u.test : null;
  if (!u || !test) return;
  if (!u.isReading && (s.isOut || (s.asked && s.asked.keys !== ""))) {
    works.board.timer(Timer.Update, WAIT_MS);
    return;
  }
  test.turns++;
  const fault = partFault(works, u, test, text);
  if (fault === Fault.None || fault === Fault.Unknown) next(works, u, test, fault);
  else if (test.found !== Fault.None) finish(works, u, fault);
  else {
    test.found = fault;
    start(test, test.part);
    goOn(works, u, Stage.Test);
  }
}

function start(test: SelfTest, part: Part): void {
  test.part = part;
  test.turns = 0;
  test.text = "";
  test.kept = null;
}

/** Unknown: there is more of the part. */
function next(works: Works, u: Update, test: SelfTest, fault: Fault): void {
  if (fault === Fault.None) {
    start(test, test.part + 1);
    test.found = Fault.None;
  }
  if (test.part === Part.End) finish(works, u, Fault.None);
  else if (!u.isReading) goOn(works, u, Stage.Test);
}

function finish(works: Works, u: Update, fault: Fault): void {
  const t = works.t;
  const s = works.signOn;
  u.test = null;
  s.update = null;
  s.testAtMs = works.board.nowMs() + DAY_MS;
  if (t.updateWaits) works.board.timer(Timer.Update, WAIT_MS);
  if (fault === Fault.None) return;
  t.fault = fault;
  t.isDark = false;
  works.panel.show(screen(t));
  signal(works.devices.buzzer, Signal.Attention);
}

function partFault(works: Works, u: Update, test: SelfTest, text: string): Fault {
  const isAnswer = u.isReading;
  u.isReading = false;
  if (test.part === Part.Random) return randomFault(works, test);
  if (test.part === Part.Cipher) return cipherFault(works, test);
  if (test.part === Part.Code) return isAnswer ? codeAnswered(works, u, text) : readCode(works, u);
  if (!test.kept) test.kept = openKept();
  return isAnswer ? keptAnswered(works, test.kept, text) : workKept(works, u, test.kept);
}

/** No block comes twice. */
function randomFault(works: Works, test: SelfTest): Fault {
  let block = "";
  while (block.length < BLOCK_BYTES) {
    const value = works.board.random();
    block += String.fromCharCode((value >> 8) & 255, value & 255);
  }
  if (test.text.indexOf(block) >= 0) return Fault.Random;
  test.text += block;
  return test.turns < BLOCKS ? Fault.Unknown : Fault.None;
}

/** In the pad of the request after the next, which is made anew behind it; whoever makes it meanwhile has it. */
function cipherFault(works: Works, test: SelfTest): Fault {
  const slot = works.seals.odd;
  const natives = works.natives;
  const pad = slot.pad;
  if (test.turns === 1 || slot.counter !== SlotFor.SelfTest) {
    const words = new Uint32Array(14);
    natives.toBytes(natives.unbase64(TEST_KEY), new Uint8Array(words.buffer), 0);
    slot.counter = SlotFor.SelfTest;
    startPad(pad, words.subarray(0, 8), words.subarray(8, 12), words[12], words[13]);
    test.turns = 1;
    test.text = "";
    return Fault.Unknown;
  }
  if (test.text === "" && fillPad(pad, natives.dot)) return Fault.Unknown;
  const message = natives.unbase64(TEST_MESSAGE);
  if (test.text === "") {
    test.text = seal(pad, message, natives);
    return natives.crc32(test.text) === TEST_BOX_CRC ? Fault.Unknown : Fault.Cipher;
  }
  const last = test.text.length - 1;
  const forged = test.text.substr(0, last) + String.fromCharCode(test.text.charCodeAt(last) ^ 1);
  const isRight = open(pad, forged, natives) === "" && open(pad, test.text, natives) === message;
  works.board.timer(Timer.Ahead, PAUSE_MS);
  return isRight ? Fault.None : Fault.Cipher;
}

function readCode(works: Works, u: Update): Fault {
  const slots = works.t.slots;
  if (slots === "") return Fault.None;
  const left = u.end - u.at;
  if (u.end === 0) {
    u.slot = fromBigEndian(slots, 5, 4);
    u.at = 0;
    read(works, u, HEAD_BYTES + CHECK_BYTES);
  } else {
    read(works, u, left < CODE_BYTES ? left : CODE_BYTES);
  }
  return Fault.Unknown;
}

function codeAnswered(works: Works, u: Update, text: string): Fault {
  if (u.end === 0) return headFault(works, u, text);
  for (let at = 0; at < text.length; at += DIGEST_STEP_BYTES) takeCheck(works, u, text.substr(at, DIGEST_STEP_BYTES));
  u.at += text.length;
  if (u.at < u.end) return Fault.Unknown;
  u.end = 0;
  return toBigEndian(u.check, CHECK_BYTES) === u.head ? Fault.None : Fault.Code;
}

function headFault(works: Works, u: Update, text: string): Fault {
  const byteCount = fromBigEndian(text, At.ContentBytes, 4);
  const isWhole = fromBigEndian(text, At.Check, CHECK_BYTES) === works.natives.crc32(text.substr(0, At.Check));
  if (!isWhole || byteCount > works.t.slots.charCodeAt(13) * PAGE_BYTES) return Fault.Code;
  u.head = text.substr(At.Content, CHECK_BYTES);
  // Who wrote it knew of no check.
  if (u.head === UNSET) return Fault.None;
  u.at = PAGE_BYTES;
  u.end = PAGE_BYTES + byteCount;
  u.check = 0;
  return Fault.Unknown;
}
