/**
 * AES DUKPT, terminal side (ANSI X9.24-3:2017 section 6): 32 registers hold the keys of transactions to come; each transaction uses one
 * up, so that a stolen device opens no past PIN. AES-128 derivation keys; working keys of AES-128 or two-key TDEA.
 */

/** One AES block under a key, both 16 bytes: native where the engine has it. */
export type Aes = (key: string, block: string) => string;

/** Key usages (table 2) and the algorithm and bit length that go with them (tables 3, 4), as they stand in the derivation data. */
export const PIN_AES128 = "\x10\x00\x00\x02\x00\x80";
export const PIN_TDEA2 = "\x10\x00\x00\x00\x00\x80";
export const DERIVATION_AES128 = "\x80\x00\x00\x02\x00\x80";
const INITIAL_AES128 = "\x80\x01\x00\x02\x00\x80";

const REGISTERS = 32;
/** A counter with more bits set than this is passed over, which bounds the derivations of any one key. */
const ONES_MAX = 16;

export interface Dukpt {
  /** Initial key id, 8 bytes. */
  id: string;
  /** The counter of the next transaction, 1 to 2^32 - 1; 0 when the keys are used up. */
  counter: number;
  /** Keys by the lowest bit of the counter that takes them; "" when used. */
  registers: string[];
}

function counterBytes(counter: number): string {
  return String.fromCharCode(counter >>> 24, (counter >>> 16) & 255, (counter >>> 8) & 255, counter & 255);
}

function derive(aes: Aes, key: string, usage: string, id: string, counter: number): string {
  return aes(key, "\x01\x01" + usage + id.substr(4) + counterBytes(counter));
}

/** The key that a terminal starts with, from the host's base derivation key (section 6.3.1). */
export function initialKey(aes: Aes, baseKey: string, id: string): string {
  return aes(baseKey, "\x01\x01" + INITIAL_AES128 + id);
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

/** Section 6.5.2: a terminal with its initial key, which is not kept. */
export function loadDukpt(aes: Aes, id: string, key: string): Dukpt {
  const d: Dukpt = { id: id, counter: 0, registers: [] };
  for (let bit = 0; bit < REGISTERS; bit++) d.registers.push("");
  fill(d, aes, key, REGISTERS);
  d.counter = 1;
  return d;
}

/** New keys for all bits below `bit`, from the one that was there. */
function fill(d: Dukpt, aes: Aes, key: string, bit: number): void {
  for (let each = bit - 1; each >= 0; each--) {
    d.registers[each] = derive(aes, key, DERIVATION_AES128, d.id, (d.counter | (1 << each)) >>> 0);
  }
}

/** The key serial number of the next transaction: id and counter, 12 bytes. */
export function keySerialNumber(d: Dukpt): string {
  return d.id + counterBytes(d.counter);
}

/** The working key of the transaction in hand. "" when all keys are used up. */
export function workingKey(d: Dukpt, aes: Aes, usage: string): string {
  if (d.counter === 0) return "";
  return derive(aes, d.registers[lowestBit(d.counter)], usage, d.id, d.counter);
}

/** Section 6.5.4: uses up the key of the transaction in hand. Call it, and store the registers, before the PIN block leaves. */
export function useKey(d: Dukpt, aes: Aes): void {
  if (d.counter === 0) return;
  const bit = lowestBit(d.counter);
  const key = d.registers[bit];
  d.registers[bit] = "";
  if (onesOf(d.counter) < ONES_MAX) {
    fill(d, aes, key, bit);
    advance(d, 1);
  } else {
    advance(d, (1 << bit) >>> 0);
  }
}

/** The next counter whose key is there. */
function advance(d: Dukpt, by: number): void {
  d.counter += by;
  while (d.counter < 4294967296 && d.registers[lowestBit(d.counter)] === "") {
    d.counter += (1 << lowestBit(d.counter)) >>> 0;
  }
  if (d.counter >= 4294967296) d.counter = 0;
}
