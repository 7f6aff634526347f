/**
 * Where happenings go: to the handler at once from an event of the engine, in the next turn as the answer to a call. An engine that runs
 * out of memory or of stack drops the turn without a word, and nothing can catch it: that shows when the next one begins.
 */
import type { Handler, Happening } from "./board";

declare function setTimeout(run: Handler, delayMs: number, happening: Happening, value: number, text: string): number;

let handler: Handler;
let isInTurn = false;
let wasDropped = false;

export function listen(to: Handler): void {
  handler = to;
}

export function tell(happening: Happening, value: number, text: string): void {
  if (isInTurn) wasDropped = true;
  isInTurn = true;
  handler(happening, value, text);
  isInTurn = false;
}

export function later(happening: Happening, value: number, text: string): void {
  setTimeout(tell, 0, happening, value, text);
}

/** False once a turn did not come to its end; between turns only. */
export function isWhole(): boolean {
  return !isInTurn && !wasDropped;
}
