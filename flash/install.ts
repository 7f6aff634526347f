/**
 * From a board to a handheld: engine, bundle, keys, start; each step is checked by reading back, and each can be run again after it was cut
 * off anywhere. The bundle goes into the slot that the board does not start from (`slots`), whose head is written last: a board that was cut
 * off in between starts as before. The slots are two files of the engine's store, made once and written behind its back, in their whole pages
 * alone. Keys and settings go into the journal's own areas of raw flash, never into the engine's file store, which is not safe against
 * power cuts.
 */
import { type Area, type EngineFile, writeEngine } from "./engine";
import { Espruino, type Progress } from "./espruino";
import { bootCode, greeting, type StoredSlot, storedWays } from "./boot";
import { type Line, Talk } from "./line";
import { checkOf, chooseSlot, HEAD, headOf, MARK, PAGE_BYTES, pagesOf, readSlot, SET, type Update } from "./slots";

export interface Order {
  /** How the user calls the port. */
  port: string;
  engine: readonly EngineFile[];
  /** The firmware, packed for a slot; null: it stays. */
  bundle: Update | null;
  /** Where the engine's file store lies, and the pages of each slot in it. */
  store: Area;
  slotPages: readonly [number, number];
  /** What provisioning makes of a key file: the areas' bytes, one after the other; null: they stay. */
  image: Uint8Array | null;
  areas: readonly Area[];
  /** Network and password, a line each; null: they stay. */
  wifi: string | null;
  erasesJournal: boolean;
  /** Files of others are deleted, too. */
  erasesStorage: boolean;
}

export interface Ways {
  /** Why what stands in the areas must not be risked (`isReplaced`: or overwritten); null when it may. */
  judge(image: Uint8Array, isReplaced: boolean): Promise<string | null> | string | null;
  onProgress: Progress;
}

/** What was found and done, for a last line. */
export interface Installed {
  engine: string;
  bundleBytes: number;
  isProvisioned: boolean;
}

export class JournalError extends Error {
  override name = "JournalError";
}

/** Of the ESP32 and ESP32-S3 (Espruino, partitions_espruino.csv: 0x320000, 224 pages). */
export const STORE: Area = { address: 0x320000, byteCount: 224 * PAGE_BYTES };
/** The largest bundle, that of a board with a colour panel, has 54. */
export const SLOT_PAGES: readonly [number, number] = [72, 72];
const SLOT_FILES = ["tillet.a", "tillet.b"] as const;
/** A file's head of 32 bytes, and what is lost to alignment and at pages' ends (Espruino, jsflash.c). */
const FILE_BYTES = 64;
const BOOT_FILE = ".bootcde";
/** As `src/board/radio` reads it. */
const WIFI_FILE = "tillet.wifi";
/** Twice the boot code: there is room for the next one. */
const BOOT_BYTES = 4096;
/** 474 instructions a byte of the bundle at 100 million a second, and the engine's own start. */
const START_MS = 12_000;
const RESET_SIGN_MS = 1_500;

/** Our bundles name the two areas that they keep money in; nothing else does. */
export function isBundle(text: string): boolean {
  return ["3211264", "57344"].every((address) => text.includes(address)) && !/[^\x20-\x7e\n]/.test(text);
}

export async function install(line: Line, order: Order, ways: Ways): Promise<Installed> {
  const check = async (image: Uint8Array) => {
    const why = order.erasesJournal ? null : await ways.judge(image, order.image !== null);
    if (why !== null) throw new JournalError(why);
  };
  if (order.engine.length > 0) {
    await writeEngine(line, order.port, {
      files: order.engine,
      areas: order.areas,
      check,
      onProgress: ways.onProgress,
    });
  }
  const talk = await Talk.open(line);
  try {
    const board = new Espruino(talk, order.port);
    await board.enter();
    await board.clear();
    const hasAreas = await board.hasFlash(order.areas[0].address);
    if (hasAreas) await check(await readAreas(board, order, ways.onProgress));
    else if (order.image !== null) {
      throw new Error(`The engine at ${order.port} has no flash for a journal: keys go onto an ESP32 or ESP32-S3.`);
    }
    const isUpdate = order.bundle !== null && (await writeBundle(board, order, order.bundle, ways.onProgress));
    if (order.image !== null) await writeAreas(board, order.areas, order.image, ways.onProgress);
    if (order.wifi !== null) await writeWifi(board, order.wifi);
    await start(talk, order, isUpdate);
    return { engine: board.name, bundleBytes: order.bundle?.content.length ?? 0, isProvisioned: order.image !== null };
  } finally {
    await talk.close();
  }
}

export async function readAreas(
  board: Espruino,
  { areas }: Pick<Order, "areas">,
  onProgress: Progress,
): Promise<Uint8Array> {
  let content = "";
  for (const { address, byteCount } of areas) content += await board.readFlash(address, byteCount, onProgress);
  return Uint8Array.from(content, (char) => char.charCodeAt(0));
}

/** The same once more leaves flash as it is: a file that is written again takes new room in it. */
async function writeWifi(board: Espruino, wifi: string): Promise<void> {
  if (await board.hasFile(WIFI_FILE, wifi)) return;
  await board.deleteFile(WIFI_FILE);
  await board.writeFile(WIFI_FILE, wifi, () => undefined);
}

async function writeAreas(
  board: Espruino,
  areas: readonly Area[],
  image: Uint8Array,
  onProgress: Progress,
): Promise<void> {
  let at = 0;
  for (const { address, byteCount } of areas) {
    await board.writeFlash(address, image.subarray(at, at + byteCount), onProgress);
    at += byteCount;
  }
}

/** True when the board had firmware to start from before. Who flashes by cable stands beside it: the bundle need not say that it is good. */
async function writeBundle(board: Espruino, order: Order, bundle: Update, onProgress: Progress): Promise<boolean> {
  const slots = await makeSlots(board, order);
  const ways = storedWays(slots, Math.min(...order.slotPages));
  const code = bootCode(ways);
  if (!(await board.isFile(BOOT_FILE, code))) {
    await board.deleteFile(BOOT_FILE);
    await board.writeFile(BOOT_FILE, code, () => undefined);
  }
  const heads = [];
  for (const { address } of slots) heads.push(readSlot(await board.readBytes(address, MARK.end)));
  const from = chooseSlot(heads);
  const to = from === 0 ? 1 : 0;
  if (pagesOf(bundle) > order.slotPages[to])
    throw new Error(`The bundle takes ${pagesOf(bundle)} pages of flash; a slot has ${order.slotPages[to]}.`);
  const { address } = slots[to];
  const sequence = Math.max(0, ...heads.map((head) => head?.sequence ?? 0)) + 1;
  // Whatever was here is no bundle from now on, and what comes is none before its head is there.
  await board.writeFlash(address, new Uint8Array(PAGE_BYTES).fill(0xff), () => undefined);
  await board.writeFlash(address + PAGE_BYTES, wholePages(bundle.content), onProgress, "firmware");
  const marks = [
    [HEAD.content, checkOf(bundle.content)] as const,
    ...[MARK.complete, MARK.good].map((at) => [at, SET] as const),
  ];
  await board.writeFlash(address, wholePages(headOf(bundle, sequence), marks), () => undefined);
  return from >= 0;
}

/** `text` at the start, and `marks` at their places, in as many pages as that takes. */
function wholePages(text: string, marks: readonly (readonly [number, string])[] = []): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(text.length / PAGE_BYTES) * PAGE_BYTES).fill(0xff);
  for (const [at, piece] of [[0, text] as const, ...marks])
    bytes.set(
      Uint8Array.from(piece, (char) => char.charCodeAt(0)),
      at,
    );
  return bytes;
}

/** The slots' files, and where they lie. They are made where they are not there yet: without boot code, since that may run from one. */
async function makeSlots(board: Espruino, order: Order): Promise<[StoredSlot, StoredSlot]> {
  if (order.erasesStorage) await board.eraseAll();
  // Wherever the file begins, so many whole pages are in it.
  const wanted = order.slotPages.map((pageCount) => (pageCount + 1) * PAGE_BYTES);
  const missing: number[] = [];
  for (const [index, name] of SLOT_FILES.entries())
    if ((await board.fileBytes(name)) !== wanted[index]) missing.push(index);
  if (missing.length > 0) {
    await board.deleteFile(BOOT_FILE);
    for (const index of missing) await board.deleteFile(SLOT_FILES[index]);
    await makeRoom(
      board,
      missing.reduce((sum, index) => sum + wanted[index] + FILE_BYTES, BOOT_BYTES),
    );
    for (const index of missing) await board.makeFile(SLOT_FILES[index], wanted[index]);
  }
  const found = [];
  for (const name of SLOT_FILES) {
    const address = await board.addressOf(name, order.store);
    const skippedBytes = (PAGE_BYTES - (address % PAGE_BYTES)) % PAGE_BYTES;
    found.push({ name, skippedBytes, address: address + skippedBytes });
  }
  return [found[0], found[1]];
}

async function makeRoom(board: Espruino, neededBytes: number): Promise<void> {
  if ((await board.freeBytes()) < neededBytes) await board.compact();
  const freeBytes = await board.freeBytes();
  if (freeBytes < neededBytes) {
    throw new Error(
      `The board's Storage has room for ${freeBytes} bytes and ${neededBytes} are needed: add --erase-storage, which deletes the other files on it.`,
    );
  }
}

/** By the reset wire where there is one, else by the engine itself. */
async function start(talk: Talk, order: Order, isUpdate: boolean): Promise<void> {
  talk.heard = "";
  await talk.reset();
  if (order.bundle === null) return;
  const end = new RegExp(
    `${greeting(order.bundle.digest)}|((?:Uncaught|Execution Interrupted|[A-Za-z]*Error:)[^\\r\\n]*)[\\r\\n]`,
  );
  // A chip that was reset says so at once; where no wire does it, it goes on in silence.
  const isReset = (await talk.until(/(?=[^])/, RESET_SIGN_MS)) !== null;
  let match = isReset ? await talk.until(end, START_MS) : null;
  if (!match) {
    await talk.send("\x10load();\n");
    match = await talk.until(end, START_MS);
  }
  if (match?.[1])
    throw new Error(
      `The firmware was written but stops as it starts (${match[1]}): ${
        isUpdate ? "the one before runs again" : "take the bundle of this board, --board NAME"
      }.`,
    );
  if (!match)
    throw new Error(
      "The firmware was written but does not greet: press EN (RST) and look with tillet console, then run the same command again.",
    );
}
