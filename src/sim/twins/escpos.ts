/** ESC/POS commands onto paper: modes, characters, images and symbols (Epson, "ESC/POS Command Reference"; 203 dots an inch). */
import { CODE_PAGES } from "./codepages";
import { type Command, PrinterError } from "./commands";
import { cellOf } from "./cells";
import { FONT_A, GLYPH_ROWS, glyphOf } from "./font";
import { type Align, type Cell, type Paper } from "./paper";
import { code128Modules, qrModules } from "./symbols";

/** What the printer has; the firmware's profile of it is another file, on purpose. */
export interface Model {
  widthDots: number;
  codePages: readonly number[];
  hasGbk: boolean;
  hasQr: boolean;
  hasCode128: boolean;
  hasCutter: boolean;
  /** Answers DLE EOT. */
  tellsStatus: boolean;
  /** Answers GS r. */
  confirms: boolean;
  baud: number;
  bufferBytes: number;
  rowsPerS: number;
}

const ALIGN: readonly Align[] = ["left", "centre", "right"];
/** ESC 2: 1/6 inch, 3.75 mm. */
const DEFAULT_SPACING = 30;
/** A slip that was fed so far hangs below the tear bar. */
const TEAR_FEED_LINES = 4;

const gbk = new TextDecoder("gbk");

interface Modes {
  align: Align;
  wide: number;
  high: number;
  isBold: boolean;
  isReverse: boolean;
  underlineDots: number;
  isSmall: boolean;
  isGbk: boolean;
  codePage: number;
  spacing: number;
  barHeight: number;
  barWidth: number;
  hri: number;
  qrSize: number;
  qrLevel: number;
  qrData: string;
}

function freshModes(isGbk: boolean): Modes {
  return {
    align: "left",
    wide: 1,
    high: 1,
    isBold: false,
    isReverse: false,
    underlineDots: 0,
    isSmall: false,
    // Printers for China wake up in double-byte text.
    isGbk,
    codePage: 0,
    spacing: DEFAULT_SPACING,
    barHeight: 162,
    barWidth: 3,
    hri: 0,
    qrSize: 3,
    qrLevel: 0,
    qrData: "",
  };
}

export class Interpreter {
  private modes: Modes;
  /** The first byte of a double-byte character. */
  private lead = "";

  constructor(
    private readonly model: Model,
    private readonly paper: Paper,
    /** The paper is cut, or torn off at the bar. */
    private readonly torn: () => void,
  ) {
    this.modes = freshModes(model.hasGbk);
  }

  reset(): void {
    this.modes = freshModes(this.model.hasGbk);
    this.lead = "";
    this.paper.dropLine();
  }

  /** Does what it is told; gives the rows of dots that the paper moved by. */
  perform({ name, data }: Command): number {
    const value = data.charCodeAt(0);
    if (name === "") return this.character(data);
    this.lead = "";
    if (name === "\n") return this.paper.printLine(this.modes.align, this.modes.spacing);
    if (name === "\x1bd") return this.feedLines(value);
    if (name === "\x1bJ") return this.paper.isLineEmpty ? this.paper.feed(value) : this.line(value);
    if (name === "\x1b*") return this.columnImage(data);
    if (name === "\x1dv") return this.rasterImage(data);
    if (name === "\x1d(") return this.extended(data);
    if (name === "\x1dk") return this.barcode(data);
    if (name === "\x1dV") return this.cut(data);
    if (name === "\x1b@") this.reset();
    else this.setMode(name, value);
    return 0;
  }

  private setMode(name: string, value: number): void {
    const modes = this.modes;
    const isOn = value % 2 === 1;
    if (name === "\x1ba") modes.align = this.oneOf(ALIGN, value % 48, "ESC a");
    else if (name === "\x1bE" || name === "\x1bG") modes.isBold = isOn;
    else if (name === "\x1b-") modes.underlineDots = value % 48;
    else if (name === "\x1bM") modes.isSmall = value % 48 === 1;
    else if (name === "\x1b3") modes.spacing = value;
    else if (name === "\x1b2") modes.spacing = DEFAULT_SPACING;
    else if (name === "\x1b!") this.printMode(value);
    else if (name === "\x1d!") [modes.wide, modes.high] = [((value >> 4) & 7) + 1, (value & 7) + 1];
    else if (name === "\x1dB") modes.isReverse = isOn;
    else if (name === "\x1bt") modes.codePage = this.codePage(value);
    else if (name === "\x1c&") modes.isGbk = this.gbk();
    else if (name === "\x1c.") modes.isGbk = false;
    else if (name === "\x1dh") modes.barHeight = value;
    else if (name === "\x1dw") modes.barWidth = value;
    else if (name === "\x1dH") modes.hri = value % 48;
  }

  private oneOf<T>(values: readonly T[], index: number, what: string): T {
    const found = values[index];
    if (found === undefined) throw new PrinterError(`printer: ${what} takes no ${index}`);
    return found;
  }

  private codePage(value: number): number {
    if (!this.model.codePages.includes(value)) throw new PrinterError(`printer: no code page ${value}`);
    return value;
  }

  private gbk(): boolean {
    if (!this.model.hasGbk) throw new PrinterError("printer: no double-byte text");
    return true;
  }

  /** ESC !: font, weight, height, width, underline in one byte. */
  private printMode(value: number): void {
    const modes = this.modes;
    modes.isSmall = (value & 1) !== 0;
    modes.isBold = (value & 8) !== 0;
    modes.high = value & 16 ? 2 : 1;
    modes.wide = value & 32 ? 2 : 1;
    modes.underlineDots = value & 128 ? 1 : 0;
  }

  // ---- text

  private character(byte: string): number {
    const code = byte.charCodeAt(0);
    if (this.lead) {
      const text = gbk.decode(Uint8Array.of(this.lead.charCodeAt(0), code));
      this.lead = "";
      if ([...text].length !== 1 || text === "\ufffd") throw new PrinterError("printer: bytes that GBK does not have");
      this.paper.add(this.cell(text, true));
    } else if (this.modes.isGbk && code >= 0x81 && code <= 0xfe) {
      this.lead = byte;
    } else if (code < 128) {
      this.paper.add(this.cell(byte));
    } else {
      this.paper.add(this.cell(this.oneOf(CODE_PAGES[this.modes.codePage] ?? [], code - 128, "the code page")));
    }
    return 0;
  }

  private cell(text: string, isDouble = false): Cell {
    const { wide, high, isBold, isReverse, isSmall, underlineDots } = this.modes;
    return cellOf({ text, isDouble, wide, high, isBold, isReverse, isSmall, underlineDots });
  }

  private line(spacing: number): number {
    return this.paper.printLine(this.modes.align, spacing);
  }

  private feedLines(count: number): number {
    const printed = this.paper.isLineEmpty ? 0 : 1;
    const rows = printed ? this.line(this.modes.spacing) : 0;
    const left = Math.max(0, count - printed);
    if (!this.model.hasCutter && count >= TEAR_FEED_LINES) this.torn();
    return rows + this.paper.feed(left * this.modes.spacing, left);
  }

  private cut(data: string): number {
    if (!this.model.hasCutter) throw new PrinterError("printer: there is no cutter");
    const rows = data.length > 1 ? this.paper.feed(data.charCodeAt(1) + TEAR_FEED_LINES * DEFAULT_SPACING) : 0;
    this.torn();
    return rows;
  }

  // ---- images

  /** ESC * m nL nH: 24 dots high when m is 32 or more, half as dense along the line when m is even. */
  private columnImage(data: string): number {
    const mode = data.charCodeAt(0);
    if (![0, 1, 32, 33].includes(mode)) throw new PrinterError(`printer: ESC * takes no ${mode}`);
    const bytesPerColumn = mode >= 32 ? 3 : 1;
    const count = data.charCodeAt(1) + 256 * data.charCodeAt(2);
    const wide = mode % 2 === 0 ? 2 : 1;
    const columns = count * wide;
    // In the modes of 8 dots each dot is three high.
    const high = mode >= 32 ? 1 : 3;
    const dots = Uint8Array.from({ length: columns * GLYPH_ROWS }, (_, index) => {
      const x = Math.floor((index % columns) / wide);
      const y = Math.floor(index / columns / high);
      const byte = data.charCodeAt(3 + x * bytesPerColumn + (y >> 3));
      return (byte >> (7 - (y & 7))) & 1;
    });
    this.paper.add({ text: "\u25a3".repeat(Math.ceil(columns / 12)), columns, rows: GLYPH_ROWS, dots });
    return 0;
  }

  /** GS v 0 m xL xH yL yH: bit 0 of m doubles the width, bit 1 the height. */
  private rasterImage(data: string): number {
    const [kind = 0, mode = 0, xl = 0, xh = 0, yl = 0, yh = 0] = [...data].map((char) => char.charCodeAt(0));
    const rowBytes = xl + 256 * xh;
    if (kind !== 0x30 || (mode & ~0x33) !== 0) throw new PrinterError(`printer: GS v takes no ${kind} ${mode}`);
    const [wide, high] = [mode & 1 ? 2 : 1, mode & 2 ? 2 : 1];
    const rows = Array.from({ length: (yl + 256 * yh) * high }, (_, y) =>
      Uint8Array.from({ length: rowBytes * 8 * wide }, (__, at) => {
        const x = Math.floor(at / wide);
        return (data.charCodeAt(6 + Math.floor(y / high) * rowBytes + (x >> 3)) >> (7 - (x & 7))) & 1;
      }),
    );
    return this.paper.printRows(rows, this.modes.align, `[image ${rowBytes * 8 * wide}]`);
  }

  // ---- symbols

  /** GS ( k with cn 49: QR code. */
  private extended(data: string): number {
    const [letter, cn, fn] = [data[0], data.charCodeAt(3), data.charCodeAt(4)];
    const parameters = data.slice(5);
    if (letter !== "k" || cn !== 49) throw new PrinterError(`printer: GS ( ${letter} ${cn} is not known`);
    if (!this.model.hasQr) throw new PrinterError("printer: draws no QR code");
    const modes = this.modes;
    if (fn === 65 && parameters === "2\0") return 0;
    if (fn === 67) modes.qrSize = parameters.charCodeAt(0);
    else if (fn === 69) modes.qrLevel = parameters.charCodeAt(0) - 48;
    else if (fn === 80 && parameters[0] === "0") modes.qrData = parameters.slice(1);
    else if (fn === 81 && parameters === "0") return this.qr();
    else throw new PrinterError(`printer: QR function ${fn} with ${JSON.stringify(parameters)} is not known`);
    return 0;
  }

  private qr(): number {
    const { qrData, qrLevel, qrSize, align } = this.modes;
    if (qrData === "" || qrSize < 1 || qrSize > 16) throw new PrinterError("printer: no QR code to print");
    const rows = scale(qrModules(qrData, qrLevel), qrSize, qrSize);
    return this.paper.printRows(rows, align, `[QR] ${qrData}`);
  }

  /** GS k 73 n: Code 128, its text above or below when GS H says so. */
  private barcode(data: string): number {
    if (data.charCodeAt(0) !== 73) throw new PrinterError(`printer: GS k ${data.charCodeAt(0)} is not known`);
    if (!this.model.hasCode128) throw new PrinterError("printer: draws no Code 128");
    const { align, barHeight, barWidth, hri, spacing } = this.modes;
    const { modules, text } = code128Modules(data.slice(2));
    const print = () => {
      for (const char of text) this.paper.add({ ...this.plainCell(char), text: "" });
      return this.paper.printLine(align, spacing);
    };
    let moved = hri & 1 ? print() : 0;
    moved += this.paper.printRows(scale([Uint8Array.from(modules)], barWidth, barHeight), align, `[Code 128] ${text}`);
    return moved + (hri & 2 ? print() : 0);
  }

  private plainCell(char: string): Cell {
    const glyph = glyphOf(char, FONT_A);
    return { text: char, ...glyph };
  }
}

function scale(modules: readonly Uint8Array[], wide: number, high: number): Uint8Array[] {
  return modules.flatMap((row) => {
    const dots = Uint8Array.from({ length: row.length * wide }, (_, x) => row[Math.floor(x / wide)] ?? 0);
    return Array.from({ length: high }, () => dots);
  });
}
