/**
 * Network management (0800): sign-on agrees on time, batch and versions and rotates the chain; an echo agrees and rotates nothing; a
 * terminal with other parameters for taps, another block list or an older firmware than the host asks for the host's.
 * The exchange of keys is described in `docs/keys.md`.
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import nacl from "tweetnacl";
import { blockVersion } from "../limits/blocks";
import { BATCH_DIFFERS, type World } from "./issuer";
import type { Fields } from "./iso8583";
import { openKey, sealKey } from "./keys";
import { FIRMWARE_ASKED_BYTES, type FirmwareOffer } from "./firmware";
import type { TapParameters } from "./parameters";
import { rotate } from "./seal";
import type { Row } from "./store";

/** Field 60: 60.1 "00", batch, what is asked, version of the settings, of the parameters for taps; of the firmware and its state; of the block list. */
const REQUEST_60 = /^00([0-9]{6})(001|301|380|381|382)[0-9]{12}(?:[0-9]{7})?(?:[0-9]{6})?$/;
export const SIGN_ON = "001";
const LOAD = "380";
const LOADS = "38";
const LOAD_FIRMWARE = "381";
const LOAD_LIST = "382";
const DONE = "00";
const NOT_FOUND = "25";
const KEY_BYTES = 32;

/** Of field 62, by what is asked: nothing, two public keys, or which piece. */
const LENGTHS: Record<string, readonly number[]> = {
  [SIGN_ON]: [0, 2 * KEY_BYTES],
  "301": [0, 2 * KEY_BYTES],
  [LOAD]: [0],
  [LOAD_FIRMWARE]: [FIRMWARE_ASKED_BYTES],
  [LOAD_LIST]: [0],
};

/** What a sign-on leaves at the host besides its answer. */
export interface Staged {
  /** The chain for the frames that follow, sealed. */
  nextBox: Uint8Array;
  /** It has an X25519 secret in it, which must not be used again. */
  spends: boolean;
  /** The host's X25519 keys for this terminal, sealed. */
  agreementBox: Uint8Array;
}

/** What the host has for a terminal to load. */
export interface Offer {
  /** The newest for taps, in the terminal's currency. */
  parameters: TapParameters | null;
  /** For terminals that say which they have, null for others. */
  firmware: FirmwareOffer | null;
  list: string | null;
}

/** The answer to `fields`, whose frame left `chain`; null when the message is not one of these. */
export function answerNetwork(
  world: World,
  terminal: Row,
  fields: Fields,
  chain: Uint8Array,
  offer: Offer,
): { fields: Fields; staged?: Staged } | null {
  const [, batch, code] = REQUEST_60.exec(fields[60] ?? "") ?? [];
  const keys = Buffer.from(fields[62] ?? "", "latin1");
  const isWhole = fields[11] !== undefined && fields[41] === terminal.tid && fields[42] === terminal.mid;
  if (!isWhole || !code || !LENGTHS[code]?.includes(keys.length)) return null;
  const isInStep = Number(batch) === Number(terminal.batch);
  const say = (responseCode: string, data?: Uint8Array) => answer(world, terminal, fields, offer, responseCode, data);
  if (!isInStep) return { fields: say(BATCH_DIFFERS) };
  if (code.startsWith(LOADS)) {
    const loaded = loadedBy(code, keys, offer);
    return { fields: loaded ? say(DONE, loaded) : say(NOT_FOUND) };
  }
  if (code !== SIGN_ON) return { fields: say(DONE) };
  const { sent, staged } = stage(world, terminal, keys, chain);
  return { fields: say(DONE, sent), staged };
}

function loadedBy(code: string, asked: Uint8Array, { parameters, firmware, list }: Offer): Uint8Array | null {
  if (code === LOAD_FIRMWARE) return firmware?.piece ? Buffer.concat([asked, firmware.piece]) : null;
  if (code === LOAD_LIST) return list ? Buffer.from(list, "latin1") : null;
  return parameters?.record ?? null;
}

function answer(
  world: World,
  terminal: Row,
  fields: Fields,
  { parameters, firmware, list }: Offer,
  responseCode: string,
  data?: Uint8Array,
): Fields {
  const localTime = world.localTime();
  const six = (value: unknown) => String(value).padStart(6, "0");
  const answered: Fields = ["0810"];
  for (const field of [11, 41, 42]) answered[field] = fields[field];
  answered[12] = localTime.slice(8);
  answered[13] = localTime.slice(4, 8);
  answered[39] = responseCode;
  const asked = fields[60]?.slice(8, 11) ?? "";
  const code = terminal.asks_sign_on ? SIGN_ON : asked;
  answered[60] = `00${six(terminal.batch)}${code}${six(terminal.parameters)}${six(parameters?.version ?? 0)}`;
  // With what is loaded the message is as long as it may be, and the versions were said before.
  const isLoading = asked.startsWith(LOADS);
  if (!isLoading && (firmware || list !== null)) answered[60] += six(firmware?.version ?? 0);
  if (!isLoading && list !== null) answered[60] += six(blockVersion(list));
  if (data) answered[62] = Buffer.from(data).toString("latin1");
  answered[63] = localTime.slice(0, 4);
  return answered;
}

/**
 * The next chain, and what the terminal needs to come to it. Fresh bytes alone, with the host's public key for a later agreement; or,
 * when the terminal names that key beside its own, fresh bytes and what the two keys agree on.
 */
function stage(world: World, terminal: Row, keys: Uint8Array, chain: Uint8Array): { sent: Uint8Array; staged: Staged } {
  const { hostKey } = world;
  const known = terminal.agreement_box as Uint8Array | null;
  const { secretKey, publicKey } = known ? asPair(openKey(hostKey, known)) : newPair(world);
  const agreementBox = known ?? sealKey(hostKey, Buffer.concat([secretKey, publicKey]));
  const fresh = world.randomBytes(KEY_BYTES);
  const isNamed = keys.length > 0 && Buffer.from(publicKey).equals(keys.subarray(KEY_BYTES));
  const shared = isNamed ? nacl.scalarMult(secretKey, keys.subarray(0, KEY_BYTES)) : null;
  // A point of small order agrees on zero whatever the secret (RFC 7748 section 6.1): no agreement then.
  const spends = shared !== null && shared.some((byte) => byte !== 0);
  const next = rotate(chain, fresh, spends ? shared : null);
  return {
    sent: spends ? fresh : Buffer.concat([fresh, publicKey]),
    staged: { nextBox: sealKey(hostKey, next), spends, agreementBox },
  };
}

/** What stands before the 32 bytes of an X25519 secret key in PKCS #8 (RFC 8410 section 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b656e04220420", "hex");

/** Made at each sign-on that brings no key to use: not in JavaScript, which takes a millisecond. */
function newPair(world: World): nacl.BoxKeyPair {
  const secretKey = Uint8Array.from(world.randomBytes(KEY_BYTES));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, secretKey]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
  return { secretKey, publicKey: Uint8Array.from(publicKey) };
}

function asPair(bytes: Uint8Array): nacl.BoxKeyPair {
  return { secretKey: bytes.slice(0, KEY_BYTES), publicKey: bytes.slice(KEY_BYTES) };
}
