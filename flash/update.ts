/**
 * The file of an update, signed with Ed25519 (RFC 8032): `TILLET UPDATE 1` and a line feed; version, bytes of the content, place and bytes of its main
 * part (4 bytes each, big-endian), the board's name (16), digest (32); the content; the signature of all that (64). Hosts check it.
 */
import nacl from "tweetnacl";
import { HEAD, headOf, type Update } from "./slots";

const MAGIC = "TILLET UPDATE 1\n";

export interface UpdateKey {
  /** 64 and 32 bytes. */
  secretKey: Uint8Array;
  publicKey: Uint8Array;
}

export function newUpdateKey(): UpdateKey {
  return nacl.sign.keyPair();
}

/** `file`: 64 bytes as hexadecimal digits. */
export function readUpdateKey(text: string): UpdateKey {
  const secretKey = keyIn(text, nacl.sign.secretKeyLength);
  return nacl.sign.keyPair.fromSecretKey(secretKey);
}

/** The bytes of a key in a file, as hexadecimal digits. */
export function keyIn(text: string, byteCount: number): Uint8Array {
  const digits = text.trim();
  if (!/^[0-9a-f]+$/i.test(digits) || digits.length !== 2 * byteCount)
    throw new Error(
      `This is not such a key: ${2 * byteCount} hexadecimal digits wanted; tillet update key makes keys.`,
    );
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

export function signUpdate(update: Update, { secretKey }: UpdateKey): Uint8Array {
  const head = headOf(update, 0).slice(HEAD.version, HEAD.check);
  const signed = Buffer.from(MAGIC + head + update.content, "latin1");
  return Buffer.concat([signed, nacl.sign.detached(Uint8Array.from(signed), secretKey)]);
}
