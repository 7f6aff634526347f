/** Imports go one way: what each folder of `src` may import, and that every import line keeps to it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "./tool";

const NODE = "packages and Node";
/** What Espruino has built in; a board asks whether it is there. */
const ENGINE = "the engine's own modules";
const ENGINE_MODULES = ["crypto", "net", "Wifi", "Flash", "Storage"];

/** Folder -> folders and files that it may import; its own it always may. Nobody imports `cli` or `main`. */
const ARROWS: Record<string, readonly string[]> = {
  board: [ENGINE],
  proto: [],
  crypto: [],
  drivers: ["board/board"],
  // One set of rules for the terminal and for the host.
  limits: ["proto"],
  txn: ["proto", "crypto", "board/board", "drivers", "limits"],
  main: ["board", "drivers", "proto", "crypto", "txn", "glyphs"],
  // Fonts as dots, in the form that each panel's driver takes, only the characters that the texts have.
  glyphs: ["drivers", "txn"],
  // The simulator's twins are written apart from the firmware on purpose: a mistake that both share would not show.
  // It loads the bundle as a board has it, by its boot code.
  sim: ["../flash/parts", "../flash/boot", NODE],
  host: ["proto", "limits", NODE],
  cli: ["sim", "host", "peek", "../flash", NODE],
  // Pictures of what the firmware draws: screens and drivers themselves, on the twins.
  peek: ["cli", "sim", "board/board", "drivers", "glyphs", "proto", "txn", NODE],
};

/** Tables run at build time: the tools are there, the packages through them. */
const BUILD_ARROWS = ["../tools"];

/** `main-oled.ts` and its like are mains, too; `cli/peek.ts` and its like are a folder of their own. */
function folderOf(file: string): string {
  if (file.startsWith("cli/peek")) return "peek";
  return file.startsWith("main") ? "main" : (file.split("/")[0] as string);
}

/** What `file` (seen from `src`: "txn/step.ts") imports and may not. */
function reversed(file: string, code: string): string[] {
  const buildArrows = file.endsWith(".table.ts") ? BUILD_ARROWS : [];
  const allowed = [folderOf(file), ...(ARROWS[folderOf(file)] ?? []), ...buildArrows];
  return ts
    .preProcessFile(code, true, true)
    .importedFiles.map(({ fileName }) => {
      if (fileName.startsWith(".")) return posix.join(file, "..", fileName);
      return ENGINE_MODULES.includes(fileName) ? ENGINE : NODE;
    })
    .filter(
      (target) => !allowed.some((each) => [target, folderOf(target)].includes(each) || target.startsWith(`${each}/`)),
    )
    .map((target) => `${file} imports ${target}`);
}

const FILES = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));
const READ = FILES.map((file) => ({ file, code: readFileSync(join(ROOT, "src", file), "utf8") }));

test("every folder of src has its arrows, and no arrow is for a folder that is gone", () => {
  expect([...new Set(FILES.map(folderOf))].sort()).toEqual(Object.keys(ARROWS).sort());
});

test("no import goes the wrong way", () => {
  expect(FILES.length).toBeGreaterThan(50);
  const importCount = READ.reduce((sum, { code }) => sum + ts.preProcessFile(code, true, true).importedFiles.length, 0);
  expect(importCount).toBeGreaterThan(150);
  expect(READ.flatMap(({ file, code }) => reversed(file, code))).toEqual([]);
});

test.each([
  ["proto/track.ts", 'import { step } from "../txn/step";', "proto/track.ts imports txn/step"],
  ["proto/track.ts", 'export * from "../board/board";', "proto/track.ts imports board/board"],
  ["board/console.ts", 'import type { T } from "../proto/bytes";', "board/console.ts imports proto/bytes"],
  ["drivers/printer.ts", 'import { board } from "../board/console";', "drivers/printer.ts imports board/console"],
  ["txn/step.ts", 'import { board } from "../board/console";', "txn/step.ts imports board/console"],
  ["txn/step.ts", 'import "../main";', "txn/step.ts imports main"],
  ["crypto/salsa20.ts", 'import nacl from "tweetnacl";', `crypto/salsa20.ts imports ${NODE}`],
  ["limits/limits.ts", 'import { State } from "../txn/state";', "limits/limits.ts imports txn/state"],
  ["proto/fields.table.ts", 'const fs = require("node:fs");', `proto/fields.table.ts imports ${NODE}`],
  ["txn/seal.ts", 'const c = require("crypto");', `txn/seal.ts imports ${ENGINE}`],
  ["sim/twins/net.ts", 'const a = await import("../../proto/frame");', "sim/twins/net.ts imports proto/frame"],
  ["host/seal.ts", 'import { seal } from "../crypto/secretbox";', "host/seal.ts imports crypto/secretbox"],
  ["sim/script.ts", 'import { run } from "../cli/run";', "sim/script.ts imports cli/run"],
  ["cli/run.ts", 'import { step } from "../txn/step";', "cli/run.ts imports txn/step"],
  ["cli/peek.ts", 'import { onHappening } from "../main";', "cli/peek.ts imports main"],
  ["main-oled.ts", 'import { openHost } from "./host/host";', "main-oled.ts imports host/host"],
  ["drivers/tft.ts", 'import { gb2312 } from "../../tools/gb2312.mjs";', "drivers/tft.ts imports ../tools/gb2312.mjs"],
  ["spare/new.ts", 'import { step } from "../txn/step";', "spare/new.ts imports txn/step"],
])("in %s, %s is reported", (file, code, finding) => {
  expect(reversed(file, code)).toEqual([finding]);
});
