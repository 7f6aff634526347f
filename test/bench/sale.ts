/**
 * What the steps of a sale cost on the engine, from the shipped bundle's own turns: power-on, keys, a swiped card, the host's answer, the
 * receipt. The simulator's lines are part of it: what a board's interface costs instead is not known here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openEngine, openScriptWorld } from "../../src/cli/world";
import { runScript } from "../../src/cli/run";
import { ROOT } from "../guards/tool";
import type { BareEngine } from "./meter";
import { costsOf, recording, type Turn } from "./turns";

/** As in `board/board`. */
const enum Happening {
  PowerOn = 0,
  Bits = 3,
  Net = 4,
}
const enum Port {
  Display = 1,
  Printer = 2,
}
const NET_BYTES = 2;

export interface SaleCosts {
  /** Of the bundle read from flash, and of power-on until the first screen. */
  boot: number;
  /** The dearest key until its screen. */
  key: number;
  /** Card data until the request leaves, flash and its reading back between them. */
  request: number;
  /** The answer until the first byte of the receipt, flash again between them. */
  receipt: number;
  /** From the end of the receipt to the order to write that it is done. */
  append: number;
  /** The dearest turn of all. */
  turn: number;
}

async function recordSale(name: BareEngine): Promise<Turn[]> {
  const { engine, turns } = recording(openEngine(name));
  const script = readFileSync(join(ROOT, "test", "scripts", "sale.ndjson"), "utf8");
  const { failure } = await runScript({ script, engine: name, seed: 1, onEvent: () => undefined }, (options) =>
    openScriptWorld({ ...options, engine }),
  );
  if (failure) throw new Error(`the sale that is measured: ${failure}`);
  return turns;
}

/** Pieces from the beginning of turn `from` until the order that `isEnd` knows, in that turn or a later one. */
function until(turns: readonly Turn[], costs: number[][], from: number, isEnd: (order: Turn["orders"][0]) => boolean) {
  let sum = 0;
  for (let index = from; index < turns.length; index++) {
    const end = turns[index]?.orders.findIndex(isEnd) ?? -1;
    const pieces = costs[index] ?? [];
    sum += pieces.slice(0, end < 0 ? undefined : end + 1).reduce((all, each) => all + each, 0);
    if (end >= 0) return sum;
  }
  throw new Error("the sale that is measured has no such end");
}

const uart =
  (wanted: Port) =>
  ([name, port]: Turn["orders"][0]) =>
    name === "u" && port === wanted;

export async function saleCosts(engine: BareEngine): Promise<SaleCosts> {
  const turns = await recordSale(engine);
  const { boot, turns: costs } = costsOf(engine, turns);
  const whole = costs.map((pieces) => pieces.reduce((all, each) => all + each, 0));
  const first = (isWanted: (turn: Turn) => boolean, from = 0) =>
    turns.findIndex((turn, index) => index >= from && isWanted(turn));
  const power = first(({ happening }) => happening === Happening.PowerOn);
  const card = first(({ happening }) => happening === Happening.Bits);
  // A key of the matrix takes several turns; the last one, which knows the key, sounds the buzzer and draws.
  const isKey = ({ orders }: Turn, index: number) =>
    index < card && orders.some(([name]) => name === "b") && orders.some(uart(Port.Display));
  const keys = turns.flatMap((turn, index) => (isKey(turn, index) ? [index] : []));
  // After the last track the terminal waits for another one: the work begins when that time is over.
  const sent = first(({ orders }) => orders.some(([name]) => name === "fw"), card);
  const answer = first(
    ({ happening, value, orders }) =>
      happening === Happening.Net && value === NET_BYTES && orders.some(([name]) => name === "fw"),
    sent,
  );
  const printed = turns.findLastIndex(({ orders }) => orders.some(([name]) => name === "fw"));
  return {
    boot: boot + until(turns, costs, power, uart(Port.Display)),
    key: Math.max(...keys.map((index) => until(turns, costs, index, uart(Port.Display)))),
    request: until(turns, costs, sent, ([name]) => name === "nw"),
    receipt: until(turns, costs, answer, uart(Port.Printer)),
    append: until(turns, costs, printed, ([name]) => name === "fw"),
    turn: Math.max(...whole),
  };
}
