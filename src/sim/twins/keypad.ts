/**
 * A key matrix as a circuit: contacts between row and column lines, no diodes, columns with pull-ups, rows open drain. A column is
 * low when closed contacts lead from it to a line that is pulled to ground, over whatever other lines. Contacts bounce.
 */

/** A finger on the way down and up, and before the next key. */
const TAP_MS = 50;
const GAP_MS = 30;

export interface KeypadWires {
  /** A column went up or down. */
  changed(): void;
  later(delayMs: number, run: () => void): void;
}

export class KeypadTwin {
  /** Pulled out: the columns are left to their pull-ups. */
  isPlugged = true;
  /** Lines that touch ground. */
  readonly shortedRows = new Set<number>();
  readonly shortedColumns = new Set<number>();
  /** When a contact flips again after it was made or broken, ms each. */
  bounceMs: readonly number[] = [];
  /** Levels of the rows: `0` driven low, `1` let go. */
  private rows: string;
  private readonly closed = new Set<string>();
  private waiting: { key: string; holdMs: number }[] = [];
  private isTapping = false;
  private shown = "";

  /** `layout`: one string a row, one character a key. */
  constructor(
    private readonly layout: readonly string[],
    private readonly wires: KeypadWires,
  ) {
    this.rows = "1".repeat(layout.length);
    this.shown = this.columns();
  }

  /** The board scans: columns for each row alone, then all rows are low. */
  scan(): string {
    const all = this.layout.map((_, row) =>
      this.columns(this.layout.map((__, each) => (each === row ? "0" : "1")).join("")),
    );
    this.rows = "0".repeat(this.layout.length);
    this.tell();
    return all.join("");
  }

  columns(rows = this.rows): string {
    const columnCount = this.layout[0]?.length ?? 0;
    if (this.closed.size + this.shortedRows.size + this.shortedColumns.size === 0) return "1".repeat(columnCount);
    const lowRows = new Set(this.shortedRows);
    for (let row = 0; row < rows.length; row++) if (rows[row] === "0") lowRows.add(row);
    const lowColumns = new Set(this.shortedColumns);
    for (let size = -1; size !== lowRows.size + lowColumns.size;) {
      size = lowRows.size + lowColumns.size;
      for (const [row, column] of this.contacts()) {
        if (lowRows.has(row)) lowColumns.add(column);
        if (lowColumns.has(column)) lowRows.add(row);
      }
    }
    return Array.from({ length: columnCount }, (_, column) =>
      this.isPlugged && lowColumns.has(column) ? "0" : "1",
    ).join("");
  }

  press(key: string): void {
    this.flip(key, true);
    this.bounceMs.forEach((ms, i) => this.wires.later(ms, () => this.flip(key, i % 2 === 1)));
  }

  release(key: string): void {
    this.flip(key, false);
    this.bounceMs.forEach((ms, i) => this.wires.later(ms, () => this.flip(key, i % 2 === 0)));
  }

  /** Presses a key as a finger does, after those before it. */
  tap(key: string, holdMs = TAP_MS): void {
    this.place(key);
    this.waiting.push({ key, holdMs });
    if (!this.isTapping) this.next();
  }

  /** Anything that is pushed in or pulled out. */
  change(act: (keypad: KeypadTwin) => void): void {
    act(this);
    this.tell();
  }

  /** Power goes: keys are let go, what was typed ahead is forgotten. */
  reset(): void {
    this.waiting = [];
    this.isTapping = false;
    this.closed.clear();
    this.rows = "1".repeat(this.layout.length);
    this.shown = this.columns();
  }

  private next(): void {
    const tap = this.waiting.shift();
    this.isTapping = tap !== undefined;
    if (!tap) return;
    this.press(tap.key);
    this.wires.later(tap.holdMs, () => this.release(tap.key));
    this.wires.later(tap.holdMs + GAP_MS, () => this.next());
  }

  private flip(key: string, isClosed: boolean): void {
    if (isClosed) this.closed.add(key);
    else this.closed.delete(key);
    this.tell();
  }

  private tell(): void {
    const columns = this.columns();
    if (columns === this.shown) return;
    this.shown = columns;
    this.wires.changed();
  }

  private contacts(): [row: number, column: number][] {
    return [...this.closed].map((key) => this.place(key));
  }

  private place(key: string): [row: number, column: number] {
    const row = this.layout.findIndex((keys) => keys.includes(key));
    const column = this.layout[row]?.indexOf(key) ?? -1;
    if (column < 0) throw new Error(`keypad: there is no key ${JSON.stringify(key)}`);
    return [row, column];
  }
}
