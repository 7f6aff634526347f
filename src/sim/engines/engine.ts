/** An engine that runs the firmware bundle: the same lines in and out, whichever it is. */

/** What the firmware asked of its board in one turn, in order: `["u", port, bytes]` and so on, see `board/console`. */
export type Order = [string, ...(string | number)[]];

export interface Engine {
  /** It starts from the slots in its flash by itself, and marks them. */
  boots?: boolean;
  /** Loads the bundle: power comes on. */
  start(): Promise<void>;
  /** One happening; resolves when the firmware has dealt with it. Rejects when the engine died. */
  turn(nowMs: number, happening: number, value: number, text: string): Promise<Order[]>;
  /** Power goes. */
  stop(): Promise<void>;
  /** Memory in use, and the most since the start, in `unit`; null where the engine does not count. Ends the run. */
  memory(): Promise<Memory | null>;
}

export interface Memory {
  atRest: number | null;
  peak: number;
  unit: string;
}

export type EngineName = "node" | "espruino" | "jerryscript";

/** A turn that takes longer than this has hung. Wall time: an engine has no other. */
export const TURN_MS_MAX = 20000;

export const END_OF_TURN = ".";

/** A call of `io.rx` as source text, which both bare engines evaluate. `\xNN` makes a byte string on Espruino, `\uNNNN` would not. */
export function callText(nowMs: number, happening: number, value: number, text: string): string {
  let literal = "";
  for (const char of text) {
    const code = char.charCodeAt(0);
    const isPlain = code >= 32 && code < 127 && char !== '"' && char !== "\\";
    literal += isPlain ? char : `\\x${code.toString(16).padStart(2, "0")}`;
  }
  return `io.rx(${nowMs},${happening},${value},"${literal}")`;
}
