/**
 * `tillet journal FILE`: what stands in an image of a terminal's flash, and whether it is whole. Of cards the mask, of keys that they are
 * there. Read after `docs/journal.md`, apart from the firmware.
 */
import { existsSync, readFileSync } from "node:fs";
import { isBookAtRest, readBook, readHistory, readPinKeys, type StoredBook } from "../sim/journal-image";
import { crc32 } from "../sim/records";
import { AREAS, blankImage, PAGE_BYTES } from "../sim/twins/flash";

/** A file that is no image: what is wrong with it. */
export class NoImage extends Error {}

interface Found {
  at: number;
  kind: string;
  body: Buffer;
  isGood: boolean;
}

const JOURNAL_AT = AREAS[0].byteCount;
const JOURNAL_PAGES = AREAS[1].byteCount / PAGE_BYTES;
const HEADER_BYTES = 4;
const CRC_BYTES = 4;
const KIND_NAMES: Record<string, string> = {
  "00": "settlement",
  "01": "balance",
  "10": "pre-authorisation",
  "11": "cancel",
  "20": "completion",
  "21": "completion void",
  "22": "sale",
  "23": "void",
  "24": "completion",
  "25": "refund",
  "30": "offline sale",
  "34": "tip",
  "36": "cash sale",
};

/** The records of a page; behind the last one `end` says where it stops. */
function recordsOf(page: Buffer): { records: Found[]; end: number } {
  const records: Found[] = [];
  let at = 0;
  while (at + HEADER_BYTES + CRC_BYTES <= page.length) {
    const [kind = 0, high = 0, low = 0, check] = page.subarray(at, at + HEADER_BYTES);
    const end = at + HEADER_BYTES + (high << 8) + low;
    if ((kind ^ high ^ low ^ 0xa5) !== check || end + CRC_BYTES > page.length) break;
    const isGood = page.readUInt32BE(end) === crc32(page.subarray(at, end));
    records.push({ at, kind: String.fromCharCode(kind), body: page.subarray(at + HEADER_BYTES, end), isGood });
    at = end + CRC_BYTES;
  }
  return { records, end: at };
}

/** In the currency's units, when the settings say how many decimals it has. */
function money(minor: number, decimals: number): string {
  return (minor / 10 ** decimals).toFixed(decimals);
}

function mask(text: string): string {
  return /^[0-9]{10}$/.test(text) ? ` ${text.slice(0, 6)}******${text.slice(6)}` : "";
}

const time = (text: string) => text.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3 $4:$5:$6");

/** A record in words: no key, no frame, no more of a card than its mask. */
function recordText({ kind, body }: Found, decimals: number): string {
  const text = body.toString("latin1");
  const stan = text.slice(0, 6);
  const words: Record<string, () => string> = {
    C: () => "settings",
    P: () => `page ${Number(text.slice(0, 10))}, batch ${text.slice(16, 22)}, next STAN ${text.slice(10, 16)}`,
    K: () => `key, counter ${body.readUInt32BE(4)}`,
    S: () => {
      const name = KIND_NAMES[text.slice(6, 8)] ?? `kind ${text.slice(6, 8)}`;
      return `${stan} ${name} ${money(Number(text.slice(8, 20)), decimals)}${mask(text.slice(20, 30))}`;
    },
    A: () => `${stan} approved, RRN ${text.slice(6, 18)}, code ${text.slice(18, 24)}, ${time(text.slice(24, 38))}`,
    D: () => `${stan} declined, ${text.slice(6, 8)}`,
    N: () => `${stan} never left`,
    Q: () => `${stan} asked the host, no money`,
    B: () =>
      `${stan} batch ${text.slice(6, 12)} closed, ${text[87] === "1" ? "the host agrees" : "the host has other totals"}`,
    V: () => `${stan} undone`,
    R: () => `${stan} receipt done`,
    L: () => `taken on ${text.slice(9, 17)}: ${Number(text.slice(17, 21))}`,
    W: () => `waiting for the link: ${Array.from(text.matchAll(/\|(.{6})/g), ([, each]) => each).join(", ")}`,
    T: () => `parameters for taps, ${body.length} bytes`,
    X: () => `block list, version ${body.readUInt32BE(0)}, ${(body.length - 13) / 4} entries`,
    O: () => "signed on",
    U: () => `keys of PINs, the next is number ${body.readUInt32BE(8)}`,
  };
  return words[kind]?.() ?? "a kind that this reader does not know";
}

/** Of a key that was followed by another the chain is zeros (`docs/journal.md`). */
function goneText({ kind, body }: Found): string {
  const isWiped = kind === "K" && body.subarray(8).every((byte) => byte === 0);
  return isWiped ? "key, wiped" : "torn: its CRC does not match, it does not count";
}

function settingsText(image: Buffer): { lines: string[]; decimals: number; problems: string[] } {
  const copies = [0, PAGE_BYTES].map((at) => recordsOf(image.subarray(at, at + PAGE_BYTES)).records[0]);
  const good = copies.filter((each) => each?.isGood && each.kind === "C");
  const [first] = good;
  if (!first) return { lines: [], decimals: 2, problems: ["neither copy of the settings can be read"] };
  const [tid, mid, letters, , exponent, , , name, place, , mode, ...options] = first.body.toString("latin1").split("|");
  return {
    lines: [
      `terminal ${tid}, merchant ${mid} ${name}, ${place}`,
      `currency ${letters}, ${mode === "test" ? "test keys" : "no test keys"}${options.map((each) => `, ${each}`).join("")}`,
    ],
    decimals: Number(exponent),
    problems: good.length < 2 ? ["one of the two copies of the settings cannot be read"] : [],
  };
}

function bookLines(image: Buffer, book: StoredBook, decimals: number): string[] {
  const waiting = readHistory(image).filter(({ status }) => status === "open" || status === "owed");
  const open = waiting.map(({ stan, kind, amountMinor, status }) => {
    const name = `${String(stan).padStart(6, "0")} ${KIND_NAMES[kind] ?? kind} ${money(amountMinor, decimals)}`;
    return `${name}: ${status === "open" ? "no outcome yet" : "approved, its receipt is owed"}`;
  });
  return [
    `batch ${book.batch}, next STAN ${book.nextStan}`,
    `debits ${book.count}, ${money(book.total, decimals)}; credits ${book.creditCount}, ${money(book.creditTotal, decimals)}`,
    ...(open.length > 0 ? open : ["nothing is open"]),
    isBookAtRest(book) ? "at rest" : "not at rest: power-on would go on with it",
  ];
}

function pinLines(image: Buffer): string[] {
  const pins = readPinKeys(image);
  if (!pins) return ["none, or wiped"];
  return [
    `present, the next is number ${pins.counter}; ${pins.slotCount} ${pins.slotCount === 1 ? "slot" : "slots"} in use`,
  ];
}

interface Listing {
  lines: string[];
  problems: string[];
}

function pageLines(image: Buffer, index: number, decimals: number): string[] {
  const page = image.subarray(JOURNAL_AT + index * PAGE_BYTES, JOURNAL_AT + (index + 1) * PAGE_BYTES);
  if (page.every((byte) => byte === 0xff)) return [`  page ${index}: erased`];
  const { records, end } = recordsOf(page);
  const isWiped = records.some(({ kind }) => kind === "K") === false;
  const tail = page.subarray(end).every((byte) => byte === 0xff) ? "" : "; behind them something torn or worn";
  const head = `  page ${index}: ${records.length} records, ${end} of ${PAGE_BYTES} bytes${isWiped ? ", its key is wiped" : ""}${tail}`;
  return [
    head,
    ...records.map((each) => {
      const where = `    ${each.at.toString(16).padStart(3, "0")} ${each.kind} `;
      return where + (each.isGood ? recordText(each, decimals) : goneText(each));
    }),
  ];
}

/** Everything in words, and what is wrong. Throws NoImage for what is not an image at all. */
export function listJournal(bytes: Uint8Array): Listing {
  const image = Buffer.from(bytes);
  const wanted = blankImage().length;
  if (image.length !== wanted) throw new NoImage(`${image.length} bytes: an image of a terminal's flash has ${wanted}`);
  if (image.every((byte) => byte === 0xff))
    throw new NoImage("all of it is erased: no terminal was ever provisioned here");
  const settings = settingsText(image);
  const problems = [...settings.problems];
  const lines = ["settings", ...settings.lines.map((line) => `  ${line}`), "journal"];
  for (let index = 0; index < JOURNAL_PAGES; index++) lines.push(...pageLines(image, index, settings.decimals));
  try {
    const book = readBook(image);
    lines.push("book", ...bookLines(image, book, settings.decimals).map((line) => `  ${line}`));
    lines.push(
      "key of the link",
      `  ${book.keyCount === 1 ? "present" : `in ${book.keyCount} places`}, counter ${book.counter}`,
    );
    if (book.keyCount > 1) problems.push(`${book.keyCount} keys: power-on wipes all but the newest`);
  } catch (error) {
    lines.push("key of the link", "  wiped or lost");
    problems.push((error as Error).message);
  }
  lines.push("keys of PINs", ...pinLines(image).map((line) => `  ${line}`));
  return { lines, problems };
}

export function journal(file: string): number {
  try {
    if (!existsSync(file)) throw new NoImage("there is no such file");
    const { lines, problems } = listJournal(readFileSync(file));
    process.stdout.write(`${[...lines, ...(problems.length > 0 ? [] : ["good"])].join("\n")}\n`);
    for (const problem of problems) process.stderr.write(`journal: ${problem}\n`);
    return problems.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof NoImage)) throw error;
    process.stderr.write(`journal: ${file}: ${error.message}\n`);
    return 2;
  }
}
