/** The bench itself: bytes, time and reports go both ways, the same on every engine. */
import { describe, expect, test } from "vitest";
import { BARE_ENGINES } from "../engines";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];

describe.each(ENGINES)("on $name", ({ name, isHere }) => {
  test.skipIf(!isHere)("bytes and time go both ways", async () => {
    const bench = new Bench(openProbeEngine(name, await buildProbe("test/engine/uart.probe.ts")));
    const heard: string[] = [];
    bench.buses.uarts.set(2, { feed: (bytes) => heard.push(bytes) });
    await bench.open();
    const allBytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
    bench.buses.say(2, allBytes, 5);
    await bench.runFor(4);
    expect(heard).toEqual([]);
    await bench.runFor(1);
    expect(heard).toEqual([allBytes]);
    expect(await bench.command(3)).toEqual([[3, 105]]);
    await bench.close();
  });
});
