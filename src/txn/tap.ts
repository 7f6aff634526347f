/**
 * The reading of a card without contacts, as the terminal begins and ends it; `proto/emv` is what stands between. In memory while a
 * card is there (`reader`).
 */
import type { Board } from "../board/board";
import { openTap } from "../proto/emv";
import { chipData, packDigits, unpackDigits } from "../proto/emv-card";
import { Cvm, type Tap } from "../proto/emv-tap";
import { valueOf } from "../proto/tlv";
import { maskPan } from "../proto/track";
import { beginSale } from "./facts";
import { Event, Notice, type Terminal } from "./state";
import { readTapParams } from "./tap-params";
import { TAP_RECORD } from "./tap.table";
import { timekeeperPart } from "./timekeeper.lazy";
import type { Works } from "./works";

export { onAnswer } from "../proto/emv";

/** Four bytes that nobody can foretell. */
function unpredictable(board: Board): string {
  const high = board.random();
  const low = board.random();
  return String.fromCharCode(high >> 8, high & 255, low >> 8, low & 255);
}

/** Begins a reading, with an unpredictable number of its own; null when the parameters are not good for this terminal. */
export function beginTap(works: Works): Tap | null {
  const t = works.t;
  const keeper = works.devices.timekeeper;
  // Nobody knows the day: the month that the book knows will do.
  const date = (keeper ? timekeeperPart().today(keeper) : "") || t.month + "01";
  const params = t.settings ? readTapParams(TAP_RECORD, t.settings, t.canTakePin, works.natives.crc32) : null;
  return params ? openTap(params, t.amountMinor, packDigits(date), unpredictable(works.board)) : null;
}

/** A good card: what it told becomes a sale. */
export function takeTap(tap: Tap, t: Terminal): Event {
  const track2 = tap.track2.substr(1, tap.track2.length - 2);
  const sequence = unpackDigits(valueOf(tap.card, 0x5f34));
  t.notice = Notice.None;
  t.track2 = track2;
  t.chipData = chipData(tap);
  t.pinTries = 0;
  const entry = "" + tap.cvm + (sequence === "" ? "   " : sequence.padStart(3, "0")) + tap.aids[tap.at];
  beginSale(t, maskPan(track2.substr(0, track2.indexOf("="))), entry);
  // A refund takes none.
  return tap.cvm === Cvm.OnlinePin && !t.desk ? Event.PinWanted : Event.Swiped;
}
