/** The end of a tap, when the card may go: what it told becomes a sale, or is refused. In memory only for as long (`reader`). */
import { unpackDigits } from "../proto/emv-digits";
import { chipData, endTap } from "../proto/emv-end";
import { type Tap, TapOutcome } from "../proto/emv-tap";
import { valueOf } from "../proto/tlv";
import { maskPan } from "../proto/track";
import { beginSale } from "./facts";
import { Notice, type Terminal } from "./state";

/** With `Online` a sale has begun. */
export function takeTap(tap: Tap, t: Terminal): TapOutcome {
  const outcome = endTap(tap);
  if (outcome !== TapOutcome.Online) return outcome;
  const track2 = tap.track2.substr(1, tap.track2.length - 2);
  const sequence = unpackDigits(valueOf(tap.card, "\x5f\x34"));
  t.notice = Notice.None;
  t.track2 = track2;
  t.chipData = chipData(tap);
  t.pinTries = 0;
  const entry = "" + tap.cvm + (sequence === "" ? "   " : sequence.padStart(3, "0")) + tap.aids[tap.at];
  beginSale(t, maskPan(track2.substr(0, track2.indexOf("="))), entry);
  return outcome;
}
