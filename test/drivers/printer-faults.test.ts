/**
 * Trouble at every byte and at every line of a job, driver against twin: the job ends with the right name, and the next one comes out
 * whole, whatever the printer had heard before.
 */
import { describe, expect, test } from "vitest";
import { PrinterReport } from "../../src/drivers/status";
import type { Slip, Trouble } from "../../src/sim/twins/printer";
import { report } from "../report";
import { PrinterDesk } from "./printer-desk";

const WORDS = ["SHOP", "left", "TOTAL", "foot"];
/** A short slip with each kind of piece: text, large text, image rows or a symbol, feed. */
const LINES = ["LSHOP", "lleft|right", "qREF 1", "HTOTAL|1.00", "cfoot"];
const counts: string[] = [];

/** The slip's words, each once and in their order. */
function isWhole(slip: Slip): boolean {
  const text = slip.lines.join("\n");
  const found = WORDS.map((word) => text.indexOf(word));
  const isOnce = WORDS.every((word, index) => text.lastIndexOf(word) === found[index]);
  return isOnce && found.every((at, index) => at >= 0 && (index === 0 || at > (found[index - 1] as number)));
}

/** The first clean job: how many bytes it has, and what its paper is. */
function clean(profile: string): { bytes: number; slip: Slip } {
  const desk = new PrinterDesk(profile);
  const before = desk.twin.bytesHeard;
  expect(desk.job(LINES)).toBe(PrinterReport.Done);
  return { bytes: desk.twin.bytesHeard - before, slip: desk.slips[0] as Slip };
}

/** Every byte; of a long image, whose rows are alike, those of the first ones, of the last ones and every 97th between. */
function positions(bytes: number): number[] {
  const all = Array.from({ length: bytes }, (_, index) => index);
  return all.filter((at) => bytes < 400 || at < 150 || at > bytes - 120 || at % 97 === 0);
}

describe.each(["58", "80", "58-status"])("printer %s", (profile) => {
  const { bytes, slip: wanted } = clean(profile);
  const isSame = (slip: Slip) =>
    slip.rows.length === wanted.rows.length &&
    slip.rows.every((row, y) => Buffer.from(row).equals(wanted.rows[y] as Uint8Array));

  test.each([
    ["and its power", false],
    ["but for its power", true],
  ])("unplugged %s after every byte: the job fails, and the next one is whole", (_, keepsPower) => {
    for (const at of positions(bytes)) {
      const desk = new PrinterDesk(profile);
      desk.twin.unplugAfter(at, keepsPower);
      const first = desk.job(LINES);
      // Behind the last question nothing is left to go wrong.
      if (first === PrinterReport.Done) {
        expect(at, "done").toBeGreaterThan(bytes - 13);
        continue;
      }
      expect(first, `byte ${at}`).toBe(PrinterReport.Silent);
      expect(desk.isArmed).toBe(true);
      desk.runFor(15000);
      desk.twin.setTrouble("ok");
      desk.runFor(15000);
      expect(desk.reports.slice(1), `byte ${at}: seen when it is back`).toEqual([PrinterReport.Able]);
      expect(desk.job(LINES), `byte ${at}: again`).toBe(PrinterReport.Done);
      const last = desk.slips[desk.slips.length - 1] as Slip;
      expect(isWhole(last), `byte ${at}: ${last.lines.join("|")}`).toBe(true);
      if (desk.slips.length > 1) expect(isSame(last), `byte ${at}: dot for dot`).toBe(true);
    }
    counts.push(`  ${profile}${keepsPower ? ", power kept" : ""}: ${positions(bytes).length} bytes`);
  });

  test("unplugged and plugged in again at once: never a slip with a gap that counts as printed", () => {
    for (const at of positions(bytes).filter((each) => each % 11 === 0)) {
      for (const keepsPower of [false, true]) {
        const desk = new PrinterDesk(profile);
        desk.twin.unplugAfter(at, keepsPower);
        desk.later(0, function replug(): void {
          if (desk.twin.trouble === "unplugged") desk.later(40, () => desk.twin.setTrouble("ok"));
          else if (desk.nowMs < 60000) desk.later(5, replug);
        });
        const result = desk.job(LINES);
        if (result !== PrinterReport.Done || profile === "58-status") continue;
        const last = desk.slips[desk.slips.length - 1];
        expect(last && isWhole(last), `byte ${at}`).toBe(true);
      }
    }
  });

  const TROUBLES: [Trouble | "out", PrinterReport][] = [
    ["out", PrinterReport.PaperOut],
    ["cover", PrinterReport.CoverOpen],
    ["hot", PrinterReport.TooHot],
    ["broken", PrinterReport.Broken],
    ["cutter", PrinterReport.CutterStuck],
  ];

  test.each(TROUBLES)(
    "%s at every moment of the job is reported by name, and the job after it is whole",
    (trouble, name) => {
      let stops = 0;
      for (let atMs = 0; atMs < 3000; atMs += 41) {
        const desk = new PrinterDesk(profile);
        desk.later(atMs, () => (trouble === "out" ? desk.twin.setPaper("out") : desk.twin.setTrouble(trouble)));
        const first = desk.job(LINES);
        if (first === PrinterReport.Done) break;
        stops++;
        expect(first, `${atMs} ms`).toBe(name);
        desk.runFor(12000);
        // A stuck cutter recovers when it is told to, with the next job.
        if (trouble === "out") desk.twin.setPaper("ok");
        else if (trouble !== "cutter") desk.twin.setTrouble("ok");
        desk.runFor(12000);
        if (trouble !== "cutter") expect(desk.reports.slice(1), `${atMs} ms`).toEqual([PrinterReport.Able]);
        expect(desk.job(LINES), `${atMs} ms: again`).toBe(PrinterReport.Done);
        expect(isWhole(desk.slips[desk.slips.length - 1] as Slip), `${atMs} ms`).toBe(true);
      }
      expect(stops).toBeGreaterThan(3);
    },
  );
});

test("a printer that is not there is silent, whatever is printed", () => {
  const desk = new PrinterDesk("58");
  desk.twin.setTrouble("unplugged");
  expect(desk.job(LINES)).toBe(PrinterReport.Silent);
  expect(desk.sent.match(/SHOP/)).toBeNull();
});

test("a printer without GS r behind a profile that has it is given up, once", () => {
  const desk = new PrinterDesk("58", undefined, "58-status");
  expect(desk.job(["la"])).toBe(PrinterReport.Silent);
  desk.runFor(60000);
  expect(desk.reports).toEqual([PrinterReport.Silent]);
});

test("a wire that is slower than the printer thinks loses nothing: the buffer never holds more than two lines", () => {
  for (const profile of ["58", "80"]) {
    const desk = new PrinterDesk(profile);
    let most = 0;
    desk.later(0, function watch(): void {
      most = Math.max(most, desk.twin.bytesWaiting);
      if (desk.nowMs < 30000) desk.later(3, watch);
    });
    desk.job(Array.from({ length: 50 }, () => "l12345678901234567890123456789012"));
    expect(most).toBeLessThan(2 * 70);
  }
});

test("the sweep is counted", () => {
  report("3-printer", ["Printer unplugged (printer: after so many bytes of a slip)", ...counts]);
  expect(counts.length).toBe(6);
});
