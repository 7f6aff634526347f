/** The fingerprint sensor as a bundle: the same reports on every engine, from enrolling to a lost module. */
import { describe, expect, test } from "vitest";
import { FingerTwin } from "../../src/sim/twins/fingerprint";
import { BARE_ENGINES } from "../engines";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];
const PORT = 5;
const [OPEN, MATCH, ENROL, DELETE, COUNT, CANCEL] = [0, 1, 2, 3, 4, 5];
const [
  READY,
  SILENT,
  LIFT,
  AGAIN,
  MATCHED,
  NO_MATCH,
  ENROLLED,
  DELETED,
  COUNTED,
  NO_FINGER,
  BAD_IMAGE,
  NOT_SAME,
  FULL,
] = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
const CAPACITY = 300;

describe.each(ENGINES)("on $name", ({ name, isHere }) => {
  test.skipIf(!isHere)("a day of a sensor", async () => {
    const bench = new Bench(openProbeEngine(name, await buildProbe("test/engine/fingerprint.probe.ts")));
    const twin = new FingerTwin({
      say: (bytes) => bench.buses.say(PORT, bytes),
      later: (delayMs, run) => void bench.later(delayMs, run),
      capacity: CAPACITY,
      hasLight: true,
    });
    bench.buses.uarts.set(PORT, twin);
    await bench.open();
    const names = (reports: (string | number)[][]) => reports.map(([report]) => report);
    expect(await bench.command(OPEN)).toEqual([[READY, CAPACITY]]);

    const enrol = async (slot: number, first: number, second = first, quality = 1) => {
      twin.place(first, quality);
      const reports = await bench.command(ENROL, `${slot}`, 2000);
      twin.lift();
      await bench.runFor(1000);
      twin.place(second, quality);
      await bench.runFor(2000);
      twin.lift();
      return names([...reports, ...bench.reports.splice(0)]);
    };
    const match = async (seed: number) => {
      twin.place(seed);
      const reports = await bench.command(MATCH, "", 2000);
      twin.lift();
      return reports;
    };
    expect(await enrol(7, 70)).toEqual([LIFT, AGAIN, ENROLLED]);
    expect(await enrol(258, 80)).toEqual([LIFT, AGAIN, ENROLLED]);
    expect(await enrol(8, 70, 80)).toEqual([LIFT, AGAIN, NOT_SAME]);
    expect(await enrol(8, 70, 70, 0.1)).toEqual([BAD_IMAGE]);
    expect(await enrol(CAPACITY, 90)).toEqual([LIFT, AGAIN, FULL]);
    expect(await match(70)).toEqual([[MATCHED, 7]]);
    expect(await match(80)).toEqual([[MATCHED, 258]]);
    expect(await bench.command(COUNT)).toEqual([[COUNTED, 2]]);
    expect(names(await match(90))).toEqual([NO_MATCH]);
    expect(names(await bench.command(DELETE, "7"))).toEqual([DELETED]);
    expect(names(await match(70))).toEqual([NO_MATCH]);
    expect(names(await bench.command(MATCH, "", 12_000))).toEqual([NO_FINGER]);
    await bench.command(MATCH, "", 1000);
    expect(await bench.command(CANCEL)).toEqual([]);

    bench.buses.say(PORT, "\xef\x01\xff\xff\xff\xff\x07\0".repeat(100));
    await bench.runFor(10);
    twin.plug(false);
    expect(names(await bench.command(COUNT))).toEqual([SILENT]);
    twin.plug(true);
    await bench.runFor(7000);
    expect(names(bench.reports.splice(0))).toEqual([READY]);
    expect(await match(80)).toEqual([[MATCHED, 258]]);
    await bench.close();
  });
});
