/** A bundle in a slot: its content runs, its head and its marks survive what can happen to them, and the boot code decides as `chooseSlot`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import nacl from "tweetnacl";
import { describe, expect, test } from "vitest";
import { bootCode, greeting, type Ways } from "../../flash/boot";
import { crc32 } from "../../flash/crc32";
import { SLOT_PAGES, STORE } from "../../flash/install";
import {
  chooseSlot,
  digestOf,
  HEAD,
  headOf,
  MARK,
  packBundle,
  PAGE_BYTES,
  pagesOf,
  readSlot,
  SET,
  versionNumber,
} from "../../flash/slots";
import { ROOT } from "../../src/cli/world";
import { seededBytes } from "../../src/sim/random";
import { COMMANDS, hasEspruino } from "../engines";

const hsalsa20 = (
  nacl as unknown as {
    lowlevel: { crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, sigma: Uint8Array): void };
  }
).lowlevel.crypto_core_hsalsa20;

/** From the words of docs/updates.md, with another's HSalsa20. */
function expectedDigest(content: string): string {
  let key = Buffer.from("Tillet: the content of one slot.");
  const length = Buffer.alloc(16);
  length.writeUInt32BE(content.length);
  const padded = Buffer.from(content.padEnd(Math.ceil(content.length / 16) * 16, "\xff"), "latin1");
  const blocks = Buffer.concat([padded, length]);
  for (let at = 0; at < blocks.length; at += 16) {
    const next = Buffer.alloc(32);
    hsalsa20(next, blocks.subarray(at, at + 16), key, Buffer.from("expand 32-byte k"));
    key = next;
  }
  return key.toString("latin1");
}

const FILLER = Array.from({ length: 40 }, (_, index) => `let f${index}=1;`).join("");
const CODE = `let outer=2;function part0(){${FILLER}function inner(a){return a+outer}return{inner:inner}}
function words(){return "${"\\xe9".repeat(300)}"}var answer=part0().inner(3)+words().length;`;

describe("a content", () => {
  test.each([0, 1, 15, 16, 17, 5000])("of %i bytes has the digest of its description", (length) => {
    const content = seededBytes(7)(length);
    expect(digestOf(content)).toBe(expectedDigest(content));
    expect(digestOf(content + "\xff")).not.toBe(expectedDigest(content));
  });

  test("runs from its places, part by part", () => {
    const update = packBundle(CODE, "test", 1);
    const part = (at: number, byteCount: number) => {
      expect(at + byteCount).toBeLessThanOrEqual(update.content.length);
      return update.content.substr(at, byteCount);
    };
    const context = createContext({ part });
    runInContext(part(update.mainAt, update.mainBytes), context);
    expect(runInContext("answer", context)).toBe(305);
  });

  test.each(["wroom", "cyd", "s3"])("of the bundle of %s fits either slot, with room for a fifth more", (board) => {
    const update = packBundle(readFileSync(join(ROOT, "dist", `tillet-${board}.js`), "latin1"), board, 1);
    expect(pagesOf(update) * 1.2).toBeLessThanOrEqual(Math.min(...SLOT_PAGES));
    expect(update.content).not.toMatch(/part\(\$/);
  });

  test("has a slot in the board's file store, and so has the next one", () => {
    const fileBytes = SLOT_PAGES.map((pageCount) => (pageCount + 1) * PAGE_BYTES);
    expect(fileBytes[0] + fileBytes[1]).toBeLessThan(STORE.byteCount * 0.75);
  });

  test.each([
    ["Wroom", 1],
    ["a-board-of-17-chars", 1],
    ["", 1],
    ["wroom", 0],
    ["wroom", 1_000_000],
    ["wroom", 1.5],
  ])("for board %j of version %f is refused", (profile, version) => {
    expect(() => packBundle("1", profile, version)).toThrow(/^A /);
  });

  test("has a number for a version of the package", () => {
    expect([versionNumber("0.1.0"), versionNumber("1.2.34")]).toEqual([100, 10234]);
    for (const text of ["", "1.2", "1.2.3-beta", "1.2.100"]) expect(() => versionNumber(text)).toThrow("no version");
  });
});

const UPDATE = packBundle(CODE, "test", 258);
const page = (head: string, ...marks: number[]) =>
  marks.reduce((text, at) => text.slice(0, at) + SET + text.slice(at + 4), head.padEnd(MARK.end, "\xff"));

describe("a head", () => {
  const whole = page(headOf(UPDATE, 7), MARK.complete);

  test("says what stands in the slot", () => {
    expect(readSlot(whole)).toEqual({
      ...{ sequence: 7, version: 258, profile: "test", digest: UPDATE.digest },
      ...{ isGood: false, isBad: false, trials: 0 },
    });
  });

  test("is none with any bit flipped, or cut off anywhere", () => {
    for (let bit = 0; bit < 8 * HEAD.end; bit++) {
      const byte = String.fromCharCode(whole.charCodeAt(bit >> 3) ^ (1 << (bit & 7)));
      expect(readSlot(whole.slice(0, bit >> 3) + byte + whole.slice((bit >> 3) + 1))).toBeNull();
    }
    for (let length = 0; length < HEAD.end; length++)
      expect(readSlot(page(headOf(UPDATE, 7).slice(0, length), MARK.complete))).toBeNull();
  });

  test("is none before the content is whole, and a torn mark is none yet", () => {
    for (let length = 0; length < 4; length++) {
      const torn = (at: number) => whole.slice(0, at) + SET.slice(0, length).padEnd(4, "\xff") + whole.slice(at + 4);
      expect(readSlot(torn(MARK.complete))).toBeNull();
      expect(readSlot(torn(MARK.good))?.isGood).toBe(false);
      // A start that was begun counts, and so does a doubt.
      expect(readSlot(torn(MARK.trials[0]))?.trials).toBe(length > 0 ? 1 : 0);
      expect(readSlot(torn(MARK.bad))?.isBad).toBe(length > 0);
    }
  });
});

/** Two head pages each; torn ones among them. */
function randomHeads(seed: number): [string, string] {
  const bytes = seededBytes(seed);
  const below = (count: number) => bytes(1).charCodeAt(0) % count;
  const one = (): string => {
    if (below(8) === 0) return bytes(MARK.end);
    let head = page(headOf(UPDATE, below(4)));
    if (below(8) === 0) head = page(head.slice(0, below(HEAD.end)));
    const places = [MARK.complete, ...MARK.trials.slice(0, below(4)), MARK.good, MARK.bad];
    for (const at of places) {
      const isSkipped = at >= MARK.good ? below(3) > 0 : at === MARK.complete && below(6) === 0;
      // Starts are counted one after the other: none is left out.
      const tornBytes = MARK.trials.some((trial) => trial === at) ? 1 + below(3) : below(4);
      const mark = SET.slice(0, below(6) === 0 ? tornBytes : 4).padEnd(4, "\xff");
      if (!isSkipped) head = head.slice(0, at) + mark + head.slice(at + 4);
    }
    return head;
  };
  return [one(), one()];
}

/** The boot code over two pages in memory, `H`, and their contents. */
const ADDRESSES = [0x320000, 0x348000] as const;
const IN_MEMORY: Ways = {
  read: "function(i,o,n){return H[i].substr(o,n)}",
  raw: "function(i,o,n){return R[i].substr(o,n)}",
  write: "function(i,o,d){W.push([i,o,d.length]);H[i]=H[i].substr(0,o)+d+H[i].substr(o+d.length)}",
  parts: [0, 1].map((i) => `function(o,n){return "ran="+${i}}`) as unknown as [string, string],
  addresses: ADDRESSES,
  pageCount: 40,
};
const CASES = Array.from({ length: 300 }, (_, seed) => randomHeads(seed + 1));
const latin1Hex = (text: string) => Buffer.from(text, "latin1").toString("hex");

/** What the boot code should come to: the slot that ran, what it wrote, and `slots` as hexadecimal digits. */
function expectedBoot(heads: readonly [string, string]): string {
  const slots = heads.map(readSlot);
  const own = chooseSlot(slots);
  const slot = slots[own];
  if (!slot) return "-1[]";
  const isTrial = !slot.isGood && !slot.isBad && slot.trials < 3;
  const other = slots[1 - own];
  const state = other && other.sequence > slot.sequence ? "B" : slot.isGood ? "G" : "T";
  const told = Buffer.alloc(13);
  [slot.version, ADDRESSES[own] ?? 0, ADDRESSES[1 - own] ?? 0].forEach((value, index) => {
    told.writeUInt32BE(value, 4 * index);
  });
  told[12] = 40;
  const written = isTrial ? [[own, MARK.trials[slot.trials], 4]] : [];
  return `${own}${JSON.stringify(written)}${state}${told.toString("hex")}`;
}

describe("the boot code", () => {
  const code = bootCode(IN_MEMORY);
  const say = `(ran+JSON.stringify(W)+(ran<0?"":slots.charAt(0)+hex(slots.substr(1))))`;

  test("is one line of plain characters", () => {
    expect(code).toMatch(/^[\x20-\x7e]+$/);
    expect(code.length).toBeLessThan(2600);
  });

  test("decides, marks and tells as described", () => {
    const outcomes = CASES.map((heads) => {
      const context = createContext({
        ...{ H: [...heads], R: heads, W: [], ran: -1, hex: latin1Hex },
        E: { CRC32: crc32, enableWatchdog: () => undefined, reboot: () => undefined },
        ...{ print: () => undefined, setTimeout: () => 1, clearTimeout: () => undefined },
      });
      runInContext(code, context);
      return runInContext(say, context) as string;
    });
    expect(outcomes).toEqual(CASES.map(expectedBoot));
    expect(new Set(outcomes.map((each) => each.charAt(0)))).toEqual(new Set(["-", "0", "1"]));
    expect(new Set(outcomes.map((each) => /[GTB]/.exec(each)?.[0]))).toEqual(new Set(["G", "T", "B", undefined]));
  });

  test("writes nothing, and tells the firmware of no slots, where raw flash is not what it should be", () => {
    const heads = [page(headOf(UPDATE, 1), MARK.complete), ""];
    const context = createContext({
      ...{ H: heads, R: ["\xff".repeat(MARK.end), ""], W: [], E: { CRC32: crc32 }, print: () => undefined },
    });
    runInContext(code, context);
    expect(runInContext("[ran,W.length,slots]", context)).toEqual([0, 0, ""]);
  });

  test.skipIf(!hasEspruino)("does so on the real engine", () => {
    const folder = mkdtempSync(join(tmpdir(), "tillet-boot-"));
    try {
      const program = `function hex(t){return t.split("").map(function(c){return (c.charCodeAt(0)+256).toString(16).substr(1)}).join("")}
var H,R,W,ran,real=print;global.print=function(){};
${CASES.map(
  (heads) => `H=["${heads.map((head) => `"+atob("${Buffer.from(head, "latin1").toString("base64")}")+"`).join('","')}"];
R=H.slice();W=[];ran=-1;E.enableWatchdog=function(){};${code}
real("<"+${say}+">");`,
).join("\n")}
quit();`;
      writeFileSync(join(folder, "run.js"), program);
      const { stdout } = spawnSync(COMMANDS.espruino, ["run.js"], { cwd: folder, encoding: "latin1", input: "" });
      const outcomes = [...stdout.matchAll(/<([^>\r\n]*)>/g)].map(([, outcome]) => outcome);
      expect(outcomes).toEqual(CASES.map(expectedBoot));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("greets with the start of the digest", () => {
    expect(greeting("\x01\xab\xcd\xefmore")).toBe("Tillet 01abcdef runs");
    expect(PAGE_BYTES % 4096).toBe(0);
  });
});
