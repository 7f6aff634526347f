/**
 * Reads text off a picture: rows of dots that are not one colour are a band, and in a band glyphs are told by their dots, in whichever
 * font fits best. What no font explains is a `?`, so nothing on the glass goes unseen.
 */

export interface Glass {
  readonly width: number;
  readonly height: number;
  /** How bright a dot is, 0 to 255. */
  inkAt(x: number, y: number): number;
}

export interface Glyph {
  readonly char: string;
  readonly columns: number;
  /** Rows of dots, 1 for ink. */
  readonly dots: Uint8Array;
  /** First column with ink. */
  readonly first: number;
  /** Dots of ink. */
  readonly ink: number;
  /** First and last row with ink. */
  readonly inkRows: readonly [number, number];
}

export interface GlassFont {
  readonly rows: number;
  /** Columns of a space. */
  readonly advance: number;
  /** Dots that may be wrong, for each dot of ink. */
  readonly tolerance: number;
  /** Drawn in shades of ink. */
  readonly isShaded?: boolean;
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

/** What has been read, by fonts and dots: most rows of a screen stood on the one before. */
const known = new WeakMap<readonly GlassFont[], Map<string, string>>();

/** Texts from top to bottom. */
export function readGlass(glass: Glass, fonts: readonly GlassFont[]): string[] {
  const texts = known.get(fonts) ?? new Map<string, string>();
  known.set(fonts, texts);
  const rows: string[] = [];
  for (let y = 0; y < glass.height; y++) {
    if (isUniformRow(glass, y)) continue;
    const top = y;
    while (y < glass.height && !isUniformRow(glass, y)) y++;
    const dots = dotsOf(glass, top, y);
    if (!texts.has(dots)) texts.set(dots, new Band(glass, fonts, top, y).read());
    rows.push(texts.get(dots) ?? "");
  }
  return rows;
}

function dotsOf({ width, inkAt }: Glass, top: number, bottom: number): string {
  const dots = Buffer.alloc(width * (bottom - top));
  for (let i = 0; i < dots.length; i++) dots[i] = inkAt(i % width, top + Math.floor(i / width));
  return `${width} ${dots.toString("latin1")}`;
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

/** Of two matches the one that fits better; the first when both fit alike. */
function nearer(a: Match | null, b: Match | null): Match | null {
  return b && !(a && a.wrong <= b.wrong) ? b : a;
}

class Band {
  private readonly seen = new Map<number, Seen>();
  private readonly counts = new Uint16Array(256);

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
      const match: Match | null = this.match(last, x, isUniform);
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

  /** The glyph whose ink begins at `x`. Chinese is looked for last, or behind Chinese: there are thousands. None begins with an upright over the whole band. */
  private match(last: Match | null, x: number, isUpright: boolean): Match | null {
    const isAfterWide = last !== null && last.glyph.columns > last.font.advance;
    const narrow = last && this.next(last, "narrow", x);
    if (narrow && isSure(narrow)) return narrow;
    const wide = isAfterWide ? this.next(last, "wide", x) : null;
    if (wide) return nearer(narrow, wide);
    const line = last && this.best(last.font, "narrow", { top: last.top, x, left: null });
    const found = nearer(line, this.first("narrow", x));
    if ((found && isSure(found)) || isUpright) return nearer(narrow, found);
    return nearer(nearer(narrow, found), this.first("wide", x));
  }

  /** The glyph in the cell behind `last`, or behind blanks of its font. */
  private next(last: Match, which: "narrow" | "wide", x: number): Match | null {
    const end = last.left + last.glyph.columns;
    for (let left = end; left <= x; left += last.font.advance) {
      const found = this.best(last.font, which, { top: last.top, x, left });
      if (found) return found;
    }
    return null;
  }

  /** A glyph of any font, at any height. */
  private first(which: "narrow" | "wide", x: number): Match | null {
    let found: Match | null = null;
    for (const font of this.fonts) {
      const [low, high] = [this.top, this.bottom - font.rows].sort((a, b) => a - b) as [number, number];
      for (let top = low - SLACK; top <= high + SLACK; top++) {
        found = nearer(found, this.best(font, which, { top, x, left: null }));
      }
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
      // A font in shades may have a faint column in front of its ink.
      for (const left of font.isShaded ? [x - first, x - first + 1] : [x - first]) {
        if (at.left === null || at.left === left) found = this.better(found, font, glyphs, { left, top, columns });
      }
    }
    return found;
  }

  private better(
    before: Match | null,
    font: GlassFont,
    glyphs: readonly Glyph[],
    { left, top, columns }: { left: number; top: number; columns: number },
  ): Match | null {
    let found = before;
    for (const glyph of glyphs) {
      // One dot beyond the band may be lost in the shades.
      if (top + glyph.inkRows[0] < this.top - 1 || top + glyph.inkRows[1] > this.bottom) continue;
      const { dots, hasMore } = this.cell(left, top, columns, font.rows);
      if (hasMore) return before;
      const most = Math.floor((found ? found.wrong : font.tolerance) * glyph.ink);
      let wrong = 0;
      for (let i = 0; wrong <= most && i < dots.length; i++) if (dots[i] !== glyph.dots[i]) wrong++;
      const isBetter = wrong <= most && (!found || wrong / glyph.ink < found.wrong);
      if (isBetter) found = { font, top, left, glyph, wrong: wrong / glyph.ink };
    }
    return found;
  }

  private cell(left: number, top: number, columns: number, rows: number): Seen {
    const key = ((left + 64) * 512 + top + 64) * 4096 + columns * 64 + rows;
    let seen = this.seen.get(key);
    if (!seen) {
      const { ground, far } = this.colours(left, top, columns, rows);
      const isInk = (x: number, y: number) => Math.abs(this.at(x, y) - ground) * 2 > far;
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

  /** The brightness that most of a cell has, and how far from it the farthest is. */
  private colours(left: number, top: number, columns: number, rows: number): { ground: number; far: number } {
    const counts = this.counts.fill(0);
    let [least, most, ground] = [255, 0, 0];
    for (let y = top; y < top + rows; y++) {
      for (let x = left; x < left + columns; x++) {
        const ink = this.at(x, y);
        counts[ink]++;
        if (ink < least) least = ink;
        if (ink > most) most = ink;
      }
    }
    for (let ink = least; ink <= most; ink++) if ((counts[ink] as number) > (counts[ground] as number)) ground = ink;
    return { ground, far: Math.max(most - ground, ground - least) };
  }

  /** Beyond the edge of the glass it goes on as at the edge. */
  private at(x: number, y: number): number {
    const { width, height } = this.glass;
    return this.glass.inkAt(x < 0 ? 0 : x < width ? x : width - 1, y < 0 ? 0 : y < height ? y : height - 1);
  }
}
