/** A session looks the same on every display: a script's texts in the same order, read off their glass. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PANELS } from "../src/sim/twins/panel";
import { BARE_ENGINES, hasJerryColour } from "./engines";
import { expectSameOn, record } from "./replay";
import { openSharedHost, type Played, playOn, type SharedHost } from "./world";

const FOLDER = join(import.meta.dirname, "scripts");
const SCRIPTS = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".ndjson"))
  .map((name) => ({ name, script: readFileSync(join(FOLDER, name), "utf8") }));
/**
 * On the bare engines a sale, and one with a power cut. Dots in colour are many, and take Espruino half a minute on their way here: it plays a
 * sale where its memory is measured (`guards/size`).
 */
const SALE = "sale.ndjson";
const POWER_CUT = "power-cut-printing.ndjson";

const noop = () => undefined;

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

/** As the character display shows it; each script once. */
const onTexts = new Map<string, Promise<Played>>();
function textOf(script: string): Promise<Played> {
  const played = onTexts.get(script) ?? playOn(shared, script);
  onTexts.set(script, played);
  return played;
}

/** A panel draws for some time; a screen that stands for less than this may never be whole on it. */
const DRAWN_MS = 100;

/** Texts that stood long enough, and whether each of the others may be missing. */
function expectSameTexts(onPanel: Played, onText: Played): void {
  const shown = onText.events.filter(({ display }) => display);
  const left = displays(onPanel);
  let last = "";
  shown.forEach(({ t, display }, index) => {
    const stoodMs = (shown[index + 1]?.t ?? Number.POSITIVE_INFINITY) - t;
    const text = JSON.stringify(display);
    if (left[0] === text) last = left.shift() as string;
    // What comes back before anything else was drawn has never gone.
    else if (last !== text)
      expect(stoodMs, `${JSON.stringify(display)} is missing; next is ${left[0]}`).toBeLessThan(DRAWN_MS);
  });
  expect(left).toEqual([]);
}

const displays = ({ events }: Played) => events.flatMap(({ display }) => (display ? [JSON.stringify(display)] : []));
const others = ({ events }: Played) =>
  events.flatMap((event) => ("display" in event ? [] : [JSON.stringify({ ...event, t: 0 })])).sort();

/** The one with keys below its screen is drawn by the same code, and its screen is as wide: a few will do. Dots cost most: of the others some. */
const FEW = ["sale.ndjson", "refund.ndjson", "operators.ndjson", "reports.ndjson", "tip.ndjson"];

const isPlayed = (panel: (typeof PANELS)[number], name: string, index: number) =>
  FEW.includes(name) || (panel === "oled" && index % 2 === 0) || (panel === "tft" && index % 4 === 0);

describe.each(PANELS.filter((panel) => panel !== "text"))("%s", (panel) => {
  test.each(SCRIPTS.filter(({ name }, index) => isPlayed(panel, name, index)))(
    "$name shows the same texts as the character display",
    async ({ script }) => {
      const onText = await textOf(script);
      const onPanel = await playOn(shared, script, { panel });
      expect(onPanel.failure).toBe("");
      expectSameTexts(onPanel, onText);
      expect(others(onPanel)).toEqual(others(onText));
    },
  );

  for (const { name: engine, isHere } of BARE_ENGINES) {
    const fits = panel === "oled" || (engine === "jerryscript" && hasJerryColour);
    test.skipIf(!isHere || !fits).each(SCRIPTS.filter(({ name }) => name === SALE || name === POWER_CUT))(
      `$name is answered order by order the same on ${engine}`,
      async ({ script }) => expectSameOn(engine, await record(shared, script, { panel })),
    );
  }
});

test("on one bus with the small panel the clock chip is set to the host's time", async () => {
  const world = await shared.openWorld({ engine: "node", panel: "oled", seed: 1, onEvent: noop, onChange: noop });
  const { handheld } = world;
  await handheld.powerOn();
  await handheld.runFor(3000);
  for (const key of "1E") await handheld.press(key);
  await handheld.runFor(1000);
  await handheld.swipe({ t2: ";4761739001010010=28122011143800000000?" });
  await handheld.runFor(9000);
  await world.close();
  // BCD: 05 January 2026, noon; and the oscillator stop flag, which takes a transaction of its own, is cleared.
  const registers = [...handheld.rtc.registers].map((byte) => byte.toString(16));
  expect(registers.slice(2, 7)).toEqual(["12", "2", "5", "1", "26"]);
  expect(registers[0x0f]).toBe("0");
});

describe("in Chinese", () => {
  const script = [
    `{"keys":["1","2","5","0","E"]}`,
    `{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}`,
    `{"wait":10000}`,
    `{"expect":{"display":"请交还卡和收据"}}`,
  ].join("\n");
  const settings = { language: "zh" } as const;

  test.each(PANELS)("a sale is understood on %s", async (panel) => {
    const { failure, events } = await playOn(shared, script, { panel, settings });
    expect(failure).toBe("");
    const texts = events.flatMap(({ display }) => (display as string[] | undefined)?.join(" ") ?? []);
    for (const text of ["请输入金额", "12.50 EUR", "请挥卡或刷卡", "正在询问银行", "正在打印"]) {
      expect(texts.join("\n")).toContain(text);
    }
  });

  for (const { name: engine, isHere } of BARE_ENGINES) {
    test.skipIf(!isHere)(`it is answered order by order the same on ${engine}`, async () =>
      expectSameOn(engine, await record(shared, script, { settings })),
    );
  }
});
