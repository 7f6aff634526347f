/** The small panel: every screen reads as it should, only what changed is sent, and a panel that was away comes back. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Happening } from "../../src/board/board";
import { rowsOf } from "../../src/drivers/display";
import { Role, type Screen } from "../../src/drivers/screen";
import { readGlass } from "../../src/sim/glass";
import { OLED_FONTS } from "../../src/sim/glass-fonts";
import { OLED_ADDRESS, OledTwin } from "../../src/sim/twins/ssd1306";
import { gb2312 } from "../../tools/gb2312.mjs";
import { everyScreen, unicode } from "./everyscreen";
import { type OledBench, oledBench, TIMER } from "./oled";
import { QR_BYTES, readQr, symbolOf } from "./qr";
import { screenOf } from "./screens";

const SALE = screenOf({
  title: "SALE",
  amount: "12.50",
  currency: "EUR",
  lines: "Type the amount",
  hint: "E pay  C stop",
});
const PAGE_BYTES = 128;

/** Text left of a symbol. */
function readLeft(twin: OledTwin): string[] {
  const dots = twin.dots();
  return readGlass({ width: 63, height: 64, inkAt: (x, y) => dots[y * 128 + x] ?? 0 }, OLED_FONTS);
}

let bench: OledBench;
beforeEach(() => {
  bench = oledBench();
});

// The second chip differs in its memory only: a part of the screens will do.
describe.each([
  ["ssd1306", 1],
  ["sh1106", 7],
] as const)("%s", (chip, every) => {
  const some = (_: unknown, index: number) => index % every === 0;

  test("shows every English screen as the character display does, nothing cut off", () => {
    const { panel, twin, run } = oledBench(chip);
    const screens = everyScreen("en");
    expect(screens.length).toBeGreaterThan(40);
    for (const each of screens.filter(some)) {
      panel.show(each);
      run();
      const wanted = rowsOf(each).map((row) => row.trimEnd());
      expect(twin.rows()).toEqual(wanted.filter((row) => row !== ""));
    }
  });

  test("shows every Chinese screen, nothing cut off", () => {
    const { panel, twin, run } = oledBench(chip);
    for (const each of everyScreen("zh")
      .filter(({ status }) => status > "\x80")
      .filter(some)) {
      panel.show(each);
      run();
      const lines = unicode(each.lines).split("\n");
      const wanted = [
        ...(each.amount ? [`${each.amount} ${each.currency}`, lines.join("，")] : lines).filter((line) => line !== ""),
        ...(each.hint ? [unicode(each.hint)] : []),
      ];
      const [head = "", ...rest] = twin.rows();
      // Of the alerts, the gravest has room at least, but beside a title of four characters while the keys are test keys.
      const alerts = each.alert.split(" ");
      const isFull = each.title.length === 8 && each.status.length === 8;
      const counts = alerts.map((_, index) => index + (isFull ? 0 : 1));
      const heads = counts.map((count) => [each.title, each.status, ...alerts.slice(0, count)].join(" ").trim());
      expect(heads.map(unicode)).toContain(head.replace(/ +/g, " "));
      expect(rest).toEqual(wanted);
    }
  });
});

test("a character that is only in the other language's glyphs is seen to be missing", () => {
  bench.panel.show(screenOf({ status: gb2312("在线"), title: gb2312("收款"), hint: gb2312("猫") }));
  bench.run();
  expect(bench.twin.rows().join()).not.toContain("猫");
});

test("amounts are large: 22 dots high alone, 14 with more lines", () => {
  const inked = (lines: string) => {
    bench.panel.show({ ...SALE, lines });
    bench.run();
    const dots = bench.twin.dots();
    const isInk = (y: number) => dots.slice(y * 128, y * 128 + 90).some((dot) => dot === 1);
    return Array.from({ length: 24 }, (_, y) => y + 24).filter(isInk).length;
  };
  expect(inked("One")).toBe(22);
  expect(inked("One\nTwo")).toBeGreaterThanOrEqual(14);
});

test("only pages that changed are sent", () => {
  bench.panel.show(SALE);
  // Set-up, eight pages, light.
  expect(bench.run()).toBe(10);
  const sent = (changes: Partial<Screen>) => {
    const before = bench.twin.writtenBytes;
    bench.panel.show({ ...SALE, ...changes });
    bench.run();
    return (bench.twin.writtenBytes - before) / PAGE_BYTES;
  };
  expect(sent({})).toBe(0);
  expect(sent({ amount: "12.51" })).toBe(3);
  expect(sent({ amount: "12.51", hint: "C stop" })).toBe(1);
  expect(sent({ amount: "12.51", hint: "C stop", status: "Offline" })).toBe(1);
});

describe("a symbol", () => {
  const PAY = { ...SALE, title: "SCAN", hint: "C stop" };

  test.each(QR_BYTES)("of %i bytes is read off the glass", (byteCount) => {
    const text = "0123456789ABCDEF".repeat(14).slice(0, byteCount);
    bench.panel.show({ ...PAY, qr: symbolOf(text) });
    bench.run();
    expect(readQr(bench.twin.picture())).toBe(text);
  });

  test("stands beside title, amount and hint, in both languages", () => {
    const left = () => readLeft(bench.twin);
    bench.panel.show({ ...PAY, qr: symbolOf("x".repeat(200)) });
    bench.run();
    expect(left()).toEqual(["SCAN", "12.50", "EUR", "C stop"]);
    bench.panel.show({ ...PAY, amount: "9999999.99", qr: symbolOf("y") });
    bench.run();
    expect(left()).toEqual(["SCAN", "9999999.99", "EUR", "C stop"]);
    const chinese = { status: gb2312("在线"), title: gb2312("收款"), hint: gb2312("C停止") };
    bench.panel.show({ ...PAY, ...chinese, qr: symbolOf("x") });
    bench.run();
    expect(left()).toEqual(["收款", "12.50", "EUR", "C停止"]);
  });

  test("gives way to the next, and to none", () => {
    bench.panel.show({ ...PAY, qr: symbolOf("one") });
    for (let i = 0; i < 5; i++) bench.step();
    bench.panel.show({ ...PAY, qr: symbolOf("two") });
    bench.run();
    expect(readQr(bench.twin.picture())).toBe("two");
    bench.panel.show(SALE);
    bench.run();
    expect(bench.twin.rows()).toEqual(["Online", "SALE", "12.50 EUR", "Type the amount", "E pay  C stop"]);
  });
});

test("it is dark until it is drawn", () => {
  bench.panel.show(SALE);
  let steps = 0;
  for (; !bench.twin.dots().includes(1); steps++) expect(bench.step()).toBe(true);
  // The set-up, eight pages, and light: the tenth transfer is sent when the ninth is answered.
  expect(steps).toBe(9);
  expect(bench.twin.rows()).toContain("SALE");
});

test("a newer screen takes the place of one that is not finished", () => {
  bench.panel.show(screenOf({ title: "FIRST" }));
  bench.panel.show(SALE);
  bench.run();
  expect(bench.twin.rows()).toContain("SALE");
  expect(bench.twin.rows().join()).not.toContain("FIRST");
});

describe("a panel that goes away", () => {
  beforeEach(() => {
    bench.panel.show(SALE);
    bench.run();
  });

  test("is found by the poll, tried for ever, and drawn whole when it is back", () => {
    bench.twin.isPlugged = false;
    for (let i = 0; i < 5; i++) {
      bench.fire();
      expect(bench.run()).toBe(1);
    }
    bench.panel.show({ ...SALE, title: "WAIT" });
    bench.twin.isPlugged = true;
    bench.fire();
    bench.run();
    expect(bench.twin.rows()).toEqual(["Online", "WAIT", "12.50 EUR", "Type the amount", "E pay  C stop"]);
  });

  test("and was back before anyone looked is drawn whole, too", () => {
    bench.twin.isPlugged = false;
    bench.twin.isPlugged = true;
    expect(bench.twin.rows()).toEqual([]);
    bench.fire();
    bench.run();
    expect(bench.twin.rows()).toContain("SALE");
  });

  test("in the middle of drawing, as well", () => {
    bench.panel.show({ ...SALE, title: "WAIT", amount: "7.00" });
    bench.panel.on(Happening.I2c, -OLED_ADDRESS, "");
    expect(bench.board.timers.get(TIMER)).toBeLessThanOrEqual(2000);
  });

  test("a bus that never answers is given up and tried again", () => {
    bench.board.i2c = () => undefined;
    bench.fire();
    expect(bench.board.timers.has(TIMER)).toBe(true);
    bench.panel.on(Happening.Timer, TIMER, "");
    expect(bench.board.timers.has(TIMER)).toBe(true);
  });
});

test("no order of happenings leaves it without a timer, or makes the twin stop", () => {
  const happening = fc.oneof(
    fc.record({
      kind: fc.constant("answer"),
      value: fc.constantFrom(OLED_ADDRESS, -OLED_ADDRESS),
      text: fc.string({ maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant("timer"), value: fc.integer({ min: 3, max: 5 }), text: fc.constant("") }),
    fc.record({ kind: fc.constant("show"), value: fc.nat(3), text: fc.constantFrom("1.00", "", "9999999.99") }),
    fc.record({ kind: fc.constant("plug"), value: fc.integer({ min: 0, max: 1 }), text: fc.constant("") }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (list) => {
      const { panel, twin, board } = oledBench();
      board.i2c = (_, text) => void twin.write(text);
      panel.show(SALE);
      for (const { kind, value, text } of list) {
        if (kind === "answer") panel.on(Happening.I2c, value, text);
        if (kind === "timer") panel.on(Happening.Timer, value, "");
        if (kind === "show") panel.show({ ...SALE, amount: text, lines: "a\n".repeat(value) });
        if (kind === "plug") twin.isPlugged = value === 1;
      }
      return board.timers.has(TIMER);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("other happenings are not its own", () => {
  expect(bench.panel.on(Happening.Timer, TIMER + 1, "")).toBe(false);
  expect(bench.panel.on(Happening.Uart, 1, "x")).toBe(false);
  expect(bench.panel.on(Happening.I2c, 0x68, "x")).toBe(false);
});

describe("the twin stops at", () => {
  test.each([
    ["a control byte that is none", "\x41\0", "no control byte"],
    ["a command that is none", "\0\xcf\xff", "ff is no command"],
    ["a command without its value", "\0\x81", "without its value"],
    ["data past a page", "\x80\x0f\x80\x17\x40" + "x".repeat(2), "past the end"],
    ["other addressing", "\x80\x20\x80\0\x40x", "without its value"],
  ])("%s", (_, bytes, why) => {
    expect(() => new OledTwin().write(bytes)).toThrow(why);
  });

  test("what only the other chip has", () => {
    expect(() => new OledTwin("sh1106").write("\0\x20\x02")).toThrow("20 is no command");
    expect(() => new OledTwin("ssd1306").write("\0\xad\x8b")).toThrow("ad is no command");
  });
});

describe("a dark panel", () => {
  const DARK = { ...SALE, role: Role.Dark };
  const isBlack = () => bench.twin.dots().every((dot) => dot === 0);

  beforeEach(() => {
    bench.panel.show(SALE);
    bench.run();
    bench.panel.show(DARK);
    bench.run();
  });

  test("is off, stays so when it is asked how it is, and shows what has changed when it is lit", () => {
    expect(isBlack()).toBe(true);
    bench.fire();
    expect(bench.run()).toBe(1);
    expect(isBlack()).toBe(true);
    bench.panel.show({ ...SALE, amount: "13.00" });
    bench.run();
    expect(bench.twin.rows()).toContain("13.00 EUR");
  });

  test.each([0, 1, 3])("that is lit again %i transfers later is lit", (count) => {
    bench.panel.show(SALE);
    for (let i = 0; i < count; i++) bench.step();
    bench.panel.show(DARK);
    bench.step();
    bench.panel.show(SALE);
    bench.run();
    expect(bench.twin.rows()).toContain("12.50 EUR");
  });

  test("that lost power meanwhile is lit all the same", () => {
    bench.twin.isPlugged = false;
    bench.twin.isPlugged = true;
    bench.panel.show(SALE);
    bench.run();
    expect(bench.twin.rows()).toContain("12.50 EUR");
  });

  test("that went away is dark when it is back", () => {
    bench.twin.isPlugged = false;
    bench.fire();
    bench.run();
    bench.twin.isPlugged = true;
    bench.fire();
    bench.run();
    expect(isBlack()).toBe(true);
  });
});
