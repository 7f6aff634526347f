/**
 * Kernel 2 asks for its cryptogram when all records are read: EMV 4.3 Book 3 section 6.5.5. Who is to be verified, and how, stands in the data
 * that it sends: the card's list of methods (8E), Book 3 section 10.5 and annex C3, and on-device verification, Book C-2.
 */
import { fromBigEndian } from "./bytes";
import { fillDol } from "./dol";
import { DONE_ON_DEVICE, needsCvm, NO_CVM } from "./emv-app";
import { sendData } from "./emv-next";
import { withOwn } from "./emv-own";
import { over } from "./emv-send";
import { Cvm, type Tap, TapOutcome, TapStep } from "./emv-tap";
import { valueOf } from "./tlv";

/** P1: ARQC wanted, no CDA. */
const GENERATE_AC = "\x80\xae\x80\x00";
const CVM_RESULTS = "\x9f\x34";
/** 82 byte 1 bit 2: on-device verification. */
const ON_DEVICE = 2;

/** All records are read: asks for the cryptogram. */
export function generateAc(t: Tap): TapOutcome {
  const wishes = valueOf(t.card, "\0\x8c");
  t.commandCount--;
  // A cryptogram from a record is an old one.
  if (wishes === "" || valueOf(t.card, "\x9f\x26") !== "") return over(t, TapOutcome.OtherCard);
  if (!chooseByList(t)) return over(t, TapOutcome.NotAccepted);
  const data = fillDol(wishes, t.own, t.card);
  if (data === null) return over(t, TapOutcome.OtherCard);
  return sendData(t, TapStep.Cryptogram, GENERATE_AC, data);
}

/** How the cardholder is verified. False: what is wanted cannot be had. */
function chooseByList(t: Tap): boolean {
  if (!needsCvm(t)) {
    t.own = withOwn(t.own, CVM_RESULTS, NO_CVM);
    return true;
  }
  if (valueOf(t.card, "\0\x82").charCodeAt(0) & ON_DEVICE) {
    t.cvm = Cvm.OnDevice;
    t.own = withOwn(t.own, CVM_RESULTS, DONE_ON_DEVICE);
    return true;
  }
  const list = valueOf(t.card, "\0\x8e");
  // 9F33 byte 2 bit 7.
  const takesPin = (t.params.charCodeAt(7) & 0x40) > 0;
  for (let at = 8; at + 1 < list.length; at += 2) {
    const rule = list.charCodeAt(at);
    const condition = list.charCodeAt(at + 1);
    if (!isMet(t, list, condition)) continue;
    if ((rule & 0x3f) === 2 && takesPin) {
      t.cvm = Cvm.OnlinePin;
      // TVR byte 3 bit 3: online PIN entered.
      t.own = withOwn(t.own, "\0\x95", "\0\0\x04\0\0");
      t.own = withOwn(t.own, CVM_RESULTS, String.fromCharCode(rule, condition, 0));
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
  if (condition < 6 || condition > 9 || valueOf(t.card, "\x9f\x42") !== t.own.substr(0, 2)) return false;
  const bound = fromBigEndian(list, condition < 8 ? 0 : 4, 4);
  return condition & 1 ? t.amountMinor > bound : t.amountMinor < bound;
}
