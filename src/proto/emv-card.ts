/**
 * What a card has told: whether it is enough for an online request, and the data that the issuer gets (field 55).
 *
 * Mandatory: track 2 equivalent data with PAN and expiry (57), AIP (82), ATC (9F36), cryptogram (9F26), its kind (9F27), issuer application data
 * (9F10). EMV 4.3 Book 3 annex A1 has lengths. PAN (5A) and expiry (5F24) may come besides and must say the same.
 */
import { Kernel, type Tap, TapOutcome } from "./emv-tap";
import { fromBigEndian } from "./bytes";
import { parseTrack2 } from "./track";
import { setValue, tlv, valueOf } from "./tlv";

const KIND = 0x9f27;
const ISSUED = 0x9f10;
/** Nibbles of track 2 equivalent data: D separates, F fills. */
const NIBBLES = "0123456789???=?F";
/** Field 55 in its order. Nothing in it names the card: PAN, track and expiry travel elsewhere. */
const SENT = [
  0x9f26, 0x9f27, 0x9f10, 0x9f37, 0x9f36, 0x95, 0x9a, 0x9c, 0x9f02, 0x5f2a, 0x82, 0x9f1a, 0x9f03, 0x9f33, 0x9f34,
  0x9f35, 0x9f1e, 0x84, 0x9f09, 0x9f6e,
];
/** ISO 8583 field 55 has three digits of length; acquirers take 255 bytes. */
const SENT_BYTES_MAX = 255;

/** The card gave a cryptogram; other data may still be missing. */
export function hasCryptogram(t: Tap): boolean {
  return valueOf(t.card, 0x9f26).length === 8;
}

/** Digits of packed BCD, fillers at the end left out. */
export function unpackDigits(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    out += NIBBLES.charAt(code >> 4) + NIBBLES.charAt(code & 15);
  }
  let end = out.length;
  while (end > 0 && out.charAt(end - 1) === "F") end--;
  return out.substr(0, end);
}

/** Digits, an even count of them, as packed BCD. */
export function packDigits(digits: string): string {
  let out = "";
  for (let i = 0; i < digits.length; i += 2) {
    out += String.fromCharCode((digits.charCodeAt(i) - 48) * 16 + digits.charCodeAt(i + 1) - 48);
  }
  return out;
}

/** `Online` when all is there and in order; otherwise why not. Sets the tap's track 2. */
export function judgeCard(t: Tap): TapOutcome {
  const kind = kindOf(t);
  if (kind < 0) return TapOutcome.OtherCard;
  const isWhole =
    hasCryptogram(t) &&
    valueOf(t.card, 0x82).length === 2 &&
    valueOf(t.card, 0x9f36).length === 2 &&
    isIssued(valueOf(t.card, ISSUED)) &&
    valueOf(t.card, 0x5f34).length < 2;
  if (!isWhole) return TapOutcome.OtherCard;
  // An offline approval is nothing that an online-only terminal asked for.
  if (kind !== 0x80) return TapOutcome.NotAccepted;

  const text = ";" + unpackDigits(valueOf(t.card, 0x57)) + "?";
  const track = parseTrack2(text);
  if (!track) return TapOutcome.OtherCard;
  const pan = valueOf(t.card, 0x5a);
  const expiry = valueOf(t.card, 0x5f24);
  if (pan !== "" && unpackDigits(pan) !== track.pan) return TapOutcome.OtherCard;
  if (expiry !== "" && (expiry.length !== 3 || unpackDigits(expiry).substr(0, 4) !== track.expiry)) {
    return TapOutcome.OtherCard;
  }
  if (track.expiry < unpackDigits(valueOf(t.own, 0x9a)).substr(0, 4)) return TapOutcome.Expired;
  t.track2 = text;
  return TapOutcome.Online;
}

/** Book 3 annex A1: up to 32 bytes; the CVR ends with the seventh. */
function isIssued(text: string): boolean {
  return text.length >= 7 && text.length <= 32;
}

/**
 * 80h ARQC, 40h TC, 0 AAC, -1 for none of them. Kernel 3 lets a card leave 9F27 out and say the same in its CVR (VIS 1.5 appendix D:
 * 9F10 byte 5, bits 6 and 5: 10b ARQC, 01b TC).
 */
function kindOf(t: Tap): number {
  let kind = valueOf(t.card, KIND);
  const issued = valueOf(t.card, ISSUED);
  if (kind === "" && isIssued(issued) && t.apps[t.at].kernel !== Kernel.Two) {
    kind = String.fromCharCode((issued.charCodeAt(4) & 0x30) << 2);
    setValue(t.card, KIND, kind);
  }
  if (kind.length !== 1) return -1;
  const top = fromBigEndian(kind, 0, 1) & 0xc0;
  return top === 0xc0 ? -1 : top;
}

/** Field 55 of an online request; "" when it grows too long. */
export function chipData(t: Tap): string {
  let out = "";
  for (let i = 0; i < SENT.length; i++) {
    const tag = SENT[i];
    let value = valueOf(t.own, tag);
    if (value === "") value = tag === 0x84 ? t.aids[t.at] : valueOf(t.card, tag);
    if (value !== "") out += tlv(tag, value);
  }
  return out.length > SENT_BYTES_MAX ? "" : out;
}
