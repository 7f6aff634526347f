/**
 * Espruino's console as a remote procedure call: a line goes in behind DLE (10h, "do not echo this line"), its value comes back between
 * marks that no echo can have. What is written is checked on the board by CRC-32 before and after: a chunk that was garbled on the way is
 * sent again in smaller pieces, since engines up to 2v29 lose what is beyond 64 bytes of a burst.
 *
 * Document: Espruino Reference, "Storage", "Flash", "E.CRC32"; Espruino.com, "Interfacing with a PC"
 * Slowest: an answer, ANSWER_MS; a chunk, TRIES times that.
 */
import { crc32 } from "./crc32";
import type { Area } from "./engine";
import { sleep, type Talk, toText } from "./line";

/** The slowest is erasing and compacting the file store: 224 pages of up to 400 ms (flash chips' data sheets, sector erase). */
const SLOW_MS = 120_000;
const WATCHDOG_S = 300;
const ANSWER_MS = 10_000;
const HELLO_MS = 1_500;
/** From reset to prompt, the radio's start and a check of the file store included. */
const BOOT_MS = 4_000;
/** Twice the time after which an engine that sleeps looks at its console. */
const INTERRUPT_MS = 100;
const TRIES = 4;
const CHUNK_BYTES = 1024;
/** The pieces in which a line that did not arrive is sent again. */
const PIECE_BYTES = 48;
const PIECE_PAUSE_MS = 15;
export const PAGE_BYTES = 4096;
/** A file's head: 4 bytes of size, little-endian, and the name (Espruino, jsflash.h). */
const FILE_NAME_BYTES = 28;
const BLANK_PAGE = "\xff".repeat(PAGE_BYTES);
const BLANK_CRC = crc32(BLANK_PAGE);

/** Builds of 2v29 on ESP-IDF 5 hand a sector's number to a function that takes an address (jshardware.c). */
const NO_ERASE =
  "This engine does not erase the chip's flash, as known of builds on ESP-IDF 5: write another release with --engine IMAGE.bin.";

export type Progress = (step: string, doneBytes: number, totalBytes: number) => void;

const quoted = (bytes: string) => `atob("${btoa(bytes)}")`;

/** Text for a RegExp that finds the answer `id`. */
const answerPattern = (id: number) => new RegExp(`<#${id}([=!])([^]*?)#${id}>`);

export class Espruino {
  /** Board and version as the engine names them, such as "ESP32 2v29". */
  name = "";
  private id = Math.floor(Math.random() * 1e6) * 100;
  /** A line was lost: from now on they go in pieces. */
  private isSlow = false;

  constructor(
    private readonly talk: Talk,
    private readonly port: string,
  ) {}

  /** Gets the console's attention, whatever runs; resets the board when it is silent. Throws a sentence that says what to do. */
  async enter(): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (attempt > 0) {
        await this.talk.reset();
        await sleep(BOOT_MS);
      }
      this.isSlow = attempt > 0;
      await this.interrupt();
      const hello = await this.attempt('process.env.BOARD+" "+process.env.VERSION', HELLO_MS);
      if (hello?.[1] === "=") {
        this.name = hello[2];
        this.isSlow = false;
        return;
      }
    }
    throw new Error(this.silence());
  }

  /** Ends what runs and clears a line that was begun. The blank is one: desktop builds end at two Ctrl-C on an empty line. */
  private async interrupt(): Promise<void> {
    await this.talk.send(" \x03");
    await sleep(INTERRUPT_MS);
  }

  private silence(): string {
    const heard = this.talk.heard;
    if (/waiting for download/i.test(heard)) {
      return `The board at ${this.port} waits in download mode: let go of BOOT and press EN (RST), or give the engine's image with --engine IMAGE.bin.`;
    }
    if (/[\x20-\x7e]{8}/.test(heard)) {
      return `What is at ${this.port} talks, but is not Espruino: choose another port, or write the engine with --engine IMAGE.bin.`;
    }
    return `Nothing answers at ${this.port}: wrong port, no power, or no engine on the board, which --engine IMAGE.bin writes.`;
  }

  /** Drops the program that runs, from memory only: what is in flash stays. */
  async clear(): Promise<void> {
    await this.talk.send("\x10reset();\n");
    await sleep(HELLO_MS);
    await this.talk.send("\x10echo(0);\n");
    // The firmware's watchdog outlives it, and nobody feeds it now: the engine shall, and for longer than its slowest work.
    await this.ask(`(E.enableWatchdog(${WATCHDOG_S},true),1)`);
  }

  /** The value of an expression, as text. Throws what the board threw. */
  async ask(expression: string, waitMs = ANSWER_MS): Promise<string> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const answer = await this.attempt(expression, waitMs);
      if (answer?.[1] === "=") return answer[2];
      // A line that arrived garbled is a syntax error, or none at all: once more, slowly. Anything else is an answer.
      if (answer && !/SyntaxError|ReferenceError|Got /.test(answer[2])) throw new Error(answer[2]);
      this.isSlow = true;
      await this.interrupt();
    }
    throw new Error(`The board at ${this.port} stopped answering: press EN (RST) and run the same command again.`);
  }

  /** As `ask`, of a function body that calls `done(text)` some time. */
  askLater(body: string, waitMs: number): Promise<string> {
    return this.exchange((id) => `(function(done){${body}})(function(t){print("<#"+"${id}="+t+"#${id}>")})`, waitMs);
  }

  private async exchange(line: (id: number) => string, waitMs: number): Promise<string> {
    const id = ++this.id;
    await this.talk.send(`\x10${line(id)};\n`);
    const answer = await this.talk.until(answerPattern(id), waitMs);
    if (!answer) throw new Error(`The board at ${this.port} stopped answering: press EN (RST) and try again.`);
    return answer[2];
  }

  private async attempt(expression: string, waitMs: number): Promise<RegExpExecArray | null> {
    const id = ++this.id;
    const line = `\x10try{print("<#"+"${id}="+(${expression})+"#${id}>")}catch(e){print("<#"+"${id}!"+e+"#${id}>")}\n`;
    const pieceBytes = this.isSlow ? PIECE_BYTES : line.length;
    for (let at = 0; at < line.length; at += pieceBytes) {
      await this.talk.send(line.slice(at, at + pieceBytes));
      if (this.isSlow) await sleep(PIECE_PAUSE_MS);
    }
    return this.talk.until(answerPattern(id), waitMs);
  }

  // ---- files

  async freeBytes(): Promise<number> {
    return Number(await this.ask('require("Storage").getFree()', SLOW_MS));
  }

  /** Deletes a file; one that is not there is fine. */
  async deleteFile(name: string): Promise<void> {
    await this.ask(`require("Storage").erase("${name}")`);
  }

  /** The size of a file, 0 when there is none. */
  async fileBytes(name: string): Promise<number> {
    return Number(await this.ask(`(require("Storage").read("${name}")||"").length`));
  }

  /** Is this all that the file holds? */
  async isFile(name: string, content: string): Promise<boolean> {
    const crc = Number(await this.ask(`E.CRC32(require("Storage").read("${name}")||"")`));
    return crc === crc32(content) && (await this.fileBytes(name)) === content.length;
  }

  /** A file of blank flash, all room at once. */
  async makeFile(name: string, byteCount: number): Promise<void> {
    await this.ask(`(require("Storage").write("${name}","\xff",0,${byteCount}),1)`, SLOW_MS);
  }

  /** Where the content of a file lies in raw flash: behind its head, which is looked for. Files begin wherever there is room. */
  async addressOf(name: string, store: Area): Promise<number> {
    const byteCount = await this.fileBytes(name);
    const size = [0, 8, 16, 24].map((shift) => String.fromCharCode((byteCount >>> shift) & 255)).join("");
    const head = size + name.padEnd(FILE_NAME_BYTES, "\0");
    const find = `E.toString(require("Flash").read(LENGTH,PAGE)).indexOf(${quoted(head)})`;
    const end = store.address + store.byteCount;
    for (let page = store.address; page < end; page += PAGE_BYTES) {
      const length = Math.min(PAGE_BYTES + head.length, end - page);
      const at = Number(await this.ask(find.replace("LENGTH", `${length}`).replace("PAGE", `${page}`)));
      if (at >= 0) return page + at + head.length;
    }
    throw new Error(`The board's Storage says that it has ${name}, and no flash holds it: add --erase-storage.`);
  }

  async compact(): Promise<void> {
    await this.ask('require("Storage").compact()', SLOW_MS);
  }

  async eraseAll(): Promise<void> {
    await this.ask('require("Storage").eraseAll()', SLOW_MS);
  }

  /** True when the file has this content, as far as a CRC-32 tells. */
  async hasFile(name: string, content: string): Promise<boolean> {
    const stored = `(require("Storage").read("${name}")||"")`;
    return (await this.ask(`${stored}.length+","+E.CRC32(${stored})`)) === `${content.length},${crc32(content)}`;
  }

  /** Writes a file that is not there, a chunk at a time, and reads all of it back. */
  async writeFile(name: string, content: string, onProgress: Progress): Promise<void> {
    for (let at = 0; at < content.length; at += CHUNK_BYTES) {
      const chunk = content.slice(at, at + CHUNK_BYTES);
      await this.put(
        chunk,
        `s.read("${name}",${at},${chunk.length})===d||s.write("${name}",d,${at},${content.length})`,
        "Storage",
      );
      onProgress("bundle", at + chunk.length, content.length);
    }
    const stored = await this.ask(`E.CRC32(require("Storage").read("${name}"))`, SLOW_MS);
    if (Number(stored) !== crc32(content)) {
      throw new Error(
        `The board's flash holds something else than was written to ${name}: its chip may be worn, run the same command again.`,
      );
    }
  }

  /** Evaluates `act` on the board with `d`, the chunk, and `s`, the module, once the chunk has arrived whole. */
  private async put(chunk: string, act: string, module: string): Promise<void> {
    const expression = `(function(s,d){return E.CRC32(d)!=${crc32(chunk)}?"garbled":(${act})?"ok":"refused"})(require("${module}"),${quoted(chunk)})`;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const said = await this.ask(expression);
      if (said === "ok") return;
      if (said !== "garbled") break;
    }
    throw new Error(
      `The board at ${this.port} does not take what is sent: use a shorter cable or another USB port and run the same command again.`,
    );
  }

  // ---- raw flash

  /** False where the engine has no such address: the desktop builds, which end when it is read. */
  async hasFlash(address: number): Promise<boolean> {
    return (await this.ask(`require("Flash").getPage(${address})?1:0`)) === "1";
  }

  /** Bytes of whole pages. Blank ones cost a question each, the others their transport. */
  async readFlash(address: number, byteCount: number, onProgress: Progress): Promise<string> {
    let content = "";
    for (let page = address; page < address + byteCount; page += PAGE_BYTES) {
      const crc = await this.pageCrc(page);
      content += crc === BLANK_CRC ? BLANK_PAGE : await this.readPage(page, crc);
      onProgress("looking for a journal", content.length, byteCount);
    }
    return content;
  }

  /** A few bytes. */
  async readBytes(address: number, byteCount: number): Promise<string> {
    return atob(await this.ask(`btoa(E.toString(require("Flash").read(${byteCount},${address})))`));
  }

  private async pageCrc(page: number): Promise<number> {
    return Number(await this.ask(`E.CRC32(require("Flash").read(${PAGE_BYTES},${page}))`));
  }

  private async readPage(page: number, crc: number): Promise<string> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      let content = "";
      for (let at = 0; at < PAGE_BYTES; at += CHUNK_BYTES) {
        content += await this.readBytes(page + at, CHUNK_BYTES);
      }
      if (crc32(content) === crc) return content;
    }
    throw new Error(`What the board at ${this.port} says arrives garbled: use a shorter cable or another USB port.`);
  }

  /** Erases whole pages, writes `content` into them and reads it back; `step` is what the user is told meanwhile. */
  async writeFlash(
    address: number,
    content: Uint8Array,
    onProgress: Progress,
    step = "keys and settings",
  ): Promise<void> {
    const text = toText(content);
    // The engine says how long its pages are: 4 kB on a chip, 1 kB where a file stands for it.
    const erase = `(function(f,a,e){var p;while(a<e){f.erasePage(a);p=f.getPage(a);a=p.addr+p.length}})`;
    await this.ask(`${erase}(require("Flash"),${address},${address + content.length})`, SLOW_MS);
    for (let page = address; page < address + content.length; page += PAGE_BYTES) {
      if ((await this.pageCrc(page)) !== BLANK_CRC) throw new Error(NO_ERASE);
    }
    for (let page = 0; page < text.length; page += PAGE_BYTES) {
      const wanted = text.slice(page, page + PAGE_BYTES);
      for (let at = 0; at < PAGE_BYTES; at += CHUNK_BYTES) {
        const chunk = wanted.slice(at, at + CHUNK_BYTES);
        if (/[^\xff]/.test(chunk)) await this.put(chunk, `s.write(d,${address + page + at}),1`, "Flash");
      }
      if ((await this.pageCrc(address + page)) !== crc32(wanted)) {
        throw new Error(
          `Flash at ${(address + page).toString(16)}h does not keep what is written: run the same command again, and if it stays so use another board.`,
        );
      }
      onProgress(step, page + PAGE_BYTES, text.length);
    }
  }
}
