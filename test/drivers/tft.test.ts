/** The colour panel: every screen reads as it should, in colours that can be read; only what changed is sent, in small pieces. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Device, Happening } from "../../src/board/board";
import { rowsOf } from "../../src/drivers/display";
import { Role, type Screen } from "../../src/drivers/screen";
import { COLOURS, PALETTES } from "../../src/glyphs/tft.table";
import { TftTwin } from "../../src/sim/twins/tft";
import { everyScreen, unicode } from "./everyscreen";
import { QR_BYTES, readQr, symbolOf } from "./qr";
import { screenOf } from "./screens";
import { type TftBench, tftBench, TIMER } from "./tft";

const SALE = screenOf({
  title: "SALE",
  amount: "12.50",
  currency: "EUR",
  lines: "Type the amount",
  hint: "E pay  C stop",
});
const SALE_ROWS = ["Online", "SALE", "12.50 EUR", "Type the amount", "E pay  C stop"];

/** Blanks at the ends are not to be seen, and how many stand between two ends of a row not to be counted. */
const trimmed = (rows: readonly string[]) =>
  rows.map((row) => row.trim().replace(/ {2,}/, "  ")).filter((row) => row !== "");

let bench: TftBench;
beforeEach(() => {
  bench = tftBench();
});

describe.each([
  ["ili9341", 1],
  ["st7789", 7],
] as const)("%s", (name, every) => {
  const some = (_: unknown, index: number) => index % every === 0;

  test.each(["en", "zh"])("shows every screen whole in %s", (language) => {
    const { panel, twin, run } = tftBench(name);
    for (const each of everyScreen(language).filter(some)) {
      panel.show(each);
      run();
      expect(trimmed(twin.rows())).toEqual(trimmed(rowsOf(each).map(unicode)));
    }
  });

  test("shows its colours: paper is white, approved green, declined red, not known amber", () => {
    const { panel, twin, run } = tftBench(name);
    const titleColour = (role: Role) => {
      panel.show({ ...SALE, role });
      run();
      return twin.picture().rgbAt(3, 40);
    };
    const [good, bad, unsure] = [titleColour(Role.Good), titleColour(Role.Bad), titleColour(Role.Unsure)];
    expect(twin.picture().rgbAt(3, 100)).toEqual([255, 255, 255]);
    expect(good.indexOf(Math.max(...good))).toBe(1);
    expect(bad.indexOf(Math.max(...bad))).toBe(0);
    expect(unsure[0]).toBeGreaterThan(200);
    expect(unsure[1]).toBeGreaterThan(140);
    expect(unsure[2]).toBeLessThan(60);
  });
});

/** WCAG 2.1, relative luminance and contrast ratio, of colours as the panel has them. */
function contrast(a: number, b: number): number {
  const luminance = (dot: number) => {
    const channels = [(dot >> 11) / 31, ((dot >> 5) & 63) / 63, (dot & 31) / 31];
    const [red = 0, green = 0, blue = 0] = channels.map((c) =>
      c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test("each ink stands out from its ground: WCAG AA, 4.5 to 1", () => {
  expect(contrast(0xffff, 0)).toBeCloseTo(21);
  expect(COLOURS.length * 16).toBe(PALETTES.length);
  COLOURS.forEach((_, index) => {
    const shades =
      PALETTES.slice(index * 16, index * 16 + 16)
        .match(/.{4}/g)
        ?.map((hex) => parseInt(hex, 16)) ?? [];
    expect(contrast(shades[0] as number, shades[3] as number), `palette ${index}`).toBeGreaterThanOrEqual(4.5);
  });
});

test("the amount is the largest thing: digits 50 dots high", () => {
  bench.panel.show(SALE);
  bench.run();
  const { rgbAt } = bench.twin.picture();
  const isInked = (y: number) => Array.from({ length: 240 }, (_, x) => rgbAt(x, y)).some(([red]) => red < 128);
  const inked = Array.from({ length: 92 }, (_, y) => y + 72).filter(isInked);
  expect(inked.length).toBeGreaterThanOrEqual(50);
});

describe("drawing", () => {
  beforeEach(() => {
    bench.panel.show(SALE);
    bench.run();
  });

  const sent = (changes: Partial<Screen>) => {
    const before = bench.twin.writtenDots;
    bench.panel.show({ ...SALE, ...changes });
    bench.run();
    return bench.twin.writtenDots - before;
  };

  test("only changed letters are drawn again", () => {
    expect(sent({})).toBe(0);
    expect(sent({ amount: "12.51" })).toBe(28 * 56);
    expect(sent({ amount: "12.51", lines: "Type the Amount" })).toBe(11 * 20);
    expect(sent({ amount: "12.51", lines: "Type the Amount", status: "Offline" })).toBe(6 * 11 * 20);
  });

  test("a row whose letters move is drawn whole, the others not at all", () => {
    expect(sent({ amount: "112.50" })).toBeLessThan(240 * 92 + 10_000);
    expect(sent({ amount: "112.50", role: Role.Good })).toBeLessThan(240 * 44 + 2_000);
    expect(bench.twin.rows()).toContain("112.50 EUR");
  });

  test("no piece is greater than 16 kB", () => {
    // Between two of them most letters change.
    const some = [...everyScreen("en"), ...everyScreen("zh")].filter((_, index) => index % 5 === 0);
    for (const each of some) {
      bench.panel.show(each);
      bench.run();
    }
    expect(bench.greatest()).toBeLessThan(16384);
  });

  test("a newer screen takes the place of one that is not finished", () => {
    bench.panel.show({ ...SALE, amount: "77.77", title: "FIRST", lines: "One\nTwo\nThree" });
    for (let i = 0; i < 12; i++) bench.step();
    bench.panel.show(SALE);
    bench.run();
    expect(bench.twin.rows()).toEqual(SALE_ROWS);
  });
});

describe("a symbol", () => {
  const PAY = { ...SALE, title: "SCAN", hint: "C stop" };

  test.each(QR_BYTES)("of %i bytes is read off the glass, modules of 3 dots at least", (byteCount) => {
    const text = "0123456789ABCDEF".repeat(14).slice(0, byteCount);
    const qr = symbolOf(text);
    bench.panel.show({ ...PAY, qr });
    bench.run();
    expect(readQr(bench.twin.picture(), 2)).toBe(text);
    const { rgbAt } = bench.twin.picture();
    const isDark = (x: number, y: number) => rgbAt(x, y)[0] < 128;
    const dark = Array.from(
      { length: 240 * 196 },
      (_, index) => [index % 240, 72 + Math.floor(index / 240)] as const,
    ).filter(([x, y]) => isDark(x, y));
    const xs = dark.map(([x]) => x);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const scale = (right - left + 1) / qr.charCodeAt(0);
    expect(scale).toBe(Math.floor(196 / (qr.charCodeAt(0) + 8)));
    expect(scale).toBeGreaterThanOrEqual(3);
    // The quiet zone of four modules on every side.
    expect(Math.min(left, 239 - right, ...dark.map(([, y]) => Math.min(y - 72, 267 - y)))).toBeGreaterThanOrEqual(
      4 * scale,
    );
  });

  test("leaves title, and the amount beside the keys", () => {
    bench.panel.show({ ...PAY, qr: symbolOf("x") });
    bench.run();
    const rows = bench.twin.rows();
    expect([rows[0], rows[1], rows[rows.length - 1]]).toEqual(["Online", "SCAN", "12.50 EUR  C stop"]);
  });

  test("gives way to the next, and to none", () => {
    bench.panel.show({ ...PAY, qr: symbolOf("one") });
    for (let i = 0; i < 3; i++) bench.fire();
    for (let i = 0; i < 60; i++) bench.step();
    bench.panel.show({ ...PAY, qr: symbolOf("two") });
    bench.run();
    expect(readQr(bench.twin.picture(), 2)).toBe("two");
    bench.panel.show(SALE);
    bench.run();
    expect(bench.twin.rows()).toEqual(SALE_ROWS);
  });

  test("with a hint too long for the row is cut at the edge", () => {
    bench.panel.show({ ...PAY, amount: "9999999.99", hint: "E pay  B back  C stop", qr: symbolOf("x") });
    bench.run();
    expect(bench.twin.rows().join()).toContain("9999999.99 EUR");
  });
});

test("it is dark until it is drawn", () => {
  bench.panel.show(SALE);
  for (let i = 0; i < 3; i++) bench.fire();
  for (let i = 0; i < 20; i++) {
    expect(bench.twin.rows()).toEqual([]);
    expect(bench.step()).toBe(true);
  }
  bench.run();
  expect(bench.twin.rows()).toEqual(SALE_ROWS);
});

describe("a panel that goes away", () => {
  beforeEach(() => {
    bench.panel.show(SALE);
    bench.run();
  });

  test("and comes back is set up anew and drawn whole", () => {
    bench.twin.isPlugged = false;
    for (let i = 0; i < 3; i++) {
      bench.fire();
      bench.run();
    }
    bench.panel.show({ ...SALE, title: "WAIT" });
    bench.run();
    bench.twin.isPlugged = true;
    bench.fire();
    bench.run();
    expect(bench.twin.rows()).toEqual(SALE_ROWS.map((row) => (row === "SALE" ? "WAIT" : row)));
  });

  test("is not set up again and again when it has no wire back", () => {
    bench.twin.exchange = (bytes) => "\xff".repeat(bytes.length);
    for (let i = 0; i < 3; i++) {
      bench.fire();
      expect(bench.run()).toBe(1);
    }
  });

  test("a bus that never answers leaves a timer", () => {
    bench.board.spi = () => undefined;
    bench.panel.show({ ...SALE, title: "WAIT", lines: "Other" });
    for (let i = 0; i < 50; i++) bench.fire();
    expect(bench.board.timers.has(TIMER)).toBe(true);
  });
});

test("no order of happenings leaves it without a timer, or makes the twin stop", () => {
  const happening = fc.oneof(
    fc.record({
      kind: fc.constant("answer"),
      value: fc.integer({ min: 0, max: 1 }),
      text: fc.constantFrom("", "\0", "\0\x08", "\xff\xff"),
    }),
    fc.record({ kind: fc.constant("timer"), value: fc.integer({ min: 3, max: 5 }), text: fc.constant("") }),
    fc.record({ kind: fc.constant("show"), value: fc.nat(3), text: fc.constantFrom("1.00", "", "9999999.99") }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (list) => {
      const { panel, twin, board } = tftBench();
      board.spi = (_, text) => void twin.exchange(text);
      panel.show(SALE);
      for (const { kind, value, text } of list) {
        if (kind === "answer") panel.on(Happening.Spi, value, text);
        if (kind === "timer") panel.on(Happening.Timer, value, "");
        if (kind === "show") panel.show({ ...SALE, amount: text, lines: "a\n".repeat(value) });
      }
      return board.timers.has(TIMER);
    }),
    { numRuns: 100, seed: 1 },
  );
});

test("other happenings are not its own", () => {
  expect(bench.panel.on(Happening.Spi, Device.Nfc, "\0")).toBe(false);
  expect(bench.panel.on(Happening.Timer, TIMER + 1, "")).toBe(false);
});

describe("the twin stops at", () => {
  const twin = () => {
    const made = new TftTwin();
    made.pins("010");
    return made;
  };
  const command = (made: TftTwin, bytes: string, data: string) => {
    made.pins("010");
    made.exchange(bytes);
    made.pins("110");
    made.exchange(data);
  };

  test("a command that is none, one cut short, data that is too long", () => {
    expect(() => twin().exchange("\xb1")).toThrow("b1 is no command");
    expect(() => twin().exchange("\x2a\x2b")).toThrow("2a cut short");
    expect(() => command(twin(), "\x36", "\0\0")).toThrow("data after 36");
  });

  test("a window off the glass, dots past it, and another format", () => {
    expect(() => command(twin(), "\x2a", "\0\0\x01\0")).toThrow("from 0 to 256 of 240");
    expect(() => command(twin(), "\x2c", "\0\0")).toThrow("only 16 bits");
    const made = twin();
    command(made, "\x3a", "\x55");
    command(made, "\x2a", "\0\0\0\0");
    command(made, "\x2b", "\0\0\0\0");
    expect(() => command(made, "\x2c", "\0\0\0\0")).toThrow("more dots");
  });

  test("bytes while it is held in reset", () => {
    const made = new TftTwin();
    made.pins("000");
    expect(() => made.exchange("\0")).toThrow("reset is low");
  });
});

describe("a dark panel", () => {
  const DARK = { ...SALE, role: Role.Dark };

  beforeEach(() => {
    bench.panel.show(SALE);
    bench.run();
    bench.panel.show(DARK);
    bench.run();
  });

  test("is off without light, stays so when it is asked how it is, and is lit with what it had", () => {
    expect(bench.twin.rows()).toEqual([]);
    bench.fire();
    bench.run();
    expect(bench.twin.rows()).toEqual([]);
    bench.panel.show(SALE);
    expect(trimmed(bench.twin.rows())).toEqual(SALE_ROWS);
  });

  test("that lost power meanwhile is found by the poll, and dark again until it is lit", () => {
    bench.twin.isPlugged = false;
    bench.twin.isPlugged = true;
    for (let i = 0; i < 5; i++) {
      bench.fire();
      bench.run();
    }
    expect(bench.twin.rows()).toEqual([]);
    bench.panel.show(SALE);
    bench.run();
    expect(trimmed(bench.twin.rows())).toEqual(SALE_ROWS);
  });
});
