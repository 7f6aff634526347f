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
let files: string[] = [];
beforeAll(() => {
  files = peekScreens(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["en", "zh"])("no screen in %s is forgotten", (language) => {
  const wordsOf = ({ title, lines, hint }: { title: string; lines: string; hint: string }) =>
    [title, lines, hint].join("\n");
  const peeked = new Set(namedScreens(language).map(({ screen }) => wordsOf(screen)));
  // A refusal's code without words of its own is shown by one of them.
  const forgotten = everyScreen(language).filter(
    (screen) => !peeked.has(wordsOf(screen)) && !/(94|99)/.test(screen.lines),
  );
  expect(forgotten).toEqual([]);
});

test("each has a picture on both panels in both languages, and no two of a panel are alike", () => {
  const names = namedScreens("en").map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(files.length).toBe(4 * (names.length + 1));
  for (const panel of ["oled-en", "oled-zh", "tft-en", "tft-zh"]) {
    const pictures = names.map((name) => readFileSync(join(folder, panel, `${name}.png`)));
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
