/** Parameters for taps that a host sends: when they are asked for, what is refused, and that flash has all of them or none. */
import { beforeEach, describe, expect, test } from "vitest";
import { plain } from "../../src/proto/plain";
import { readBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { PowerCut } from "../../src/sim/twins/flash";
import { Record } from "../../src/txn/record";
import { keepCarry } from "../../src/txn/ring";
import { TAP_RECORD } from "../../src/txn/tap.table";
import { prepareTap } from "../../src/txn/tap";
import { Timer } from "../../src/txn/timers";
import { almostFullImage } from "../images";
import type { Fields } from "../host/terminal";
import { newImage } from "../world";
import { known, loaded, stored } from "./device";
import { WorksBench } from "./works";

const random = seededBytes(20260111);
const fresh = () => Buffer.from(random(32), "latin1");
const bytes = (value: number, count: number) => {
  const out = Buffer.alloc(count);
  out.writeUIntBE(value, 0, count);
  return out.toString("latin1");
};

/** The built-in record in another version, with all limits changed. */
function recordOf(version: number, limitMinor = 2000, currency = "\x09\x78"): string {
  const body =
    bytes(version, 2) + currency + TAP_RECORD.slice(4, -4).replaceAll("\0\x01\x86\xa0", bytes(limitMinor, 4));
  return body + bytes(plain.crc32(body), 4);
}
const SECOND = recordOf(2);
const about = (code: string, version: number) => ({ 60: `00000001${code}000001${String(version).padStart(6, "0")}` });

let bench: WorksBench;
beforeEach(() => {
  bench = new WorksBench();
});

/** Signs on with a host that offers version 2, and loads this. */
function load(record: string, version = 2): void {
  bench.signOn(fresh(), about("001", version));
  expect(bench.answered("380", { ...about("380", version), 62: record })).toBe("00000001380000001000001000000");
}

const isOld = () => bench.rows().includes("New settings wait.");

describe("loading", () => {
  test("follows a sign-on that offers others; a tap is read with them, after a power cut too", () => {
    load(SECOND);
    expect(bench.works.t.tapRecord).toBe(SECOND);
    const next = { params: "", own: "" };
    prepareTap(bench.works, next);
    expect(next.params).toBe(SECOND);
    expect(readBook(bench.flash.image).parameters?.toString("latin1")).toBe(SECOND);
    expect(loaded(bench.flash).t.tapRecord).toBe(SECOND);
    expect(isOld()).toBe(false);
    expect(bench.asked()).toEqual([]);
    bench.fire(Timer.SignOn);
    expect(bench.answered("301", about("301", 2))).toBe("00000001301000001000002000000");
    expect(bench.asked()).toEqual([]);
  });

  test("follows an echo, too; and the next version replaces them", () => {
    load(SECOND);
    bench.fire(Timer.SignOn);
    bench.answered("301", about("301", 3));
    const third = recordOf(3, 777);
    expect(bench.answered("380", { ...about("380", 3), 62: third })).toBe("00000001380000001000002000000");
    expect(loaded(bench.flash).t.tapRecord).toBe(third);
    expect(readBook(bench.flash.image).parameters?.toString("latin1")).toBe(third);
  });

  test.each([0, 1])("does not, when the host offers version %i", (version) => {
    bench.signOn(fresh(), about("001", version));
    expect(bench.asked()).toEqual([]);
  });

  test("is nothing for a terminal without a contactless reader, which names no version", () => {
    bench = new WorksBench(newImage({ tap: "" }));
    bench.connect();
    const { fields } = bench.opened(bench.asked()[0] as string);
    expect(fields[60]).toBe("00000001001000001000000000000");
    bench = new WorksBench(newImage({ tap: "" }));
    bench.signOn(fresh(), about("001", 2));
    expect(bench.asked()).toEqual([]);
  });

  test("ends with the first key, and the same frame goes again", () => {
    bench.signOn(fresh(), about("001", 2));
    const [line] = bench.asked();
    bench.press("1C");
    expect(bench.asked()).toEqual([line]);
    const { request } = bench.opened(line as string);
    bench.hear(bench.networkAnswer(request, { ...about("380", 2), 62: SECOND }, "380"));
    expect(bench.works.t.tapRecord).toBe(SECOND);
  });

  test("takes what has become newer meanwhile, and hears the wish for a sign-on", () => {
    bench.signOn(fresh(), about("001", 2));
    bench.answered("380", { ...about("001", 7), 62: recordOf(7) });
    expect(loaded(bench.flash).t.tapRecord).toBe(recordOf(7));
    expect(bench.opened(bench.asked()[0] as string).fields[60]).toBe("00000001001000001000007000000");
  });

  test("stops when the host is in another batch", () => {
    bench.signOn(fresh(), about("001", 2));
    bench.answered("380", { 39: "77", 60: "00000002380000001000002" });
    expect(bench.title()).toBe("OUT OF STEP");
  });
});

describe("refused", () => {
  const expectRefused = () => {
    expect(bench.works.t.tapRecord).toBe("");
    expect(readBook(bench.flash.image).parameters).toBeNull();
  };

  test.each<[string, Fields]>([
    ["for another currency", { 62: recordOf(2, 2000, "\x08\x40") }],
    ["of another version than was said", { 62: recordOf(3) }],
    ["that are missing", {}],
    ["that the host has not", { 39: "25" }],
    ["that are none", { 62: "x".repeat(255) }],
  ])("parameters %s are not taken, not asked for before the next sign-on, and the idle screen tells", (_, changes) => {
    bench.signOn(fresh(), about("001", 2));
    bench.answered("380", { ...about("380", 2), ...changes });
    expectRefused();
    expect(isOld()).toBe(true);
    expect(bench.asked()).toEqual([]);
    for (let hour = 1; hour < 24; hour++) {
      bench.fire(Timer.SignOn);
      bench.answered("301", about("301", 2));
      expect(bench.asked()).toEqual([]);
      expect(isOld()).toBe(true);
    }
    bench.fire(Timer.SignOn);
    const { request } = bench.opened(bench.asked()[0] as string);
    const keys = fresh();
    bench.hear(bench.networkAnswer(request, { ...about("001", 2), 62: keys.toString("latin1") }));
    bench.rotate();
    bench.known.rotate(keys);
    bench.answered("380", { ...about("380", 2), 62: SECOND });
    expect(bench.works.t.tapRecord).toBe(SECOND);
    expect(isOld()).toBe(false);
  });

  test("is every truncation and every flipped bit", () => {
    const spoilt = Array.from({ length: SECOND.length - 1 }, (_, index) => SECOND.slice(0, index + 1));
    for (let bit = 0; bit < 8 * SECOND.length; bit++) {
      const at = bit >> 3;
      const byte = String.fromCharCode(SECOND.charCodeAt(at) ^ (1 << (bit & 7)));
      spoilt.push(SECOND.slice(0, at) + byte + SECOND.slice(at + 1));
    }
    bench.signOn(fresh(), about("001", 2));
    for (const record of spoilt) {
      bench.works.signOn.offered = 2;
      bench.works.signOn.isDue = true;
      bench.works.board.timer(Timer.Ahead, 0);
      bench.answered("380", { ...about("380", 2), 62: record });
      expect(bench.works.t.tapRecord).toBe("");
    }
    expectRefused();
  });
});

describe("in flash", () => {
  test("they go along from page to page, and are never part of a sale", () => {
    load(SECOND);
    const device = loaded(bench.flash);
    for (let sale = 1; sale <= 300; sale++) {
      device.sell(100, ["S", "SA"][sale % 2]);
      expect(device.j.carry).not.toContain(SECOND.slice(0, 20));
      const again = loaded(bench.flash);
      expect(again.t.tapRecord).toBe(SECOND);
      expect(again.j.carry).toBe(device.j.carry);
      expect(known(again.t)).toEqual(stored(bench.flash.image));
      device.write(sale % 2 ? Record.Printed : Record.Undone);
    }
    expect(device.j.sequence).toBeGreaterThan(16);
    expect(readBook(bench.flash.image).parameters?.toString("latin1")).toBe(SECOND);
  });

  test("they stand beside a transaction without an end, not in it", () => {
    const device = loaded(bench.flash);
    device.sell(100, "S");
    const { carry } = device.j;
    keepCarry(device.j, device.t, Record.Parameters, SECOND);
    expect(device.j.carry).toBe(carry);
  });

  test.each([
    ["on a new page", () => newImage()],
    ["while a page turns", () => almostFullImage(150)],
  ])("a power cut leaves all of them or none, %s", (_, image) => {
    bench = new WorksBench(image());
    bench.signOn(fresh(), about("001", 2));
    const before = bench.flash.operations.length;
    bench.answered("380", { ...about("380", 2), 62: SECOND });
    const operations = bench.flash.operations.slice(before);
    const outcomes = new Set<string>();
    for (const [index, { byteCount }] of operations.entries()) {
      for (let bytesDone = 0; bytesDone <= byteCount; bytesDone += byteCount > 600 ? 64 : 1) {
        bench = new WorksBench(image());
        bench.flash.plan({ operation: before + index + 1, bytesDone });
        expect(() => load(SECOND)).toThrow(PowerCut);
        const { t } = loaded(bench.flash);
        expect(["", SECOND]).toContain(t.tapRecord);
        expect(readBook(bench.flash.image).parameters?.toString("latin1") ?? "").toBe(t.tapRecord);
        expect(known(t)).toEqual(stored(bench.flash.image));
        outcomes.add(t.tapRecord);
      }
    }
    expect(outcomes).toEqual(new Set(["", SECOND]));
  });
});
