/**
 * A bench for firmware on its own: a driver, a codec, in a bundle built like the one that ships, on any engine, with emulated devices
 * on its buses and virtual time. The program under test (`*.probe.ts`) runs on the console board, takes commands as happening COMMAND
 * and reports with the order `["x", ...]`.
 */
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { rollup } from "rollup";
import { Buses, type TextNow, textNow } from "../../src/sim/buses";
import type { Engine, EngineName, Order } from "../../src/sim/engines/engine";
import { openEspruino } from "../../src/sim/engines/espruino";
import { openJerryscript } from "../../src/sim/engines/jerryscript";
import { openNode } from "../../src/sim/engines/node";
import { ROOT } from "../guards/tool";

export const COMMAND = 20;
const TIMER = 1;

/** Builds `test/**\/NAME.probe.ts` and gives the bundle's file. */
export async function buildProbe(entry: string): Promise<string> {
  const file = join(ROOT, ".cache", "probes", `${basename(entry, ".probe.ts")}.js`);
  const { bundleOf } = await import(pathToFileURL(join(ROOT, "rollup.config.mjs")).href);
  const { output, ...input } = bundleOf(entry, file);
  const bundle = await rollup(input);
  await bundle.write(output);
  await bundle.close();
  return file;
}

export function openProbeEngine(name: EngineName, bundleFile: string): Engine {
  if (name === "espruino") return openEspruino(bundleFile);
  return name === "jerryscript" ? openJerryscript(bundleFile) : openNode(bundleFile);
}

export class Bench {
  nowMs = 0;
  readonly buses: Buses;
  /** What the program reported and nobody has taken yet, oldest first. */
  readonly reports: (string | number)[][] = [];
  private planned: { atMs: number; run: () => Promise<void> | void }[] = [];
  private readonly timers = new Map<number, { atMs: number; run: () => Promise<void> | void }>();

  constructor(private readonly engine: Engine) {
    this.buses = new Buses((delayMs, ...happening) => void this.later(delayMs, () => this.turn(...happening)));
  }

  async open(): Promise<void> {
    await this.engine.start();
  }

  close(): Promise<void> {
    return this.engine.stop();
  }

  /** Calls `run` after so much virtual time; emulated devices use it too. */
  later(delayMs: number, run: () => Promise<void> | void) {
    const planned = { atMs: this.nowMs + delayMs, run };
    const at = this.planned.findIndex((each) => each.atMs > planned.atMs);
    this.planned.splice(at < 0 ? this.planned.length : at, 0, planned);
    return planned;
  }

  /** Gives the program a command, lets `forMs` pass, and takes its reports. */
  async command(value: number, text = "", forMs = 10000): Promise<(string | number)[][]> {
    await this.turn(COMMAND, value, text);
    await this.runFor(forMs);
    return this.reports.splice(0);
  }

  async runFor(delayMs: number): Promise<void> {
    const untilMs = this.nowMs + delayMs;
    for (let next = this.planned[0]; next && next.atMs <= untilMs; next = this.planned[0]) {
      this.planned.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      await next.run();
    }
    this.nowMs = untilMs;
  }

  private async turn(happening: number, value: number, text: TextNow): Promise<void> {
    const now = textNow(text);
    if (now === null) return;
    const orders = await this.engine.turn(this.nowMs, happening, value, now);
    for (const order of orders) this.perform(order);
  }

  private perform(order: Order): void {
    const [name, ...values] = order;
    if (name === "x") this.reports.push(values);
    else if (name === "t") this.setTimer(values as number[]);
    else if (name !== "b" && !this.buses.perform(order))
      throw new Error(`the program asked for ${JSON.stringify(name)}`);
  }

  private setTimer([id = 0, delayMs = 0]: number[]): void {
    const armed = this.timers.get(id);
    if (armed && this.planned.includes(armed)) this.planned.splice(this.planned.indexOf(armed), 1);
    this.timers.delete(id);
    if (delayMs >= 0)
      this.timers.set(
        id,
        this.later(delayMs, () => this.turn(TIMER, id, "")),
      );
  }
}
