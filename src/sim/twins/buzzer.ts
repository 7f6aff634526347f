/** What the buzzer plays and the lamps show, by ear and eye: tones that belong together are one name. */

export type BeepName = "key" | "ok" | "error" | "attention" | "remove";

/** Tones of one pattern come closer together than this. */
const PAUSE_MS_MAX = 600;

export class BuzzerTwin {
  /** Green, yellow, red. */
  lamps = "000";
  private lastName: BeepName | "" = "";
  private lastMs = Number.NEGATIVE_INFINITY;

  setLamps(levels: string): void {
    if (!/^[01]{3}$/.test(levels)) throw new Error(`lamps: levels ${levels}`);
    this.lamps = levels;
  }

  /** The name of the pattern that this tone begins; null when it only goes on with it. */
  hear(nowMs: number, frequencyHz: number, durationMs: number): BeepName | null {
    const name = toneName(frequencyHz, durationMs);
    const goesOn = name === this.lastName && nowMs - this.lastMs < PAUSE_MS_MAX;
    if (name !== "key") [this.lastName, this.lastMs] = [name, nowMs];
    return goesOn && (name === "attention" || name === "remove") ? null : name;
  }

  /** Power went. */
  reset(): void {
    this.lamps = "000";
    this.lastName = "";
  }
}

/** Shorter than 50 ms is a key; a long tone is good when it is high; short ones are a call, falling ones of two pitches too. */
function toneName(frequencyHz: number, durationMs: number): BeepName {
  if (durationMs < 50) return "key";
  if (durationMs >= 200) return frequencyHz > 1000 ? "ok" : "error";
  return frequencyHz < 1400 ? "attention" : "remove";
}
