/** Lines to bytes: as the reference and an independent encoder have them; every character as the printer's own, as an image, or as `?`. */
import CodepageEncoder from "@point-of-sale/codepage-encoder";
import ReceiptPrinterEncoder from "@point-of-sale/receipt-printer-encoder";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Glyph, lineBytes, Style } from "../../src/drivers/escpos";
import { GBK_KEYS, KINDS } from "../../src/drivers/printer.table";
import { endBytes, openProfile, setupBytes } from "../../src/drivers/profile";
import { bandBytes, barcodeBytes, qrBytes } from "../../src/drivers/symbol";

const NO_GLYPH: Glyph = () => "";
const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const line = (text: string, profile = "58", glyph = NO_GLYPH) => lineBytes(openProfile(profile), utf8(text), glyph);
/** Without the commands of its style. */
const body = (text: string, profile = "58", glyph = NO_GLYPH) => line(text, profile, glyph).slice(15);
/** What the independent encoder makes of it, line ends apart. */
const theirs = (build: (encoder: ReceiptPrinterEncoder) => ReceiptPrinterEncoder) =>
  Buffer.from(build(new ReceiptPrinterEncoder({ language: "esc-pos", columns: 32 })).encode())
    .toString("latin1")
    .replaceAll("\n\r", "\n");

describe("commands", () => {
  test.each([
    ["bold", Style.Bold, "\x1bE\x01"],
    ["twice as high and wide", Style.Large, "\x1d!\x11"],
    ["twice as high", Style.High, "\x1d!\x01"],
    ["white on black", Style.Bar, "\x1dB\x01"],
    ["small", Style.Small, "\x1bM\x01"],
    ["centred", Style.Centre, "\x1ba\x01"],
    ["right", Style.Right, "\x1ba\x02"],
  ])("%s", (_, style, command) => {
    expect(line(`${style}x`)).toContain(command);
    expect(line("lx")).not.toContain(command);
  });

  test("that an independent encoder uses for the same are the same", () => {
    const styles = theirs((e) =>
      e.bold(true).size(2, 2).text("x").bold(false).size(1, 1).invert(true).text("x").newline().font("B").text("x"),
    );
    for (const command of ["\x1bE\x01", "\x1d!\x11", "\x1bE\0", "\x1d!\0", "\x1dB\x01", "\x1bM\x01"]) {
      expect(styles).toContain(command);
    }
    expect(theirs((e) => e.initialize())).toContain("\x1b@\x1c.");
    expect(setupBytes(openProfile("80"), false)).toBe("\x1b@\x1c.\x1bt\x13");
    expect(theirs((e) => e.codepage("cp858").text("€"))).toContain("\x1bt\x13\xd5");
    expect(theirs((e) => e.cut("partial"))).toContain("\x1dV\x01");
    expect(endBytes(openProfile("80"))).toBe("\x1bd\x04\x1dV\x01");
  });

  test("QR code, byte for byte as the independent encoder's", () => {
    for (const text of ["1234", "x".repeat(62)]) {
      const qr = theirs((e) => e.qrcode(text, { model: 2, size: 6, errorlevel: "m" }));
      expect(qrBytes(text)).toContain(qr.slice(qr.indexOf("\x1d(k"), qr.lastIndexOf("1Q0") + 3));
    }
    // python-escpos, test_qr: the store and print functions for "1234".
    expect(qrBytes("1234")).toContain("\x1d(k\x07\x001P01234\x1d(k\x03\x001Q0");
    expect(qrBytes("x".repeat(300))).toContain(`\x1d(k\x2f\x011P0${"x".repeat(300)}`);
  });

  test("Code 128, byte for byte as the independent encoder's", () => {
    const barcode = theirs((e) => e.barcode("600512000007", "code128", { height: 80, width: 2, text: true }));
    const [bytes] = /\x1dkI[\s\S]*$/.exec(barcode.trimEnd()) ?? [""];
    expect(barcodeBytes("600512000007")).toContain(bytes);
    expect(barcode).toContain("\x1dhP");
    expect(barcodeBytes("600512000007")).toContain("\x1dhP");
    expect(barcodeBytes("{")).toContain("\x1dkI\x04{B{{");
  });

  test("an image has its size in front: GS v 0 0 xL xH yL yH", () => {
    const band = bandBytes(openProfile("58"), "101", 8, 2);
    // 24 of 384 dots, 180 left of them: the first 4 dots of byte 22 are paper.
    const row = `${"\0".repeat(22)}\x0f\xf0\x0f\xf0${"\0".repeat(22)}`;
    expect(band).toBe(`\x1dv0\0\x30\0\x02\0${row}${row}`);
  });
});

describe("characters", () => {
  test.each([
    ["58", "cp437"],
    ["80", "cp858"],
  ] as const)("of the code page of printer %s are those of %s", (profile, codepage) => {
    const upper = CodepageEncoder.getCodepoints(codepage, true).slice(128);
    expect(upper.length).toBe(128);
    for (const [index, codepoint] of upper.entries()) {
      const char = String.fromCodePoint(codepoint);
      expect(body(`l${char}`, profile), `${char} (${128 + index})`).toBe(`${String.fromCharCode(128 + index)}\n`);
    }
  });

  test("of GBK decode to what was meant", () => {
    const text = "商户名称交易类型消费金额￥：，。０９";
    const bytes = Buffer.from(body(`l${text}`, "80-gbk").trimEnd(), "latin1");
    expect(new TextDecoder("gbk").decode(bytes)).toBe(text);
    expect(GBK_KEYS.length / 3).toBeGreaterThan(150);
    expect(setupBytes(openProfile("58-gbk"), false)).toBe("\x1b@\x1c&");
  });

  test("that the printer lacks are drawn in the line: ESC * 33, 12 columns, 36 bytes", () => {
    const dots = "\x01\x02\x03".repeat(12);
    const glyph: Glyph = (char) => (char === utf8("€") ? dots : "");
    expect(body("l5 €", "58", glyph)).toBe(`5 \x1b*\x21\x0c\0${dots}\n`);
    expect(body("l5 €", "80", glyph)).toBe("5 \xd5\n");
    expect(body("l5 €", "58-gbk", glyph)).toContain("\x1b*\x21");
  });

  test("drawn ones grow with the line's width, and keep the line low", () => {
    const dots = "\x01\x02\x03\x04\x05\x06".repeat(6);
    const large = line("L€", "58", () => dots);
    expect(large).toBe(
      `\x1ba\x01\x1d!\x10\x1bE\x01\x1dB\0\x1bM\0\x1b*\x21\x18\0${"\x01\x02\x03\x01\x02\x03\x04\x05\x06\x04\x05\x06".repeat(6)}\n`,
    );
  });

  test("drawn ones never look like a command in real time", () => {
    const spoilt = `\x10\x04\x01\x10\x05\x10\x14\x10\x10\x04${"\0".repeat(26)}`;
    const sent = body("l€", "58", () => spoilt);
    expect(sent).not.toMatch(/\x10[\x04\x05\x14]/);
    const bits = (text: string) => [...text].map((char) => char.charCodeAt(0));
    // Every dot of the glyph is there; one more stands beside each lone one.
    expect(bits(sent.slice(5, 41)).map((byte, index) => byte & (bits(spoilt)[index] as number))).toEqual(bits(spoilt));
  });

  test("that nobody has are question marks, and so is what is no UTF-8", () => {
    expect(body("l商")).toBe("?\n");
    expect(body("l😀")).toBe("?\n");
    expect(lineBytes(openProfile("58"), "l\xe5\x95", NO_GLYPH).slice(15)).toBe("?\n");
    expect(lineBytes(openProfile("58"), "l\x95a\xff", NO_GLYPH).slice(15)).toBe("?a?\n");
  });

  test("no text is a command: whatever comes in, only this line's own control bytes go out", () => {
    const commands =
      /^(?:\x1ba[\0-\x02]\x1d![\0\x01\x10\x11]\x1bE[\0\x01]\x1dB[\0\x01]\x1bM[\0\x01])+(?:[ -~\x80-\xff]*\n)+$/;
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 120,
    });
    fc.assert(
      fc.property(bytes, fc.constantFrom(..."lcrbCHLis"), fc.constantFrom(...KINDS), (text, style, { name }) => {
        expect(lineBytes(openProfile(name), style + text, NO_GLYPH)).toMatch(commands);
      }),
      { seed: 20260105, numRuns: 3000 },
    );
  });
});

describe("rows", () => {
  const rows = (text: string, profile = "58") => body(text, profile).trimEnd().split("\n");

  test("are broken at blanks", () => {
    expect(rows("lone two three four five six seven eight")).toEqual(["one two three four five six", "seven eight"]);
    expect(rows("Lone two three four five")).toEqual(["one two three", "four five"]);
    expect(rows(`l${"x".repeat(70)}`)).toEqual(["x".repeat(32), "x".repeat(32), "x".repeat(6)]);
    expect(rows("lone two three four five six seven eight", "80")).toEqual(["one two three four five six seven eight"]);
  });

  test("part left from right, in as many columns as the style has", () => {
    expect(rows("lleft|right")).toEqual(["left                       right"]);
    expect(rows("Lleft|right")).toEqual(["left       right"]);
    expect(rows("sleft|right")).toEqual([`left${" ".repeat(33)}right`]);
    expect(rows("lleft|right", "80")[0]?.length).toBe(48);
  });

  test("go below each other when both do not fit side by side", () => {
    expect(rows(`l${"a".repeat(20)}|${"b".repeat(20)}`)).toEqual([
      "a".repeat(20),
      `${" ".repeat(12)}${"b".repeat(20)}`,
    ]);
    expect(rows(`l${"a".repeat(20)}|${"b".repeat(40)}`)).toEqual(["a".repeat(20), "b".repeat(32), "b".repeat(8)]);
  });

  test("count two columns for a character of two bytes", () => {
    const [row = ""] = rows("l金额|￥１", "58-gbk");
    expect(row.length).toBe(32);
    expect(rows(`l${"金".repeat(20)}`, "58-gbk").map((each) => each.length)).toEqual([32, 8]);
  });

  test("of a bar are as wide as the paper", () => {
    expect(body("iTEST")).toBe(`${" ".repeat(14)}TEST${" ".repeat(14)}\n`);
  });

  test("of a rule are full of strokes", () => {
    expect(body("-")).toBe(`${"\xc4".repeat(32)}\n`);
    expect(body("-", "80")).toBe(`${"\xc4".repeat(48)}\n`);
    expect(body("-", "58-gbk")).toBe(`${"\xa9\xa4".repeat(16)}\n`);
  });

  test("never run over the edge", () => {
    const chars = fc.string({ unit: fc.constantFrom("a", " ", "é", "金", "|", "€"), maxLength: 150 });
    fc.assert(
      fc.property(
        chars,
        fc.constantFrom("l", "L", "H", "s", "i"),
        fc.constantFrom("58", "80-gbk"),
        (text, style, profile) => {
          const columns = { l: 32, H: 32, i: 32, L: 16, s: 42 }[style] as number;
          const wide = profile === "58" ? columns : style === "s" ? 64 : columns * 1.5;
          for (const row of body(style + text, profile).split("\n")) expect(row.length).toBeLessThanOrEqual(wide);
        },
      ),
      { seed: 20260105, numRuns: 1000 },
    );
  });
});

test("a profile that is not known is the first one", () => {
  expect(openProfile("")).toEqual(openProfile("58"));
  expect(openProfile("99")).toEqual(openProfile("58"));
  for (const { name } of KINDS) expect(openProfile(name).name).toBe(name);
});
