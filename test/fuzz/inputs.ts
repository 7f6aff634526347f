/** Raw material for fuzz targets: noise, and good input that is good no more. Texts are byte strings. */
import type { Random } from "./runner";

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

export function bytes(random: Random, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += String.fromCharCode(random(256));
  return text;
}

/** Up to `bytesMax` bytes without any sense. */
export function noise(random: Random, bytesMax: number): string {
  return bytes(random, random(bytesMax + 1));
}

export function digits(random: Random, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += random(10);
  return text;
}

/** Mostly one thing is changed, sometimes several: a bit, a byte, a missing, doubled or foreign piece, an early end. */
export function mutated(random: Random, text: string): string {
  let out = text;
  for (let changes = random(8) === 0 ? random(6) + 2 : 1; changes > 0; changes--) out = changed(random, out);
  return out;
}

function changed(random: Random, text: string): string {
  const at = random(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const length = random(12) + 1;
  switch (random(8)) {
    case 0:
      return before;
    case 1:
      return before + after.slice(length);
    case 2:
      return before + after.slice(0, length) + after;
    case 3:
      return before + bytes(random, length) + after;
    case 4:
      return before + String.fromCharCode(random(256)) + after.slice(1);
    case 5:
      return before + pick(random, INTERESTING) + after.slice(1);
    default:
      return after === ""
        ? text
        : before + String.fromCharCode(after.charCodeAt(0) ^ (1 << random(8))) + after.slice(1);
  }
}

const INTERESTING = ["\0", "\xff", "\x7f", "\x80", "\n", "\r", "0", "9", " ", "=", "00", "99", "\xff\xff", "\0\0"];

/** The same bytes as a UART or a socket may hand them over. */
export function pieces(random: Random, text: string): string[] {
  const list: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = random(4) === 0 ? 1 : random(64) + 1;
    list.push(text.slice(at, at + length));
    at += length;
  }
  return list;
}

export function assert(isTrue: boolean, what: string, ...values: unknown[]): void {
  if (!isTrue) throw new Error([what, ...values.map((value) => JSON.stringify(value))].join(" "));
}
