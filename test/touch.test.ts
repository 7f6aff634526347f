/** Scripts of `test/scripts/touch` on the panel with a touch glass; its keys as they stand there, and as they come back after power went. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ScriptError } from "../src/sim/script";
import type { TouchPanelTwin } from "../src/sim/twins/panel";
import { hasJerryColour } from "./engines";
import { openSharedHost, playOn, type SharedHost } from "./world";

const FOLDER = join(import.meta.dirname, "scripts", "touch");
const KEYS = ["1  2  3  C  U", "4  5  6  B  D", "7  8  9  F  .", "00    0      E"];
const noop = () => undefined;

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

describe.each(readdirSync(FOLDER))("%s", (name) => {
  const script = readFileSync(join(FOLDER, name), "utf8");
  const play = (engine: "node" | "jerryscript") =>
    playOn(shared, script, { engine, panel: "touch", scriptFolder: FOLDER });

  test("plays as it says, terminal and host agree", async () => {
    const { failure, agree } = await play("node");
    expect(failure).toBe("");
    expect(agree).toBe(true);
  });

  // On Espruino where its memory is measured (`guards/size`).
  test.skipIf(!hasJerryColour)("gives the same events on JerryScript", async () => {
    expect((await play("jerryscript")).events).toEqual((await play("node")).events);
  });
});

test("a panel without a glass cannot be touched", async () => {
  const playing = playOn(shared, '{"touch":[1,1]}', { panel: "tft" });
  await expect(playing).rejects.toThrow(ScriptError);
  await expect(playing).rejects.toThrow("line 1: this panel has no touch glass: run with --panel touch");
});

test.each(['{"touch":[1]}', '{"touch":[1,"2"]}', '{"touch":{"from":[1,2],"by":3}}', '{"touch":null}'])(
  "%s is no touch",
  async (line) => {
    await expect(playOn(shared, line, { panel: "touch" })).rejects.toThrow("touch takes [x,y] in dots");
  },
);

test("the keys stand below the screen, the pressed one inverted, and again after power went", async () => {
  const world = await shared.openWorld({ engine: "node", panel: "touch", seed: 1, onEvent: noop, onChange: noop });
  const { handheld } = world;
  const panel = handheld.panel as TouchPanelTwin;
  const colourAt = (x: number, y: number) => panel.picture().rgbAt(x, y).join();
  await handheld.powerOn();
  await handheld.runFor(3000);
  expect(panel.keyRows()).toEqual(KEYS);
  expect(panel.rows()).toContain("READY");
  const atRest = colourAt(150, 290);
  panel.touch.press(190, 301);
  await handheld.runFor(100);
  expect(colourAt(150, 290)).not.toBe(atRest);
  expect(panel.keyRows()).toEqual(KEYS);
  panel.touch.release();
  await handheld.runFor(100);
  expect(colourAt(150, 290)).toBe(atRest);
  // The panel alone lost power: what stands on it is drawn again.
  panel.isPlugged = false;
  panel.isPlugged = true;
  await handheld.runFor(8000);
  expect(panel.keyRows()).toEqual(KEYS);
  await world.close();
});

test("a key is answered on the glass within 60 ms, also while a screen is being drawn", async () => {
  const world = await shared.openWorld({ engine: "node", panel: "touch", seed: 1, onEvent: noop, onChange: noop });
  const { handheld } = world;
  await handheld.powerOn();
  await handheld.runFor(3000);
  const colour = () => handheld.panel.picture?.().rgbAt(5, 180).join();
  const atRest = colour();
  await handheld.press("1");
  handheld.panel.touch?.press(24, 190);
  await handheld.runFor(60);
  expect(colour()).not.toBe(atRest);
  await world.close();
});
