/** The same symbols on every engine. */
import { describe, expect, test } from "vitest";
import { BARE_ENGINES } from "../engines";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const TEXTS = ["", "HELLO", "https://example.com/pay/0123456789?amount=1250&currency=EUR", "x".repeat(213)];

async function symbolsOn(name: Parameters<typeof openProbeEngine>[0]): Promise<unknown[]> {
  const bench = new Bench(openProbeEngine(name, await buildProbe("test/engine/qr.probe.ts")));
  await bench.open();
  const symbols: unknown[] = [];
  for (const [index, text] of TEXTS.entries()) symbols.push(...(await bench.command(index * 2, text)));
  await bench.close();
  return symbols;
}

describe.each(BARE_ENGINES)("on $name", ({ name, isHere }) => {
  test.skipIf(!isHere)("symbols are as on node", async () => {
    const onNode = await symbolsOn("node");
    expect(onNode).toHaveLength(TEXTS.length);
    expect(await symbolsOn(name)).toEqual(onNode);
  });
});
