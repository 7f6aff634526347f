/**
 * A serial line to a board, in the form of Web Serial's `SerialPort` (WICG Serial API, section 4): a browser has it as it is, `node.ts`
 * gives it on Node. On it a talk in byte strings, one character a byte. Every wait is bounded by its caller, in milliseconds.
 */
export interface Line {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
  /** DTR holds IO0 low, RTS holds EN low, on the boards that have the usual two transistors. */
  setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void>;
  getInfo(): { usbVendorId?: number; usbProductId?: number };
  /** Calls when the line goes away by itself. */
  onLost?(act: () => void): void;
}

export const BAUD = 115200;
/** What was heard and never asked for is let go beyond this. */
const HEARD_MAX = 1 << 16;
const RESET_MS = 100;
/** What is sent before it is looked whether the board wants to rest, and how long it may. */
const PIECE_BYTES = 128;
const REST_MS_MAX = 5_000;
const XOFF = "\x13";

export const PULLED =
  "The cable was pulled or the board lost its power: plug it in and run the same command again, nothing is lost.";

export function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

export function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function toText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

export class Talk {
  heard = "";
  /** Set when the line has ended by itself. */
  isPulled = false;
  /** Sees everything that arrives. */
  onText: (text: string) => void = () => undefined;
  /** The board has said XOFF and not yet XON. */
  private rests = false;
  private wake: () => void = () => undefined;
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  private pump: Promise<void> = Promise.resolve();

  private constructor(readonly line: Line) {}

  static async open(line: Line): Promise<Talk> {
    await line.open({ baudRate: BAUD });
    const talk = new Talk(line);
    talk.pump = talk.listen();
    return talk;
  }

  private async listen(): Promise<void> {
    const reader = this.line.readable?.getReader();
    if (!reader) return;
    this.reader = reader;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const text = this.withoutFlow(toText(value));
        this.heard = (this.heard + text).slice(-HEARD_MAX);
        this.onText(text);
        this.wake();
      }
    } catch {
      // The stream of a port that went away fails; how does not matter.
    } finally {
      reader.releaseLock();
    }
    this.isPulled = true;
    this.wake();
  }

  private withoutFlow(text: string): string {
    const marks = text.replace(/[^\x11\x13]/g, "");
    if (marks) this.rests = marks.endsWith(XOFF);
    return marks ? text.replace(/[\x11\x13]/g, "") : text;
  }

  /** A piece at a time, none while the board rests; one that never says XON has lost it. */
  async send(text: string): Promise<void> {
    for (let at = 0; at < text.length; at += PIECE_BYTES) {
      for (let restMs = 0; this.rests && restMs < REST_MS_MAX && !this.isPulled; restMs++) await sleep(1);
      this.rests = false;
      await this.write(text.slice(at, at + PIECE_BYTES));
    }
  }

  private async write(text: string): Promise<void> {
    const writer = this.isPulled ? undefined : this.line.writable?.getWriter();
    if (!writer) throw new Error(PULLED);
    try {
      await writer.write(toBytes(text));
    } catch {
      throw new Error(PULLED);
    } finally {
      writer.releaseLock();
    }
  }

  /** The first match in what is heard from now on or was left; what comes before its end is used up. Null after `waitMs`. */
  async until(pattern: RegExp, waitMs: number): Promise<RegExpExecArray | null> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.wake();
    }, waitMs);
    try {
      for (;;) {
        const match = pattern.exec(this.heard);
        if (match) {
          this.heard = this.heard.slice(match.index + match[0].length);
          return match;
        }
        if (this.isPulled) throw new Error(PULLED);
        if (isLate) return null;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Presses the board's reset button by its wire; nothing happens where there is none. */
  async reset(): Promise<void> {
    await this.line.setSignals({ dataTerminalReady: false, requestToSend: true });
    await sleep(RESET_MS);
    await this.line.setSignals({ dataTerminalReady: false, requestToSend: false });
  }

  /** Resolves when nothing more can come. */
  whenPulled(): Promise<void> {
    return this.pump;
  }

  async close(): Promise<void> {
    await this.reader?.cancel().catch(() => undefined);
    await this.pump;
    await this.line.close().catch(() => undefined);
  }
}
