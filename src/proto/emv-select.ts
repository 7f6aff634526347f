/** What the chosen application is asked with: the card's wishes (PDOL), the terminal's qualifiers. EMV Contactless Books C-2 and C-3. */
import { fillDol } from "./dol";
import { withOwn } from "./emv-own";
import { kernelOf, needsCvm, qualifiersOf } from "./emv-app";
import { nextCandidate, sendData } from "./emv-next";
import { over } from "./emv-send";
import { Kernel, type Tap, TapOutcome, TapStep } from "./emv-tap";
import { noTlvs, readTemplate, valueOf } from "./tlv";
import { tlv } from "./tlv-write";

const FCI = "\0\x6f";
const GET_OPTIONS = "\x80\xa8\x00\x00";
const DONE = 0x9000;

/** Takes the answer to SELECT. */
export function onStep(t: Tap, status: number, body: string): TapOutcome {
  // 6283: application blocked; 6A81: card blocked.
  if (status === 0x6283 || status === 0x6a81) t.sawBlocked = true;
  const fci = noTlvs();
  if (status !== DONE || !readTemplate(fci, body, FCI, "") || valueOf(fci, "\0\x84") !== t.aids[t.at])
    return nextCandidate(t);
  setQualifiers(t);
  const data = fillDol(valueOf(fci, "\x9f\x38"), t.own, fci);
  if (data === null) return over(t, TapOutcome.OtherCard);
  return sendData(t, TapStep.Options, GET_OPTIONS, tlv("\0\x83", data));
}

/** Sets what the chosen application asks the card with. */
function setQualifiers(t: Tap): void {
  const isNeeded = needsCvm(t);
  let able = t.params.substr(6, 3);
  t.own = withOwn(t.own, "\x9f\x09", t.params.substr(t.apps[t.at] + 13, 2));
  if (kernelOf(t) === Kernel.Two) {
    // 9F33 byte 2: below the limit the terminal has no method but "none".
    if (!isNeeded) able = able.substr(0, 1) + "\x08" + able.substr(2);
  } else {
    // 9F66 byte 2: bit 8 wants an online cryptogram, bit 7 a verification.
    const ttq = qualifiersOf(t);
    const wishes = String.fromCharCode((ttq.charCodeAt(1) & 0x3f) | (isNeeded ? 0xc0 : 0x80));
    t.own = withOwn(t.own, "\x9f\x66", ttq.substr(0, 1) + wishes + ttq.substr(2));
  }
  t.own = withOwn(t.own, "\x9f\x33", able);
}
