/** The pictures show every screen that the terminal has, and each is another. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { peekScreens } from "../../src/cli/peek";
import { namedScreens } from "../../src/cli/peek-screens";
import { everyScreen } from "../drivers/everyscreen";

const folder = mkdtempSync(join(tmpdir(), "tillet-peek-"));
/** Each panel once, each language once: a picture takes its time. */
const SHEETS = ["oled-en", "tft-zh"];
let files: string[] = [];
beforeAll(() => {
  files = peekScreens(folder, (name) => SHEETS.includes(name));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["en", "zh"])("no screen in %s is forgotten", (language) => {
  const wordsOf = ({ title, lines, hint }: { title: string; lines: string; hint: string }) =>
    [title, lines, hint].join("\n");
  const peeked = new Set(namedScreens(language).map(({ screen }) => wordsOf(screen)));
  // A refusal's code without words of its own is shown by one of them; nobody is asked about the same card without its time (#).
  const forgotten = everyScreen(language).filter(
    (screen) => !peeked.has(wordsOf(screen)) && !/(94|99|#)/.test(screen.lines),
  );
  expect(forgotten).toEqual([]);
});

test("each has a picture on both panels, and no two of a panel are alike", () => {
  for (const sheet of SHEETS) {
    const names = namedScreens(sheet.slice(-2)).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(files.filter((file) => file.startsWith(sheet)).length).toBe(names.length + 1);
    const pictures = names.map((name) => readFileSync(join(folder, sheet, `${name}.png`)));
    expect(new Set(pictures.map((png) => createHash("sha256").update(png).digest("hex"))).size).toBe(names.length);
  }
});

test("pictures are as large as they should be", () => {
  const size = (file: string) => {
    const { width, height } = PNG.sync.read(readFileSync(join(folder, file)));
    return [width, height];
  };
  expect(size("oled-en/amount.png")).toEqual([4 * (128 + 16), 4 * (64 + 16)]);
  expect(size("tft-zh/amount.png")).toEqual([2 * (240 + 24), 2 * (320 + 24)]);
});
