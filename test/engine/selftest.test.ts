/** The self-test of the shipped bundle on each engine, in the simulated handheld: all well, and a bit flipped in the code in flash. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkOf, HEAD, headOf, MARK, packBundle, SET } from "../../flash/slots";
import { FlashTwin, withSlots } from "../../src/sim/twins/flash";
import { BARE_ENGINES } from "../engines";
import { newImage, openSharedHost, type SharedHost } from "../world";

const PAGE_BYTES = 4096;
/** The first idle minute, and what comes before and in it. */
const TESTED_MS = 90_000;

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

/** A handheld whose slot holds some code. The engine starts from another place. */
function imageWith(spoil: (content: string) => string): Uint8Array {
  const flash = new FlashTwin(withSlots(newImage({ pin: "4", rekey: "off" }), 2));
  const [address = 0] = flash.slots();
  const bundle = packBundle(`let bundle;//${"code ".repeat(100)}`, "console", 1);
  flash.write(address, headOf(bundle, 1));
  flash.write(address + PAGE_BYTES, spoil(bundle.content));
  for (const mark of [MARK.complete, MARK.good]) flash.write(address + mark, SET);
  flash.write(address + HEAD.content, checkOf(bundle.content));
  return flash.image;
}

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];

describe.each(ENGINES)("on $name", ({ name: engine, isHere }) => {
  test.skipIf(!isHere).each([
    ["all is well", (content: string) => content, /READY/],
    [
      "one bit is wrong",
      (content: string) => `${content.slice(0, 99)}C${content.slice(100)}`,
      /DO NOT USE\n.*\n.*\nCode 1/,
    ],
  ])("%s", async (_, spoil, shown) => {
    let display = "";
    const world = await shared.openWorld(
      {
        ...{ engine, seed: 1, onChange: () => undefined },
        onEvent: (_at, event) => {
          if ("display" in event) display = event.display.join("\n");
        },
      },
      imageWith(spoil),
    );
    try {
      await world.handheld.powerOn();
      await world.handheld.runFor(TESTED_MS);
      expect(display).toMatch(shown);
    } finally {
      await world.close();
    }
  });
});
