/** The beginning of a tap, before the card is there: in memory only for as long (`reader`). */
import type { Board } from "../board/board";
import { openTap } from "../proto/emv-begin";
import type { Tap } from "../proto/emv-tap";
import { tapParams } from "./tap-params";
import { TAP_RECORD } from "./tap.table";
import { timekeeperPart } from "./timekeeper.lazy";
import type { Works } from "./works";

/** Four bytes that nobody can foretell. */
function unpredictable(board: Board): string {
  const high = board.random();
  const low = board.random();
  return String.fromCharCode(high >> 8, high & 255, low >> 8, low & 255);
}

/** A reading with an unpredictable number of its own; null when the parameters are not good for this terminal. */
export function beginTap(works: Works): Tap | null {
  const t = works.t;
  const settings = t.settings;
  const keeper = works.devices.timekeeper;
  // Nobody knows the day: the month that the book knows will do.
  const date = (keeper ? timekeeperPart().today(keeper) : "") || t.month + "01";
  const record = t.tapRecord || TAP_RECORD;
  const params = settings ? tapParams(record, settings, t.canTakePin, works.natives.crc32) : "";
  return settings && params !== ""
    ? openTap(params, settings.tid, t.amountMinor, date, unpredictable(works.board))
    : null;
}
