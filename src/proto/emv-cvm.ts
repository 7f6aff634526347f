/**
 * How the cardholder is verified, for a terminal with online PIN and without signatures.
 *
 * Kernels 3 and 7: qualifiers of the terminal (9F66) and of the card (9F6C), EMV Contactless Book C-3 section 5.7. Kernel 2: the card's
 * list of methods (8E), EMV 4.3 Book 3 section 10.5 and annex C3, and on-device verification, Book C-2.
 */
import { Cvm, Kernel, type Tap } from "./emv-tap";
import { fromBigEndian } from "./bytes";
import { setValue, valueOf } from "./tlv";

const TTQ = 0x9f66;
const CTQ = 0x9f6c;
const METHODS = 0x8e;
const CVM_RESULTS = 0x9f34;
const AIP = 0x82;
/** 9F66 byte 1 bit 3. */
const ONLINE_PIN = 4;
/** 82 byte 1 bit 2: on-device verification. */
const ON_DEVICE = 2;

/** More than the limit. */
export function needsCvm(t: Tap): boolean {
  return t.amountMinor > t.apps[t.at].cvmLimitMinor;
}

/** Sets what the chosen application asks the card with. */
export function setQualifiers(t: Tap): void {
  const app = t.apps[t.at];
  const isNeeded = needsCvm(t);
  const able = valueOf(t.params.data, 0x9f33);
  setValue(t.own, 0x9f09, app.version);
  setValue(t.own, 0x9f33, able);
  if (app.kernel === Kernel.Two) {
    // 9F33 byte 2: below the limit the terminal has no method but "none".
    if (!isNeeded) setValue(t.own, 0x9f33, able.substr(0, 1) + "\x08" + able.substr(2));
    return;
  }
  // Byte 2: bit 8 wants an online cryptogram, bit 7 a verification.
  const wishes = String.fromCharCode((app.ttq.charCodeAt(1) & 0x3f) | (isNeeded ? 0xc0 : 0x80));
  setValue(t.own, TTQ, app.ttq.substr(0, 1) + wishes + app.ttq.substr(2));
}

/** Kernels 3 and 7, when the card's answer is complete. False: what is wanted cannot be had. */
export function chooseByQualifiers(t: Tap): boolean {
  const ctq = valueOf(t.card, CTQ);
  const ttq = t.apps[t.at].ttq;
  const wants = ctq.length === 2 ? ctq.charCodeAt(0) : 0;
  const did = ctq.length === 2 ? ctq.charCodeAt(1) : 0;
  t.cvm = Cvm.None;
  if (!(wants & 0x80)) {
    // Bit 8 of the card's second byte: done on the phone. Bit 7 of the terminal's third: it takes that.
    if (did & 0x80 && ttq.charCodeAt(2) & 0x40) {
      t.cvm = Cvm.OnDevice;
      return true;
    }
    if (!needsCvm(t)) return true;
  }
  t.cvm = Cvm.OnlinePin;
  return (ttq.charCodeAt(0) & ONLINE_PIN) > 0;
}

/** Kernel 2, before GENERATE AC: its data carry the result. False: what is wanted cannot be had. */
export function chooseByList(t: Tap): boolean {
  t.cvm = Cvm.None;
  if (!needsCvm(t)) {
    setValue(t.own, CVM_RESULTS, "\x3f\0\x02");
    return true;
  }
  if (valueOf(t.card, AIP).charCodeAt(0) & ON_DEVICE) {
    t.cvm = Cvm.OnDevice;
    setValue(t.own, CVM_RESULTS, "\x01\0\x02");
    return true;
  }
  const list = valueOf(t.card, METHODS);
  for (let at = 8; at + 1 < list.length; at += 2) {
    const rule = list.charCodeAt(at);
    const condition = list.charCodeAt(at + 1);
    const method = rule & 0x3f;
    if (!isMet(t, list, condition)) continue;
    if (method === 2) {
      t.cvm = Cvm.OnlinePin;
      // TVR byte 3 bit 3: online PIN entered.
      setValue(t.own, 0x95, "\0\0\x04\0\0");
      setValue(t.own, CVM_RESULTS, String.fromCharCode(rule, condition, 0));
      return true;
    }
    // Bit 7: go on with the next rule when this one cannot be done. "No CVM" is none above the limit.
    if (!(rule & 0x40)) return false;
  }
  return false;
}

/** Annex C3, condition codes: always; if the terminal can; amount under or over X or Y in the application's currency. */
function isMet(t: Tap, list: string, condition: number): boolean {
  if (condition === 0 || condition === 3) return true;
  if (condition < 6 || condition > 9 || valueOf(t.card, 0x9f42) !== valueOf(t.own, 0x5f2a)) return false;
  const bound = fromBigEndian(list, condition < 8 ? 0 : 4, 4);
  return condition & 1 ? t.amountMinor > bound : t.amountMinor < bound;
}
