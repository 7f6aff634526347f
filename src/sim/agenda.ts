/** Virtual time: what is to happen, and when. What is due at the same moment happens in the order in which it was planned. */

export interface Planned {
  readonly atMs: number;
  readonly run: () => Promise<void> | void;
}

export class Agenda {
  nowMs = 0;
  private planned: Planned[] = [];

  plan(delayMs: number, run: Planned["run"]): Planned {
    const planned = { atMs: this.nowMs + delayMs, run };
    const at = this.planned.findIndex((each) => each.atMs > planned.atMs);
    this.planned.splice(at < 0 ? this.planned.length : at, 0, planned);
    return planned;
  }

  unplan(planned: Planned | undefined): void {
    const at = planned ? this.planned.indexOf(planned) : -1;
    if (at >= 0) this.planned.splice(at, 1);
  }

  clear(): void {
    this.planned = [];
  }

  /** Takes the first thing that is due by then, and moves on to its time. */
  next(timeMs: number): Planned["run"] | undefined {
    const next = this.planned[0];
    if (!next || next.atMs > timeMs) return undefined;
    this.planned.shift();
    this.nowMs = Math.max(this.nowMs, next.atMs);
    return next.run;
  }

  /** When the next thing is due, or Infinity. */
  nextMs(): number {
    return this.planned[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }
}
