/** What Espruino has natively, for every board that runs on it; `proto/plain` has the twins for other engines. */
import type { Natives } from "./board";

declare const E: {
  CRC32(text: string): number;
  toUint8Array(text: string): Uint8Array;
  toString(bytes: Uint8Array | ArrayBuffer): string;
  sum(bytes: Uint8Array): number;
  mapInPlace(from: Uint8Array, to: Uint8Array, map: Uint8Array): void;
  convolve(a: Uint16Array, b: Uint32Array, offset: number): number;
};
declare function require(name: "crypto"): {
  AES?: { encrypt(text: string, key: string, options: { mode: "ECB" }): ArrayBuffer };
};
declare function btoa(text: string): string;
declare function atob(text: string): string;

/** The engine's own AES, which some builds leave out. */
function espruinoAes(): ((key: string, block: string) => string) | null {
  try {
    const engine = require("crypto").AES;
    return engine ? (key, block) => E.toString(engine.encrypt(block, key, { mode: "ECB" })) : null;
  } catch (error) {
    return null;
  }
}

let tableText = "";
let tableBytes: Uint8Array;

function translate(text: string, table: string): string {
  if (table !== tableText) {
    tableText = table;
    tableBytes = E.toUint8Array(table);
  }
  const bytes = E.toUint8Array(text);
  E.mapInPlace(bytes, bytes, tableBytes);
  return E.toString(bytes);
}

/** Null on an engine that is not Espruino. */
export function espruinoNatives(): Natives | null {
  if (typeof E === "undefined") return null;
  return {
    crc32: E.CRC32,
    toBytes: (text, out, at) => out.set(E.toUint8Array(text), at),
    toText: E.toString,
    base64: btoa,
    unbase64: atob,
    aes: espruinoAes(),
    sum: (text) => E.sum(E.toUint8Array(text)),
    translate: translate,
    dot: E.convolve,
  };
}
