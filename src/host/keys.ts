/** The host's own key and what hangs on it: sealed terminal keys, hashed PANs. Test keys, and how to tell them. */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import nacl from "tweetnacl";

const KEY_BYTES = 32;

/** Reads the host's key, or makes one. The file is kept apart from the database: one without the other opens nothing. */
export function openHostKey(file: string): Uint8Array {
  if (existsSync(file)) {
    const text = readFileSync(file, "utf8").trim();
    if (!/^[0-9a-f]{64}$/i.test(text))
      throw new Error(`${file} is not a host key: it must hold 64 hexadecimal digits.`);
    return Buffer.from(text, "hex");
  }
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${key.toString("hex")}\n`, { mode: 0o600, flag: "wx", flush: true });
  return key;
}

export function sealKey(hostKey: Uint8Array, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(nacl.secretbox.nonceLength);
  return Buffer.concat([nonce, nacl.secretbox(key, nonce, hostKey)]);
}

/** Throws when the box was not made with this host key. */
export function openKey(hostKey: Uint8Array, box: Uint8Array): Uint8Array {
  const nonce = box.subarray(0, nacl.secretbox.nonceLength);
  const key = nacl.secretbox.open(box.subarray(nacl.secretbox.nonceLength), nonce, hostKey);
  if (!key)
    throw new Error(
      "A terminal's key does not open: this is not the host key that sealed it. Put the right key file back.",
    );
  return key;
}

/** The name of a PAN in the database. Keyed: without the host's key nobody can try PANs against it. */
export function hashPan(hostKey: Uint8Array, pan: string): string {
  return createHmac("sha256", hostKey).update(`pan ${pan}`).digest("hex");
}

const TEST_BASE_ID = "TEST";

/** What simulated terminals' PINs go under, public as `testKey` is: base key and its id, and the initial key id of a terminal. */
export function testBaseKey(): { id: Uint8Array; key: Uint8Array } {
  const key = createHash("sha256").update("tillet test base key").digest().subarray(0, 16);
  return { id: Buffer.from(TEST_BASE_ID, "latin1"), key };
}

export function testPinKeyId(tid: string): Uint8Array {
  const device = createHash("sha256").update(`tillet test pin key ${tid}`).digest().subarray(0, 4);
  return Buffer.concat([Buffer.from(TEST_BASE_ID, "latin1"), device]);
}

/** The public key of a simulated terminal. Worth nothing, and a host outside test mode refuses it. */
export function testKey(tid: string): Uint8Array {
  return createHash("sha256").update(`tillet test key ${tid}`).digest();
}
