/**
 * Network management (0800): sign-on agrees on time, batch and parameters and rotates the chain; an echo agrees and rotates nothing.
 * The exchange of keys is described in `docs/keys.md`.
 */
import nacl from "tweetnacl";
import { BATCH_DIFFERS, type World } from "./issuer";
import type { Fields } from "./iso8583";
import { openKey, sealKey } from "./keys";
import { rotate } from "./seal";
import type { Row } from "./store";

/** Field 60: 60.1 "00", batch, what is asked, version of the parameters. */
const REQUEST_60 = /^00([0-9]{6})(001|301)([0-9]{6})$/;
export const SIGN_ON = "001";
const KEY_BYTES = 32;

/** What a sign-on leaves at the host besides its answer. */
export interface Staged {
  /** The chain for the frames that follow, sealed. */
  nextBox: Uint8Array;
  /** It has an X25519 secret in it, which must not be used again. */
  spends: boolean;
  /** The host's X25519 keys for this terminal, sealed. */
  agreementBox: Uint8Array;
}

/** The answer to `fields`, whose frame left `chain`; null when the message is not one of these. */
export function answerNetwork(
  world: World,
  terminal: Row,
  fields: Fields,
  chain: Uint8Array,
): { fields: Fields; staged?: Staged } | null {
  const [, batch, code] = REQUEST_60.exec(fields[60] ?? "") ?? [];
  const keys = Buffer.from(fields[62] ?? "", "latin1");
  const isWhole = fields[11] !== undefined && fields[41] === terminal.tid && fields[42] === terminal.mid;
  if (!isWhole || !code || ![0, 2 * KEY_BYTES].includes(keys.length)) return null;
  const isInStep = Number(batch) === Number(terminal.batch);
  if (code !== SIGN_ON || !isInStep)
    return { fields: answer(world, terminal, fields, isInStep ? "00" : BATCH_DIFFERS) };
  const { sent, staged } = stage(world, terminal, keys, chain);
  return { fields: answer(world, terminal, fields, "00", Buffer.from(sent).toString("latin1")), staged };
}

function answer(world: World, terminal: Row, fields: Fields, responseCode: string, keys = ""): Fields {
  const localTime = world.localTime();
  const six = (value: unknown) => String(value).padStart(6, "0");
  const answered: Fields = ["0810"];
  for (const field of [11, 41, 42]) answered[field] = fields[field];
  answered[12] = localTime.slice(8);
  answered[13] = localTime.slice(4, 8);
  answered[39] = responseCode;
  answered[60] = `00${six(terminal.batch)}${terminal.asks_sign_on ? SIGN_ON : fields[60].slice(8, 11)}${six(terminal.parameters)}`;
  if (keys !== "") answered[62] = keys;
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

function newPair(world: World): nacl.BoxKeyPair {
  return nacl.box.keyPair.fromSecretKey(Uint8Array.from(world.randomBytes(KEY_BYTES)));
}

function asPair(bytes: Uint8Array): nacl.BoxKeyPair {
  return { secretKey: bytes.slice(0, KEY_BYTES), publicKey: bytes.slice(KEY_BYTES) };
}
