/** The handheld as text: everything fits 80 x 24, and everything is there. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  renderScreen,
  SCREEN_COLUMNS,
  SCREEN_ROWS,
  type View,
  visibleLength,
  PAPER_COLUMNS,
} from "../../src/cli/screen";
import { ROOT } from "../../src/cli/world";
import { CARDS, TAPS } from "../../src/sim/cards";

const DISPLAY = ["Online TEST", "SALE", "", "12.50 EUR", "Swipe the card", "", "", "C stop"];

function view(changes: Partial<View> = {}): View {
  return {
    display: DISPLAY,
    paper: [],
    beep: "",
    isOn: true,
    isLinkUp: true,
    hasPaper: true,
    note: "",
    ...changes,
  };
}

/** Rows without colours. */
function plain(changes: Partial<View> = {}): string[] {
  return renderScreen(view(changes)).map((row) => row.replace(/\x1b\[[0-9;]*m/g, ""));
}

const text = (changes: Partial<View> = {}) => plain(changes).join("\n");

describe("every screen fits 80 x 24", () => {
  const wide = "x".repeat(200);
  test.each([
    ["empty", { display: [] }],
    ["as usual", {}],
    ["off", { isOn: false, isLinkUp: false, hasPaper: false }],
    [
      "full",
      {
        display: new Array<string>(20).fill(wide),
        paper: new Array<string>(100).fill(wide),
        beep: "error",
        note: wide,
      },
    ],
    ["Chinese", { display: new Array<string>(20).fill("请交还卡和收据".repeat(9)) }],
    ["full paper", { paper: new Array<string>(22).fill("x".repeat(PAPER_COLUMNS)) }],
  ])("%s", (_, changes) => {
    const rows = renderScreen(view(changes));
    expect([SCREEN_ROWS, SCREEN_COLUMNS]).toEqual([24, 80]);
    expect(rows).toHaveLength(SCREEN_ROWS);
    for (const row of rows) {
      expect(visibleLength(row), JSON.stringify(row)).toBeLessThanOrEqual(SCREEN_COLUMNS);
      // Colours never run over into the next row.
      if (row.includes("\x1b")) expect(row.lastIndexOf("\x1b[0m")).toBe(row.lastIndexOf("\x1b["));
      expect(row).not.toMatch(/[\n\r\t]/);
    }
  });
});

test("the glass shows the display, each row in its place", () => {
  const rows = plain();
  DISPLAY.forEach((line, index) => expect(rows[1 + index]).toContain(` ${line.padEnd(21)} `));
});

test("a Chinese character takes two columns", () => {
  const rows = plain({ display: ["已批准", `x${"款".repeat(11)}`] });
  expect(rows[1]).toContain(` 已批准${" ".repeat(15)} `);
  expect(rows[2]).toContain(` x${"款".repeat(10)} `);
});

test("without power the glass is dark", () => {
  expect(text({ isOn: false })).not.toContain("Swipe the card");
  expect(renderScreen(view({ isOn: false }))[4]).not.toBe(renderScreen(view({ display: [] }))[4]);
});

test("the keypad has every key, in its rows", () => {
  const rows = plain({ display: [] });
  const keys = rows.slice(1, 9).map((row) => row.slice(0, 44).trim().split(/\s+/).join(" "));
  expect(keys.filter((row) => row !== "")).toEqual(["1 2 3 C", "4 5 6 B", "7 8 9 F", "00 0 . E"]);
});

test("every card is there with the letter that swipes it and no more of its number than need be", () => {
  const shown = text();
  CARDS.forEach(({ name, t2 }, index) => {
    const letter = String.fromCharCode(97 + index);
    expect(shown).toContain(` ${letter} ${t2.slice(1, 5)}..${t2.slice(13, 17)} ${name} `);
    expect(shown).not.toContain(t2.slice(1, 12));
  });
  TAPS.forEach(({ name, file }, index) => {
    expect(shown).toContain(` ${String.fromCharCode(65 + index)} ${name}`);
    expect(existsSync(join(ROOT, "test", "cards", file))).toBe(true);
  });
  expect(CARDS.length).toBeLessThan("l".charCodeAt(0) - "a".charCodeAt(0));
});

test("what can be done is said as it is now", () => {
  expect(text()).toContain("l  pull the cable");
  expect(text({ isLinkUp: false })).toContain("l  plug the cable in");
  expect(text()).toContain("p  paper out");
  expect(text({ hasPaper: false })).toContain("p  paper in");
  expect(text()).toContain("o  cut the power");
  expect(text({ isOn: false })).toContain("o  power on");
  expect(text()).toContain("Ctrl-C  end");
  expect(text()).not.toContain("t  finger");
  expect(text({ hasSensor: true })).toContain("t  finger  Ctrl-C  end");
});

test("what it is not is always there, with the last sound and the last note", () => {
  expect(text()).toContain("Simulator with test keys. Not certified: no PCI PTS, no EMVCo.");
  expect(text({ beep: "error" })).toContain("EMVCo. [beep: error]");
  expect(text({ note: "Host: sale 000001" })).toContain("Host: sale 000001");
});

describe("paper", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}.`);
  const shown = (count: number) => plain({ paper: lines(count) }).flatMap((row) => /line [0-9]+\./.exec(row) ?? []);

  test("comes out at the bottom", () => {
    const rows = plain({ paper: lines(2) });
    expect(rows.findIndex((row) => row.includes("line 2."))).toBe(SCREEN_ROWS - 3);
    expect(shown(2)).toEqual(["line 1.", "line 2."]);
  });

  test("that is long goes out at the top: the newest lines stay", () => {
    expect(shown(22)).toEqual(lines(22));
    expect(shown(23)).toEqual(lines(23).slice(1));
    expect(shown(500)).toEqual(lines(500).slice(-22));
  });
});
