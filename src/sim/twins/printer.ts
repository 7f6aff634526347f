/**
 * A thermal printer on a UART: ESC/POS in, paper out, at the speed of the wire and of the mechanism. What it cannot print yet waits in its
 * buffer; what the buffer cannot hold is lost. DLE EOT and DLE ENQ are obeyed as they arrive, even inside other commands, everything
 * else in its turn.
 */
import { type Command, CommandReader, PrinterError } from "./commands";
import { Interpreter, type Model } from "./escpos";
import { Paper, type Slip } from "./paper";

export type { Slip } from "./paper";

export type PaperState = "ok" | "low" | "out";
/** What a person or the printer itself does to it; `ok` ends it. */
export type Trouble = "ok" | "cover" | "hot" | "cutter" | "broken" | "unplugged";

const FULL = { hasQr: true, hasCode128: true, tellsStatus: true, confirms: true, baud: 115200, bufferBytes: 4096 };
const PLAIN = { hasQr: false, hasCode128: false, hasCutter: false, hasGbk: false, confirms: false, bufferBytes: 512 };

/** 58 mm and 80 mm paper; speeds 60, 150 and 50 mm/s at 8 dots/mm. */
export const MODELS: Record<string, Model> = {
  "58": { widthDots: 384, codePages: [0], hasGbk: false, hasCutter: false, rowsPerS: 480, ...FULL },
  "58-gbk": { widthDots: 384, codePages: [0], hasGbk: true, hasCutter: false, rowsPerS: 480, ...FULL },
  "80": { widthDots: 576, codePages: [0, 19], hasGbk: false, hasCutter: true, rowsPerS: 1200, ...FULL },
  "80-gbk": { widthDots: 576, codePages: [0], hasGbk: true, hasCutter: true, rowsPerS: 1200, ...FULL },
  "58-status": { widthDots: 384, codePages: [0], rowsPerS: 400, ...PLAIN, tellsStatus: true, baud: 19200 },
  "58-mute": { widthDots: 384, codePages: [0], rowsPerS: 400, ...PLAIN, tellsStatus: false, baud: 9600 },
};
export const DEFAULT_MODEL = "58";

const BITS_PER_BYTE = 10;

export interface PrinterWires {
  /** Calls back after so many milliseconds. */
  later(delayMs: number, run: () => void): void;
  /** A byte string to the terminal. */
  say(bytes: string): void;
  /** Takes a slip when it is cut or torn off, or when the paper ends in it. */
  torn(slip: Slip): void;
}

export class PrinterTwin {
  paper: PaperState = "ok";
  trouble: Trouble = "ok";
  /** Bytes that found no room in the buffer. */
  bytesLost = 0;
  /** Bytes that came in since the last power-on. */
  bytesHeard = 0;
  private readonly model: Model;
  private readonly reader = new CommandReader();
  private readonly sheet: Paper;
  private readonly interpreter: Interpreter;
  private buffer = "";
  private isBusy = false;
  /** The real-time command that is coming in. */
  private urgent = "";
  private bytesToUnplug = Number.POSITIVE_INFINITY;
  /** What was planned before the power went does not happen. */
  private life = 0;
  /** Writes that the wire is still busy with, oldest first. */
  private onWire: string[] = [];
  /** To the questions in the write that is coming in. */
  private answers = "";
  private isTearing = false;
  private keepsPower = false;

  constructor(
    private readonly wires: PrinterWires,
    modelName = DEFAULT_MODEL,
  ) {
    const model = MODELS[modelName];
    if (!model) throw new Error(`no printer ${modelName}; known are ${Object.keys(MODELS).join(", ")}`);
    this.model = model;
    this.sheet = new Paper(model.widthDots);
    this.interpreter = new Interpreter(model, this.sheet, () => {
      this.isTearing = true;
    });
  }

  /** Bytes in the buffer. */
  get bytesWaiting(): number {
    return this.buffer.length;
  }

  /** What is on the paper that still hangs in the printer. */
  hanging(): Slip {
    return this.sheet.hanging();
  }

  tear(): void {
    this.isTearing = false;
    const slip = this.sheet.tear();
    if (slip) this.wires.torn(slip);
  }

  setPaper(paper: PaperState): void {
    this.paper = paper;
    if (paper === "out") this.tear();
    this.work();
  }

  setTrouble(trouble: Trouble): void {
    if (trouble === "unplugged") this.unplugAfter(0);
    else this.trouble = trouble;
    this.work();
  }

  /** The plug comes out when so many more bytes have come in; `keepsPower` when only the wires go, and what came in stays. */
  unplugAfter(bytes: number, keepsPower = false): void {
    this.bytesToUnplug = bytes;
    this.keepsPower = keepsPower;
    if (bytes === 0) this.unplug();
  }

  private unplug(): void {
    this.bytesToUnplug = Number.POSITIVE_INFINITY;
    if (!this.keepsPower) this.reset();
    this.reader.isDazed = true;
    this.trouble = "unplugged";
  }

  /** Power went: what was not printed is lost, the paper stays. */
  reset(): void {
    this.life++;
    this.buffer = "";
    this.urgent = "";
    this.isBusy = false;
    this.onWire = [];
    this.isTearing = false;
    this.bytesHeard = 0;
    this.reader.reset();
    this.interpreter.reset();
  }

  private later(delayMs: number, run: () => void): void {
    const { life } = this;
    this.wires.later(Math.ceil(delayMs), () => {
      if (life === this.life) run();
    });
  }

  // ---- the wire

  /** Bytes that the terminal hands to its UART; they are here when the wire has carried them, one write after the other. */
  feed(bytes: string): void {
    this.onWire.push(bytes);
    if (this.onWire.length === 1) this.carry();
  }

  private carry(): void {
    const bytes = this.onWire[0];
    if (bytes === undefined) return;
    this.later(this.wireMs(bytes), () => {
      this.onWire.shift();
      this.carry();
      this.arrive(bytes);
    });
  }

  private wireMs(bytes: string): number {
    return (bytes.length * BITS_PER_BYTE * 1000) / this.model.baud;
  }

  private arrive(bytes: string): void {
    for (const char of bytes) {
      if (this.trouble === "unplugged") break;
      this.bytesHeard++;
      this.hearUrgent(char);
      if (this.buffer.length < this.model.bufferBytes) this.buffer += char;
      else this.bytesLost++;
      // A buffer that is full takes the next byte when one has left it.
      this.work();
      this.bytesToUnplug--;
      if (this.bytesToUnplug === 0) this.unplug();
    }
    if (this.answers) this.say(this.answers);
    this.answers = "";
  }

  private say(bytes: string): void {
    this.later(this.wireMs(bytes), () => {
      if (this.trouble !== "unplugged") this.wires.say(bytes);
    });
  }

  // ---- in real time

  private hearUrgent(char: string): void {
    this.urgent = this.urgent === "\x10" || this.urgent.length === 2 ? this.urgent + char : char === "\x10" ? char : "";
    if (this.urgent.length === 2 && !"\x04\x05".includes(char)) this.urgent = char === "\x10" ? char : "";
    if (this.urgent.length < 3) return;
    const [isQuestion, value] = [this.urgent[1] === "\x04", char.charCodeAt(0)];
    this.urgent = "";
    if (isQuestion && value >= 1 && value <= 4 && this.model.tellsStatus)
      this.answers += String.fromCharCode(this.status(value));
    if (!isQuestion && value === 2) this.recover();
  }

  /** DLE ENQ 2: buffers are emptied, and an error that a person has cleared is over. */
  private recover(): void {
    if (this.trouble !== "cutter") return;
    this.buffer = "";
    this.reader.reset();
    this.reader.isDazed = true;
    this.trouble = "ok";
  }

  private get isOnline(): boolean {
    return this.paper !== "out" && this.trouble === "ok";
  }

  /** DLE EOT n. Bits 1 and 4 are always set, 0 and 7 never. */
  private status(which: number): number {
    const isOut = this.paper === "out";
    const isError = ["hot", "cutter", "broken"].includes(this.trouble);
    const bits = (pairs: [boolean, number][]) => pairs.reduce((sum, [isSet, bit]) => sum | (isSet ? bit : 0), 0x12);
    if (which === 1) return bits([[!this.isOnline, 0x08]]);
    if (which === 2)
      return bits([
        [this.trouble === "cover", 0x04],
        [isOut, 0x20],
        [isError, 0x40],
      ]);
    if (which === 3)
      return bits([
        [this.trouble === "cutter", 0x08],
        [this.trouble === "broken", 0x20],
        [this.trouble === "hot", 0x40],
      ]);
    return bits([
      [this.paper !== "ok", 0x0c],
      [isOut, 0x60],
    ]);
  }

  // ---- in its turn

  /** Takes bytes from the buffer until the mechanism is busy or stops. */
  private work(): void {
    while (this.buffer && this.isOnline && !this.isBusy) {
      const char = this.buffer.charAt(0);
      this.buffer = this.buffer.slice(1);
      const command = this.reader.take(char);
      if (!command) continue;
      if (command.name === "\x1dr") this.confirm();
      const rows = this.perform(command);
      if (rows > 0 || this.isTearing) this.move(rows);
    }
  }

  private perform(command: Command): number {
    try {
      return this.interpreter.perform(command);
    } catch (error) {
      if (!this.reader.isDazed || !(error instanceof PrinterError)) throw error;
      return 0;
    }
  }

  /** Head and motor draw their current. */
  get isMoving(): boolean {
    return this.isBusy;
  }

  private move(rows: number): void {
    this.isBusy = true;
    this.later((rows * 1000) / this.model.rowsPerS, () => {
      this.isBusy = false;
      if (this.isTearing) this.tear();
      this.work();
    });
  }

  /** GS r 1: paper sensors. */
  private confirm(): void {
    if (this.model.confirms) this.say(this.paper === "low" ? "\x03" : "\0");
  }
}
