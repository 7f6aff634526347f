/**
 * Which application of a card is taken: the directory of a contactless card (PPSE) and the terminal's list.
 *
 * EMV Contactless Book B section 3.3.2: an entry counts when its AID begins with one of the terminal's, and its application takes the
 * amount. Lower priority number first, none last; among equals the card's order.
 */
import { type Tap, type TapApp } from "./emv-tap";
import { noTlvs, readTemplate, readTlvs, valueOf } from "./tlv";

const FCI = 0x6f;
const ENTRY = 0x61;
const AID = 0x4f;
const PRIORITY = 0x87;
const LAST = 16;

/** Fills the tap's candidates from the answer to SELECT PPSE. False: not a directory. */
export function readDirectory(t: Tap, fci: string): boolean {
  const list = noTlvs();
  if (!readTemplate(list, fci, FCI, ENTRY)) return false;
  const ranks: number[] = [];
  for (let i = 0; i < list.tags.length; i++) {
    if (list.tags[i] !== ENTRY) continue;
    const entry = noTlvs();
    if (!readTlvs(entry, list.values[i], 0)) return false;
    addCandidate(t, ranks, valueOf(entry, AID), valueOf(entry, PRIORITY));
  }
  return true;
}

function addCandidate(t: Tap, ranks: number[], aid: string, priority: string): void {
  const app = aid.length < 5 || aid.length > 16 ? null : findApp(t.params.apps, aid);
  if (!app) return;
  if (t.amountMinor > app.limitMinor) {
    t.sawOverLimit = true;
    return;
  }
  let rank = priority === "" ? 0 : priority.charCodeAt(0) & 15;
  if (rank === 0) rank = LAST;
  let at = ranks.length;
  while (at > 0 && ranks[at - 1] > rank) at--;
  ranks.splice(at, 0, rank);
  t.aids.splice(at, 0, aid);
  t.apps.splice(at, 0, app);
}

function findApp(apps: TapApp[], aid: string): TapApp | null {
  for (let i = 0; i < apps.length; i++) if (aid.substr(0, apps[i].aid.length) === apps[i].aid) return apps[i];
  return null;
}
