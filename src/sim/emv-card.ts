/**
 * A payment card as a terminal meets it, APDU by APDU: directory, application, processing options, records, cryptogram. What it is comes
 * from a JSON file (`test/cards`); the key in it is a test key, and the cryptograms are real ones.
 *
 * Written from EMV 4.3 Books 1 to 3 and VIS 1.5 appendix D, apart from the firmware and the host on purpose.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";

/** Bytes are in hexadecimal. */
export interface EmvCardData {
  name: string;
  aid: string;
  label: string;
  priority: number;
  /** The cryptogram comes with the processing options, or after the records by GENERATE AC. */
  style: "options" | "generate";
  pan: string;
  /** YYMM. */
  expiry: string;
  serviceCode: string;
  /** Two digits. */
  sequence: string;
  /** The card's own key for cryptograms. */
  key: string;
  /** Cryptogram version 10 or 18. */
  version: number;
  /** Transactions so far. */
  atc: number;
  aip: string;
  /** What it wants: with the options, and for GENERATE AC. */
  pdol: string;
  cdol?: string;
  /** Cardholder verification methods of a card that is asked for a list. */
  methods?: string;
  /** Wants a PIN whenever the terminal wants a verification, or always. */
  pin?: "asked" | "always";
  /** A phone: its owner has consented, or will be asked first. */
  phone?: "consented" | "locked";
  /** Track 2 is in a record and not with the options. */
  hasTrackInRecord?: boolean;
  isBlocked?: boolean;
  refusesOverMinor?: number;
}

const PPSE = Buffer.from("2PAY.SYS.DDF01");
const status = (code: number) => Buffer.of(code >> 8, code & 255);
const hexOf = (data: Uint8Array) => Buffer.from(data).toString("hex").toUpperCase();

function object(tag: string, value: string | Uint8Array): Buffer {
  const body = typeof value === "string" ? Buffer.from(value, "hex") : Buffer.from(value);
  const length = body.length < 128 ? [body.length] : [0x81, body.length];
  return Buffer.concat([Buffer.from(tag, "hex"), Buffer.from(length), body]);
}

/** Tags and lengths of a list of wishes. Cards are trusted to hold good ones. */
function wishes(list: string): { tag: string; count: number }[] {
  const codes = Buffer.from(list, "hex");
  const found: { tag: string; count: number }[] = [];
  for (let at = 0; at < codes.length; at++) {
    const start = at;
    if (((codes[at] as number) & 31) === 31)
      do at++;
      while ((codes[at] as number) & 128);
    at++;
    found.push({ tag: hexOf(codes.subarray(start, at)), count: codes[at] as number });
  }
  return found;
}

function tripleDes(key: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv("des-ede3", Buffer.concat([key, key.subarray(0, 8)]), null).setAutoPadding(false);
  return cipher.update(data);
}

/** ISO/IEC 9797-1 algorithm 3: DES chained under the left half, the last block once more through the right and the left one. */
function retailMac(key: Buffer, data: Buffer): Buffer {
  const [left, right] = [key.subarray(0, 8), key.subarray(8)];
  const chain = createCipheriv("des-ede3-cbc", Buffer.concat([left, left, left]), Buffer.alloc(8));
  const last = chain.setAutoPadding(false).update(data).subarray(-8);
  const back = createDecipheriv("des-ede3", Buffer.concat([right, right, right]), null).setAutoPadding(false);
  return tripleDes(Buffer.concat([left, left]), Buffer.concat([back.update(last), back.final()]));
}

export class EmvCard {
  private isSelected = false;
  private hasOptions = false;
  private atc: number;

  constructor(readonly data: EmvCardData) {
    this.atc = data.atc;
  }

  static fromFile(file: string): EmvCard {
    return new EmvCard(JSON.parse(readFileSync(file, "utf8")) as EmvCardData);
  }

  /** Out of the field: all but the counter is forgotten. */
  reset(): void {
    this.isSelected = false;
    this.hasOptions = false;
  }

  /** Byte strings, as they go over the air. */
  exchange(apdu: string): string {
    const bytes = Buffer.from(apdu, "latin1");
    return this.answer(bytes).toString("latin1");
  }

  private answer(apdu: Buffer): Buffer {
    if (apdu.length < 5) return status(0x6700);
    const data = apdu.subarray(5, 5 + (apdu[4] as number));
    switch (hexOf(apdu.subarray(0, 2))) {
      case "00A4":
        return this.select(data);
      case "80A8":
        return this.isSelected ? this.options(data) : status(0x6985);
      case "00B2":
        return this.record(apdu[2] as number, apdu[3] as number);
      case "80AE":
        return this.generate(apdu[2] as number, data);
      default:
        return status(0x6d00);
    }
  }

  private select(name: Buffer): Buffer {
    const { aid, label, priority, pdol, isBlocked } = this.data;
    this.reset();
    const shown = Buffer.concat([object("50", Buffer.from(label)), object("87", Buffer.of(priority))]);
    if (name.equals(PPSE)) {
      const directory = object("BF0C", object("61", Buffer.concat([object("4F", aid), shown])));
      return this.file(PPSE, directory);
    }
    if (name.length < 5 || !aid.startsWith(hexOf(name))) return status(0x6a82);
    if (isBlocked) return status(0x6283);
    this.isSelected = true;
    return this.file(Buffer.from(aid, "hex"), Buffer.concat([shown, pdol ? object("9F38", pdol) : Buffer.alloc(0)]));
  }

  private file(name: Buffer, content: Buffer): Buffer {
    return Buffer.concat([object("6F", Buffer.concat([object("84", name), object("A5", content)])), status(0x9000)]);
  }

  private options(data: Buffer): Buffer {
    const list = wishes(this.data.pdol);
    const wanted = list.reduce((sum, { count }) => sum + count, 0);
    if (data[0] !== 0x83 || data.length !== (wanted < 128 ? 2 : 3) + wanted) return status(0x6a80);
    const given = this.take(list, data.subarray(data.length - wanted));
    const asksForCvm = ((given.get("9F66")?.[1] ?? 0) & 0x40) > 0;
    if (this.data.phone === "locked" && asksForCvm) return status(0x6986);
    this.atc++;
    this.hasOptions = true;
    const { aip, style, hasTrackInRecord } = this.data;
    const start = object("82", aip);
    const files = object("94", style === "generate" ? "0801010010010100" : "08010100");
    if (style === "generate") return this.template("77", [start, files]);
    const track = hasTrackInRecord ? [files] : [object("57", this.track())];
    const qualifiers = Buffer.of(this.wantsPin(asksForCvm) ? 0x80 : 0, this.data.phone === "consented" ? 0x80 : 0);
    return this.template("77", [
      start,
      ...track,
      object("5F34", this.data.sequence),
      ...this.cryptogram(given, true),
      object("9F6C", qualifiers),
    ]);
  }

  private wantsPin(asksForCvm: boolean): boolean {
    return this.data.pin === "always" || (this.data.pin === "asked" && asksForCvm);
  }

  /** ISO/IEC 7813, packed: D separates, F fills. */
  private track(): string {
    const digits = `${this.data.pan}D${this.data.expiry}${this.data.serviceCode}00000000`;
    return digits.length % 2 ? `${digits}F` : digits;
  }

  private record(number: number, place: number): Buffer {
    if (!this.hasOptions) return status(0x6985);
    const { pan, expiry, sequence, style, cdol = "", methods } = this.data;
    const last = object("5F24", `${expiry}28`);
    if (number !== 1) return status(0x6a83);
    if (place === 0x0c && style === "options") return this.template("70", [object("57", this.track()), last]);
    if (style === "options") return status(0x6a82);
    const account = object("5A", pan.length % 2 ? `${pan}F` : pan);
    if (place === 0x0c) return this.template("70", [object("57", this.track()), account, last]);
    if (place !== 0x14) return status(0x6a82);
    const list = methods ? [object("8E", methods)] : [];
    return this.template("70", [object("5F34", sequence), object("8C", cdol), ...list]);
  }

  private generate(kind: number, data: Buffer): Buffer {
    const list = wishes(this.data.cdol ?? "");
    if (!this.hasOptions || this.data.style !== "generate") return status(0x6985);
    if (data.length !== list.reduce((sum, { count }) => sum + count, 0)) return status(0x6700);
    this.hasOptions = false;
    return this.template("77", this.cryptogram(this.take(list, data), (kind & 0xc0) === 0x80));
  }

  private take(list: { tag: string; count: number }[], data: Buffer): Map<string, Buffer> {
    const given = new Map<string, Buffer>();
    let at = 0;
    for (const { tag, count } of list) {
      given.set(tag, data.subarray(at, at + count));
      at += count;
    }
    return given;
  }

  private cryptogram(given: Map<string, Buffer>, isOnline: boolean): Buffer[] {
    const { aip, version, refusesOverMinor = Infinity } = this.data;
    const amount = given.get("9F02") ?? Buffer.alloc(6);
    const isRequest = isOnline && parseInt(amount.toString("hex"), 10) <= refusesOverMinor;
    const atc = Buffer.of(this.atc >> 8, this.atc & 255);
    const results = Buffer.of(3, isRequest ? 0xa0 : 0x80, 0, 0);
    const issued = Buffer.concat([Buffer.of(6, 1, version), results]);
    const terminal = [amount, ...["9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37"].map((tag) => given.get(tag))];
    const signed = [...terminal.map((each) => each ?? Buffer.alloc(0)), Buffer.from(aip, "hex"), atc];
    let key: Buffer = Buffer.from(this.data.key, "hex");
    if (version === 18) {
      const half = (mark: number) => Buffer.concat([atc, Buffer.of(mark), Buffer.alloc(5)]);
      key = tripleDes(key, Buffer.concat([half(0xf0), half(0x0f)]));
      signed.push(issued, Buffer.of(0x80));
    } else signed.push(results);
    const text = Buffer.concat(signed);
    const mac = retailMac(key, Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8)]));
    return [
      object("9F27", Buffer.of(isRequest ? 0x80 : 0)),
      object("9F36", atc),
      object("9F26", mac),
      object("9F10", issued),
    ];
  }

  private template(tag: string, objects: Buffer[]): Buffer {
    return Buffer.concat([object(tag, Buffer.concat(objects)), status(0x9000)]);
  }
}
