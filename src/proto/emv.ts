/**
 * The contactless reading of a payment card for an online-only terminal: commands out, answers in, one at a time. Pure: who has the
 * card's ear sends what `nextCommand` says and hands the answer to `onAnswer`, until an outcome other than `None`.
 *
 * EMV Contactless Book B (entry point) chooses the application; kernel 2 (Book C-2) reads records and asks for a cryptogram, kernels 3 and 7
 * (Books C-3, C-7) get it with the processing options. Always asks for an ARQC; offline approvals, magstripe mode and offline data
 * authentication are not taken. After `CardLost`, `TryAgain` and `SeePhone` a new tap with a new unpredictable number begins.
 *
 * Bounds: `COMMANDS_MAX` commands a tap, `ANSWER_BYTES_MAX` an answer, and what a list of `tlv` holds. At the end of a tap that
 * is not `Online` all that the card told is forgotten.
 */
import { fromBigEndian, toDigits } from "./bytes";
import { fillDol } from "./dol";
import { readDirectory } from "./emv-app";
import { chipData, hasCryptogram, judgeCard, packDigits } from "./emv-card";
import { chooseByList, chooseByQualifiers, setQualifiers } from "./emv-cvm";
import { Kernel, makeTap, type Tap, TapOutcome, type TapParams, TapStep } from "./emv-tap";
import { noTlvs, readTemplate, readTlvs, setValue, tlv, type Tlvs, valueOf } from "./tlv";

/** The longest honest tap has 3 commands, 10 records and 2 GET RESPONSE; a hostile one ends here. */
const COMMANDS_MAX = 24;
/** As much as the reader's driver hands over. */
const ANSWER_BYTES_MAX = 1024;
const SELECT = "\x00\xa4\x04\x00";
const PPSE = "2PAY.SYS.DDF01";
const GET_RESPONSE = "\x00\xc0\x00\x00";
const GET_OPTIONS = "\x80\xa8\x00\x00";
/** P1: ARQC wanted, no CDA. */
const GENERATE_AC = "\x80\xae\x80\x00";
const DONE = 0x9000;
const AIP = 0x82;
const AFL = 0x94;
const FORMAT_1 = 0x80;
const FORMAT_2 = 0x77;

/** Begins a reading. `date` is YYMMDD in BCD; `unpredictable` are 4 fresh random bytes, never used for another reading. */
export function openTap(params: TapParams, amountMinor: number, date: string, unpredictable: string): Tap {
  const t = makeTap(params, amountMinor, packDigits(toDigits(amountMinor, 12)), date, unpredictable);
  send(t, TapStep.Ppse, withData(SELECT, PPSE));
  return t;
}

/** The C-APDU to send; "" when the reading is over. */
export function nextCommand(t: Tap): string {
  return t.command;
}

/** The card left the field: nothing was sent to anybody, so nothing is to be undone. */
export function onCardLost(t: Tap): TapOutcome {
  return t.step === TapStep.Over ? t.outcome : over(t, TapOutcome.CardLost);
}

/** Takes the R-APDU to the command. `None`: `nextCommand` has another. */
export function onAnswer(t: Tap, answer: string): TapOutcome {
  if (t.step === TapStep.Over) return t.outcome;
  const end = answer.length - 2;
  if (end < 0) return over(t, TapOutcome.TryAgain);
  const status = fromBigEndian(answer, end, 2);
  const body = t.part + answer.substr(0, end);
  if (body.length > ANSWER_BYTES_MAX) return over(t, TapOutcome.OtherCard);
  const kind = status >> 8;
  const count = String.fromCharCode(status & 255);
  if (kind === 0x61) {
    t.part = body;
    return send(t, t.step, GET_RESPONSE + count);
  }
  if (kind === 0x6c) {
    if (t.isRepeated) return over(t, TapOutcome.OtherCard);
    send(t, t.step, t.command.substr(0, t.command.length - 1) + count);
    t.isRepeated = true;
    return t.outcome;
  }
  t.part = "";
  if (t.step === TapStep.Ppse) return onDirectory(t, status, body);
  if (t.step === TapStep.Select) return onSelected(t, status, body);
  if (t.step === TapStep.Options) return onOptions(t, status, body);
  if (status !== DONE) return over(t, TapOutcome.OtherCard);
  return t.step === TapStep.Records ? onRecord(t, body) : onCryptogram(t, body);
}

function withData(header: string, data: string): string {
  return header + String.fromCharCode(data.length) + data + "\0";
}

function send(t: Tap, step: TapStep, command: string): TapOutcome {
  t.commandCount++;
  if (t.commandCount > COMMANDS_MAX) return over(t, TapOutcome.OtherCard);
  t.step = step;
  t.command = command;
  t.isRepeated = false;
  return TapOutcome.None;
}

function over(t: Tap, outcome: TapOutcome): TapOutcome {
  t.step = TapStep.Over;
  t.outcome = outcome;
  t.command = "";
  t.part = "";
  if (outcome !== TapOutcome.Online) {
    t.card = noTlvs();
    t.track2 = "";
  }
  return outcome;
}

function onDirectory(t: Tap, status: number, body: string): TapOutcome {
  if (status === 0x6a81) return over(t, TapOutcome.Blocked);
  if (status !== DONE || !readDirectory(t, body)) return over(t, TapOutcome.OtherCard);
  return nextCandidate(t);
}

function nextCandidate(t: Tap): TapOutcome {
  t.at++;
  if (t.at < t.aids.length) return send(t, TapStep.Select, withData(SELECT, t.aids[t.at]));
  if (t.sawBlocked) return over(t, TapOutcome.Blocked);
  return over(t, t.sawOverLimit ? TapOutcome.OverLimit : TapOutcome.OtherCard);
}

function onSelected(t: Tap, status: number, body: string): TapOutcome {
  // 6283: application blocked; 6A81: card blocked.
  if (status === 0x6283 || status === 0x6a81) t.sawBlocked = true;
  const fci = noTlvs();
  if (status !== DONE || !readTemplate(fci, body, 0x6f, 0) || valueOf(fci, 0x84) !== t.aids[t.at]) {
    return nextCandidate(t);
  }
  setQualifiers(t);
  const data = fillDol(valueOf(fci, 0x9f38), t.own, fci);
  if (data === null) return over(t, TapOutcome.OtherCard);
  return send(t, TapStep.Options, withData(GET_OPTIONS, tlv(0x83, data)));
}

function onOptions(t: Tap, status: number, body: string): TapOutcome {
  // Books C-3 and C-7: 6984 and 6985 say "another application", 6986 "see phone".
  if (status === 0x6984 || status === 0x6985) return nextCandidate(t);
  if (status === 0x6986) return over(t, TapOutcome.SeePhone);
  if (status !== DONE || !readOptions(t.card, body)) return over(t, TapOutcome.OtherCard);
  const aip = valueOf(t.card, AIP);
  t.afl = valueOf(t.card, AFL);
  if (aip.length !== 2 || !isAfl(t.afl)) return over(t, TapOutcome.OtherCard);
  const isKernel2 = t.apps[t.at].kernel === Kernel.Two;
  // Kernel 2, AIP byte 2 bit 8: the card knows EMV mode. Kernel 3: a card in magstripe mode sends no cryptogram here.
  const isEmv = isKernel2 ? (aip.charCodeAt(1) & 0x80) > 0 && !hasCryptogram(t) : hasCryptogram(t);
  if (!isEmv) return over(t, TapOutcome.NoMagstripe);
  t.record = t.afl.charCodeAt(1);
  return nextRecord(t);
}

/** Format 1: AIP and AFL without tags. */
function readOptions(card: Tlvs, body: string): boolean {
  if (readTemplate(card, body, FORMAT_2, 0)) return true;
  const list = noTlvs();
  if (!readTlvs(list, body, 0) || list.tags.length !== 1 || list.values[0].length < 2) return false;
  setValue(card, AIP, list.values[0].substr(0, 2));
  setValue(card, AFL, list.values[0].substr(2));
  return list.tags[0] === FORMAT_1;
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
  const isKernel2 = t.apps[t.at].kernel === Kernel.Two;
  while (t.afl !== "" && t.record > t.afl.charCodeAt(2)) {
    t.afl = t.afl.substr(4);
    t.record = t.afl.charCodeAt(1);
  }
  if (t.afl === "" || (!isKernel2 && valueOf(t.card, 0x57) !== "")) return isKernel2 ? generateAc(t) : finish(t);
  return send(t, TapStep.Records, "\x00\xb2" + String.fromCharCode(t.record, t.afl.charCodeAt(0) | 4) + "\0");
}

function onRecord(t: Tap, body: string): TapOutcome {
  if (!readTemplate(t.card, body, 0x70, 0)) return over(t, TapOutcome.OtherCard);
  t.record++;
  return nextRecord(t);
}

function generateAc(t: Tap): TapOutcome {
  const wishes = valueOf(t.card, 0x8c);
  // A cryptogram from a record is an old one.
  if (wishes === "" || valueOf(t.card, 0x9f26) !== "") return over(t, TapOutcome.OtherCard);
  if (!chooseByList(t)) return over(t, TapOutcome.NotAccepted);
  const data = fillDol(wishes, t.own, t.card);
  if (data === null) return over(t, TapOutcome.OtherCard);
  return send(t, TapStep.Cryptogram, withData(GENERATE_AC, data));
}

function onCryptogram(t: Tap, body: string): TapOutcome {
  let text = body;
  const list = noTlvs();
  // Format 1: kind, ATC, cryptogram, issuer application data without tags.
  if (readTlvs(list, body, FORMAT_2) && list.tags.length === 1 && list.tags[0] === FORMAT_1) {
    const all = list.values[0];
    const parts =
      tlv(0x9f27, all.substr(0, 1)) +
      tlv(0x9f36, all.substr(1, 2)) +
      tlv(0x9f26, all.substr(3, 8)) +
      tlv(0x9f10, all.substr(11));
    text = tlv(FORMAT_2, parts);
  }
  if (!readTemplate(t.card, text, FORMAT_2, 0)) return over(t, TapOutcome.OtherCard);
  return finish(t);
}

function finish(t: Tap): TapOutcome {
  const outcome = judgeCard(t);
  if (outcome !== TapOutcome.Online) return over(t, outcome);
  if (t.apps[t.at].kernel !== Kernel.Two && !chooseByQualifiers(t)) return over(t, TapOutcome.NotAccepted);
  return over(t, chipData(t) === "" ? TapOutcome.OtherCard : TapOutcome.Online);
}
