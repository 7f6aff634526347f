/** `tillet peek`: a picture of every screen on every panel in every language, all of them on one sheet, and every kind of receipt. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGES } from "../sim/journal-image";
import { type Picture, picturePng, type Rgb } from "../sim/png";
import { type Easel, oledEasel, tftEasel } from "./peek-board";
import { namedScreens } from "./peek-screens";
import { peekSlips } from "./peek-slips";

const PANELS: readonly { name: string; open: () => Easel; scale: number; bezel: number; columns: number }[] = [
  { name: "oled", open: oledEasel, scale: 4, bezel: 8, columns: 5 },
  { name: "tft", open: tftEasel, scale: 2, bezel: 12, columns: 8 },
];

const BEZEL: Rgb = [44, 46, 50];
const TABLE: Rgb = [120, 124, 130];
const GAP = 6;

/** The glass as it is now: a twin's picture changes with the next screen. */
function kept({ width, height, rgbAt }: Picture): Picture {
  const rgbs = Array.from({ length: width * height }, (_, at) => rgbAt(at % width, Math.floor(at / width)));
  return { width, height, rgbAt: (x, y) => rgbs[y * width + x] ?? BEZEL };
}

function framed({ width, height, rgbAt }: Picture, edge: number): Picture {
  const isGlass = (x: number, y: number) => x >= edge && y >= edge && x < width + edge && y < height + edge;
  return {
    width: width + 2 * edge,
    height: height + 2 * edge,
    rgbAt: (x, y) => (isGlass(x, y) ? rgbAt(x - edge, y - edge) : BEZEL),
  };
}

/** Pictures of one size side by side. */
function sheet(pictures: readonly Picture[], columns: number): Picture {
  const [cellWidth, cellHeight] = [(pictures[0]?.width ?? 0) + GAP, (pictures[0]?.height ?? 0) + GAP];
  return {
    width: columns * cellWidth + GAP,
    height: Math.ceil(pictures.length / columns) * cellHeight + GAP,
    rgbAt: (x, y) => {
      const [column, row] = [Math.floor((x - GAP) / cellWidth), Math.floor((y - GAP) / cellHeight)];
      const [dx, dy] = [x - GAP - column * cellWidth, y - GAP - row * cellHeight];
      const picture = column < columns ? pictures[row * columns + column] : undefined;
      const isOn = picture && dx >= 0 && dy >= 0 && dx < picture.width && dy < picture.height;
      return isOn ? picture.rgbAt(dx, dy) : TABLE;
    },
  };
}

/** Writes `PANEL-LANGUAGE/NAME.png` and `PANEL-LANGUAGE.png`; gives the files, relative to the folder. `isWanted`: of `PANEL-LANGUAGE`. */
export function peekScreens(folder: string, isWanted: (name: string) => boolean = () => true): string[] {
  const files: string[] = [];
  const save = (file: string, png: Buffer) => {
    writeFileSync(join(folder, file), png);
    files.push(file);
  };
  for (const { name: panel, open, scale, bezel, columns } of PANELS) {
    for (const language of LANGUAGES.filter((each) => isWanted(`${panel}-${each}`))) {
      const easel = open();
      mkdirSync(join(folder, `${panel}-${language}`), { recursive: true });
      const pictures = namedScreens(language).map(({ name, screen }) => {
        easel.panel.show(screen);
        const picture = framed(kept(easel.finish()), bezel);
        save(join(`${panel}-${language}`, `${name}.png`), picturePng(picture, scale));
        return picture;
      });
      save(`${panel}-${language}.png`, picturePng(sheet(pictures, columns), scale / 2));
    }
  }
  return files;
}

export async function peek(folder: string): Promise<number> {
  const files = [...peekScreens(folder), ...(await peekSlips(folder))];
  process.stdout.write(`${files.length} pictures in ${folder}\n`);
  return 0;
}
