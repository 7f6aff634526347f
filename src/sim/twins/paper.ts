/** The paper in the printer: rows of dots as the head burns them, and beside them the lines of text, as a person would read them out. */
import { PrinterError } from "./commands";

/** A piece of paper that came out. */
export interface Slip {
  widthDots: number;
  /** Set as on the paper, trailing blanks and the feed at the end gone. */
  lines: string[];
  /** 1 for ink. Drawn when somebody looks: most runs read the lines alone. */
  readonly rows: Uint8Array[];
}

/** Something in the line that is being set: a character, an image. */
export interface Cell {
  text: string;
  columns: number;
  rows: number;
  /** Row by row, 1 for ink. */
  dots: Uint8Array;
}

export type Align = "left" | "centre" | "right";

/** Dots that a column of text lines stands for: a character of font A. */
const COLUMN_DOTS = 12;

export class Paper {
  private lines: string[] = [];
  private rowCount = 0;
  /** What draws the rows, in order. */
  private strips: (() => Uint8Array[])[] = [];
  private cells: Cell[] = [];

  constructor(readonly widthDots: number) {}

  /** Nothing is being set in the line. */
  get isLineEmpty(): boolean {
    return this.cells.length === 0;
  }

  add(cell: Cell): void {
    this.cells.push(cell);
    const width = this.cells.reduce((sum, { columns }) => sum + columns, 0);
    if (width > this.widthDots) {
      const text = this.cells.map((each) => each.text).join("");
      this.cells = [];
      throw new PrinterError(`printer: ${width} dots in a line of ${this.widthDots}: ${text}`);
    }
  }

  dropLine(): void {
    this.cells = [];
  }

  /** Burns the line and moves on by `spacing`, or by its height when that is more. Gives the rows moved. */
  printLine(align: Align, spacing: number): number {
    const { cells } = this;
    const height = Math.max(0, ...cells.map(({ rows }) => rows));
    const start = this.startOf(
      align,
      cells.reduce((sum, { columns }) => sum + columns, 0),
    );
    const text = cells.map((cell) => cell.text).join("");
    this.lines.push((" ".repeat(Math.floor(start / COLUMN_DOTS)) + text).trimEnd());
    this.cells = [];
    return this.burn(Math.max(spacing, height), (rows) => {
      let x = start;
      for (const cell of cells) {
        // Characters of different height stand on one line.
        const top = height - cell.rows;
        cell.dots.forEach((dot, index) => {
          if (dot) (rows[top + Math.floor(index / cell.columns)] as Uint8Array)[x + (index % cell.columns)] = 1;
        });
        x += cell.columns;
      }
    });
  }

  /** Burns rows of dots, as an image or a symbol; images on end are one line of text. */
  printRows(image: readonly Uint8Array[], align: Align, text: string): number {
    const width = image[0]?.length ?? 0;
    if (!this.isLineEmpty) throw new PrinterError("printer: an image within a line is not printed");
    if (width > this.widthDots) throw new PrinterError(`printer: an image of ${width} dots on ${this.widthDots}`);
    const start = this.startOf(align, width);
    if (!text.startsWith("[image") || this.lines[this.lines.length - 1] !== text) this.lines.push(text);
    return this.burn(image.length, (rows) => image.forEach((row, y) => rows[y]?.set(row, start)));
  }

  /** Moves on, `lineCount` blank lines of text. */
  feed(rowCount: number, lineCount = 0): number {
    for (let i = 0; i < lineCount; i++) this.lines.push("");
    return this.burn(rowCount);
  }

  /** What came out since the last tear; the paper stays as it is. */
  hanging(): Slip {
    const lines = [...this.lines];
    while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
    const strips = [...this.strips];
    let drawn: Uint8Array[] | null = null;
    return {
      widthDots: this.widthDots,
      lines,
      get rows() {
        drawn ??= strips.flatMap((draw) => draw());
        return drawn;
      },
    };
  }

  /** Takes the piece away; null when nothing hangs out. */
  tear(): Slip | null {
    const slip = this.rowCount > 0 ? this.hanging() : null;
    this.lines = [];
    this.rowCount = 0;
    this.strips = [];
    return slip;
  }

  private startOf(align: Align, width: number): number {
    const free = this.widthDots - width;
    return align === "left" ? 0 : align === "right" ? free : Math.floor(free / 2);
  }

  /** Moves on by as many rows, with the ink that `draw` leaves on them. */
  private burn(rowCount: number, draw: (rows: Uint8Array[]) => void = () => undefined): number {
    this.rowCount += rowCount;
    this.strips.push(() => {
      const rows = Array.from({ length: rowCount }, () => new Uint8Array(this.widthDots));
      draw(rows);
      return rows;
    });
    return rowCount;
  }
}
