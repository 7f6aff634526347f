/**
 * Scripts: physical inputs, one JSON object a line, and what the run of one gives. The language is the contract between tests, demos
 * and other people's tools; `docs/scripts.md` lists it.
 */
import { FINGER_MODELS, limitsTable } from "./factory-settings";
import type { Handheld } from "./handheld";
import type { Swipe } from "./handheld-options";
import { type FactorySettings, isBookAtRest, readBook } from "./journal-image";
import { cardDigits, milliseconds, oneOf, ScriptError, whole } from "./script-values";
import type { FlashTwin } from "./twins/flash";
import { LAYERS } from "./twins/net";

/** The keys that are there; the double zero is one key. */
const KEYS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00", ".", "E", "C", "B", "F", "U", "D"];
const KEY_NAMES: Record<string, string> = { "00": ":" };
/** From power-on to the first screen that takes keys. */
export const BOOT_MS = 2000;
/** A cashier's finger, roughly; a swipe takes the same. */
const KEY_MS = 120;
const SETTLE_MS_MAX = 20 * 60 * 1000;
/** At rest nothing is due for this long. */
const REST_MS = 2000;

export type ScriptEvent = { t: number } & Record<string, unknown>;

/** What the script expects did not come: what there was instead. */
export class Unmet extends Error {}

export { ScriptError } from "./script-values";

type Input = Record<string, unknown>;

export interface Player {
  handheld: Handheld;
  flash: FlashTwin;
  /** Text lines printed so far, all slips. */
  printed: string[];
  /** What stands on the display, blank rows left out. */
  displayed: () => string[];
  /** Puts a card or a prefix of numbers on the host's block list, or takes it off. */
  block: (digits: string, isBlocked: boolean) => Promise<void>;
}

/** The inputs of a script with their line numbers. Empty lines and lines that begin with `#` are passed over. */
export function parseScript(text: string): { line: number; input: Input }[] {
  return text.split("\n").flatMap((raw, index) => {
    const line = index + 1;
    if (raw.trim() === "" || raw.trimStart().startsWith("#")) return [];
    let input: unknown;
    try {
      input = JSON.parse(raw);
    } catch {
      // Not quoted: a line may hold a card's tracks, and this goes to logs.
      throw new ScriptError(`line ${line}: this is not JSON`);
    }
    if (typeof input !== "object" || input === null || Array.isArray(input) || Object.keys(input).length !== 1) {
      throw new ScriptError(`line ${line}: one JSON object with one input is wanted, such as {"key":"1"}`);
    }
    return [{ line, input: input as Input }];
  });
}

/** What a script's first line says of the settings, and takes it away. */
export function scriptSettings(inputs: { input: Input }[]): Partial<FactorySettings> {
  const settings = inputs[0]?.input.settings;
  if (settings === undefined) return {};
  inputs.shift();
  const all = Object.entries(settings as object).map(([name, value]) => {
    if (name === "limits") return [name, limitsOf(value)];
    if (name === "host2") return [name, String(value)];
    if (name === "finger") return [name, oneOf("finger", value, FINGER_MODELS)];
    if (name === "sleep") return [name, whole(name, value, 0, 999, "minutes")];
    return [oneOf("a setting", name, ["tip", "cash", "floor", "lock"]), whole(name, value, 1, 999999999, "units")];
  });
  const given = Object.fromEntries(all) as Partial<FactorySettings>;
  return given.lock ? { ...given, operators: "on" } : given;
}

function limitsOf(text: unknown): string {
  try {
    return limitsTable(String(text));
  } catch (error) {
    throw new ScriptError(`limits: ${(error as Error).message}`);
  }
}

/** Plays one input. Throws ScriptError when it is none, Unmet when an expectation is not met. */
export async function play(player: Player, input: Input): Promise<void> {
  const [name, value] = Object.entries(input)[0] as [string, never];
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action)
    throw new ScriptError(`unknown input ${JSON.stringify(name)}; known are ${Object.keys(ACTIONS).join(", ")}`);
  await action(player, value);
}

const ACTIONS: Record<string, (player: Player, value: never) => Promise<void>> = {
  key: (player, value) => pressKey(player, value),
  keys: async (player, value) => {
    if (!Array.isArray(value)) throw new ScriptError(`keys must be a list, such as ["1","2","E"]`);
    const keys = (value as unknown[]).map((key) => oneOf("key", key, KEYS));
    for (const key of keys) await pressKey(player, key);
  },
  hold: (player, value) => hold(player, value),
  swipe: (player, value) => swipe(player, value),
  tap: (player, value) => tap(player, value),
  untap: async ({ handheld }, value) => {
    if (value !== true) throw new ScriptError(`untap takes true`);
    handheld.wallet.untap();
    await handheld.runFor(KEY_MS);
  },
  touch: (player, value) => touch(player, value),
  finger: (player, value) => finger(player, value),
  scan: (player, value) => scan(player, value),
  paper: ({ handheld }, value) => handheld.setPaper(oneOf("paper", value, ["out", "low", "ok"])),
  printer: (player, value) => setPrinter(player, value),
  link: (player, value) => setLink(player, value),
  battery: async ({ handheld }, value) => {
    handheld.battery.openMillivolt = whole("battery", value, 0, 6000, "millivolts");
  },
  power: async ({ handheld }, value) => {
    if (oneOf("power", value, ["cut", "on"]) === "cut") return handheld.powerCut();
    await handheld.powerOn();
    return handheld.runFor(BOOT_MS);
  },
  block: ({ block }, value) => block(cardDigits("block", value), true),
  unblock: ({ block }, value) => block(cardDigits("unblock", value), false),
  wait: ({ handheld }, value) => handheld.runFor(milliseconds("wait", value)),
  settings: () => Promise.reject(new ScriptError("settings stand in the first line")),
  settle: (player) => settle(player),
  expect: (player, value) => expectText(player, value),
};

async function pressKey({ handheld }: Player, key: unknown): Promise<void> {
  const name = oneOf("key", key, KEYS);
  await handheld.press(KEY_NAMES[name] ?? name);
  await handheld.runFor(KEY_MS);
}

/** A key that is held down: `{"hold":{"key":"B","ms":1000}}`. */
async function hold({ handheld }: Player, value: unknown): Promise<void> {
  const { key, ms, ...rest } = (value ?? {}) as Record<string, unknown>;
  if (Object.keys(rest).length > 0) throw new ScriptError(`hold takes {"key":"F","ms":1000}`);
  const name = oneOf("key", key, KEYS);
  const holdMs = milliseconds("ms", ms);
  await handheld.press(KEY_NAMES[name] ?? name, holdMs);
  await handheld.runFor(holdMs + KEY_MS);
}

const TOUCH_HELP = `touch takes [x,y] in dots, or {"from":[x,y],"to":[x,y],"ms":N}`;
/** A finger on the touch glass. */
const TOUCH_MS = 80;

async function touch({ handheld }: Player, value: unknown): Promise<void> {
  const order = Array.isArray(value) ? { from: value as unknown } : ((value ?? {}) as Record<string, unknown>);
  const { from, to = from, ms = TOUCH_MS, ...rest } = order as Record<string, unknown>;
  const isDot = (dot: unknown) => Array.isArray(dot) && dot.length === 2 && dot.every(Number.isInteger);
  if (!isDot(from) || !isDot(to) || Object.keys(rest).length > 0) throw new ScriptError(TOUCH_HELP);
  const holdMs = milliseconds("ms", ms);
  const glass = handheld.panel.touch;
  if (!glass) throw new ScriptError("this panel has no touch glass: run with --panel touch");
  glass.press(...(from as [number, number]));
  await handheld.runFor(Math.floor(holdMs / 2));
  glass.press(...(to as [number, number]));
  await handheld.runFor(Math.ceil(holdMs / 2));
  glass.release();
  await handheld.runFor(KEY_MS);
}

const SWIPE_HELP = `swipe takes {"t1":"%B...?","t2":";...?","t3":";...?"} and, to spoil track 2, "flip":[bit,...], "drop" and "double" \
likewise, "late" and "early":bits; "back":true for the other way; "by":"uart" for a reader with its own decoder`;

async function swipe({ handheld }: Player, value: unknown): Promise<void> {
  const { t1, t2, t3, flip, drop, double, late, early, back, by, ...rest } = (value ?? {}) as Record<string, unknown>;
  const all = (parts: unknown[], is: (part: unknown) => boolean) =>
    parts.every((part) => part === undefined || is(part));
  const isSpoilt = [flip, drop, double, late, early].some((each) => each !== undefined);
  const isFine =
    [t1, t2, t3].some((each) => each !== undefined) &&
    (t2 !== undefined || !isSpoilt) &&
    all([t1, t2, t3], (each) => typeof each === "string") &&
    all([flip, drop, double], (each) => Array.isArray(each) && each.every(Number.isInteger)) &&
    all([late, early], (each) => Number.isInteger(each)) &&
    all([back], (each) => typeof each === "boolean") &&
    all([by], (each) => each === "head" || each === "uart") &&
    Object.keys(rest).length === 0;
  if (!isFine) throw new ScriptError(SWIPE_HELP);
  try {
    await handheld.swipe(value as Swipe);
  } catch (error) {
    throw new ScriptError((error as Error).message);
  }
  await handheld.runFor(KEY_MS);
}

/** A card is held to the reader until `untap`, or until it has answered so many commands. */
async function tap({ handheld }: Player, value: unknown): Promise<void> {
  const order = typeof value === "string" ? { card: value } : ((value ?? {}) as Record<string, unknown>);
  const { card, leavesAfter, ...rest } = order as Record<string, unknown>;
  const isCount = leavesAfter === undefined || (Number.isInteger(leavesAfter) && (leavesAfter as number) >= 0);
  if (typeof card !== "string" || !isCount || Object.keys(rest).length > 0) {
    throw new ScriptError(`tap takes "FILE" or {"card":"FILE","leavesAfter":N}, N commands that it answers`);
  }
  try {
    handheld.wallet.tap(card, leavesAfter as number | undefined);
  } catch (error) {
    throw new ScriptError((error as Error).message);
  }
  await handheld.runFor(KEY_MS);
}

/** On the fingerprint sensor, for as long as it takes to be seen. */
const PRINT_MS = 1000;

/** Finger number N is put on the sensor and lifted; or the sensor's plug comes off, or is back. */
async function finger({ handheld }: Player, value: unknown): Promise<void> {
  const sensor = handheld.finger;
  if (!sensor)
    throw new ScriptError(`there is no fingerprint sensor: {"settings":{"finger":"r503",...}} in the first line`);
  if (value === "unplugged" || value === "plugged") {
    sensor.plug(value === "plugged");
    return handheld.runFor(KEY_MS);
  }
  if (typeof value !== "number") throw new ScriptError(`finger takes the number of one, "unplugged" or "plugged"`);
  sensor.place(whole("finger", value, 0, 999, "numbers"));
  await handheld.runFor(PRINT_MS);
  sensor.lift();
  return handheld.runFor(PRINT_MS);
}

async function setPrinter({ handheld }: Player, value: unknown): Promise<void> {
  if (typeof value === "object" && value !== null) {
    const { unplugAfterBytes: bytes, ...rest } = value as Record<string, unknown>;
    if (typeof bytes !== "number" || !Number.isInteger(bytes) || bytes < 0 || Object.keys(rest).length > 0) {
      throw new ScriptError(`printer takes {"unplugAfterBytes":N}, N whole and not below 0`);
    }
    handheld.printer.unplugAfter(bytes);
    return;
  }
  await handheld.setPrinter(oneOf("printer", value, ["ok", "cover", "hot", "cutter", "broken", "unplugged"]));
}

/** A code held in front of the scanner until it is read; what a QR code may hold at most. */
const CODE_BYTES_MAX = 4296;

async function scan({ handheld }: Player, value: unknown): Promise<void> {
  if (typeof value !== "string" || value === "" || value.length > CODE_BYTES_MAX || /[^\0-\xff]/.test(value)) {
    throw new ScriptError(`scan takes the bytes of a code as a text, at most ${CODE_BYTES_MAX}`);
  }
  handheld.scanner.present(value);
  await handheld.runFor(KEY_MS);
}

async function setLink({ handheld }: Player, value: unknown): Promise<void> {
  if (typeof value === "object" && value !== null && "answerMs" in value) {
    handheld.net.answerMs = milliseconds("answerMs", value.answerMs);
    return;
  }
  if (typeof value === "object" && value !== null && "down" in value) {
    const down = Array.isArray(value.down) ? (value.down as unknown[]) : [];
    if (!Array.isArray(value.down) || !down.every((each) => typeof each === "string"))
      throw new ScriptError(`link takes {"down":[...]}, of ${LAYERS.join(", ")} and names of hosts`);
    handheld.net.setMissing(down as string[]);
    return handheld.runFor(0);
  }
  await handheld.setLink(oneOf("link", value, ["down", "up"]) === "up");
}

/** Runs until the terminal is at rest: on, nothing to undo, nothing due soon. */
export async function settle({ handheld, flash }: Player): Promise<void> {
  const untilMs = handheld.nowMs + SETTLE_MS_MAX;
  const isAtRest = () => isBookAtRest(readBook(flash.image)) && handheld.nextMs() - handheld.nowMs > REST_MS;
  do {
    await handheld.runFor(500);
    if (!handheld.isOn) throw new ScriptError("settle: the power is off");
    if (handheld.nowMs > untilMs)
      throw new Unmet(`settle: not at rest after ${SETTLE_MS_MAX} ms; the sale is still being undone`);
  } while (!isAtRest());
}

async function expectText(player: Player, value: unknown): Promise<void> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  for (const [what, text] of entries) {
    oneOf("expect", what, ["display", "printed"]);
    if (what === "display" && Array.isArray(text) && text.length === 0) {
      if (player.displayed().length > 0)
        throw new Unmet(`a dark display wanted, there is ${JSON.stringify(player.displayed())}`);
      continue;
    }
    if (typeof text !== "string") throw new ScriptError(`expect takes a text, not ${JSON.stringify(text)}`);
    const shown = what === "display" ? player.displayed() : player.printed;
    if (!shown.some((line) => line.includes(text))) {
      throw new Unmet(`${what}: ${JSON.stringify(text)} wanted, there is ${JSON.stringify(shown)}`);
    }
  }
  if (entries.length === 0) throw new ScriptError(`expect takes {"display":"TEXT"} or {"printed":"TEXT"}`);
}
