/**
 * The issuer's part of EMV: keys of a card and of a transaction, the check of an ARQC, the ARPC.
 *
 * EMV 4.3 Book 2: A1.4.1 master key derivation, option A; A1.3.1 common session key derivation; A1.2.1 MAC (ISO/IEC 9797-1
 * algorithm 3); 8.2 ARPC methods 1 and 2. The cryptogram versions are Visa's: 10 (0Ah: the card's own key, padded with zeros) and 18
 * (12h: a session key, the whole issuer application data, padded with 80h). The keys are test keys.
 */
import { createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";
import { noTlvs, readTlvs, tagOf, valueOf } from "../proto/tlv";

const BLOCK = 8;

function cipher(key: Uint8Array, data: Uint8Array): Buffer {
  const made = createCipheriv("des-ede3", Buffer.concat([key, key]).subarray(0, 24), null).setAutoPadding(false);
  return Buffer.concat([made.update(data), made.final()]);
}

function decipher(key: Uint8Array, data: Uint8Array): Buffer {
  const made = createDecipheriv("des-ede3", Buffer.concat([key, key]).subarray(0, 24), null).setAutoPadding(false);
  return Buffer.concat([made.update(data), made.final()]);
}

/** Single DES is triple DES with one key three times. */
const single = (key: Uint8Array) => Buffer.concat([key, key, key]);
const xor = (a: Uint8Array, b: Uint8Array) => Buffer.from(a.map((byte, at) => byte ^ (b[at] as number)));

/**
 * The key of one card: option A, from the right 16 digits of PAN and sequence number ("00" when the card has none). A PAN of 16 digits
 * loses its first two there, so an issuer key is for cards of one number range, and the PAN must be one that the issuer knows.
 */
export function cardKey(issuerKey: Uint8Array, pan: string, sequence: string): Buffer {
  const left = Buffer.from((pan + sequence).padStart(16, "0").slice(-16), "hex");
  return cipher(issuerKey, Buffer.concat([left, left.map((byte) => byte ^ 255)]));
}

/** The key of one transaction: `diversifier` has 8 bytes, the ATC and zeros for an application cryptogram. */
export function sessionKey(key: Uint8Array, diversifier: Uint8Array): Buffer {
  const half = (mark: number) => Buffer.concat([diversifier.subarray(0, 2), Buffer.of(mark), diversifier.subarray(3)]);
  return cipher(key, Buffer.concat([half(0xf0), half(0x0f)]));
}

/** With `marker` 80h goes behind the data before the zeros do; without, whole blocks stay as they are. */
export function mac(key: Uint8Array, data: Uint8Array, marker: boolean): Buffer {
  const marked = marker ? Buffer.concat([data, Buffer.of(0x80)]) : data;
  const padded = Buffer.concat([marked, Buffer.alloc((BLOCK - (marked.length % BLOCK)) % BLOCK)]);
  const left = single(key.subarray(0, BLOCK));
  let block: Buffer = Buffer.alloc(BLOCK);
  for (let at = 0; at < padded.length; at += BLOCK) block = cipher(left, xor(block, padded.subarray(at, at + BLOCK)));
  return cipher(left, decipher(single(key.subarray(BLOCK)), block));
}

/** Method 1: over a response code of two characters. */
export function arpc1(key: Uint8Array, arqc: Uint8Array, responseCode: string): Buffer {
  return cipher(key, xor(arqc, Buffer.concat([Buffer.from(responseCode, "latin1"), Buffer.alloc(6)])));
}

/** Method 2: over the card status update (4 bytes) and up to 8 bytes of the issuer's own. */
export function arpc2(key: Uint8Array, arqc: Uint8Array, update: Uint8Array, own: Uint8Array): Buffer {
  return mac(key, Buffer.concat([arqc, update, own]), true).subarray(0, 4);
}

export interface ChipSale {
  issuerKey: Uint8Array;
  pan: string;
  /** As the message has it, "001"; "" when the card has none. */
  sequence: string;
  /** Field 55. */
  chip: Uint8Array;
  /** What the message says outside of the chip data, which must be the same in it. */
  amountMinor: number;
  currency: string;
  /** The highest ATC of this card so far, -1 for none. Whoever accepts a sale keeps its ATC in the same database transaction. */
  lastAtc: number;
}

/** Why a cryptogram was refused, or that it is good. */
export type Verdict =
  | "valid"
  | "malformed"
  | "not an ARQC"
  | "amount or currency differ"
  | "unknown version"
  | "wrong cryptogram"
  | "replayed";

export interface Verified {
  verdict: Verdict;
  /** -1 when there is none. */
  atc: number;
  /** Issuer authentication data (tag 91) for this response code; empty unless valid. */
  issuerData: (responseCode: string) => Buffer;
}

/** What both versions sign, before the issuer's application data: tags and their bytes. */
const SIGNED = [
  [0x9f02, 6],
  [0x9f03, 6],
  [0x9f1a, 2],
  [0x95, 5],
  [0x5f2a, 2],
  [0x9a, 3],
  [0x9c, 1],
  [0x9f37, 4],
  [0x82, 2],
  [0x9f36, 2],
] as const;
/** In the issuer application data: length, key index, version, length of the CVR, CVR (VIS 1.5 appendix D). */
const AT = { version: 2, cvr: 3 };
const CVR_BYTES = 4;

const refused = (verdict: Verdict, atc = -1): Verified => ({ verdict, atc, issuerData: () => Buffer.alloc(0) });

/** Card status update that says "approved" or not (CCD, Book 3 annex C: byte 2 bit 8). */
const statusUpdate = (responseCode: string) => Buffer.of(0, responseCode === "00" ? 0x80 : 0, 0, 0);

/** Checks that the card with this PAN, and no other, signed this sale, and did so now. */
export function verifyArqc(sale: ChipSale): Verified {
  const list = noTlvs();
  if (!readTlvs(list, Buffer.from(sale.chip).toString("latin1"), "")) return refused("malformed");
  const bytes = (tag: number) => Buffer.from(valueOf(list, tagOf(tag)), "latin1");
  const [arqc, info, issued] = [bytes(0x9f26), bytes(0x9f27), bytes(0x9f10)];
  const isWhole = SIGNED.every(([tag, count]) => bytes(tag).length === count);
  if (!isWhole || arqc.length !== BLOCK || info.length !== 1 || issued.length < AT.cvr + CVR_BYTES) {
    return refused("malformed");
  }
  const atc = bytes(0x9f36).readUInt16BE();
  if (((info[0] as number) & 0xc0) !== 0x80) return refused("not an ARQC", atc);
  const isSame =
    bytes(0x9f02).toString("hex") === String(sale.amountMinor).padStart(12, "0") &&
    bytes(0x5f2a).toString("hex") === sale.currency.padStart(4, "0");
  if (!isSame) return refused("amount or currency differ", atc);

  const version = issued[AT.version];
  if (version !== 0x0a && version !== 0x12) return refused("unknown version", atc);
  const isSession = version === 0x12;
  const own = cardKey(sale.issuerKey, sale.pan, (sale.sequence || "0").slice(-2).padStart(2, "0"));
  const key = isSession ? sessionKey(own, Buffer.concat([bytes(0x9f36), Buffer.alloc(6)])) : own;
  const tail = isSession ? issued : issued.subarray(AT.cvr, AT.cvr + CVR_BYTES);
  const signed = Buffer.concat([...SIGNED.map(([tag]) => bytes(tag)), tail]);
  if (!timingSafeEqual(mac(key, signed, isSession), arqc)) return refused("wrong cryptogram", atc);
  if (atc <= sale.lastAtc) return refused("replayed", atc);
  const issuerData = (responseCode: string) => {
    if (!isSession) return Buffer.concat([arpc1(key, arqc, responseCode), Buffer.from(responseCode, "latin1")]);
    const update = statusUpdate(responseCode);
    return Buffer.concat([arpc2(key, arqc, update, Buffer.alloc(0)), update]);
  };
  return { verdict: "valid", atc, issuerData };
}
