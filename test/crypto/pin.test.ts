/** PINs on their way to the host: published vectors, and the terminal's stepwise keys against the host's direct ones. */
import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { aesEncrypt } from "../../src/crypto/aes";
import { type Dukpt, keySerialNumber, PIN_AES128, PIN_TDEA2, useKey, workingKey } from "../../src/crypto/dukpt";
import { pinBlock0, pinBlock4 } from "../../src/crypto/pinblock";
import { tdeaEncrypt } from "../../src/crypto/tdea";
import * as host from "../../src/host/dukpt";
import { seededBytes } from "../../src/sim/random";
import { BARE_ENGINES } from "../engines";
import { Bench, buildProbe, openProbeEngine } from "../engine/bench";

const bytes = (hex: string) => Buffer.from(hex, "hex").toString("latin1");
const hex = (text: string) => Buffer.from(text, "latin1").toString("hex").toUpperCase();
const buffer = (text: string) => Buffer.from(text, "latin1");

const random = seededBytes(4);

function nodeCipher(name: string, key: string, block: string): string {
  const cipher = createCipheriv(name, buffer(key), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(buffer(block)), cipher.final()]).toString("latin1");
}

test("AES-128: FIPS 197 appendices B and C.1, and 2,000 blocks as Node has them", () => {
  const encrypt = (key: string, block: string) => hex(aesEncrypt(bytes(key), bytes(block)));
  expect(encrypt("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734")).toBe(
    "3925841D02DC09FBDC118597196A0B32",
  );
  expect(encrypt("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff")).toBe(
    "69C4E0D86A7B0430D8CDB78070B4C55A",
  );
  for (let each = 0; each < 2000; each++) {
    const [key, block] = [random(16), random(16)];
    expect(aesEncrypt(key, block)).toBe(nodeCipher("aes-128-ecb", key, block));
  }
});

test("TDEA: 500 blocks as Node has them, and DES where both halves of the key are one (FIPS 81)", () => {
  const single = bytes("0123456789abcdef");
  expect(hex(tdeaEncrypt(single + single, "Now is t"))).toBe("3FA40E8A984D4815");
  for (let each = 0; each < 500; each++) {
    const [key, block] = [random(16), random(8)];
    expect(tdeaEncrypt(key, block)).toBe(nodeCipher("des-ede3", key + key.slice(0, 8), block));
  }
});

// ANSI X9.24-3:2017 Annex B and its supplement of test vectors.
const BASE_KEY = bytes("FEDCBA9876543210F1F1F1F1F1F1F1F1");
const ID = bytes("1234567890123456");
const PIN_KEYS: [counter: number, key: string][] = [
  [1, "AF8CB133A78F8DC2D1359F18527593FB"],
  [2, "D30BDC73EC9714B000BEC66BDB7B6D09"],
  [3, "7D69F01F3B45449F62C7816ECE723268"],
  [4, "91A0588318EC2673214271F70137896E"],
  [5, "35A43BC9EFEB09C756204B57E3FB7D4D"],
  [6, "02DCC6CD1201A3A2CA7099559C862123"],
  [7, "6ECF912F3B18CA11A7A27BB60705FD09"],
  [8, "4D9DF3FBEE3448FC3E676D04320A90F5"],
  [8675309, "D1DDA386AA4A556AF0119FDCB5D132C6"],
  [0x1fffe, "DDF7E08A84B5478C498D007C743BF762"],
  [0x1ffff, "73BA667D6368A2086E72576DF41A4037"],
  [0x20000, "AB828BE7B58C7EC5D5ED0D5D320A0C9D"],
];

const ksn = (counter: number) => Buffer.concat([buffer(ID), Buffer.from(counter.toString(16).padStart(8, "0"), "hex")]);

const REGISTERS = host.loadRegisters(host.initialKey(buffer(BASE_KEY), buffer(ID)), buffer(ID)).toString("latin1");
const newDevice = (): Dukpt => ({ id: ID, counter: 1, registers: REGISTERS });

/** A device that has come as far as `counter` without a step between: it used up each lowest bit that is set there, the highest first. */
function deviceAt(counter: number): Dukpt {
  const d = newDevice();
  for (let bit = 31; bit > Math.log2((counter & -counter) >>> 0); bit--) {
    if (Math.floor(counter / 2 ** bit) % 2 === 0) continue;
    d.counter = Math.floor(counter / 2 ** bit) * 2 ** bit;
    useKey(d, aesEncrypt);
  }
  d.counter = counter;
  return d;
}

const isZero = (key: string) => /^\0*$/.test(key);

describe("AES DUKPT", () => {
  test("initial key, and the registers of a new device", () => {
    const key = host.initialKey(buffer(BASE_KEY), buffer(ID));
    expect(key.toString("hex").toUpperCase()).toBe("1273671EA26AC29AFA4D1084127652A1");
    expect(REGISTERS.length).toBe(32 * 16);
    expect(hex(REGISTERS.slice(0, 16))).toBe("4F21B565BAD9835E112B6465635EAE44");
  });

  test.each(PIN_KEYS)("the host's PIN key of transaction %i", (counter, key) => {
    expect(host.workingKey(buffer(BASE_KEY), ksn(counter), "PIN, AES-128").toString("hex").toUpperCase()).toBe(key);
  });

  test("the terminal's key is the host's for 100,000 transactions; keys that are used are gone", () => {
    const aes = (key: string, block: string) => nodeCipher("aes-128-ecb", key, block);
    const at = (counter: number) => 16 * Math.log2(counter & -counter);
    const d = newDevice();
    const published = new Map(PIN_KEYS);
    for (let transaction = 1; transaction <= 100_000; transaction++) {
      expect(d.counter).toBe(transaction);
      const serial = buffer(keySerialNumber(d));
      const key = workingKey(d, aes, PIN_AES128);
      if (key !== host.workingKey(buffer(BASE_KEY), serial, "PIN, AES-128").toString("latin1"))
        expect(key).toBe("the host's");
      if (published.has(transaction)) expect(hex(key)).toBe(published.get(transaction));
      const used = d.registers.slice(at(transaction), at(transaction) + 16);
      useKey(d, aes);
      if (isZero(used) || d.registers.includes(used) || d.registers.length !== REGISTERS.length)
        expect(hex(used)).toBe("a key that was there, and is gone");
    }
  });

  test("a counter with more than sixteen ones is passed over, and after the last one nothing is left", () => {
    const d = newDevice();
    // As after 0x1FFFE transactions: its key and those of higher bits are there, and none is made from it.
    d.counter = 0x1fffe;
    d.registers = "\0".repeat(16) + REGISTERS.slice(16);
    useKey(d, aesEncrypt);
    expect(d.counter).toBe(0x20000);
    expect(d.registers).toBe("\0".repeat(32) + REGISTERS.slice(32));
    d.counter = 0xffff0000;
    useKey(d, aesEncrypt);
    expect(d.counter).toBe(0);
    expect(d.registers).toBe("\0".repeat(17 * 16) + REGISTERS.slice(17 * 16));
    expect(workingKey(d, aesEncrypt, PIN_AES128)).toBe("");
    useKey(d, aesEncrypt);
    expect(d.counter).toBe(0);
  });

  test("from anywhere on, also beyond 2^31, the next 300 keys are there and are the host's", () => {
    const aes = (key: string, block: string) => nodeCipher("aes-128-ecb", key, block);
    for (const start of [0x80000000, 0x7fff8000, 0xfffe0000, 0xaaaa0000, 0x00ffff00]) {
      const d = deviceAt(start);
      for (let transaction = 0; transaction < 300 && d.counter !== 0; transaction++) {
        const serial = buffer(keySerialNumber(d));
        expect(workingKey(d, aes, PIN_AES128)).toBe(
          host.workingKey(buffer(BASE_KEY), serial, "PIN, AES-128").toString("latin1"),
        );
        const { counter } = d;
        useKey(d, aes);
        expect(d.counter === 0 || d.counter > counter).toBe(true);
      }
    }
  });

  test("a two-key TDEA working key is the host's", () => {
    const d = newDevice();
    const key = host.workingKey(buffer(BASE_KEY), ksn(1), "PIN, TDEA-2").toString("latin1");
    expect(workingKey(d, aesEncrypt, PIN_TDEA2)).toBe(key);
  });
});

const PAN = "4111111111111111";
const FORMAT_4: [key: string, block: string][] = [
  ["AF8CB133A78F8DC2D1359F18527593FB", "A912150391AB65A67E52883D81CE2D15"],
  ["D30BDC73EC9714B000BEC66BDB7B6D09", "52A00503BD34BA1383F6A7EE9FE2547F"],
  ["7D69F01F3B45449F62C7816ECE723268", "A5A27E82B43A9A866A93D7ABE89CEF93"],
];

describe("PIN blocks", () => {
  test.each(FORMAT_4)("format 4 under %s (X9.24-3 supplement)", (key, block) => {
    const ours = pinBlock4(aesEncrypt, bytes(key), "1234", PAN, bytes("2F69ADDE2E9E7ACE"));
    expect(hex(ours)).toBe(block);
    expect(host.openPinBlock4(buffer(bytes(key)), buffer(ours), PAN)).toBe("1234");
  });

  test("format 4 of another maker opens", () => {
    const key = Buffer.from("00112233445566778899AABBCCDDEEFF", "hex");
    expect(host.openPinBlock4(key, Buffer.from("E4BE5B623AF7E006AC319E5B93544564", "hex"), "1234567890123456")).toBe(
      "1234",
    );
  });

  test("every PIN length and PAN length comes through both formats; another PAN does not open them", () => {
    for (let pinDigits = 4; pinDigits <= 12; pinDigits++) {
      for (let panDigits = 13; panDigits <= 19; panDigits++) {
        const [key, pin, pan] = [
          random(16),
          "918273645546".slice(0, pinDigits),
          "5413330089020011987".slice(0, panDigits),
        ];
        const other = pan.replace("3300", "3301");
        const block4 = buffer(pinBlock4(aesEncrypt, key, pin, pan, random(8)));
        const block0 = buffer(pinBlock0(key, pin, pan));
        expect(host.openPinBlock4(buffer(key), block4, pan)).toBe(pin);
        expect(host.openPinBlock0(buffer(key), block0, pan)).toBe(pin);
        expect(host.openPinBlock4(buffer(key), block4, other)).not.toBe(pin);
        expect(host.openPinBlock0(buffer(key), block0, other)).not.toBe(pin);
      }
    }
  });
});

describe.each(BARE_ENGINES)("on $name", ({ name, isHere }) => {
  test.skipIf(!isHere)("the published vectors", async () => {
    const bench = new Bench(openProbeEngine(name, await buildProbe("test/crypto/pin.probe.ts")));
    await bench.open();
    const [[aes, tdea, key1, key2, key3, block4, native] = []] = await bench.command(0, REGISTERS);
    expect(hex(String(aes))).toBe("3925841D02DC09FBDC118597196A0B32");
    expect(hex(String(tdea))).toBe("3FA40E8A984D4815");
    expect([key1, key2, key3].map((key) => hex(String(key)))).toEqual(PIN_KEYS.slice(0, 3).map(([, key]) => key));
    expect(hex(String(block4))).toBe(FORMAT_4[0]?.[1]);
    expect([block4, ""]).toContain(native);
    await bench.close();
  });
});
