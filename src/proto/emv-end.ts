/**
 * What a card has told, once it may go: whether that is enough for an online request, how the cardholder is verified, and the data that the
 * issuer gets (field 55).
 *
 * Mandatory: track 2 equivalent data with PAN and expiry (57), AIP (82), ATC (9F36), cryptogram (9F26), its kind (9F27), issuer application data
 * (9F10). EMV 4.3 Book 3 annex A1 has lengths. PAN (5A) and expiry (5F24) may come besides and must say the same.
 *
 * Kernels 3 and 7 verify by the qualifiers of the terminal (9F66) and of the card (9F6C), EMV Contactless Book C-3 section 5.7.
 */
import { isDigits } from "./bytes";
import { unpackDigits } from "./emv-digits";
import { ownValue, withOwn } from "./emv-own";
import { over } from "./emv-send";
import { Cvm, Kernel, type Tap, TapOutcome } from "./emv-tap";
import { DONE_ON_DEVICE, kernelOf, needsCvm, NO_CVM, qualifiersOf } from "./emv-app";
import { parseTrack2 } from "./track";
import { noTlvs, readTemplate, readTlvs, type Tlvs, valueOf } from "./tlv";
import { setValue, tlv } from "./tlv-write";

const KIND = "\x9f\x27";
const ISSUED = "\x9f\x10";
const FORMAT_1 = "\0\x80";
const FORMAT_2 = "\0\x77";
/** 9F66 byte 1 bit 3. */
const ONLINE_PIN = 4;
/** Field 55 in its order: first all that is signed. Nothing in it names the card: PAN, track and expiry travel elsewhere. */
const SENT =
  "\x9f\x26\x9f\x27\x9f\x10\x9f\x37\x9f\x36\0\x95\0\x9a\0\x9c\x9f\x02\x5f\x2a\0\x82\x9f\x1a\x9f\x03\x9f\x34\x9f\x33" +
  "\x9f\x35\0\x84\x9f\x1e\x9f\x09\x9f\x6e";
/** What a sealed message has room for, with a PIN in it; all but 9F6E always fits. Acquirers take 255 bytes. */
const SENT_BYTES_MAX = 180;

/** After `Complete`: `Online`, or why not. Sets the tap's track 2. */
export function endTap(t: Tap): TapOutcome {
  const isKernel2 = kernelOf(t) === Kernel.Two;
  if (isKernel2 && !readCryptogram(t.card, t.part)) return over(t, TapOutcome.OtherCard);
  const outcome = judgeCard(t);
  return over(
    t,
    outcome === TapOutcome.Online && !isKernel2 && !chooseByQualifiers(t) ? TapOutcome.NotAccepted : outcome,
  );
}

/** The answer to GENERATE AC. Format 1: kind, ATC, cryptogram, issuer application data without tags. */
function readCryptogram(card: Tlvs, body: string): boolean {
  const list = noTlvs();
  if (!readTlvs(list, body, FORMAT_2) || list.tags !== FORMAT_1) return readTemplate(card, body, FORMAT_2, "");
  const all = list.values[0];
  return readTlvs(
    card,
    tlv(KIND, all.substr(0, 1)) +
      tlv("\x9f\x36", all.substr(1, 2)) +
      tlv("\x9f\x26", all.substr(3, 8)) +
      tlv(ISSUED, all.substr(11)),
    "",
  );
}

function judgeCard(t: Tap): TapOutcome {
  const card = t.card;
  const kind = kindOf(t);
  const sequence = unpackDigits(valueOf(card, "\x5f\x34"));
  const issuedBytes = valueOf(card, ISSUED).length;
  const isWhole =
    kind >= 0 &&
    valueOf(card, "\x9f\x26").length === 8 &&
    valueOf(card, "\0\x82").length === 2 &&
    valueOf(card, "\x9f\x36").length === 2 &&
    // Book 3 annex A1: up to 32 bytes; the CVR ends with the seventh. PAN sequence number: none, or two digits.
    issuedBytes >= 7 &&
    issuedBytes <= 32 &&
    (valueOf(card, "\x5f\x34") === "" || (sequence.length === 2 && isDigits(sequence)));
  if (!isWhole) return TapOutcome.OtherCard;
  // An offline approval is nothing that an online-only terminal asked for.
  if (kind !== 0x80) return TapOutcome.NotAccepted;

  const text = ";" + unpackDigits(valueOf(card, "\0\x57")) + "?";
  const track = parseTrack2(text);
  if (!track) return TapOutcome.OtherCard;
  const pan = valueOf(card, "\0\x5a");
  const expiry = valueOf(card, "\x5f\x24");
  if (pan !== "" && unpackDigits(pan) !== track.pan) return TapOutcome.OtherCard;
  if (expiry !== "" && (expiry.length !== 3 || unpackDigits(expiry).substr(0, 4) !== track.expiry))
    return TapOutcome.OtherCard;
  if (track.expiry < unpackDigits(ownValue(t.own, "\0\x9a")).substr(0, 4)) return TapOutcome.Expired;
  t.track2 = text;
  return TapOutcome.Online;
}

/**
 * 80h ARQC, 40h TC, 0 AAC, -1 for none of them. Kernel 3 lets a card leave 9F27 out and say the same in its CVR (VIS 1.5 appendix D:
 * 9F10 byte 5, bits 6 and 5: 10b ARQC, 01b TC).
 */
function kindOf(t: Tap): number {
  let kind = valueOf(t.card, KIND);
  const issued = valueOf(t.card, ISSUED);
  if (kind === "" && issued.length >= 7 && kernelOf(t) !== Kernel.Two) {
    kind = String.fromCharCode((issued.charCodeAt(4) & 0x30) << 2);
    setValue(t.card, KIND, kind);
  }
  if (kind.length !== 1) return -1;
  const top = kind.charCodeAt(0) & 0xc0;
  return top === 0xc0 ? -1 : top;
}

/** False: what is wanted cannot be had. */
function chooseByQualifiers(t: Tap): boolean {
  const ctq = valueOf(t.card, "\x9f\x6c");
  const ttq = qualifiersOf(t);
  const wants = ctq.length === 2 ? ctq.charCodeAt(0) : 0;
  const did = ctq.length === 2 ? ctq.charCodeAt(1) : 0;
  let results = NO_CVM;
  if (!(wants & 0x80) && did & 0x80 && ttq.charCodeAt(2) & 0x40) {
    // Bit 8 of the card's second byte: done on the phone. Bit 7 of the terminal's third: it takes that.
    t.cvm = Cvm.OnDevice;
    results = DONE_ON_DEVICE;
  } else if (wants & 0x80 || needsCvm(t)) {
    t.cvm = Cvm.OnlinePin;
    results = "\x02\0\0";
  }
  t.own = withOwn(t.own, "\x9f\x34", results);
  return t.cvm !== Cvm.OnlinePin || (ttq.charCodeAt(0) & ONLINE_PIN) > 0;
}

/** Field 55 of an online request; what does not fit any more is left out. */
export function chipData(t: Tap): string {
  let out = "";
  for (let i = 0; i < SENT.length; i += 2) {
    const tag = SENT.substr(i, 2);
    const value = ownValue(t.own, tag) || (tag === "\0\x84" ? t.aids[t.at] : valueOf(t.card, tag));
    const object = value === "" ? "" : tlv(tag, value);
    if (out.length + object.length <= SENT_BYTES_MAX) out += object;
  }
  return out;
}
