/**
 * The engine's firmware images, and how they get into an ESP chip: through the loader in its ROM (Espressif, "Serial Protocol"), spoken by
 * esptool-js, each image read back as its MD5. What an image has over the areas of the journal is left out of it: whole-flash
 * images bring blank bytes there, and money may stand in them.
 *
 * Document: Espressif, esptool, "Firmware Image Format" (header: magic E9h; chip id at 12, little-endian) and "Serial Protocol"
 * Slowest: writing, 40 s a megabyte (esptool-js); a chip that does not answer, CONNECT_TRIES * 2.5 s
 */
import { ESPLoader, Transport } from "esptool-js";
import { type Line, PULLED, sleep } from "./line";
import { md5 } from "./md5";
import type { Progress } from "./espruino";

export interface Area {
  readonly address: number;
  readonly byteCount: number;
}

/** An image file; without an address its content says where it goes. */
export interface EngineFile {
  name: string;
  bytes: Uint8Array;
  address: number | null;
}

interface Part {
  name: string;
  data: Uint8Array;
  address: number;
}

const IMAGE_MAGIC = 0xe9;
const CHIP_ID_AT = 12;
const HEADER_BYTES = 24;
const TABLE_ADDRESS = 0x8000;
const APP_ADDRESS = 0x10000;
/** ESP32 and ESP32-S2 start from here, later chips from 0. */
const BOOT_ADDRESS = 0x1000;
const OLD_CHIPS = [0, 2];
const SECTOR_BYTES = 4096;
const DIGEST_MS = 20;
const FAST_BAUD = 460800;
const CONNECT_TRIES = 4;
/** esptool, `ESP*ROM.IMAGE_CHIP_ID`. */
const CHIPS: Record<number, string> = { 0: "ESP32", 2: "ESP32-S2", 5: "ESP32-C3", 9: "ESP32-S3", 13: "ESP32-C6" };

const isImage = (bytes: Uint8Array) => bytes.length >= HEADER_BYTES && bytes[0] === IMAGE_MAGIC;
const isTable = (bytes: Uint8Array, at: number) => bytes[at] === 0xaa && bytes[at + 1] === 0x50;
const hex = (value: number) => `0x${value.toString(16)}`;

/**
 * Where an image goes that has no address: a whole-flash image shows its partition table 32 kB from flash's start, one that fits in front of
 * the table is the bootloader, others are the program.
 */
function addressOf({ name, bytes, address }: EngineFile): number {
  if (address !== null) return address;
  if (isTable(bytes, 0)) return TABLE_ADDRESS;
  for (const start of [0, BOOT_ADDRESS]) if (isTable(bytes, TABLE_ADDRESS - start)) return start;
  if (!isImage(bytes)) throw new Error(notAnImage(name));
  if (bytes.length > TABLE_ADDRESS - BOOT_ADDRESS) return APP_ADDRESS;
  return OLD_CHIPS.includes(bytes[CHIP_ID_AT]) ? BOOT_ADDRESS : 0;
}

const notAnImage = (name: string) =>
  `${name} is no ESP image (its first byte is not E9h): take the .bin files of an Espruino release, unpacked.`;

/** Before anything is connected: what is no image is named. Only a bootloader, a program or a table begins with a mark that can be checked. */
export function partsOf(files: readonly EngineFile[]): Part[] {
  return files.map((file) => {
    const address = addressOf(file);
    const isMarked = address === TABLE_ADDRESS ? isTable(file.bytes, 0) : isImage(file.bytes);
    if (!isMarked) throw new Error(notAnImage(file.name));
    if (address % SECTOR_BYTES !== 0) {
      throw new Error(`${file.name}@${hex(address)}: images start at a multiple of 0x1000.`);
    }
    return { name: file.name, data: file.bytes, address };
  });
}

/** The parts without what lies over `areas`. All borders are those of sectors. */
export function aroundAreas(parts: readonly Part[], areas: readonly Area[]): Part[] {
  return areas.reduce<Part[]>(
    (left, area) =>
      left.flatMap(({ name, data, address }) => {
        const from = Math.min(Math.max(area.address - address, 0), data.length);
        const to = Math.min(Math.max(area.address + area.byteCount - address, from), data.length);
        const pieces = [
          { name, data: data.slice(0, from), address },
          { name, data: data.slice(to), address: address + to },
        ];
        return from === to ? [{ name, data, address }] : pieces.filter((piece) => piece.data.length > 0);
      }),
    [...parts],
  );
}

/** esptool-js tells its traces to the browser's console; ours says what matters. */
class QuietTransport extends Transport {
  override trace(): void {
    return undefined;
  }
}

const MUTE = { clean: () => undefined, writeLine: () => undefined, write: () => undefined };

export interface EngineOrder {
  files: readonly EngineFile[];
  areas: readonly Area[];
  /** Gets the areas' bytes, one after the other; throws when they must not be put at risk. */
  check(image: Uint8Array): Promise<void>;
  onProgress: Progress;
}

/** Writes the images. The chip is left in reset's normal way: it starts them. Throws one sentence that says what to do. */
export async function writeEngine(line: Line, port: string, order: EngineOrder): Promise<void> {
  const parts = partsOf(order.files);
  const leash = leashed(line);
  const loader = new ESPLoader({
    transport: new QuietTransport(leash.line as unknown as ConstructorParameters<typeof Transport>[0]),
    baudrate: FAST_BAUD,
    terminal: MUTE,
  });
  const work = writeParts(loader, port, parts, order);
  try {
    await Promise.race([work, leash.lost]);
  } catch (error) {
    throw new Error(sentenceOf(error as Error, port), { cause: error });
  } finally {
    work.catch(() => undefined);
    await loader.transport.disconnect().catch(() => undefined);
    leash.cut();
  }
}

/**
 * The line as esptool-js gets it. It waits for a chip that is gone as for one that is slow, up to two minutes, and never lets go of a
 * stream whose write failed; we end at once, and what it then still tries goes nowhere.
 */
function leashed(line: Line): { line: Line; lost: Promise<never>; cut: () => void } {
  let isCut = false;
  const lost = new Promise<never>((_, reject) => line.onLost?.(() => reject(new Error("lost"))));
  lost.catch(() => undefined);
  const write = async (bytes: Uint8Array) => {
    const writer = isCut ? undefined : line.writable?.getWriter();
    try {
      await writer?.write(bytes);
    } finally {
      writer?.releaseLock();
    }
  };
  const writable = { locked: false, getWriter: () => ({ write, releaseLock: () => undefined }) };
  return {
    lost,
    cut: () => {
      isCut = true;
    },
    line: {
      get readable() {
        return isCut ? null : line.readable;
      },
      writable: writable as unknown as WritableStream<Uint8Array>,
      open: (options) => (isCut ? Promise.reject(new Error("cut")) : line.open(options)),
      close: async () => (isCut ? undefined : line.close()),
      setSignals: async (signals) => (isCut ? undefined : line.setSignals(signals)),
      getInfo: () => line.getInfo(),
    },
  };
}

async function writeParts(loader: ESPLoader, port: string, parts: readonly Part[], order: EngineOrder): Promise<void> {
  await connect(loader, port);
  checkChip(loader, parts);
  await loader.runStub();
  await loader.changeBaud();
  await order.check(await readAreas(loader, order));
  for (const { name, data, address } of aroundAreas(parts, order.areas)) {
    await loader.writeFlash({
      fileArray: [{ data, address }],
      flashMode: "keep",
      flashFreq: "keep",
      flashSize: "keep",
      eraseAll: false,
      compress: true,
      calculateMD5Hash: md5,
      reportProgress: (_, done, total) => order.onProgress(name, done, total),
    });
  }
  await loader.after("hard_reset", false);
}

const GARBLED =
  "What goes to the chip or comes from it arrives garbled: use a shorter cable or another USB port and run the same command again.";

/** Ours, so it is told as it is. */
class Refusal extends Error {}

async function connect(loader: ESPLoader, port: string): Promise<void> {
  try {
    await loader.detectChip("default_reset", CONNECT_TRIES);
  } catch (error) {
    if (/unexpected chip/i.test((error as Error).message)) throw error;
    throw new Refusal(
      `No ESP chip answers at ${port}: hold BOOT while you press and let go of EN (RST), then run the same command again; if it stays so, it is the wrong port.`,
      { cause: error },
    );
  }
}

function checkChip(loader: ESPLoader, parts: readonly Part[]): void {
  const { CHIP_NAME: name, IMAGE_CHIP_ID: id, BOOTLOADER_FLASH_OFFSET: start } = loader.chip;
  for (const part of parts.filter(({ data }) => isImage(data))) {
    const imageId = part.data[CHIP_ID_AT] | (part.data[CHIP_ID_AT + 1] << 8);
    if (imageId !== id) {
      const wanted = CHIPS[imageId] ?? `chip number ${imageId}`;
      throw new Refusal(`${part.name} is for ${wanted} and the board has an ${name}: take the image for ${name}.`);
    }
    if (part.address < TABLE_ADDRESS && part.address !== start) {
      throw new Refusal(
        `${part.name}@${hex(part.address)}: an ${name} starts from ${hex(start)}, give @${hex(start)}.`,
      );
    }
  }
}

/** The chip sends no check with what it reads; its MD5 of the same bytes is asked for afterwards. */
async function readAreas(loader: ESPLoader, { areas, onProgress }: EngineOrder): Promise<Uint8Array> {
  const total = areas.reduce((sum, { byteCount }) => sum + byteCount, 0);
  const image = new Uint8Array(total);
  let at = 0;
  for (const { address, byteCount } of areas) {
    const content = await loader.readFlash(address, byteCount);
    // The digest behind the data is not taken by esptool-js; the next command must not meet it.
    await sleep(DIGEST_MS);
    if (md5(content) !== (await loader.flashMd5sum(address, byteCount))) throw new Refusal(GARBLED);
    image.set(content, at);
    at += byteCount;
    onProgress("looking for a journal", at, total);
  }
  return image;
}

function sentenceOf(error: Error, port: string): string {
  if (error instanceof Refusal || error.name === "JournalError") return error.message;
  if (/MD5/.test(error.message)) {
    return "The board's flash does not hold what was written: run the same command again, and if it stays so its flash is worn.";
  }
  if (/unexpected chip/i.test(error.message))
    return `The chip at ${port} is none that Espruino runs on: an ESP32 or ESP32-S3 is wanted.`;
  if (/status/.test(error.message)) return GARBLED;
  return PULLED;
}
