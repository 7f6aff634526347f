/**
 * An update's way into the other slot, against a host that answers anything, a slot that holds anything, and sales in between. Nothing is thrown,
 * there is always a timer or an answer of the flash to come, the slot that runs is not touched but for its own marks, nothing is written
 * while the batch holds money, and what is marked as whole is what its digest says. An honest host gets its update started.
 */
import { crc32 } from "../../flash/crc32";
import { digestOf, HEAD, headOf, MARK, PAGE_BYTES, SET, type Update as Packed } from "../../flash/slots";
import type { Board } from "../../src/board/board";
import { openDisplay } from "../../src/drivers/display";
import { plain } from "../../src/proto/plain";
import { openWorks } from "../../src/txn/power-on";
import { State } from "../../src/txn/state";
import { Timer } from "../../src/txn/timers";
import { hearOffer, onPiece, pieceAsked, workUpdate } from "../../src/txn/update";
import { Stage } from "../../src/txn/update-slot";
import { fakeBoard } from "../drivers/fake-board";
import { assert, bytes, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const PAGES = 3;
const SLOT_BYTES = PAGES * PAGE_BYTES;
const OWN = 0x321000;
const OTHER = OWN + SLOT_BYTES;
const OWN_VERSION = 7;
const PIECE_BYTES = 228;
const STEPS_MAX = 800;
const UNSET = "\xff\xff\xff\xff";
const NO_TOTALS = "0".repeat(32);
const PROFILE = "fuzz";

const image = Buffer.alloc(2 * SLOT_BYTES);
const number = (value: number) =>
  String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const textAt = (address: number, count: number) => image.toString("latin1", address - OWN, address - OWN + count);
const put = (address: number, text: string) => void image.write(text, address - OWN, "latin1");

let asked: [address: number, byteCount: number] | null = null;
let isRestarted = false;
/** How seldom the host lies. */
let odds = 0;
const flash: Board["flash"] = {
  read: (address, byteCount) => {
    assert(asked === null, "one read at a time");
    assert(address >= OWN && address + byteCount <= OTHER + SLOT_BYTES, "a read outside", address, byteCount);
    asked = [address, byteCount];
  },
  write: (address, text) => {
    onChange(address, text.length);
    for (let i = 0; i < text.length; i++) {
      const old = image[address - OWN + i] as number;
      assert((old & text.charCodeAt(i)) === text.charCodeAt(i), "a bit would have to rise", address + i);
    }
    put(address, text);
    if (address === OTHER + MARK.complete) assert(isWhole(OTHER), "marked as whole, and is not");
  },
  erase: (address) => {
    assert(address % PAGE_BYTES === OWN % PAGE_BYTES, "an erase inside a page", address);
    onChange(address, PAGE_BYTES);
    image.fill(255, address - OWN, address - OWN + PAGE_BYTES);
  },
};
const board = { ...fakeBoard(), flash };
board.restart = () => {
  isRestarted = true;
  if (t.slots.startsWith("T")) assert(textAt(OWN + MARK.bad, 4) === SET, "a restart of a good one");
  else assert(isWhole(OTHER) && isEmpty(), "a restart for nothing, or with money in the batch");
  const version = image.readUInt32BE(OTHER - OWN + HEAD.version);
  assert(t.slots.startsWith("T") || version > OWN_VERSION, "an older version is started", version);
};
const works = openWorks(board, plain, openDisplay(board), () => null);
const { t } = works;

const isEmpty = () => t.totals === NO_TOTALS && !t.isOpen && !t.isOwed;

function onChange(address: number, byteCount: number): void {
  if (t.slots.startsWith("T")) {
    assert(
      address === OWN + MARK.good || address === OWN + MARK.bad,
      "the slot on trial says good or bad alone",
      address,
    );
    return;
  }
  assert(address >= OTHER && address + byteCount <= OTHER + SLOT_BYTES, "outside of the other slot", address);
  assert(isEmpty(), "written while the batch holds money");
}

/** A slot that the boot code may take for good. */
function isWhole(slot: number): boolean {
  const head = textAt(slot, HEAD.end);
  const byteCount = image.readUInt32BE(slot - OWN + HEAD.contentBytes);
  return (
    head.slice(HEAD.check) === number(crc32(head.slice(0, HEAD.check))) &&
    byteCount <= SLOT_BYTES - PAGE_BYTES &&
    digestOf(textAt(slot + PAGE_BYTES, byteCount)) === head.slice(HEAD.digest, HEAD.check)
  );
}

/** Mostly short: the digest is most of the work. */
function packed(random: Random, version: number): Packed {
  const content = bytes(random, 24).repeat(1 + random(random(300) ? 5 : 340));
  return { profile: PROFILE, version, mainAt: 0, mainBytes: content.length, digest: digestOf(content), content };
}

/** The other slot before: nothing, anything, or an update, as far as it once came. */
function fillOther(random: Random, update: Packed): void {
  const kind = random(6);
  if (kind === 0) put(OTHER, noise(random, MARK.end));
  if (kind < 3) return;
  const head = headOf(update, 1 + random(3));
  put(OTHER, kind === 3 ? mutated(random, head).slice(0, MARK.complete) : head);
  put(OTHER + PAGE_BYTES, kind === 4 ? noise(random, 600) : update.content);
  for (let page = random(PAGES); page > 0; page--) put(OTHER + 252 + 4 * page, SET);
  if (random(4) === 0) put(OTHER + pick(random, [MARK.complete, ...MARK.trials, MARK.good, MARK.bad]), SET);
}

/** What an honest host answers. */
function answerOf(update: Packed): string {
  const { update: u } = works.signOn;
  if (!u) return "";
  if (u.version === 0) return pieceAsked(u) + headOf(update, 1).slice(HEAD.version, HEAD.check);
  const from = u.at - PAGE_BYTES;
  const end = Math.min(from + PIECE_BYTES, from - (from % PAGE_BYTES) + PAGE_BYTES, u.end - PAGE_BYTES);
  // A length that its head does not have is filled up.
  return pieceAsked(u) + update.content.slice(from, end).padEnd(end - from, "\0");
}

/** And what another one does. */
function hostile(random: Random, update: Packed): string {
  const good = answerOf(update);
  switch (works.signOn.update?.version ? random(6) : 3) {
    case 0:
      return mutated(random, good);
    case 1:
      return noise(random, 300);
    case 2:
      return good.slice(0, 24) + noise(random, 300);
    case 3: {
      // A head that asks for too much, or says what it is not.
      const head = good.slice(24);
      const lengths = [0, 1, PAGE_BYTES, SLOT_BYTES - PAGE_BYTES, SLOT_BYTES, 0x7fffffff, 0xffffefff, 0xffffffff];
      return good.slice(0, 24) + head.slice(0, 4) + number(pick(random, lengths)) + head.slice(8);
    }
    case 4:
      return `${good}${bytes(random, 1)}`;
    default:
      return good;
  }
}

/** Somebody sells something, or has closed the batch. */
function trade(random: Random): void {
  const isSold = random(2) === 0;
  t.totals = isSold ? NO_TOTALS.replace(/0$/, "1") : NO_TOTALS;
  t.isOpen = isSold && random(4) === 0;
  t.state = random(4) === 0 ? State.Card : State.Idle;
}

function begin(random: Random, update: Packed, isOnTrial: boolean): void {
  image.fill(255);
  asked = null;
  isRestarted = false;
  odds = pick(random, [4, 16, 400]);
  board.timers.clear();
  Object.assign(works.signOn, { update: null, isOut: false, isDue: false });
  Object.assign(t, {
    totals: NO_TOTALS,
    isOpen: false,
    isOwed: false,
    splitMinor: 0,
    batchPages: 1,
    state: State.Idle,
  });
  t.slots = `${isOnTrial ? "T" : "G"}${number(OWN_VERSION)}${number(OWN)}${number(OTHER)}${String.fromCharCode(PAGES)}`;
  const own = packed(random, OWN_VERSION);
  put(OWN, headOf(own, 5));
  put(OWN + PAGE_BYTES, isOnTrial && random(2) ? mutated(random, own.content).slice(0, 8192) : own.content);
  put(OWN + MARK.complete, SET);
  fillOther(random, random(2) ? update : packed(random, random(9)));
}

/** One thing that happens: flash answers, the host does, or a timer runs out. False when nothing is left to come. */
function happen(random: Random, update: Packed, isHonest: boolean): boolean {
  const { signOn } = works;
  if (asked) {
    const text = textAt(...asked);
    asked = null;
    const worn = () => mutated(random, text).padEnd(text.length, "\xff").slice(0, text.length);
    workUpdate(works, isHonest || random(60) ? text : worn());
  } else if (signOn.isDue && signOn.update?.stage === Stage.Ask && t.state === State.Idle) {
    signOn.isDue = false;
    onPiece(
      works,
      ["", ...Array<string>(61), isHonest || random(odds) ? answerOf(update) : hostile(random, update)],
      isHonest || random(5 * odds) > 0,
    );
  } else if (board.timers.delete(Timer.Update)) {
    workUpdate(works, "");
  } else {
    return false;
  }
  return true;
}

/** Until the new bundle is started, or nothing is left to come. */
function run(random: Random, update: Packed, isHonest: boolean): void {
  for (let steps = 0; !isRestarted && steps < STEPS_MAX; steps++) {
    // Flash answers sooner than anybody can pay.
    if (!isHonest && asked === null && random(12) === 0) trade(random);
    const isOver = !happen(random, update, isHonest);
    const { update: u, isDue } = works.signOn;
    const isAwaited = asked !== null || isDue || board.timers.has(Timer.Update);
    assert(isRestarted || isAwaited || (u === null && !t.updateWaits), "waits for nothing", u?.stage);
    if (isOver) break;
  }
}

export function fuzz(random: Random): void {
  const isHonest = random(4) === 0;
  const isOnTrial = random(8) === 0;
  const update = packed(random, isHonest ? 8 : random(12));
  begin(random, update, isOnTrial);
  const wasWhole = isWhole(OWN);
  const wasGivenUp = textAt(OTHER + MARK.bad, 4) + textAt(OTHER + MARK.trials[2], 4) !== UNSET + UNSET;
  hearOffer(works, isHonest ? 8 : random(12));
  run(random, update, isHonest);
  if (!isHonest) return;
  if (isOnTrial) {
    assert(isRestarted === !wasWhole, "the judgment of a bundle on trial", wasWhole);
    return;
  }
  if (wasGivenUp) return;
  // Of what was there before some may have been bad: it is fetched anew when the host is heard again.
  if (!isRestarted) hearOffer(works, 8);
  run(random, update, isHonest);
  const isThere = textAt(OTHER + PAGE_BYTES, update.content.length) === update.content;
  assert(isRestarted && isThere, "an honest update is not started");
}
