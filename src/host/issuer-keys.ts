/** Issuers' keys at the host, from which the keys of chips are made (EMV 4.3 Book 2 annex A1.4): loaded once, kept under the host's key. */
import { createCipheriv } from "node:crypto";
import { openKey, sealKey, testIssuerKey } from "./keys";
import type { Session, Store } from "./store";

export const ISSUER_KEY_BYTES = 16;

/** Six hexadecimal digits: what the key makes of a block of zeros, as in all who exchange TDEA keys (ISO 11568). */
export function issuerCheckValue(key: Uint8Array): string {
  const cipher = createCipheriv("des-ede3", Buffer.concat([key, key.subarray(0, 8)]), null);
  return cipher.update(Buffer.alloc(8)).toString("hex").slice(0, 6).toUpperCase();
}

/** Throws when it is the test key, or another key has that name: chips that were made from it would be declined. */
export async function addIssuerKey(
  session: Session,
  hostKey: Uint8Array,
  issuer: string,
  key: Uint8Array,
): Promise<void> {
  if (isTestKey(key)) throw new Error("A test key is no key: everybody has it.");
  const [known] = await session.query("select key_box from issuer_key where issuer = $1 for update", [issuer]);
  if (!known) {
    await session.query("insert into issuer_key (issuer, key_box, is_test) values ($1, $2, false)", [
      issuer,
      sealKey(hostKey, key),
    ]);
  } else if (!Buffer.from(openKey(hostKey, known.key_box as Uint8Array)).equals(key)) {
    throw new Error(`Issuer ${issuer} has another key, which its chips are made from. Give the new one another name.`);
  }
}

/** Issuers whose key is the test key, under any name. */
export async function testIssuers(store: Store, hostKey: Uint8Array): Promise<string[]> {
  const keys = await store.query("select issuer, key_box, is_test from issuer_key");
  return keys
    .filter((each) => each.is_test || isTestKey(openKey(hostKey, each.key_box as Uint8Array)))
    .map(({ issuer }) => String(issuer));
}

function isTestKey(key: Uint8Array): boolean {
  // The last bit of each byte is parity, and no part of a DES key.
  const bits = (each: Uint8Array) => Buffer.from(each.map((byte) => byte & 0xfe));
  return bits(key).equals(bits(testIssuerKey().key));
}
