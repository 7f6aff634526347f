/**
 * A slot of flash while an update is written into it or its content is looked at: reads that flash answers later, what is written and read back, and
 * the digest, 8 cores of Salsa20 a turn. `update` says what is done when.
 */
import { PAGE_BYTES } from "../board/board";
import { hsalsa20 } from "../crypto/salsa20";
import { toBigEndian } from "../proto/bytes";
import type { SelfTest } from "./selftest";
import { Timer } from "./timers";
import type { Works } from "./works";

export const enum Stage {
  /** The own head is to be read: its profile and number are wanted. */
  Own = 0,
  /** A piece of the update is to be asked for, the head first. */
  Ask = 1,
  /** The other slot's head is being read: has the update been begun, or given up? */
  Other = 2,
  /** What was written is being read back. */
  Check = 3,
  /** The content's digest is being worked out, of the other slot or, on trial, of the own. */
  Digest = 4,
  /** The other slot is to be started. */
  Restart = 5,
  /** It is no update but the self-test, which reads the own slot. */
  Test = 6,
}

/** Of a slot's head page. */
export const enum At {
  Sequence = 4,
  Version = 8,
  ContentBytes = 12,
  Profile = 24,
  Digest = 40,
  Check = 72,
  /** What `takeContent` comes to: of a content that was whole. */
  Content = 76,
  Complete = 128,
  Trial3 = 140,
  Good = 144,
  Bad = 148,
  Pages = 256,
}
export const HEAD_BYTES = 76;
/** With the marks of 80 pages. */
export const MARKS_END = 576;
export const MAGIC = "TSL1";
export const SET = "\0\0\0\0";
export const UNSET = "\xff\xff\xff\xff";
export const PROFILE_BYTES = 16;
const BLOCK_BYTES = 16;
export const DIGEST_STEP_BYTES = 128;
const STEP_WAIT_MS = 10;

export interface Update {
  /** The means of the work, while it is going on. */
  part: { workUpdate(works: Works, text: string): void } | null;
  stage: Stage;
  /** Flash has not answered yet: events wait. */
  isReading: boolean;
  /** The slot that is looked at, and the place in it. */
  slot: number;
  at: number;
  profile: string;
  /** Of the update, 0 until its head is there; the head as it goes into the slot; where the content ends there. */
  version: number;
  sequence: number;
  head: string;
  end: number;
  written: string;
  digest: Uint32Array;
  /** CRC-32 from piece to piece of the content, each behind the one before. */
  check: number;
  test: SelfTest | null;
}

/** With a test it is that; else an update, which begins with the own head. */
export function openUpdate(slot: number, test: SelfTest | null): Update {
  return {
    part: null,
    stage: test ? Stage.Test : Stage.Own,
    isReading: false,
    slot: slot,
    at: 0,
    profile: "",
    version: 0,
    sequence: 0,
    head: "",
    end: 0,
    written: "",
    digest: new Uint32Array(8),
    check: 0,
    test: test,
  };
}

export function read(works: Works, u: Update, byteCount: number): void {
  u.isReading = true;
  works.board.flash.read(u.slot + u.at, byteCount);
}

export function goOn(works: Works, u: Update, stage: Stage): void {
  u.stage = stage;
  works.board.timer(Timer.Update, STEP_WAIT_MS);
}

/** Where the mark of the page stands that `at` is in. */
export function pageMark(at: number): number {
  return At.Pages + 4 * ((at - (at % PAGE_BYTES)) / PAGE_BYTES - 1);
}

export function write(works: Works, u: Update, text: string): void {
  u.written = text;
  u.stage = Stage.Check;
  works.board.flash.write(u.slot + u.at, text);
  read(works, u, text.length);
}

export function startDigest(works: Works, u: Update): void {
  u.at = PAGE_BYTES;
  u.check = 0;
  works.natives.toBytes("Tillet: the content of one slot.", new Uint8Array(u.digest.buffer), 0);
  goOn(works, u, Stage.Digest);
}

function absorb(works: Works, u: Update, block: string): void {
  const input = new Uint32Array(4);
  works.natives.toBytes(block, new Uint8Array(input.buffer), 0);
  hsalsa20(u.digest, u.digest, input);
}

/** The check goes on, over a piece of the content: each has DIGEST_STEP_BYTES but the last. */
export function takeCheck(works: Works, u: Update, piece: string): void {
  u.check = works.natives.crc32(toBigEndian(u.check, 4) + piece);
}

/** More of the content. Its digest when that was the last, else "". */
export function takeContent(works: Works, u: Update, text: string): string {
  for (let i = 0; i < text.length; i += BLOCK_BYTES)
    absorb(works, u, text.substr(i, BLOCK_BYTES).padEnd(BLOCK_BYTES, "\xff"));
  takeCheck(works, u, text);
  u.at += text.length;
  if (u.at < u.end) return "";
  absorb(works, u, toBigEndian(u.end - PAGE_BYTES, 4).padEnd(BLOCK_BYTES, "\0"));
  return works.natives.toText(new Uint8Array(u.digest.buffer));
}
