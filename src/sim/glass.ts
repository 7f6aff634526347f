/**
 * Reads text off a picture: rows of dots that are not one colour are a band, and in a band glyphs are told by their dots, in whichever
 * font fits best. What no font explains is a `?`, so nothing on the glass goes unseen.
 */

export interface Glass {
  readonly width: number;
  readonly height: number;
  /** A number for the colour of a dot; how far apart two numbers are says `distance`. */
  inkAt(x: number, y: number): number;
  distance?(a: number, b: number): number;
}

export interface Glyph {
  readonly char: string;
  readonly columns: number;
  /** Rows of dots, 1 for ink. */
  readonly dots: Uint8Array;
  /** First column with ink. */
  readonly first: number;
}

export interface GlassFont {
  readonly rows: number;
  /** Columns of a space. */
  readonly advance: number;
  /** Part of a cell's dots that may be wrong. */
  readonly tolerance: number;
  readonly narrow: readonly Glyph[];
  /** Chinese characters, made when first needed. */
  readonly wide: () => readonly Glyph[];
}

interface Match {
  readonly font: GlassFont;
  readonly top: number;
  readonly left: number;
  readonly glyph: Glyph;
  readonly wrong: number;
}

/** Glyphs of one width whose ink begins in the same column: they look at the same dots. */
interface Kind {
  readonly columns: number;
  readonly first: number;
  readonly glyphs: Glyph[];
}

const kinds = new WeakMap<readonly Glyph[], Kind[]>();

function kindsOf(glyphs: readonly Glyph[]): Kind[] {
  let found = kinds.get(glyphs);
  if (!found) {
    found = [];
    for (const glyph of glyphs.filter(({ first }) => first >= 0)) {
      const kind = found.find(({ columns, first }) => columns === glyph.columns && first === glyph.first);
      if (kind) kind.glyphs.push(glyph);
      else found.push({ columns: glyph.columns, first: glyph.first, glyphs: [glyph] });
    }
    kinds.set(glyphs, found);
  }
  return found;
}

export function glyphOf(char: string, columns: number, dots: Uint8Array): Glyph {
  const inked = [...dots.keys()].filter((index) => dots[index] === 1).map((index) => index % columns);
  return { char, columns, dots, first: inked.length > 0 ? Math.min(...inked) : -1 };
}

/** Texts from top to bottom. */
export function readGlass(glass: Glass, fonts: readonly GlassFont[]): string[] {
  const rows: string[] = [];
  for (let y = 0; y < glass.height; y++) {
    if (isUniformRow(glass, y)) continue;
    const top = y;
    while (y < glass.height && !isUniformRow(glass, y)) y++;
    rows.push(new Band(glass, fonts, top, y).read());
  }
  return rows;
}

function isUniformRow(glass: Glass, y: number): boolean {
  const first = glass.inkAt(0, y);
  for (let x = 1; x < glass.width; x++) if (glass.inkAt(x, y) !== first) return false;
  return true;
}

/** Dots of a cell as ink and ground, and whether there is ink above or below it in the band. */
interface Seen {
  readonly dots: Uint8Array;
  readonly hasMore: boolean;
}

/** Blank rows that a cell may have beyond its band's edge, and still be of it. */
const SLACK = 4;

/** So near that no Chinese character need be looked at, whose left half might be like it. */
function isSure({ font, wrong }: Match): boolean {
  return wrong <= font.tolerance / 8;
}

class Band {
  private readonly seen = new Map<string, Seen>();

  constructor(
    private readonly glass: Glass,
    private readonly fonts: readonly GlassFont[],
    private readonly top: number,
    private readonly bottom: number,
  ) {}

  read(): string {
    let text = "";
    let last: Match | null = null;
    let x = 0;
    while (x < this.glass.width) {
      // A column of one colour is blank, or the edge of a box; unless it is the upright of a letter.
      const isUniform = this.isUniformColumn(x);
      if (isUniform && (x === 0 || this.at(x, this.top) === this.at(x - 1, this.top))) {
        x++;
        continue;
      }
      const match: Match | null = (last && this.next(last, x)) ?? this.first(x);
      if (match) {
        text += this.gap(last, match) + match.glyph.char;
        last = match;
        x = match.left + match.glyph.columns;
      } else if (isUniform) {
        x++;
      } else {
        text += "?";
        last = null;
        while (x < this.glass.width && !this.isUniformColumn(x)) x++;
      }
    }
    return text;
  }

  /** Blanks between two glyphs; a change of font is one. */
  private gap(last: Match | null, match: Match): string {
    if (!last) return "";
    if (last.font !== match.font) return " ";
    return " ".repeat(Math.round((match.left - last.left - last.glyph.columns) / match.font.advance));
  }

  private isUniformColumn(x: number): boolean {
    const first = this.glass.inkAt(x, this.top);
    for (let y = this.top + 1; y < this.bottom; y++) if (this.glass.inkAt(x, y) !== first) return false;
    return true;
  }

  /** The glyph in the cell behind `last`, or behind blanks of its font, when its ink begins at `x`. */
  private next(last: Match, x: number): Match | null {
    const end = last.left + last.glyph.columns;
    for (let left = end; left <= x; left += last.font.advance) {
      const narrow = this.best(last.font, "narrow", { top: last.top, x, left });
      if (narrow && isSure(narrow)) return narrow;
      const wide = this.best(last.font, "wide", { top: last.top, x, left });
      if (narrow || wide) return wide && !(narrow && narrow.wrong <= wide.wrong) ? wide : narrow;
    }
    return null;
  }

  /** Any glyph of any font whose ink begins at `x`. */
  private first(x: number): Match | null {
    let found: Match | null = null;
    for (const which of ["narrow", "wide"] as const) {
      for (const font of this.fonts) {
        const [low, high] = [this.top, this.bottom - font.rows].sort((a, b) => a - b) as [number, number];
        for (let top = low - SLACK; top <= high + SLACK; top++) {
          const match = this.best(font, which, { top, x, left: null });
          if (match && (!found || match.wrong < found.wrong)) found = match;
        }
      }
      if (found && isSure(found)) return found;
    }
    return found;
  }

  /** The glyph that fits best with its ink beginning at `x`, and its cell at `left` unless that is null. */
  private best(
    font: GlassFont,
    which: "narrow" | "wide",
    at: { top: number; x: number; left: number | null },
  ): Match | null {
    const { top, x } = at;
    let found: Match | null = null;
    for (const { columns, first, glyphs } of kindsOf(which === "narrow" ? font.narrow : font.wide())) {
      const left = x - first;
      if (at.left !== null && at.left !== left) continue;
      const { dots, hasMore } = this.cell(left, top, columns, font.rows);
      if (hasMore) continue;
      for (const glyph of glyphs) {
        const most = Math.floor((found ? found.wrong : font.tolerance) * dots.length);
        let wrong = 0;
        for (let i = 0; wrong <= most && i < dots.length; i++) if (dots[i] !== glyph.dots[i]) wrong++;
        const isBetter = wrong <= most && (!found || wrong / dots.length < found.wrong);
        if (isBetter) found = { font, top, left, glyph, wrong: wrong / dots.length };
      }
    }
    return found;
  }

  private cell(left: number, top: number, columns: number, rows: number): Seen {
    const key = `${left},${top},${columns},${rows}`;
    let seen = this.seen.get(key);
    if (!seen) {
      const { ground, far } = this.colours(left, top, columns, rows);
      const isInk = (x: number, y: number) => this.distance(this.at(x, y), ground) * 2 > far;
      const dots = new Uint8Array(columns * rows).map((_, index) =>
        far > 0 && isInk(left + (index % columns), top + Math.floor(index / columns)) ? 1 : 0,
      );
      let hasMore = false;
      for (let y = this.top; y < this.bottom && !hasMore; y++) {
        hasMore = (y < top || y >= top + rows) && this.isBusy(left, columns, y);
      }
      seen = { dots, hasMore };
      this.seen.set(key, seen);
    }
    return seen;
  }

  /** Above and below a cell there may be another ground, but no ink. */
  private isBusy(left: number, columns: number, y: number): boolean {
    for (let x = 1; x < columns; x++) if (this.at(left + x, y) !== this.at(left, y)) return true;
    return false;
  }

  /** The colour that most of a cell has, and how far from it the farthest is. */
  private colours(left: number, top: number, columns: number, rows: number): { ground: number; far: number } {
    const counts = new Map<number, number>();
    for (let y = top; y < top + rows; y++) {
      for (let x = left; x < left + columns; x++) counts.set(this.at(x, y), (counts.get(this.at(x, y)) ?? 0) + 1);
    }
    const ground = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0] as [number, number])[0];
    return { ground, far: Math.max(...[...counts.keys()].map((colour) => this.distance(colour, ground))) };
  }

  /** Beyond the edge of the glass it goes on as at the edge. */
  private at(x: number, y: number): number {
    const clamp = (value: number, size: number) => Math.max(0, Math.min(size - 1, value));
    return this.glass.inkAt(clamp(x, this.glass.width), clamp(y, this.glass.height));
  }

  private distance(a: number, b: number): number {
    return this.glass.distance?.(a, b) ?? (a === b ? 0 : 1);
  }
}
