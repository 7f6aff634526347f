/** Happenings that wait while flash is being written and read back. */
import type { Happening } from "../board/board";

/** More than a person can cause in the time of an erase. */
const QUEUE_MAX = 32;

export interface Waiting {
  happening: Happening;
  value: number;
  text: string;
}

/** What does not fit is lost. */
export function enqueue(queue: Waiting[], happening: Happening, value: number, text: string): void {
  if (queue.length < QUEUE_MAX) queue.push({ happening: happening, value: value, text: text });
}
