/**
 * From a board to a handheld: engine, bundle, keys, start; each step is checked by reading back, and each can be run again after it was cut
 * off anywhere. The bundle goes into files of its own (`parts`); the boot code, which is a line that evaluates it and greets, is deleted first and
 * written last: a board that was cut off in between starts to an empty console and can be flashed again. Keys and settings go
 * into the journal's own areas of raw flash, never into the engine's file store, which is not safe against power cuts.
 */
import { type Area, type EngineFile, writeEngine } from "./engine";
import { Espruino, type Progress } from "./espruino";
import { crc32 } from "./crc32";
import { type Line, Talk } from "./line";
import { MAIN, splitParts } from "./parts";

export interface Order {
  /** How the user calls the port. */
  port: string;
  engine: readonly EngineFile[];
  /** The firmware, as the board runs it; null: it stays. */
  bundle: string | null;
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

/** A file's head of 32 bytes, and what is lost to alignment and at pages' ends (Espruino, jsflash.c). */
const FILE_BYTES = 64;
const BOOT_FILE = ".bootcde";
/** As `src/board/radio` reads it. */
const WIFI_FILE = "tillet.wifi";
/** 474 instructions a byte of the bundle at 100 million a second, and the engine's own start. */
const START_MS = 12_000;
const RESET_SIGN_MS = 1_500;

/** Our bundles name the two areas that they keep money in; nothing else does. */
export function isBundle(text: string): boolean {
  return ["3211264", "57344"].every((address) => text.includes(address)) && !/[^\x20-\x7e\n]/.test(text);
}

export function bootCode(bundle: string): string {
  return `eval(require("Storage").read("${MAIN}"));print("${greeting(bundle)}");`;
}

/** Said at the end of the boot code only: no line of the bundle threw. */
function greeting(bundle: string): string {
  return `Tillet ${crc32(bundle).toString(16).padStart(8, "0")} runs`;
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
    if (order.bundle !== null) await writeBundle(board, order, order.bundle, ways.onProgress);
    if (order.image !== null) await writeAreas(board, order.areas, order.image, ways.onProgress);
    if (order.wifi !== null) await writeWifi(board, order.wifi);
    if (order.bundle !== null) await board.writeFile(BOOT_FILE, bootCode(order.bundle), () => undefined);
    await start(talk, order);
    return { engine: board.name, bundleBytes: order.bundle?.length ?? 0, isProvisioned: order.image !== null };
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

async function writeBundle(board: Espruino, order: Order, bundle: string, onProgress: Progress): Promise<void> {
  if (order.erasesStorage) {
    await board.eraseAll();
  } else {
    await board.deleteFile(BOOT_FILE);
    await board.deleteBundle(MAIN);
  }
  const files = splitParts(bundle);
  const neededBytes = [bootCode(bundle), ...files.values()].reduce((all, text) => all + text.length + FILE_BYTES, 0);
  if ((await board.freeBytes()) < neededBytes) await board.compact();
  const freeBytes = await board.freeBytes();
  if (freeBytes < neededBytes) {
    throw new Error(
      `The board's Storage has room for ${freeBytes} bytes and ${neededBytes} are needed: add --erase-storage, which deletes the other files on it.`,
    );
  }
  const byteCount = [...files.values()].reduce((all, text) => all + text.length, 0);
  let doneBytes = 0;
  for (const [name, text] of files) {
    await board.writeFile(name, text, (step, done) => onProgress(step, doneBytes + done, byteCount));
    doneBytes += text.length;
  }
}

/** By the reset wire where there is one, else by the engine itself. */
async function start(talk: Talk, order: Order): Promise<void> {
  talk.heard = "";
  await talk.reset();
  if (order.bundle === null) return;
  const end = new RegExp(
    `${greeting(order.bundle)}|((?:Uncaught|Execution Interrupted|[A-Za-z]*Error:)[^\\r\\n]*)[\\r\\n]`,
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
      `The firmware was written but stops as it starts (${match[1]}): take the bundle of this board, --board NAME.`,
    );
  if (!match)
    throw new Error(
      "The firmware was written but does not greet: press EN (RST) and look with tillet console, then run the same command again.",
    );
}
