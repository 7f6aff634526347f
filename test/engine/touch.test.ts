/** The keys of a touch glass, built as they ship, on every engine: pressed where they stand, let go elsewhere, held, and without a chip. */
import { beforeAll, describe, expect, test } from "vitest";
import { Device, Group } from "../../src/board/board";
import { TouchTwin } from "../../src/sim/twins/xpt2046";
import { BARE_ENGINES } from "../engines";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];

/** The middle of each key: five columns of 48 dots, four rows of 37 from line 172 on. */
const KEYS: [key: string, x: number, y: number][] = [
  ...[..."123CU456BD789F."].map((key, i): [string, number, number] => [
    key,
    24 + 48 * (i % 5),
    190 + 37 * Math.floor(i / 5),
  ]),
  [":", 24, 301],
  ["0", 96, 301],
  ["E", 192, 301],
];

let file = "";
beforeAll(async () => {
  file = await buildProbe("test/engine/touch.probe.ts");
});

describe.each(ENGINES)("on $name", ({ name, isHere }) => {
  const open = async () => {
    const bench = new Bench(openProbeEngine(name, file));
    const twin = new TouchTwin(() => bench.buses.changed(Group.Touch));
    bench.buses.spis.set(Device.Touch, twin);
    bench.buses.inputs.set(Group.Touch, () => twin.level());
    await bench.open();
    await bench.command(1, "", 200);
    const keys = () => bench.reports.splice(0).flatMap(([what]) => (what === "shown" ? [] : [what]));
    const finger = async (x: number, y: number, holdMs = 80) => {
      twin.press(x, y);
      await bench.runFor(holdMs);
    };
    const lift = async () => {
      twin.release();
      await bench.runFor(80);
    };
    return { bench, twin, keys, finger, lift };
  };

  test.skipIf(!isHere)("each key is pressed in its middle and near its corners, and is shown", async () => {
    const { bench, keys, finger, lift } = await open();
    for (const [key, x, y] of KEYS) {
      const width = key === "0" || key === "E" ? 92 : 44;
      for (const [dx, dy] of [
        [0, 0],
        [-width / 2, -16],
        [width / 2, 14],
      ] as const) {
        await finger(x + dx, y + dy);
        const [, pressed] = bench.reports.splice(0)[0] as [string, string];
        await lift();
        const reports = bench.reports.splice(0);
        expect(reports.filter(([what]) => what !== "shown").map(([what]) => what)).toEqual([key]);
        const rest = reports.find(([what]) => what === "shown")?.[1] as string;
        const changed = rest.split(" ").filter((palette, i) => palette !== pressed.split(" ")[i]);
        expect(changed.length).toBe(1);
      }
    }
    await finger(120, 100);
    await lift();
    expect(keys()).toEqual([]);
    await bench.close();
  });

  test.skipIf(!isHere)("a finger that slides off has pressed nothing, one that comes back has", async () => {
    const { bench, keys, finger, lift } = await open();
    await finger(24, 190);
    await finger(72, 190);
    await lift();
    expect(keys()).toEqual([]);
    await finger(120, 100);
    await finger(24, 190);
    await lift();
    expect(keys()).toEqual([]);
    await finger(24, 190);
    await finger(24, 100);
    await finger(24, 190);
    await lift();
    expect(keys()).toEqual(["1"]);
    await bench.close();
  });

  test.skipIf(!isHere)("only B repeats, and not once more when it is let go", async () => {
    const { bench, keys, finger, lift } = await open();
    await finger(168, 227, 700);
    await lift();
    expect(keys()).toEqual(["B", "B", "B"]);
    await finger(168, 227, 300);
    await lift();
    expect(keys()).toEqual(["B"]);
    await finger(24, 190, 5000);
    await lift();
    expect(keys()).toEqual(["1"]);
    await bench.close();
  });

  test.skipIf(!isHere)("a chip that is gone lets its key go, once, and works again", async () => {
    const { bench, twin, keys, finger, lift } = await open();
    twin.noise = [0];
    await finger(24, 190);
    bench.buses.spis.delete(Device.Touch);
    await bench.runFor(5000);
    expect(keys()).toEqual([""]);
    bench.buses.spis.set(Device.Touch, twin);
    await lift();
    await bench.runFor(1000);
    expect(keys()).toEqual([]);
    await finger(72, 190);
    await lift();
    expect(keys()).toEqual(["2"]);
    await bench.close();
  });
});
