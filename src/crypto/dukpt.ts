/**
 * AES DUKPT, terminal side (ANSI X9.24-3:2017 section 6): 32 registers hold the keys of transactions to come; each transaction uses one
 * up, so that a stolen device opens no past PIN. AES-128 derivation keys; working keys of AES-128 or two-key TDEA. The device gets
 * its registers loaded (section 6.5.2) and never sees the initial key.
 */

import { wordBytes } from "./words";

/** One AES block under a key, both 16 bytes: native where the engine has it. */
export type Aes = (key: string, block: string) => string;

/** Key usages (table 2) and the algorithm and bit length that go with them (tables 3, 4), as they stand in the derivation data. */
export const PIN_AES128 = "\x10\x00\x00\x02\x00\x80";
export const PIN_TDEA2 = "\x10\x00\x00\x00\x00\x80";
const DERIVATION_AES128 = "\x80\x00\x00\x02\x00\x80";

const KEY_BYTES = 16;
/** A counter with more bits set than this is passed over, which bounds the derivations of any one key. */
const ONES_MAX = 16;

export interface Dukpt {
  /** Initial key id, 8 bytes. */
  id: string;
  /** The counter of the next transaction, 1 to 2^32 - 1; 0 when the keys are used up. */
  counter: number;
  /** 32 keys, each at the lowest bit of the counter that takes it, bit 0 first; zeros when used. */
  registers: string;
}

function derive(aes: Aes, key: string, usage: string, id: string, counter: number): string {
  return aes(key, "\x01\x01" + usage + id.substr(4) + wordBytes(counter));
}

/** The index of the lowest bit that is set. */
function lowestBit(value: number): number {
  let bit = 0;
  while (!((value >>> bit) & 1)) bit++;
  return bit;
}

function onesOf(value: number): number {
  let ones = 0;
  for (let rest = value; rest; rest &= rest - 1) ones++;
  return ones;
}

function registerKey(d: Dukpt): string {
  return d.registers.substr(lowestBit(d.counter) * KEY_BYTES, KEY_BYTES);
}

/** The key serial number of the next transaction: id and counter, 12 bytes. */
export function keySerialNumber(d: Dukpt): string {
  return d.id + wordBytes(d.counter);
}

/** The working key of the transaction in hand. "" when all keys are used up. */
export function workingKey(d: Dukpt, aes: Aes, usage: string): string {
  return d.counter === 0 ? "" : derive(aes, registerKey(d), usage, d.id, d.counter);
}

/**
 * Section 6.5.4: uses up the key of the transaction in hand; all registers below it get keys from it, unless the counter has as many
 * ones as it may. Call it, and store the registers, before the PIN block leaves.
 */
export function useKey(d: Dukpt, aes: Aes): void {
  if (d.counter === 0) return;
  const bit = lowestBit(d.counter);
  const key = registerKey(d);
  const isFilled = onesOf(d.counter) < ONES_MAX;
  let below = "";
  for (let each = 0; each < bit; each++) {
    below += isFilled
      ? derive(aes, key, DERIVATION_AES128, d.id, (d.counter | (1 << each)) >>> 0)
      : "\0".repeat(KEY_BYTES);
  }
  d.registers = below + "\0".repeat(KEY_BYTES) + d.registers.substr((bit + 1) * KEY_BYTES);
  d.counter += isFilled ? 1 : (1 << bit) >>> 0;
  if (d.counter >= 4294967296) d.counter = 0;
}
