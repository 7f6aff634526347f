/**
 * What is kept of an operator's PIN: HSalsa20 many times over, under a secret of the device. 10,000 PINs are few, so this does not keep a PIN
 * from somebody who has read the flash; what keeps others out is the count of tries (`txn/operators`). A round is one core of Salsa20.
 */
import { hsalsa20 } from "./salsa20";

export const STRETCH_ROUNDS = 32;
export const STRETCH_BYTES = 16;
export const SECRET_BYTES = 32;
const WHO_AND_PIN_BYTES = 16;

type ToBytes = (text: string, out: Uint8Array, at: number) => void;

export interface Stretch {
  /** The secret at first, then what the last round gave: 8 words. */
  key: Uint32Array;
  /** Operator and PIN, the same in all rounds. */
  input: Uint32Array;
  round: number;
}

/** `operator` is two digits, so that two people with one PIN do not show it; `pin` 14 digits at most. */
export function startStretch(toBytes: ToBytes, secret: string, operator: string, pin: string): Stretch {
  const s: Stretch = { key: new Uint32Array(8), input: new Uint32Array(4), round: 0 };
  toBytes(secret, new Uint8Array(s.key.buffer), 0);
  toBytes((operator + pin).padEnd(WHO_AND_PIN_BYTES, "\0"), new Uint8Array(s.input.buffer), 0);
  return s;
}

/** One round; true when it was the last. */
export function stretchOn(s: Stretch): boolean {
  hsalsa20(s.key, s.key, s.input);
  s.round++;
  return s.round === STRETCH_ROUNDS;
}

/** What is kept. Nothing else of it stays. */
export function stretched(s: Stretch, toText: (bytes: Uint8Array) => string): string {
  const kept = toText(new Uint8Array(s.key.buffer)).substr(0, STRETCH_BYTES);
  s.key.fill(0);
  s.input.fill(0);
  return kept;
}
