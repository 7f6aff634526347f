/** What comes out of each printer: driver and twin together, the paper read by people's and machines' eyes. */
import ReceiptPrinterEncoder from "@point-of-sale/receipt-printer-encoder";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/drivers/printer.table";
import { PrinterReport } from "../../src/drivers/status";
import { glyphOf, FONT_A } from "../../src/sim/twins/font";
import { PrinterTwin, type Slip } from "../../src/sim/twins/printer";
import { readQr, readSymbols } from "../readers";
import { PrinterDesk } from "./printer-desk";
import { GLYPHS, GLYPH_KEYS } from "./glyphs.table";

const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const NAMES = KINDS.map(({ name }) => name);

/** The glyphs of the table, by the interface that `openPrinter` takes. */
const glyph = (char: string): string => {
  const index = GLYPH_KEYS.split(" ").indexOf(char);
  return index < 0 ? "" : GLYPHS.substr(index * 36, 36);
};

function printed(profile: string, lines: readonly string[]): Slip {
  const desk = new PrinterDesk(profile, glyph);
  expect(desk.job(lines.map(utf8))).toBe(PrinterReport.Done);
  expect(desk.twin.bytesLost).toBe(0);
  expect(desk.slips).toHaveLength(1);
  return desk.slips[0] as Slip;
}

describe.each(NAMES)("printer %s", (name) => {
  test("sets every style", () => {
    const { lines, widthDots } = printed(name, [
      "LSHOP",
      "lleft|right",
      "ccentre",
      "rright",
      "bbold",
      "HTOTAL|1.00",
      "iBAR",
    ]);
    const columns = widthDots / 12;
    const middle = (text: string, width = text.length) => " ".repeat(Math.floor((columns - width) / 2)) + text;
    expect(lines).toEqual([
      middle("SHOP", 8),
      `left${" ".repeat(columns - 9)}right`,
      middle("centre"),
      "right".padStart(columns),
      "bold",
      `TOTAL${" ".repeat(columns - 9)}1.00`,
      middle("BAR"),
    ]);
  });

  test("prints a QR code that two readers read", async () => {
    for (const text of ["TILLET 00000001 000007 600512000007", "https://example.org/r?" + "x".repeat(150)]) {
      const { rows, widthDots } = printed(name, ["cabove", `q${text}`, "cbelow"]);
      expect(readQr(rows, widthDots)).toBe(text);
      expect(await readSymbols(rows, widthDots)).toEqual([{ format: "QRCode", text }]);
    }
  });

  test("prints a barcode that a reader reads, its text below", async () => {
    for (const text of ["600512000007", "Abc{12", "0"]) {
      const { rows, widthDots, lines } = printed(name, ["cabove", `k${text}`, "cbelow"]);
      expect(await readSymbols(rows, widthDots)).toEqual([{ format: "Code128", text }]);
      expect(lines.join("\n")).toContain(text);
    }
  });

  test("prints a reference that no symbol can hold as text", () => {
    const { lines } = printed(name, [`k${"1".repeat(60)}`, "kcafé"]);
    expect(lines.join("").replaceAll(" ", "")).toMatch(/^1{60}caf(é|\?|\u25a3)$/);
  });

  test("draws what its characters lack", () => {
    const { lines, rows, widthDots } = printed(name, ["l€1 ł", "L€"]);
    const own = name === "80";
    expect(lines[0]).toBe(own ? "€1 \u25a3" : "\u25a31 \u25a3");
    // The fourth column holds the glyph of the table, dot for dot.
    const cell = Array.from({ length: 24 }, (_, y) => rows[y]?.subarray(36, 48));
    expect(cell.flatMap((row) => [...(row ?? [])])).toEqual([...glyphOf("ł", FONT_A).dots]);
    // Twice as wide, and as high as it is.
    const start = widthDots / 2 - 12;
    const wide = Array.from({ length: 12 }, (_, x) => rows[30 + 12]?.[start + 2 * x]);
    if (!own) expect(wide).toEqual([...glyphOf("€", FONT_A).dots.subarray(12 * 12, 13 * 12)]);
  });

  test("prints a hundred lines without losing a byte", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `lline ${index}`);
    expect(printed(name, lines).lines).toEqual(lines.map((line) => line.slice(1)));
  });
});

test("Chinese text comes out as it was meant", () => {
  const { lines } = printed("58-gbk", ["l商户名称|测试超市", "L消费", "l金额|￥１２．５０"]);
  expect(lines).toEqual([
    `商户名称${" ".repeat(16)}测试超市`,
    `${" ".repeat(12)}消费`,
    `金额${" ".repeat(16)}￥１２．５０`,
  ]);
});

test("a line is printed while the next one is on the wire: the terminal does not slow the printer down", () => {
  const lines = Array.from({ length: 40 }, () => "l12345678901234567890123456789012");
  for (const [name, rowsPerS] of [
    ["58", 480],
    ["80", 1200],
  ] as const) {
    const desk = new PrinterDesk(name);
    const startMs = desk.nowMs;
    expect(desk.job(lines)).toBe(PrinterReport.Done);
    const endMs = desk.reportedMs;
    const headMs = ((lines.length * 30 + 120) * 1000) / rowsPerS;
    expect(endMs - startMs).toBeLessThan(headMs * 1.05);
    expect(endMs - startMs).toBeGreaterThanOrEqual(headMs);
  }
});

describe("what other encoders send", () => {
  function paperOf(bytes: Uint8Array, model: string): Slip {
    const slips: Slip[] = [];
    let run: (() => void)[] = [];
    const twin = new PrinterTwin(
      { later: (_, each) => void run.push(each), say: () => undefined, torn: (slip) => slips.push(slip) },
      model,
    );
    twin.feed(Buffer.from(bytes).toString("latin1"));
    while (run.length > 0) {
      const due = run;
      run = [];
      for (const each of due) each();
    }
    return slips[0] ?? twin.hanging();
  }
  const encoder = () => new ReceiptPrinterEncoder({ language: "esc-pos", columns: 48 });

  test("is printed as they mean it", async () => {
    const bytes = encoder()
      .initialize()
      .codepage("cp858")
      .bold(true)
      .line("Café")
      .bold(false)
      .underline(true)
      .text("under")
      .underline(false)
      .newline()
      .invert(true)
      .text("bar")
      .invert(false)
      .newline()
      .size(2, 2)
      .line("BIG")
      .size(1, 1)
      .line("5 €")
      .qrcode("OTHER 1234", { model: 2, size: 6, errorlevel: "q" })
      .newline()
      .barcode("Ab12", "code128", { height: 60, width: 2, text: true })
      .newline(4)
      .cut("partial")
      .encode();
    const { lines, rows, widthDots } = paperOf(bytes, "80");
    expect(lines).toEqual(expect.arrayContaining(["Café", "under", "bar", "BIG", "5 €", "[QR] OTHER 1234"]));
    expect(await readSymbols(rows, widthDots)).toEqual(
      expect.arrayContaining([
        { format: "QRCode", text: "OTHER 1234" },
        { format: "Code128", text: "Ab12" },
      ]),
    );
  });

  test("images too", () => {
    const image = { width: 16, height: 8, data: new Uint8ClampedArray(16 * 8 * 4) };
    for (let at = 0; at < image.data.length; at += 4) {
      image.data.fill(at % 8 === 0 ? 0 : 255, at, at + 3);
      image.data[at + 3] = 255;
    }
    for (const imageMode of ["raster", "column"] as const) {
      const other = new ReceiptPrinterEncoder({ language: "esc-pos", columns: 48, imageMode });
      const bytes = other
        .initialize()
        .image(image as never, 16, 8, "threshold")
        .newline()
        .encode();
      const { rows } = paperOf(bytes, "80");
      const inked = rows.filter((row) => row.some((dot) => dot === 1));
      expect(inked).toHaveLength(8);
      for (const row of inked) expect([...row.subarray(0, 18)].join("")).toBe("101010101010101000");
    }
  });
});
