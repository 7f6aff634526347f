/** The printer driver on every engine: the same bytes at the same time, the same reports, the same paper. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineName } from "../../src/sim/engines/engine";
import { PrinterTwin, type Slip } from "../../src/sim/twins/printer";
import { GLYPH_KEYS, GLYPHS } from "../drivers/glyphs.table";
import { BARE_ENGINES } from "../engines";
import { readSymbols } from "../readers";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const PORT = 2;
const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const LINES = [
  "LSHOP",
  "lCafé|€ 5",
  "bbold",
  "HTOTAL|12.50",
  "iBAR",
  "ssmall",
  "-",
  "f1",
  "qREF 600512000007",
  "k600512000007",
];
const GBK_LINES = ["l商户名称|测试", "L金额 12", "-", "lł"];

interface Run {
  reports: (string | number)[][];
  sent: string;
  slips: Slip[];
}

/** A day in the life of a printer: prints, gets low, runs out, loses its plug, and prints again. */
async function run(engine: EngineName, file: string, model: string, lines: readonly string[]): Promise<Run> {
  const bench = new Bench(openProbeEngine(engine, file));
  const slips: Slip[] = [];
  const twin = new PrinterTwin(
    {
      later: (delayMs, each) => void bench.later(delayMs, each),
      say: (bytes) => bench.buses.say(PORT, bytes),
      torn: (slip) => slips.push(slip),
    },
    model,
  );
  let sent = "";
  bench.buses.uarts.set(PORT, {
    feed: (bytes) => {
      sent += `${bench.nowMs}:${bytes}`;
      twin.feed(bytes);
    },
  });
  await bench.open();
  const reports: Run["reports"] = [];
  const job = utf8(lines.join("\n"));
  await bench.command(5, `${GLYPH_KEYS.split(" ")[0]}=${GLYPHS.slice(0, 36)}`, 0);
  reports.push(...(await bench.command(1, model, 2000)));
  reports.push(...(await bench.command(2, job, 20000)));
  reports.push(...(await bench.command(3, job, 100)));
  twin.setPaper("out");
  reports.push(...(await bench.command(2, job, 12000)));
  twin.setPaper("low");
  reports.push(...(await bench.command(4, "", 12000)));
  twin.unplugAfter(300);
  reports.push(...(await bench.command(2, job, 12000)));
  twin.setTrouble("ok");
  reports.push(...(await bench.command(4, "", 12000)));
  reports.push(...(await bench.command(2, job, 20000)));
  await bench.close();
  return { reports, sent, slips };
}

const CASES = [
  ["58", LINES],
  ["80-gbk", GBK_LINES],
  ["58-status", LINES.slice(0, 8).concat("q1", "k12")],
] as const;

let file = "";
const onNode = new Map<string, Run>();
beforeAll(async () => {
  file = await buildProbe("test/engine/printer.probe.ts");
  for (const [model, lines] of CASES) onNode.set(model, await run("node", file, model, lines));
});
afterAll(() => onNode.clear());

test("on node the day goes as it should", async () => {
  const { reports, slips } = onNode.get("58") as Run;
  // Done, battery low, paper out, able, silent, able, done.
  expect(reports.map(([report]) => report)).toEqual([8, 7, 1, 9, 2, 9, 8]);
  for (const slip of [slips[0], slips[slips.length - 1]]) {
    expect(slip?.lines[1]).toBe(`Café${" ".repeat(25)}\u25a3 5`);
    expect(await readSymbols(slip?.rows ?? [], 384)).toEqual(
      expect.arrayContaining([
        { format: "QRCode", text: "REF 600512000007" },
        { format: "Code128", text: "600512000007" },
      ]),
    );
  }
  expect(onNode.get("80-gbk")?.slips[0]?.lines[0]).toBe(`商户名称${" ".repeat(36)}测试`);
});

describe.each(BARE_ENGINES)("on $name", ({ name, isHere }) => {
  test.skipIf(!isHere).each(CASES)("printer %s hears the same bytes at the same time", async (model, lines) => {
    const here = await run(name, file, model, lines);
    const there = onNode.get(model) as Run;
    expect(here.reports).toEqual(there.reports);
    expect(here.sent === there.sent, "bytes and times").toBe(true);
  });
});
