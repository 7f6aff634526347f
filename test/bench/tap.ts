/**
 * How long a card stays in the field on a board: the turns of a tap are recorded from the simulated handheld, which knows the times on the
 * wires (106 kbit/s to the card, 115200 baud to the reader) and of the card's own work; then the same turns are played once more on the bare
 * engine and counted one by one. A turn begins when its happening has come and the one before is over.
 */
import { join } from "node:path";
import { FACTORY_TID, openEngine, testImage } from "../../src/cli/world";
import { MAIN } from "../../flash/parts";
import type { Order } from "../../src/sim/engines/engine";
import { Handheld } from "../../src/sim/handheld";
import { seededBytes } from "../../src/sim/random";
import { BOOT_MS } from "../../src/sim/script";
import { FlashTwin } from "../../src/sim/twins/flash";
import { ROOT } from "../guards/tool";
import { costsBetween } from "./meter";
import { BUNDLE_FILES, bundleProgram, recording, type Turn } from "./turns";

/** `board/board`: the reader's UART. Commands of the PN532 behind the frame's head. */
const NFC_PORT = 4;
const COMMAND_AT = 5;
const LIST = "\xd4\x4a";
const EXCHANGE = "\xd4\x40";
const FIELD_OFF = "\xd4\x32\x01\0";
/** Instructions of an APDU that begin a phase. */
const PHASES: Record<string, string> = { "\xa4": "select", "\xa8": "options", "\xb2": "records", "\xae": "cryptogram" };
const READ_MS = 1500;
/** The yardstick: a turn of this loop, from flash, takes so long on an ESP32 at 240 MHz: 100 M instructions of the board's build a second. */
const LOOP = "function yard(n){for(var s=0,i=0;i<n;i++)s+=i&7}";
const LOOP_TURNS = 2000;
const LOOP_TURN_MS = 0.1675;

export interface Phase {
  name: string;
  /** On the wires, with the card's own work, and what the engine adds to it. */
  wireMs: number;
  engineMs: number;
}

/** A sale with one card, from power-on until the card may go. */
async function record(card: string): Promise<Turn[]> {
  const { engine, turns } = recording(openEngine("espruino"));
  const handheld = new Handheld({
    engine,
    flash: new FlashTwin(testImage(FACTORY_TID)),
    door: null,
    onEvent: () => undefined,
    randomBytes: seededBytes(1),
  });
  try {
    await handheld.powerOn();
    await handheld.runFor(BOOT_MS);
    for (const key of "1250E") {
      await handheld.press(key);
      await handheld.runFor(200);
    }
    await handheld.runFor(READ_MS);
    handheld.wallet.tap(join(ROOT, "test", "cards", card));
    await handheld.runFor(READ_MS);
  } finally {
    await handheld.powerCut();
  }
  return turns;
}

const commandOf = ([name, port, bytes]: Order) =>
  name === "u" && port === NFC_PORT ? String(bytes).slice(COMMAND_AT) : "";

/** The look that found the card is the last one before the first APDU. */
function fieldOf(turns: readonly Turn[]): { from: number; to: number } {
  const has = (turn: Turn, head: string) => turn.orders.some((order) => commandOf(order).startsWith(head));
  const apdu = turns.findIndex((turn) => has(turn, EXCHANGE));
  const to = turns.findIndex((turn, index) => index > apdu && turn.orders.some(isFieldOff));
  if (apdu < 0 || to < 0) throw new Error("the card was not read");
  return { from: turns.slice(0, apdu).findLastIndex((turn) => has(turn, LIST)), to };
}

const isFieldOff = ([name, port, bytes]: Order) =>
  name === "u" && port === NFC_PORT && String(bytes).includes(FIELD_OFF);

/** Plays the turns; a mark stands before each of them and where bytes leave for the reader. */
function program(turns: readonly Turn[]): string {
  const before = `require("Storage").write("yard",${JSON.stringify(LOOP)});
eval(require("Storage").read("yard"));
eval(require("Storage").read("${MAIN}"));
mark();yard(0);mark();yard(${LOOP_TURNS});`;
  return bundleProgram(`l.substr(0,6)==='["u",${NFC_PORT}'`, before, turns);
}

export function tapPhases(card: string): Promise<Phase[]> {
  return record(card).then((turns) => {
    const { from, to } = fieldOf(turns);
    const played = turns.slice(0, to + 1);
    const [empty = 0, loop = 0, ...costs] = costsBetween(program(played), BUNDLE_FILES);
    return phasesOf(played, from, costs, (LOOP_TURNS * LOOP_TURN_MS) / (loop - empty));
  });
}

/** `costs`: the pieces of all turns; `scale` makes them milliseconds. Times begin with the look that found the card. */
function phasesOf(turns: readonly Turn[], from: number, costs: number[], scale: number): Phase[] {
  const phases: Phase[] = [{ name: "poll", wireMs: 0, engineMs: 0 }];
  // When the last bytes left for the reader, as recorded and on a board, and when the turn before is over there.
  let sentMs = turns[from]?.nowMs ?? 0;
  let boardSentMs = 0;
  let freeMs = 0;
  let isOver = false;
  turns.forEach(({ nowMs, orders }, index) => {
    const arrivesMs = boardSentMs + nowMs - sentMs;
    let atMs = Math.max(freeMs, arrivesMs);
    for (const order of orders.filter(([name, port]) => name === "u" && port === NFC_PORT)) {
      atMs += (costs.shift() ?? 0) * scale;
      const isFirst = index === from && commandOf(order).startsWith(LIST);
      const isBreak = !isFirst && !isOver && index > from && (commandOf(order) !== "" || isFieldOff(order));
      if (isBreak) {
        const phase = phases.at(-1) as Phase;
        phase.wireMs += nowMs - sentMs;
        phase.engineMs += atMs - boardSentMs - (nowMs - sentMs);
        const name = PHASES[commandOf(order).charAt(4)] ?? phase.name;
        if (name !== phase.name) phases.push({ name, wireMs: 0, engineMs: 0 });
      }
      isOver ||= index > from && isFieldOff(order);
      if (isFirst) atMs = 0;
      if (isFirst || isBreak) {
        sentMs = nowMs;
        boardSentMs = atMs;
      }
    }
    freeMs = atMs + (costs.shift() ?? 0) * scale;
    // What was before the card came is over.
    if (index < from) freeMs = 0;
  });
  return phases;
}
