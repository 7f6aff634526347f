/**
 * Which applications of a card can be taken: the directory of a contactless card (PPSE) and the terminal's list.
 *
 * EMV Contactless Book B section 3.3.2: an entry counts when its AID begins with one of the terminal's, and its application takes the
 * amount. Lower priority number first, none last; among equals the card's order.
 */
import { fromBigEndian } from "./bytes";
import { nextCandidate } from "./emv-next";
import { over } from "./emv-send";
import { APP_BYTES, APPS_AT, CHECK_BYTES, type Tap, TapOutcome } from "./emv-tap";
import { noTlvs, readTemplate, readTlvs, valueOf } from "./tlv";

const FCI = "\0\x6f";
const ENTRY = "\0\x61";
const LAST = 16;
const DONE = 0x9000;
const CARD_BLOCKED = 0x6a81;

/** Takes the answer to SELECT PPSE. */
export function onStep(t: Tap, status: number, body: string): TapOutcome {
  if (status === CARD_BLOCKED) return over(t, TapOutcome.Blocked);
  return status === DONE && readDirectory(t, body) ? nextCandidate(t) : over(t, TapOutcome.OtherCard);
}

/** Fills the tap's candidates. False: not a directory. */
function readDirectory(t: Tap, fci: string): boolean {
  const list = noTlvs();
  if (!readTemplate(list, fci, FCI, ENTRY)) return false;
  const ranks: number[] = [];
  for (let i = 0; i < list.values.length; i++) {
    if (list.tags.substr(i * 2, 2) !== ENTRY) continue;
    const entry = noTlvs();
    if (!readTlvs(entry, list.values[i], "")) return false;
    const aid = valueOf(entry, "\0\x4f");
    const app = aid.length < 5 || aid.length > 16 ? 0 : findApp(t.params, aid);
    if (app === 0) continue;
    if (t.amountMinor > fromBigEndian(t.params, app + 1, 4)) {
      t.sawOverLimit = true;
      continue;
    }
    const rank = valueOf(entry, "\0\x87").charCodeAt(0) & 15 || LAST;
    let at = ranks.length;
    while (at > 0 && ranks[at - 1] > rank) at--;
    ranks.splice(at, 0, rank);
    t.aids.splice(at, 0, aid);
    t.apps.splice(at, 0, app);
  }
  return true;
}

/** Where the application's kernel stands in the parameters; 0 when the terminal does not take it. */
function findApp(params: string, aid: string): number {
  const end = params.length - CHECK_BYTES;
  for (let at = APPS_AT; at < end;) {
    const aidBytes = params.charCodeAt(at);
    const next = at + 1 + aidBytes;
    if (aid.substr(0, aidBytes) === params.substr(at + 1, aidBytes)) return next;
    at = next + APP_BYTES;
  }
  return 0;
}
