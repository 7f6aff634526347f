/** Keypad, stripe readers, battery, clocks and buzzer, built as they ship, on every engine: the same reports. */
import { describe, expect, test } from "vitest";
import { Group, Port } from "../../src/board/board";
import { BatteryTwin } from "../../src/sim/twins/battery";
import { KeypadTwin } from "../../src/sim/twins/keypad";
import { asciiFrame, damaged, trackBits } from "../../src/sim/twins/magstripe";
import { RtcTwin } from "../../src/sim/twins/rtc";
import { BARE_ENGINES } from "../engines";
import { ASCII_FRAMES, CAPTURES } from "../vectors/magstripe";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];
const T1 = `%B4761739001010010^${"TEST/CARD ONE".padEnd(26)}^28122011143800000000000000?`;
const T2 = ";4761739001010010=28122011143800000000?";
const KEY = 1;

const bundles = new Map<string, Promise<string>>();

/** The bundle's file; built once. */
function built(probe: string): Promise<string> {
  const bundle = bundles.get(probe) ?? buildProbe(`test/engine/${probe}.probe.ts`);
  bundles.set(probe, bundle);
  return bundle;
}

describe.each(ENGINES)("on $name", ({ name, isHere }) => {
  const open = async (probe: string) => {
    const bench = new Bench(openProbeEngine(name, await built(probe)));
    await bench.open();
    return bench;
  };

  test.skipIf(!isHere)("keys of a bouncing matrix: one after the other, rolled over, held, stuck, ghosts", async () => {
    const bench = await open("keypad-matrix");
    const keypad = new KeypadTwin(["123CU", "456BD", "789F ", ":0.E "], {
      changed: () => bench.buses.changed(Group.KeypadColumns),
      later: (delayMs, run) => void bench.later(delayMs, run),
    });
    keypad.bounceMs = [1, 2, 3, 4];
    bench.buses.inputs.set(Group.KeypadColumns, () => keypad.columns());
    bench.buses.matrix = () => keypad.scan();
    await bench.command(1, "", 10);
    for (const key of "123CU456BD789F:0.E") keypad.tap(key);
    await bench.runFor(2000);
    const told = bench.reports.splice(0);
    expect(told.map(([report, key]) => [report, key])).toEqual([..."123CU456BD789F:0.E"].map((key) => [KEY, key]));
    expect(told.every(([, , atMs], i) => Number(atMs) - 10 - i * 80 <= 30)).toBe(true);
    // Three corners of a rectangle; then the first one goes.
    for (const key of "1379") keypad.press(key === "9" ? "7" : key);
    await bench.runFor(100);
    keypad.release("1");
    await bench.runFor(100);
    for (const key of "37") keypad.release(key);
    await bench.runFor(100);
    const keys = bench.reports.splice(0).map(([, key]) => key);
    expect(keys).not.toContain("9");
    keypad.press("B");
    await bench.runFor(700);
    keypad.release("B");
    await bench.runFor(100);
    expect(bench.reports.splice(0).map(([report, key]) => [report, key])).toEqual(Array(4).fill([KEY, "B"]));
    await bench.close();
  });

  test.skipIf(!isHere)("captured and written stripes, in both directions", async () => {
    const bench = await open("magstripe");
    const read = async (track: number, bits: string) => (await bench.command(track, bits, 0))[0];
    for (const { track, bits, text } of CAPTURES) {
      expect(await read(track, bits)).toEqual([text, 0, 0, 100]);
      expect(await read(track, [...bits].reverse().join(""))).toEqual([text, 0, 1, 100]);
    }
    for (const back of [false, true]) {
      expect(await read(1, damaged(trackBits(1, T1), { back }))).toEqual([T1, 0, back ? 1 : 0, 100]);
      expect(await read(2, damaged(trackBits(2, T2), { back }))).toEqual([T2, 0, back ? 1 : 0, 100]);
      expect(await read(3, damaged(trackBits(3, `;${"7=".repeat(52)}?`), { back }))).toEqual([
        `;${"7=".repeat(52)}?`,
        0,
        back ? 1 : 0,
        100,
      ]);
    }
    expect(await read(2, damaged(trackBits(2, T2), { flip: [60] }))).toEqual(["", 3, 0, 96]);
    expect(await read(2, damaged(trackBits(2, T2), { drop: [60] }))).toMatchObject(["", expect.any(Number), 0, 93]);
    expect(await read(2, trackBits(2, ";12:34?"))).toEqual(["", 6, 0, 90]);
    expect(await read(2, "0".repeat(300))).toEqual(["", 1, 0, 90]);
    expect(await read(1, "1".repeat(1024))).toEqual(["", 2, 0, 96]);
    await bench.close();
  });

  test.skipIf(!isHere)("frames of readers that decode by themselves", async () => {
    const bench = await open("magstripe");
    const said = async (bytes: string) => {
      bench.buses.say(Port.Stripe, bytes);
      await bench.runFor(2000);
      return bench.reports.splice(0);
    };
    for (const { frame, tracks } of ASCII_FRAMES)
      expect(await said(frame)).toEqual([tracks ? [1, ...tracks] : [2, "", "", ""]]);
    const t3 = `;${"1".repeat(104)}?`;
    const t1 = `%${"A".repeat(76)}?`;
    expect(await said(asciiFrame({ t1, t2: T2, t3 }))).toEqual([[1, t1, T2, t3]]);
    expect(await said(`${T1}${T2}`)).toEqual([[1, T1, T2, ""]]);
    expect(await said(`${T1}${T2}${T2}\r`)).toEqual([[2, "", "", ""]]);
    expect(await said("\xff\x00")).toEqual([]);
    await bench.close();
  });

  test.skipIf(!isHere)("battery, clocks and buzzer", async () => {
    const bench = await open("devices");
    let load = 150;
    const battery = new BatteryTwin(() => load);
    bench.buses.analog = () => battery.pinMillivolt();
    const rtc = new RtcTwin("ds3231", () => bench.nowMs);
    bench.buses.i2cs.set(rtc.address, rtc);
    let lamps = "";
    bench.buses.outputs.set(Group.Led, (levels) => (lamps += ` ${levels}`));

    expect(await bench.command(1, "", 1)).toEqual([[78, 1]]);
    load = 1650;
    battery.openMillivolt = 3480;
    expect(await bench.command(1, "printing", 1)).toEqual([[4, 3]]);
    battery.isPlugged = false;
    expect(await bench.command(1, "", 1)).toEqual([[-1, 0]]);

    expect(await bench.command(3, "20260105120000", 1)).toEqual([["", -1, 1]]);
    expect(await bench.command(2, "20270229120000", 1)).toEqual([[0]]);
    expect(await bench.command(2, "20280228235958", 3000)).toEqual([[1]]);
    expect(await bench.command(3, "20280229000001", 86_400_000)).toEqual([["20280229000001", 0, 2]]);
    expect(await bench.command(3, "20991231235959", 1)).toEqual([["20280301000001", expect.any(Number), 4]]);

    expect(await bench.command(5)).toEqual([[2, ""]]);
    expect(await bench.command(4, "20281231235958", 3000)).toEqual([[3, ""]]);
    expect(await bench.command(5)).toEqual([[1, "20290101000001"]]);
    rtc.isPlugged = false;
    expect(await bench.command(5)).toEqual([[4, "20290101000001"]]);

    await bench.command(6, "refused", 2000);
    expect(lamps).toBe(" 001 001 000");
    await bench.close();
  });
});
