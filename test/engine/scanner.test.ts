/** The code scanner as a bundle: the same reports on every engine, for codes, bytes of every value, hostile texts and a lost module. */
import { describe, expect, test } from "vitest";
import { ScannerTwin } from "../../src/sim/twins/scanner";
import { BARE_ENGINES } from "../engines";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];
const PORT = 3;
const [OPEN, START] = [0, 1];
const [CODE, NO_CODE, SILENT, READY, OVERLONG, TORN, GARBAGE] = [1, 2, 3, 4, 5, 6, 7];
const [OTHER, EAN13, EAN8, UPC_A, UPC_E] = [0, 1, 2, 3, 4];

describe.each(ENGINES)("on $name", ({ name, isHere }) => {
  test.skipIf(!isHere)("a day of a scanner", async () => {
    const bench = new Bench(openProbeEngine(name, await buildProbe("test/engine/scanner.probe.ts")));
    const twin = new ScannerTwin(
      (bytes) => bench.buses.say(PORT, bytes),
      (delayMs, run) => void bench.later(delayMs, run),
    );
    bench.buses.uarts.set(PORT, twin);
    await bench.open();
    expect(await bench.command(OPEN, "1", 1000)).toEqual([[READY, "", OTHER]]);

    const codes = [
      ["4006381333931", EAN13],
      ["4006381333932", OTHER],
      ["73513537", EAN8],
      ["036000291452", UPC_A],
      ["06543217", UPC_E],
      ["0000000000000", EAN13],
      ["]d2\x1d21 ~", OTHER],
    ] as const;
    for (const [code, kind] of codes) {
      twin.present(code);
      expect(await bench.command(START, "", 1000)).toEqual([[CODE, code, kind]]);
    }
    twin.present("<script>".repeat(512));
    expect(await bench.command(START, "", 5000)).toEqual([[OVERLONG, "", OTHER]]);
    await bench.runFor(2000);
    expect(bench.reports.splice(0)).toEqual([[NO_CODE, "", OTHER]]);

    for (let byte = 0; byte < 256; byte++) {
      bench.buses.say(PORT, `${String.fromCharCode(byte)}!\r`);
      await bench.runFor(1);
    }
    const reports = bench.reports.splice(0);
    const isText = (byte: number) => (byte >= 32 && byte < 127) || [9, 10, 29].includes(byte);
    const expected = Array.from({ length: 256 }, (_, byte) =>
      isText(byte) ? [CODE, `${String.fromCharCode(byte)}!`, OTHER] : [GARBAGE, "", OTHER],
    );
    expected[13] = [CODE, "!", OTHER];
    expect(reports).toEqual(expected);

    bench.buses.say(PORT, "400638");
    await bench.runFor(300);
    expect(bench.reports.splice(0)).toEqual([[TORN, "", OTHER]]);

    twin.plug(false);
    await bench.runFor(8000);
    expect(bench.reports.splice(0)).toEqual([[SILENT, "", OTHER]]);
    twin.plug(true);
    await bench.runFor(6000);
    expect(bench.reports.splice(0)).toEqual([[READY, "", OTHER]]);
    await bench.close();
  });
});
