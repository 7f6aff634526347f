/**
 * The terminal's flash from outside: makes the image of a newly provisioned terminal, and reads back what a power-on would find.
 * Written from `docs/journal.md`; shares no code with the firmware, which it checks.
 */
import { type FactorySettings, settingsText } from "./factory-settings";
import { adminBody, type FactoryAdmin, OPERATORS_AT } from "./operator-image";
import { readPage, record, type StoredRecord } from "./records";
import { AREAS, blankImage, PAGE_BYTES } from "./twins/flash";

export { type FactorySettings, type Language, LANGUAGES } from "./factory-settings";

/** What a device takes PINs with: its initial key id, and the 32 registers of AES DUKPT, 16 bytes each, bit 0 first. */
export interface FactoryPinKeys {
  id: Uint8Array;
  registers: Uint8Array;
}

const SETTINGS_AT = 0;
const JOURNAL_AT = AREAS[0].byteCount;
const JOURNAL_PAGES = AREAS[1].byteCount / PAGE_BYTES;
const PIN_KEYS_AT = JOURNAL_AT + AREAS[1].byteCount;
const PIN_SLOTS_A_PAGE = 7;
const PIN_SLOT_BYTES = 576;

/** Flash as provisioning leaves it: settings twice, a first journal page with an empty book and the device key, keys for PINs. */
export function factoryImage(
  settings: FactorySettings,
  deviceKey: Uint8Array,
  batch = 1,
  pinKeys?: FactoryPinKeys,
  admin?: FactoryAdmin,
): Uint8Array {
  const image = blankImage();
  const settingsRecord = record("C", Buffer.from(settingsText(settings), "latin1"));
  image.set(settingsRecord, SETTINGS_AT);
  image.set(settingsRecord, SETTINGS_AT + PAGE_BYTES);
  const totals = "0".repeat(45);
  const book = ["0000000001", "000001", String(batch).padStart(6, "0"), totals, "0000000001", settings.month].join("");
  const key = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), deviceKey]);
  image.set(Buffer.concat([record("P", Buffer.from(book, "latin1")), record("K", key)]), JOURNAL_AT);
  if (pinKeys) {
    const counter = [0, 0, 0, 1];
    image.set(record("U", Buffer.from([...pinKeys.id, ...counter, ...pinKeys.registers])), PIN_KEYS_AT);
  }
  if (admin) image.set(record("G", adminBody(admin)), OPERATORS_AT);
  return image;
}

export interface StoredPinKeys {
  id: Uint8Array;
  /** Of the next key, 0 when they are used up. */
  counter: number;
  registers: Uint8Array;
  /** Slots that hold anything but erased bytes and zeros; one at rest. */
  slotCount: number;
}

/** The keys of PINs, or null when there are none. */
export function readPinKeys(image: Uint8Array): StoredPinKeys | null {
  const slots = Array.from({ length: 2 * PIN_SLOTS_A_PAGE }, (_, index) => {
    const page = Math.floor(index / PIN_SLOTS_A_PAGE) * PAGE_BYTES;
    const at = PIN_KEYS_AT + page + (index % PIN_SLOTS_A_PAGE) * PIN_SLOT_BYTES;
    return image.subarray(at, at + PIN_SLOT_BYTES);
  });
  const states = slots
    .flatMap((slot) => readPage(slot).slice(0, 1))
    .filter(({ kind }) => kind === "U")
    .map(({ body }) => ({ id: body.subarray(0, 8), counter: body.readUInt32BE(8), registers: body.subarray(12) }));
  const newest = states.sort((a, b) => ((b.counter - 1) >>> 0) - ((a.counter - 1) >>> 0))[0];
  const used = slots.filter((slot) => slot.some((byte) => byte !== 0 && byte !== 0xff));
  return newest ? { ...newest, slotCount: used.length } : null;
}

export interface StoredTransaction {
  stan: number;
  /** First two digits of field 60; 00: the closing of a batch. */
  kind: string;
  amountMinor: number;
  panMasked: string;
  about: string;
  /** `open`: no outcome yet. `owed`: approved, receipt not finished. */
  status: "open" | "owed" | "approved" | "declined" | "unsent" | "undone";
}

export interface StoredBook {
  nextStan: number;
  batch: number;
  count: number;
  total: number;
  creditCount: number;
  creditTotal: number;
  /** The counter of the next request. */
  counter: number;
  /** Transactions on the newest page, oldest first. */
  transactions: StoredTransaction[];
  /** Keys that still stand readable in flash; one at rest. */
  keyCount: number;
  /** Parameters for taps that a host has sent, as they stand there; null: none. */
  parameters: Buffer | null;
  /** Likewise the block list. */
  blockList: Buffer | null;
}

const OUTCOMES: Record<string, StoredTransaction["status"]> = {
  A: "owed",
  B: "owed",
  D: "declined",
  N: "unsent",
  V: "undone",
  R: "approved",
};

/** Kinds whose amounts the merchant is owed, and those that take from that. */
const DEBITS = ["20", "22", "24", "30"];
const CREDITS = ["21", "23", "25"];

/** Pages that count, the newest first. */
function usablePages(image: Uint8Array): { all: StoredRecord[][]; usable: StoredRecord[][] } {
  const all = Array.from({ length: JOURNAL_PAGES }, (_, index) =>
    readPage(image.subarray(JOURNAL_AT + index * PAGE_BYTES, JOURNAL_AT + (index + 1) * PAGE_BYTES)),
  );
  const usable = all.filter((records) => records[0]?.kind === "P" && records.some(({ kind }) => kind === "K"));
  return { all, usable: usable.sort((a, b) => sequenceOf(b) - sequenceOf(a)) };
}

function bookOf(page: StoredRecord[]): StoredBook {
  const head = page[0] as StoredRecord;
  if (head.body.length === 44)
    throw new Error("journal: of an older form, before batches were closed; make the image anew");
  const number = (from: number, to: number) => Number(head.body.toString("latin1", from, to));
  const book: StoredBook = {
    nextStan: number(10, 16),
    batch: number(16, 22),
    count: number(34, 37),
    total: number(22, 34),
    creditCount: number(49, 52),
    creditTotal: number(37, 49),
    counter: 0,
    transactions: [],
    keyCount: 0,
    parameters: null,
    blockList: null,
  };
  for (const { kind, body } of page.slice(1)) {
    if (kind === "W") book.transactions.push(...waitingIn(body.toString("latin1")));
    else applyStored(book, kind, body);
  }
  return book;
}

/** What the terminal's journal says. Throws when no page can be used. */
export function readBook(image: Uint8Array): StoredBook {
  const { all, usable } = usablePages(image);
  const [newest] = usable;
  if (!newest) throw new Error("journal: no page with a head and a key");
  return { ...bookOf(newest), keyCount: all.flat().filter(({ kind }) => kind === "K").length };
}

/** Every transaction that is still in the ring, as it ended. Only the newest page has a key: the others lost theirs to it. */
export function readHistory(image: Uint8Array): StoredTransaction[] {
  const { all } = usablePages(image);
  const pages = all.filter(([head]) => head?.kind === "P").sort((a, b) => sequenceOf(a) - sequenceOf(b));
  const last = new Map<number, StoredTransaction>();
  for (const page of pages) for (const each of bookOf(page).transactions) last.set(each.stan, each);
  return [...last.values()];
}

function sequenceOf(records: StoredRecord[]): number {
  return Number(records[0]?.body.toString("latin1", 0, 10));
}

/** Sales that waited for the link when their page was begun. */
function waitingIn(text: string): StoredTransaction[] {
  return Array.from(text.matchAll(/\|(.{6})(..)(.{12})(.{10})../g), ([, stan, kind = "", amount, panMasked = ""]) => ({
    ...{ stan: Number(stan), kind, amountMinor: Number(amount), panMasked, about: "", status: "open" as const },
  }));
}

function applyStored(book: StoredBook, kind: string, body: Buffer): void {
  const text = body.toString("latin1");
  if (kind === "K") book.counter = body.readUInt32BE(4);
  if (kind === "T") book.parameters = body;
  if (kind === "X") book.blockList = body;
  if ("KTLX".includes(kind)) return;
  const stan = Number(text.slice(0, 6));
  if (kind === "S" || kind === "Q") {
    // What moved along to a new page is older than what its head says.
    if ((stan - book.nextStan + 999999) % 999999 < 500000) book.nextStan = (stan % 999999) + 1;
    if (kind === "Q") return;
    // A closing that had to go on with an upload is begun anew; a sale that waited for the link stands there once more.
    const isNew = (each: StoredTransaction) => each.status !== "open" || (each.kind !== "00" && each.stan !== stan);
    book.transactions = book.transactions.filter(isNew);
    book.transactions.push({
      stan,
      kind: text.slice(6, 8),
      amountMinor: Number(text.slice(8, 20)),
      panMasked: text.slice(20, 30),
      about: text.slice(34, 34 + Number(text.slice(32, 34))),
      status: "open",
    });
    return;
  }
  const found = book.transactions.findLast((each) => each.stan === stan);
  const status = OUTCOMES[kind];
  if (!found || !status) return;
  found.status = status;
  if (kind === "A" && DEBITS.includes(found.kind)) {
    book.count++;
    book.total += found.amountMinor;
  } else if (kind === "A" && found.kind === "34") {
    book.total += Number(found.about.slice(46, 58));
  } else if (kind === "A" && CREDITS.includes(found.kind)) {
    book.creditCount++;
    book.creditTotal += found.amountMinor;
  } else if (kind === "B") {
    book.batch = (Number(text.slice(6, 12)) % 999999) + 1;
    Object.assign(book, { count: 0, total: 0, creditCount: 0, creditTotal: 0 });
  }
}

/** True when nothing waits to be undone. An approved sale whose receipt is owed is at rest. */
export function isBookAtRest(book: StoredBook): boolean {
  return book.transactions.every(({ status }) => status !== "open");
}
