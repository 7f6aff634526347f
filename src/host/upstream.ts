/**
 * The outer layer on the host's side to a bank: two bytes of length (binary, of what follows), TPDU (5 bytes: 60, destination, source),
 * in some dialects a header of the bank's own, then the message, mostly in its BCD form (`bcd`). A stream of these cannot be
 * searched for the next good one: what is wrong ends the connection, and a new one starts clean.
 */

const LENGTH_BYTES = 2;
const TPDU_BYTES = 5;
/** Type and bitmap in BCD. */
const MESSAGE_BYTES_MIN = 10;
/** No message of the table is longer, whatever its fields. */
const FRAME_BYTES_MAX = 2048;

export interface Outer {
  /** Ten hexadecimal digits; as sent: 60, where to, from where. */
  tpdu: string;
  /** Hexadecimal; "" where the bank has none. In an answer only its length counts. */
  header: string;
}

/** The connection must be closed. */
export class UpstreamError extends Error {}

/** The TPDU of the answer: its two addresses change places. */
export function answerTpdu(tpdu: string): string {
  return tpdu.slice(0, 2) + tpdu.slice(6, 10) + tpdu.slice(2, 6);
}

export function buildOuter({ tpdu, header }: Outer, message: Buffer): Buffer {
  if (!/^[0-9a-f]{10}$/i.test(tpdu) || !/^([0-9a-f]{2})*$/i.test(header))
    throw new Error("TPDU or header is not right");
  const rest = Buffer.concat([Buffer.from(tpdu + header, "hex"), message]);
  if (rest.length > FRAME_BYTES_MAX) throw new Error(`a message of ${message.length} bytes is too long`);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(rest.length);
  return Buffer.concat([length, rest]);
}

/** Takes frames out of the stream that comes back. Holds at most one frame, whatever comes. */
export class UpstreamReader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly tpdu: Buffer;
  private readonly headerBytes: number;

  /** `sent` is the outer layer of the requests on this connection. */
  constructor(sent: Outer) {
    this.tpdu = Buffer.from(answerTpdu(sent.tpdu), "hex");
    this.headerBytes = sent.header.length / 2;
  }

  /** The messages that are whole now. Throws UpstreamError when the stream is not one of frames to us. */
  feed(bytes: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    let stream = Buffer.concat([this.rest, bytes]);
    while (stream.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.checked(stream.readUInt16BE());
      if (stream.length < end) break;
      const at = LENGTH_BYTES + TPDU_BYTES;
      if (!stream.subarray(LENGTH_BYTES, at).equals(this.tpdu)) throw new UpstreamError("a TPDU that is not ours");
      messages.push(stream.subarray(at + this.headerBytes, end));
      stream = stream.subarray(end);
    }
    // A copy: the piece may be small and what it was cut from large.
    this.rest = Buffer.from(stream);
    return messages;
  }

  private checked(length: number): number {
    if (length > FRAME_BYTES_MAX || length < TPDU_BYTES + this.headerBytes + MESSAGE_BYTES_MIN) {
      throw new UpstreamError(`a length of ${length}`);
    }
    return length;
  }
}
