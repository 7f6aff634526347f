/**
 * A 58 mm thermal printer: ESC/POS in, paper out. Knows the commands that the terminal may use and stops the simulator at any other
 * byte, so that a driver's slip is found. 384 dots a row, font A 12 x 24.
 */
import { GLYPH_COLUMNS, GLYPH_ROWS, glyphDots } from "./font";

export const PAPER_DOTS = 384;
export const PAPER_COLUMNS = PAPER_DOTS / GLYPH_COLUMNS;

export type Paper = "ok" | "low" | "out";

export interface PrintedLine {
  text: string;
  align: "left" | "centre" | "right";
  /** Width and height factors, 1 to 8. */
  wide: number;
  high: number;
}

/** 24 dots and 6 dots of space at 8 dots/mm and 60 mm/s. */
const LINE_MS = 62;

const ALIGN = ["left", "centre", "right"] as const;

export class PrinterTwin {
  paper: Paper = "ok";
  isPlugged = true;
  private lines: PrintedLine[] = [];
  private text = "";
  private align: PrintedLine["align"] = "left";
  private wide = 1;
  private high = 1;
  private command = "";
  /** Time that the lines since the last answer take to print. */
  private printMs = 0;

  /** `answer` sends a status byte back once the lines before it are on paper; `torn` takes a slip when it is cut off, or when the paper ends in it. */
  constructor(
    private readonly answer: (bytes: string, printMs: number) => void,
    private readonly torn: (lines: PrintedLine[]) => void,
  ) {}

  feed(bytes: string): void {
    if (!this.isPlugged) return;
    for (const char of bytes) this.take(char);
  }

  setPaper(paper: Paper): void {
    this.paper = paper;
    if (paper === "out") this.tear();
  }

  /** What is on the paper that still hangs in the printer. */
  hanging(): readonly PrintedLine[] {
    return this.lines;
  }

  tear(): void {
    const lines = this.lines;
    this.lines = [];
    if (lines.length > 0) this.torn(lines);
  }

  /** Power went: what was not printed is lost, the paper stays. */
  reset(): void {
    this.text = "";
    this.command = "";
    this.initialise();
  }

  private initialise(): void {
    this.align = "left";
    this.wide = 1;
    this.high = 1;
  }

  private take(char: string): void {
    if (this.command || "\x1b\x1d\x10".includes(char)) {
      this.command += char;
      if (this.perform(this.command)) this.command = "";
    } else if (char === "\n") {
      this.printLine();
    } else if (char >= " " && char <= "~") {
      this.text += char;
    } else {
      throw new Error(`printer: byte ${char.charCodeAt(0)} is neither text nor a command`);
    }
  }

  /** True when the command is whole. */
  private perform(command: string): boolean {
    const [name, value] = [command.slice(0, 2), command.charCodeAt(2)];
    if (command.length < 2) return false;
    if (name === "\x1b@") {
      this.initialise();
      return true;
    }
    if (!["\x1ba", "\x1d!", "\x1bd", "\x1dV", "\x10\x04"].includes(name)) {
      throw new Error(`printer: unknown command ${JSON.stringify(command)}`);
    }
    if (command.length < 3) return false;
    if (name === "\x1ba") this.align = ALIGN[value % 48] ?? "left";
    if (name === "\x1d!") {
      this.wide = (value >> 4) + 1;
      this.high = (value & 7) + 1;
    }
    if (name === "\x1bd") this.feedLines(value);
    if (name === "\x1dV") this.tear();
    if (name === "\x10\x04") this.status(value);
    return true;
  }

  /** DLE EOT n: 4 is the paper sensor (bits 2 and 3 near end, 5 and 6 end). Bits 1 and 4 are always set. */
  private status(which: number): void {
    if (which !== 4) throw new Error(`printer: status ${which} is not simulated`);
    const bits = this.paper === "out" ? 0x6c : this.paper === "low" ? 0x0c : 0;
    this.answer(String.fromCharCode(0x12 | bits), this.printMs);
    this.printMs = 0;
  }

  private feedLines(count: number): void {
    for (let i = 0; i < count; i++) this.printLine();
  }

  private printLine(): void {
    const text = this.text;
    this.text = "";
    // Without paper the head moves and nothing comes of it.
    if (this.paper === "out") return;
    const columns = Math.floor(PAPER_COLUMNS / this.wide);
    if (text.length > columns) throw new Error(`printer: ${text.length} characters in ${columns} columns: ${text}`);
    this.printMs += LINE_MS * this.high;
    this.lines.push({ text, align: this.align, wide: this.wide, high: this.high });
  }
}

/** The lines as text, set as on the paper, trailing blanks and the feed at the end gone. */
export function slipText(lines: readonly PrintedLine[]): string[] {
  const rows = lines.map(({ text, align, wide }) => {
    const free = Math.floor(PAPER_COLUMNS / wide) - text.length;
    const indent = align === "left" ? 0 : align === "right" ? free : Math.floor(free / 2);
    return (" ".repeat(indent * wide) + text).trimEnd();
  });
  while (rows.length > 0 && rows[rows.length - 1] === "") rows.pop();
  return rows;
}

/** The slip dot for dot: rows of PAPER_DOTS, 1 for ink. */
export function slipDots(lines: readonly PrintedLine[]): Uint8Array[] {
  return lines.flatMap(({ text, align, wide, high }) => {
    const rows = Array.from({ length: GLYPH_ROWS * high }, () => new Uint8Array(PAPER_DOTS));
    const free = PAPER_DOTS - text.length * GLYPH_COLUMNS * wide;
    const start = align === "left" ? 0 : align === "right" ? free : Math.floor(free / 2);
    [...text].forEach((char, index) => {
      const dots = glyphDots(char);
      rows.forEach((row, y) => {
        for (let x = 0; x < GLYPH_COLUMNS * wide; x++) {
          const dot = dots[Math.floor(y / high) * GLYPH_COLUMNS + Math.floor(x / wide)] ?? 0;
          if (dot) row[start + index * GLYPH_COLUMNS * wide + x] = 1;
        }
      });
    });
    return rows;
  });
}
