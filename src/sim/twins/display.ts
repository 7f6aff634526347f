/** A serial character display, 21 columns and 8 rows: ECMA-48 CUP and EL, everything else is text, ASCII or GB 2312. */

export const COLUMNS = 21;
export const ROWS = 8;

export class DisplayTwin {
  /** Counts what came. */
  revision = 0;
  readonly isDrawnAtOnce = true;
  private cells: string[][] = [];
  private row = 0;
  private column = 0;
  private pending = "";
  /** First byte of a Chinese character. */
  private lead = "";

  constructor() {
    this.clear();
  }

  clear(): void {
    this.cells = Array.from({ length: ROWS }, () => new Array<string>(COLUMNS).fill(" "));
    this.pending = "";
    this.lead = "";
  }

  feed(bytes: string): void {
    this.revision++;
    for (const char of bytes) {
      if (this.lead) this.putWide(char);
      else if (this.pending || char === "\x1b") this.control(char);
      else if (char >= "\xa1" && char <= "\xfe") this.lead = char;
      else this.put(char);
    }
  }

  /** Rows with trailing blanks gone. */
  rows(): string[] {
    return this.cells.map((row) => row.join("").trimEnd());
  }

  /** Over two columns; the second cell has nothing of its own. */
  private putWide(trail: string): void {
    const bytes = Buffer.from(this.lead + trail, "latin1");
    const char = new TextDecoder("gb2312").decode(bytes);
    if (trail < "\xa1" || trail > "\xfe" || /[\ufffd\ue000-\uf8ff]/.test(char))
      throw new Error(`display: bytes ${bytes.toString("hex")} are no character of GB 2312`);
    this.lead = "";
    this.put(" ");
    this.put(" ");
    const row = this.cells[this.row] as string[];
    row[this.column - 2] = char;
    row[this.column - 1] = "";
  }

  private put(char: string): void {
    // A driver that writes past the edge would lose text on the glass: here it must not go unseen.
    if (this.column >= COLUMNS)
      throw new Error(`display: text past column ${COLUMNS} in row ${this.row + 1}: ${this.rows()[this.row]}`);
    if (char < " " || char > "~") throw new Error(`display: byte ${char.charCodeAt(0)} is not ASCII text`);
    (this.cells[this.row] as string[])[this.column++] = char;
  }

  private control(char: string): void {
    this.pending += char;
    if (this.pending.length < 3 || !/[@-~]/.test(char)) return;
    const [, parameters = "", final = ""] = /^\x1b\[([0-9;]*)(.)$/.exec(this.pending) ?? [];
    this.pending = "";
    const [row = 1, column = 1] = parameters.split(";").map((each) => Number(each) || 1);
    if (final === "H" && row <= ROWS && column <= COLUMNS) {
      this.row = row - 1;
      this.column = column - 1;
    } else if (final === "K" && /^0?$/.test(parameters)) {
      (this.cells[this.row] as string[]).fill(" ", this.column);
    } else {
      throw new Error(`display: unknown control sequence ${JSON.stringify(final)} ${parameters}`);
    }
  }
}
