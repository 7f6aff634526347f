/**
 * The PIN of an operator as a terminal keeps it, made with tweetnacl: shares no code with the terminal's (`docs/operators.md` has the form).
 * The host itself knows no operator and keeps none of this.
 */
import { randomBytes, randomInt } from "node:crypto";
import { hsalsa20 } from "./seal";

const SECRET_BYTES = 32;
const ROUNDS = 32;
const KEPT_BYTES = 16;
const FIRST_PIN_DIGITS = 8;

/** Two digits each. */
export const ADMIN = "99";

/** What a device is made with: its own secret, and an admin whose PIN must be changed at the first login. */
export interface FirstAdmin {
  secret: Uint8Array;
  kept: Uint8Array;
}

export function keptPin(secret: Uint8Array, operator: string, pin: string): Uint8Array {
  const input = Buffer.alloc(16);
  input.write(operator + pin, "latin1");
  let key = secret;
  for (let round = 0; round < ROUNDS; round++) key = hsalsa20(key, input);
  return key.slice(0, KEPT_BYTES);
}

/** A secret and a PIN that nobody knows; the PIN is good for one login and is kept nowhere. */
export function newAdmin(): { pin: string; admin: FirstAdmin } {
  const secret = randomBytes(SECRET_BYTES);
  const pin = String(randomInt(10 ** FIRST_PIN_DIGITS)).padStart(FIRST_PIN_DIGITS, "0");
  return { pin, admin: { secret, kept: keptPin(secret, ADMIN, pin) } };
}
