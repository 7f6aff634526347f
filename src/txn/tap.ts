/** The beginning of a tap, before the card is there: in memory only for as long (`reader`). */
import type { Board } from "../board/board";
import { ownData } from "../proto/emv-begin";
import { tapParams } from "./tap-params";
import { TAP_RECORD } from "./tap.table";
import { timekeeperPart } from "./timekeeper.lazy";
import type { Works } from "./works";

/** What a reading begins with (`proto/emv`). */
export interface NextTap {
  params: string;
  own: string;
}

/** Four bytes that nobody can foretell. */
function unpredictable(board: Board): string {
  const high = board.random();
  const low = board.random();
  return String.fromCharCode(high >> 8, high & 255, low >> 8, low & 255);
}

/** Parameters and data of the next reading, with an unpredictable number of its own; no parameters when they are not for this terminal. */
export function prepareTap(works: Works, next: NextTap): void {
  const t = works.t;
  const settings = t.settings;
  const keeper = works.devices.timekeeper;
  // Nobody knows the day: the month that the book knows will do.
  const date = (keeper ? timekeeperPart().today(keeper) : "") || t.month + "01";
  next.params = settings ? tapParams(t.tapRecord || TAP_RECORD, settings, t.canTakePin, works.natives.crc32) : "";
  if (settings && next.params !== "")
    next.own = ownData(next.params, settings.tid, t.amountMinor, date, unpredictable(works.board));
}
