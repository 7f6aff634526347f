/**
 * A terminal for tests, written from the description of the link with tweetnacl alone: it shares no code with the firmware nor with
 * the host, so that a mistake of theirs shows.
 */
import nacl from "tweetnacl";

const { crypto_stream_salsa20_xor, crypto_core_hsalsa20 } = (
  nacl as unknown as {
    lowlevel: {
      crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, constant: Uint8Array): void;
      crypto_stream_salsa20_xor(
        out: Uint8Array,
        at: number,
        plain: Uint8Array,
        plainAt: number,
        byteCount: number,
        nonce: Uint8Array,
        key: Uint8Array,
      ): number;
    };
  }
).lowlevel;

/** To the host, to the terminal. */
type Direction = "Q" | "A";

export interface SealedRequest {
  counter: number;
  key: Uint8Array;
  /** Frame before base64. */
  bytes: Buffer;
  /** What goes over the link, line feed left out. */
  line: string;
}

export class TestTerminal {
  counter = 1;

  constructor(
    readonly tid: string,
    /** What the next step starts from. */
    public chain: Uint8Array,
  ) {}

  /** Seals with the next key; as an answer when `direction` says so. */
  seal(message: string, direction: Direction = "Q"): SealedRequest {
    const { counter, key } = this.step();
    const box = nacl.secretbox(Buffer.from(message, "latin1"), nonceOf(direction, this.tid, counter), key);
    const bytes = frameOf(this.tid, counter, box);
    return { counter, key, bytes, line: bytes.toString("base64") };
  }

  /** Another that stands where this one stands now. */
  copy(): TestTerminal {
    return Object.assign(new TestTerminal(this.tid, this.chain), { counter: this.counter });
  }

  /** As if so many frames had been sealed and lost. */
  skip(count: number): void {
    for (let each = 0; each < count; each++) this.step();
  }

  /** Another message under a key that was used: what a thief of one key could send. */
  sealAgain({ counter, key }: SealedRequest, message: string): string {
    const box = nacl.secretbox(Buffer.from(message, "latin1"), nonceOf("Q", this.tid, counter), key);
    return frameOf(this.tid, counter, box).toString("base64");
  }

  /** What a request's own answer looks like: for those who play the host. */
  answerTo({ counter, key }: SealedRequest, message: string): string {
    const box = nacl.secretbox(Buffer.from(message, "latin1"), nonceOf("A", this.tid, counter), key);
    return frameOf(this.tid, counter, box).toString("base64");
  }

  /** The text of a request under a key of this terminal's. Throws when it is not. */
  openRequest(line: string, { counter, key }: SealedRequest): string {
    const text = nacl.secretbox.open(Buffer.from(line, "base64").subarray(13), nonceOf("Q", this.tid, counter), key);
    if (!text) throw new Error(`request ${counter} is not under this key`);
    return Buffer.from(text).toString("latin1");
  }

  /** The answer's text. Throws when it is not the authentic answer to this request. */
  open(request: SealedRequest, reply: string | null): string {
    if (!reply?.endsWith("\n")) throw new Error(`no whole line: ${reply}`);
    const bytes = Buffer.from(reply.slice(0, -1), "base64");
    const header = frameOf(this.tid, request.counter, new Uint8Array(0));
    if (!bytes.subarray(0, header.length).equals(header)) throw new Error("header of another request");
    const box = bytes.subarray(header.length);
    const text = nacl.secretbox.open(box, nonceOf("A", this.tid, request.counter), request.key);
    if (!text) throw new Error("seal of the answer does not hold");
    return Buffer.from(text).toString("latin1");
  }

  /** The new chain after a sign-on: what the host sent, and what X25519 gave when both keys went over. */
  rotate(fresh: Uint8Array, keys?: { secret: Uint8Array; hostPublic: Uint8Array }): void {
    const rotated = hsalsa20(hsalsa20(this.chain, fresh.subarray(0, 16)), fresh.subarray(16));
    const agreed = keys ? nacl.box.before(keys.hostPublic, keys.secret) : new Uint8Array(32);
    this.chain = rotated.map((byte, index) => byte ^ (agreed[index] as number));
  }

  private step(): { counter: number; key: Uint8Array } {
    const stream = new Uint8Array(64);
    const nonce = Buffer.from("tillet/1", "latin1");
    crypto_stream_salsa20_xor(stream, 0, new Uint8Array(64), 0, 64, nonce, this.chain);
    this.chain = stream.slice(0, 32);
    return { counter: this.counter++, key: stream.slice(32) };
  }
}

export function hsalsa20(key: Uint8Array, input: Uint8Array): Buffer {
  const out = Buffer.alloc(32);
  crypto_core_hsalsa20(out, input, key, Buffer.from("expand 32-byte k"));
  return out;
}

/** Version, TID, counter (big-endian), box. */
export function frameOf(tid: string, counter: number, box: Uint8Array): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt8(1, 0);
  head.write(tid, 1, "latin1");
  head.writeUInt32BE(counter, 9);
  return Buffer.concat([head, box]);
}

/** Direction, version, TID, six zeros, counter (eight bytes, little-endian). */
function nonceOf(direction: Direction, tid: string, counter: number): Buffer {
  const nonce = Buffer.alloc(24);
  nonce.write(`${direction}\x01${tid}`, 0, "latin1");
  nonce.writeBigUInt64LE(BigInt(counter), 16);
  return nonce;
}

/** Lengths of the fields in use; negative: how many digits of length stand before the text. */
const LENGTHS: Record<number, number> = {
  2: -2,
  3: 6,
  4: 12,
  11: 6,
  12: 6,
  13: 4,
  14: 4,
  22: 3,
  23: 3,
  25: 2,
  35: -2,
  37: 12,
  38: 6,
  39: 2,
  41: 8,
  42: 15,
  48: -3,
  49: 3,
  54: -3,
  55: -3,
  60: -3,
  61: -3,
  62: -3,
  63: -3,
};

export type Fields = Record<number, string>;

/** Message type, bitmap, fields. Checks nothing: tests send what is wrong too. */
export function packMessage(mti: string, fields: Fields): string {
  const bitmap = Buffer.alloc(8);
  let body = "";
  for (const field of Object.keys(fields).map(Number)) {
    const length = LENGTHS[field] ?? 0;
    bitmap.writeUInt8(bitmap.readUInt8((field - 1) >> 3) | (0x80 >> ((field - 1) & 7)), (field - 1) >> 3);
    const value = fields[field] ?? "";
    body += (length < 0 ? String(value.length).padStart(-length, "0") : "") + value;
  }
  return mti + bitmap.toString("latin1") + body;
}

/** The fields of a message; the type at 0. */
export function unpackMessage(text: string): Fields {
  const fields: Fields = { 0: text.slice(0, 4) };
  const bitmap = Buffer.from(text.slice(4, 12), "latin1");
  let at = 12;
  const take = (count: number) => text.slice(at, (at += count));
  for (let field = 1; field <= 64; field++) {
    if ((bitmap.readUInt8((field - 1) >> 3) & (0x80 >> ((field - 1) & 7))) === 0) continue;
    const length = LENGTHS[field];
    if (length === undefined) throw new Error(`field ${field} is not in use`);
    fields[field] = take(length < 0 ? Number(take(-length)) : length);
  }
  if (at !== text.length) throw new Error("bytes left over");
  return fields;
}

export const MID = "000000000000001";
export const GOOD_TRACK2 = "4761739001010010=28122011143800000000";

/** The fields of a good sale; those of `changes` instead, "" leaves one out. */
export function saleFields(tid: string, stan: number, amountMinor: number, changes: Fields = {}): Fields {
  return withChanges(
    {
      3: "000000",
      4: String(amountMinor).padStart(12, "0"),
      11: String(stan).padStart(6, "0"),
      22: "022",
      25: "00",
      35: GOOD_TRACK2,
      41: tid,
      42: MID,
      49: "978",
      60: "22000001",
    },
    changes,
  );
}

/** The fields of its reversal. */
export function reversalFields(tid: string, stan: number, amountMinor: number, changes: Fields = {}): Fields {
  return saleFields(tid, stan, amountMinor, { 35: "", 39: "98", ...changes });
}

/** The fields of a sign-on (001), an echo (301), or the wish for parameters (380). */
export function networkFields(tid: string, code: string, changes: Fields = {}): Fields {
  return withChanges({ 11: "000001", 41: tid, 42: MID, 60: `00000001${code}000001000001` }, changes);
}

function withChanges(fields: Fields, changes: Fields): Fields {
  return Object.fromEntries(Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== ""));
}
