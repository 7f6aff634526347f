/**
 * Power-on with any flash: the loader ends in a bounded number of reads, in a state that the machine knows, and where it finds a
 * journal it can write to it and finds the same again.
 */
import { type Flash, JOURNAL_ADDRESS, JOURNAL_PAGES, PAGE_BYTES, SETTINGS_ADDRESS } from "../../src/board/board";
import { plain } from "../../src/proto/plain";
import { buildFrame } from "../../src/proto/frame";
import { outcomeBody, saleBody } from "../../src/txn/book";
import { forward } from "../../src/txn/forward";
import { append, onFlash } from "../../src/txn/journal";
import { Record } from "../../src/txn/record";
import { loadJournal } from "../../src/txn/replay";
import { isJournalBusy, type Journal } from "../../src/txn/ring";
import { openJournal } from "../../src/txn/ring-open";
import { Event, openTerminal, State, type Terminal, type Transaction } from "../../src/txn/state";
import type { Works } from "../../src/txn/works";
import { newImage } from "../world";
import { tableCrc32 } from "./bytes.fuzz";
import { assert, pick } from "./inputs";
import type { Random } from "./runner";

const SETTINGS_BYTES = 2 * PAGE_BYTES;
/** Settings, a head a page, and the records of a page in pieces of 512 bytes, for every page that turns out to have no key. */
const READS_MAX = 2 + JOURNAL_PAGES * (JOURNAL_PAGES + PAGE_BYTES);
const NATIVES = { ...plain, crc32: tableCrc32 };

/** Flash that answers when it is asked to: `pending` is what the last read gave. */
class FuzzFlash implements Flash {
  pending: string | null = null;
  private undo: [number, number][] = [];

  constructor(readonly image: Buffer) {}

  read(address: number, byteCount: number): void {
    const at = this.place(address, byteCount);
    this.pending = this.image.toString("latin1", at, at + byteCount);
  }

  write(address: number, text: string): void {
    const at = this.place(address, text.length);
    for (let i = 0; i < text.length; i++) this.set(at + i, this.image[at + i] & text.charCodeAt(i));
  }

  erase(address: number): void {
    const at = this.place(address, PAGE_BYTES);
    for (let i = 0; i < PAGE_BYTES; i++) this.set(at + i, 0xff);
  }

  set(at: number, byte: number): void {
    if (this.image[at] === byte) return;
    this.undo.push([at, this.image[at]]);
    this.image[at] = byte;
  }

  restore(): void {
    for (let change = this.undo.pop(); change; change = this.undo.pop()) this.image[change[0]] = change[1];
  }

  private place(address: number, byteCount: number): number {
    const isSettings = address < JOURNAL_ADDRESS;
    const at = isSettings ? address - SETTINGS_ADDRESS : address - JOURNAL_ADDRESS + SETTINGS_BYTES;
    const end = isSettings ? SETTINGS_BYTES : this.image.length;
    assert(at >= (isSettings ? 0 : SETTINGS_BYTES) && at + byteCount <= end, "inside the areas", address, byteCount);
    return at;
  }
}

/** Drives the journal until it rests; gives the last event. */
function settle(journal: Journal, terminal: Terminal, flash: FuzzFlash): Event {
  let event: Event = Event.None;
  for (let reads = 0; flash.pending !== null; reads++) {
    assert(reads < READS_MAX, "reads without end");
    const text = flash.pending;
    flash.pending = null;
    event = onFlash(journal, terminal, text);
  }
  assert(!isJournalBusy(journal), "rests");
  return event;
}

function powerOn(flash: FuzzFlash) {
  const terminal = openTerminal();
  const journal = openJournal(flash, NATIVES);
  loadJournal(journal);
  const event = settle(journal, terminal, flash);
  return { terminal, journal, event };
}

function transaction(stan: number, kind = "22"): Transaction {
  return {
    stan,
    kind,
    about: "",
    amountMinor: 1250 + stan,
    entry: "",
    issuerData: "",
    panMasked: "4761730010",
    operator: "",
    rrn: "000000000001",
    approvalCode: "000001",
    localTime: "20260101120000",
    responseCode: "00",
  };
}

function sell(journal: Journal, terminal: Terminal, flash: FuzzFlash, outcome: readonly Record[], kind = "22"): void {
  const txn = transaction(terminal.nextStan, kind);
  journal.counter += 2;
  append(
    journal,
    terminal,
    Record.Sale,
    saleBody(txn, "k".repeat(32), buildFrame("00000001", journal.counter - 1, "x".repeat(187))),
    true,
  );
  settle(journal, terminal, flash);
  for (const kind of outcome) {
    append(journal, terminal, kind, outcomeBody(txn, kind), false);
    settle(journal, terminal, flash);
  }
}

/** Flash after so many sales of a new terminal, the last one with the outcome given; then some that wait for the link. */
function flashAfter(sales: number, last: readonly Record[], waiting = 0): FuzzFlash {
  const flash = new FuzzFlash(Buffer.from(newImage()));
  const { journal, terminal, event } = powerOn(flash);
  if (event !== Event.Clean) throw new Error("a new terminal is clean");
  for (let sale = 1; sale < sales; sale++) sell(journal, terminal, flash, [Record.Approved, Record.Printed]);
  if (sales > 0) sell(journal, terminal, flash, last);
  for (let sale = 0; sale < waiting; sale++) sell(journal, terminal, flash, [], "30");
  return new FuzzFlash(flash.image);
}

const FLASHES: readonly (readonly [FuzzFlash, Event])[] = [
  [flashAfter(0, []), Event.Clean],
  [flashAfter(1, []), Event.Open],
  [flashAfter(3, [Record.Approved]), Event.Owed],
  [flashAfter(9, [Record.Undone]), Event.Clean],
  [flashAfter(200, []), Event.Open],
  [flashAfter(9, [Record.Approved, Record.Printed], 8), Event.Clean],
];

function spoil(random: Random, flash: FuzzFlash): void {
  const { image } = flash;
  for (let changes = random(8) === 0 ? random(30) + 2 : 1; changes > 0; changes--) {
    const at =
      random(3) === 0 ? random(image.length) : SETTINGS_BYTES + random(JOURNAL_PAGES) * PAGE_BYTES + random(600);
    const length = random(64) + 1;
    const kind = random(6);
    const from = random(image.length - length);
    for (let i = at; i < Math.min(at + length, image.length); i++) {
      if (kind === 0) flash.set(i, 0xff);
      else if (kind === 1) flash.set(i, image[i] & random(256));
      else if (kind === 2) flash.set(i, image[from + i - at]);
      else if (kind === 3) flash.set(i, random(256));
      else if (i === at) flash.set(i, image[i] ^ (1 << random(8)));
    }
  }
}

export function fuzz(random: Random): void {
  const [flash, expected] = pick(random, FLASHES);
  try {
    if (random(50) === 0) assert(powerOn(flash).event === expected, "unspoilt", expected);
    spoil(random, flash);
    const { journal, terminal, event } = powerOn(flash);
    const { isOpen, isOwed } = terminal;
    const found = isOpen ? Event.Open : isOwed ? Event.Owed : Event.Clean;
    // Unsent: the key that went down with it is spoilt.
    const isUnsent = isOpen && event === Event.Unsent;
    assert(event === Event.Lost || event === found || isUnsent, "a known state", event, isOpen, isOwed);
    if (event === Event.Lost || isUnsent || random(4) > 0) return;
    if (terminal.waiting !== "") {
      // The oldest is found, or it is said that it is not there.
      Object.assign(terminal, { state: State.Idle, isLinkUp: true });
      const oldest = forward({ t: terminal, journal } as Works) || settle(journal, terminal, flash);
      assert(oldest === Event.Forward || oldest === Event.Lost, "the oldest", oldest);
      return;
    }
    // It can be written to, and a power cut right after finds the same book.
    if (isOpen && terminal.txn)
      append(journal, terminal, Record.Undone, outcomeBody(terminal.txn, Record.Undone), false);
    else if (terminal.nextStan > 0) sell(journal, terminal, flash, [Record.Approved, Record.Printed]);
    const after = settle(journal, terminal, flash);
    if (after === Event.Lost) return;
    const again = powerOn(flash);
    assert(again.event === Event.Clean, "clean after the next record", again.event);
    assert(again.terminal.nextStan === terminal.nextStan, "next STAN", again.terminal.nextStan, terminal.nextStan);
    assert(again.journal.counter >= journal.counter, "no counter comes twice", again.journal.counter, journal.counter);
  } finally {
    flash.pending = null;
    flash.restore();
  }
}
