/** What goes wrong and how often: each run draws its own rates, up to those of the strongest simulators of others and beyond. */
import type { Fate, Weather, WireHost } from "../../sim/twins/wire";
import type { Dice } from "./dice";
import type { SimulatedHost } from "./host";

/** Greatest rates, percent: of a line on the wire, of a request at the host, or of what an operator does. */
const MOST = {
  lost: 30,
  doubled: 50,
  damaged: 10,
  late: 15,
  refused: 10,
  halfOpen: 3,
  hostDiesBefore: 5,
  hostDiesAfter: 5,
  powerCut: 12,
  tornWrite: 12,
  linkDown: 5,
  paper: 6,
  printer: 6,
  badSwipe: 20,
  battery: 3,
  clockJump: 4,
  rot: 20,
  stuckPage: 40,
} as const;

export type FaultKind = keyof typeof MOST;

/** As they are printed. */
export const FAULT_NAMES: Record<FaultKind, string> = {
  lost: "lines lost",
  doubled: "lines doubled",
  damaged: "lines damaged",
  late: "lines late or overtaken",
  refused: "connections refused",
  halfOpen: "connections half open",
  hostDiesBefore: "host dead before its commit",
  hostDiesAfter: "host dead behind its commit",
  powerCut: "power cuts",
  tornWrite: "power cuts inside a flash operation",
  linkDown: "cable pulled",
  paper: "paper out",
  printer: "printer in trouble",
  badSwipe: "swipes spoilt",
  battery: "battery low",
  clockJump: "clock of the host jumps",
  rot: "bits rotten in flash",
  stuckPage: "pages of flash with a stuck bit",
};

const HALF_OPEN_MS_MAX = 90000;
const LATE_MS_MAX = 25000;

export class Faults implements Weather {
  /** Off while the terminals come to rest. */
  isOn = true;
  readonly counts: Record<FaultKind, number>;
  private readonly rates: Record<FaultKind, number>;
  private deafUntilMs = 0;

  constructor(
    private readonly dice: Dice,
    private readonly nowMs: () => number,
  ) {
    const kinds = Object.keys(MOST) as FaultKind[];
    // Now and then a kind is left out altogether, so that the others are seen alone.
    const rate = (kind: FaultKind) => (dice.chance(15) ? 0 : dice.below(MOST[kind] * 100) / 100);
    this.rates = Object.fromEntries(kinds.map((kind) => [kind, rate(kind)])) as Record<FaultKind, number>;
    this.counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  }

  /** Throws the dice for one of them. Who may or may not come to it counts it then. */
  threatens(kind: FaultKind): boolean {
    return this.isOn && this.dice.chance(this.rates[kind]);
  }

  strikes(kind: FaultKind): boolean {
    const isHit = this.threatens(kind);
    if (isHit) this.counts[kind]++;
    return isHit;
  }

  connects(): boolean {
    return !this.strikes("refused");
  }

  outward(): Fate {
    return this.fate();
  }

  inward(): Fate {
    return this.fate();
  }

  arrivesAlone(): boolean {
    return this.dice.chance(50);
  }

  private fate(): Fate {
    if (this.strikes("halfOpen")) this.deafUntilMs = this.nowMs() + this.dice.below(HALF_OPEN_MS_MAX);
    if (this.isOn && this.nowMs() < this.deafUntilMs) return { copiesMs: [] };
    if (this.strikes("lost")) return { copiesMs: [] };
    const copiesMs = [this.delayMs()];
    while (copiesMs.length < 4 && this.strikes("doubled")) copiesMs.push(this.delayMs());
    return { copiesMs, damage: this.strikes("damaged") ? (line) => this.spoil(line) : undefined };
  }

  private delayMs(): number {
    return this.strikes("late") ? this.dice.below(LATE_MS_MAX) : 0;
  }

  /** A character changed, lost, put in, or all from some place on. */
  private spoil(line: string): string {
    const at = this.dice.below(line.length);
    const other = String.fromCharCode(this.dice.below(256));
    const ways = [
      () => line.slice(0, at) + other + line.slice(at + 1),
      () => line.slice(0, at) + line.slice(at + 1),
      () => line.slice(0, at) + other + line.slice(at),
      () => line.slice(0, at),
    ];
    return this.dice.pick(ways)();
  }
}

/** A host that may go down with each request, and says the same to the same. */
export function strickenHost(host: SimulatedHost, faults: Faults): WireHost {
  return {
    answer: async (line) => {
      if (faults.strikes("hostDiesBefore")) host.store.failNext();
      const reply = await host.answer(line);
      return faults.strikes("hostDiesAfter") ? null : reply;
    },
  };
}
