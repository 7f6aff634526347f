/**
 * What an application says: processing options and records. EMV Contactless Books C-2, C-3, C-7, and EMV 4.3 Book 3 sections 6.5 and 10.2.
 */
import { kernelOf } from "./emv-app";
import { nextCandidate } from "./emv-next";
import { over, send } from "./emv-send";
import { Kernel, type Tap, TapOutcome, TapStep } from "./emv-tap";
import { noTlvs, readTemplate, readTlvs, type Tlvs, valueOf } from "./tlv";
import { setValue } from "./tlv-write";

const DONE = 0x9000;
const AIP = "\0\x82";
const AFL = "\0\x94";
const CRYPTOGRAM = "\x9f\x26";

/** Takes the answer to the options or to READ RECORD. */
export function onStep(t: Tap, status: number, body: string): TapOutcome {
  if (t.step === TapStep.Options) return onOptions(t, status, body);
  if (status !== DONE) return over(t, TapOutcome.OtherCard);
  if (!readTemplate(t.card, body, "\0\x70", "")) return over(t, TapOutcome.OtherCard);
  t.record++;
  return nextRecord(t);
}

function onOptions(t: Tap, status: number, body: string): TapOutcome {
  // Books C-3 and C-7: 6984 and 6985 say "another application", 6986 "see phone".
  if (status === 0x6984 || status === 0x6985) return nextCandidate(t);
  if (status === 0x6986) return over(t, TapOutcome.SeePhone);
  const card = t.card;
  if (status !== DONE || !readOptions(card, body)) return over(t, TapOutcome.OtherCard);
  const aip = valueOf(card, AIP);
  t.afl = valueOf(card, AFL);
  if (aip.length !== 2 || !isAfl(t.afl)) return over(t, TapOutcome.OtherCard);
  // Kernel 2, AIP byte 2 bit 8: the card knows EMV mode. Kernel 3: a card in magstripe mode sends no cryptogram here.
  const hasCryptogram = valueOf(card, CRYPTOGRAM).length === 8;
  const isEmv = kernelOf(t) === Kernel.Two ? (aip.charCodeAt(1) & 0x80) > 0 && !hasCryptogram : hasCryptogram;
  if (!isEmv) return over(t, TapOutcome.NoMagstripe);
  t.record = t.afl.charCodeAt(1);
  return nextRecord(t);
}

/** Format 1: AIP and AFL without tags. */
function readOptions(card: Tlvs, body: string): boolean {
  if (readTemplate(card, body, "\0\x77", "")) return true;
  const list = noTlvs();
  if (!readTlvs(list, body, "") || list.tags !== "\0\x80" || list.values[0].length < 2) return false;
  setValue(card, AIP, list.values[0].substr(0, 2));
  setValue(card, AFL, list.values[0].substr(2));
  return true;
}

/** Book 3 section 10.2: file, first and last record, how many of them are signed. Empty is fine here. */
function isAfl(afl: string): boolean {
  for (let at = 0; at < afl.length; at += 4) {
    const file = afl.charCodeAt(at);
    const first = afl.charCodeAt(at + 1);
    if (file & 7 || file < 8 || file > 240 || first === 0 || !(afl.charCodeAt(at + 2) >= first)) return false;
  }
  return afl.length % 4 === 0;
}

/** Kernels 3 and 7 read only until track 2 is there: most cards send it with the options, and the tap is over sooner. */
function nextRecord(t: Tap): TapOutcome {
  const isKernel2 = kernelOf(t) === Kernel.Two;
  while (t.afl !== "" && t.record > t.afl.charCodeAt(2)) {
    t.afl = t.afl.substr(4);
    t.record = t.afl.charCodeAt(1);
  }
  if (t.afl === "" || (!isKernel2 && valueOf(t.card, "\0\x57") !== ""))
    return isKernel2 ? send(t, TapStep.Ask, "") : over(t, TapOutcome.Complete);
  return send(t, TapStep.Records, "\x00\xb2" + String.fromCharCode(t.record, t.afl.charCodeAt(0) | 4) + "\0");
}
