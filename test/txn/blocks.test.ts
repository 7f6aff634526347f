/** The block list at the terminal: when it is asked for, what is refused, that flash has the old or the new one, and which cards are barred. */
import nacl from "tweetnacl";
import { beforeEach, describe, expect, test } from "vitest";
import { ENTRIES_MAX } from "../../src/limits/blocks";
import { readBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { PowerCut } from "../../src/sim/twins/flash";
import { passed } from "../../src/txn/blocks";
import { Event, Notice, openTerminal } from "../../src/txn/state";
import { Record } from "../../src/txn/record";
import { Timer } from "../../src/txn/timers";
import type { Fields } from "../host/terminal";
import { almostFullImage } from "../images";
import { NATIVES } from "../natives";
import { newImage } from "../world";
import { known, loaded, stored } from "./device";
import { TRACK2, WorksBench } from "./works";

const random = seededBytes(20261123);
const fresh = () => Buffer.from(random(32), "latin1");
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const SALT = "saltsalt";

/** Written by hand from `docs/protocol.md`. */
function listOf(version: number, prefixes: readonly string[], tokens: readonly string[] = []): string {
  const hex = version.toString(16).padStart(8, "0");
  const packed = prefixes.map((prefix) => prefix.padEnd(8, "F")).join("");
  const count = prefixes.length.toString(16).padStart(2, "0");
  return latin1(Buffer.from(hex + Buffer.from(SALT).toString("hex") + count + packed + tokens.join(""), "hex"));
}

/** With tweetnacl. */
function tokenOf(pan: string, salt = SALT): string {
  const core = (nacl as unknown as { lowlevel: { crypto_core_hsalsa20: (...all: Uint8Array[]) => void } }).lowlevel;
  const out = new Uint8Array(32);
  const key = Buffer.alloc(32);
  key.write(salt, "latin1");
  core.crypto_core_hsalsa20(out, Buffer.from(pan.padEnd(32, "F"), "hex"), key, Buffer.from("expand 32-byte k"));
  return Buffer.from(out.subarray(0, 4)).toString("hex");
}

const FULL = listOf(
  2,
  Array.from({ length: ENTRIES_MAX }, (_, index) => String(51000000 + index)),
);
/** Versions are said in sign-on and echo. */
const about = (code: string, list: number) => ({
  60: `00000001${code}000001000001${code === "382" ? "" : `000000${String(list).padStart(6, "0")}`}`,
});

let bench: WorksBench;
beforeEach(() => {
  bench = new WorksBench();
});

/** Signs on with a host that offers this version, and loads this. */
function load(list: string, version = 2): void {
  bench.signOn(fresh(), about("001", version));
  expect(bench.answered("382", { ...about("382", version), 62: list })).toBe("00000001382000001000001000000");
}

const inFlash = () => latin1(readBook(bench.flash.image).blockList ?? Buffer.alloc(0));
const isOld = () => bench.rows().includes("New settings wait.");

describe("loading", () => {
  test("follows a sign-on that offers another; the version is said from then on, after a power cut too", () => {
    load(FULL);
    expect(FULL).toHaveLength(253);
    expect(bench.works.t.blockList).toBe(FULL);
    expect(inFlash()).toBe(FULL);
    expect(loaded(bench.flash).t.blockList).toBe(FULL);
    expect(isOld()).toBe(false);
    expect(bench.asked()).toEqual([]);
    bench.fire(Timer.SignOn);
    expect(bench.answered("301", about("301", 2))).toBe("00000001301000001000001000002");
    expect(bench.asked()).toEqual([]);
  });

  test("follows an echo; an empty list takes the place of a full one", () => {
    load(FULL);
    bench.fire(Timer.SignOn);
    bench.answered("301", about("301", 3));
    bench.answered("382", { ...about("382", 3), 62: listOf(3, []) });
    expect(inFlash()).toBe(listOf(3, []));
    expect(loaded(bench.flash).t.blockList).toBe(listOf(3, []));
  });

  test("does not, where the host has none or says nothing of it", () => {
    bench.signOn(fresh(), about("001", 0));
    expect(bench.asked()).toEqual([]);
    bench = new WorksBench();
    bench.signOn(fresh(), { 60: "00000001001000001000001" });
    expect(bench.asked()).toEqual([]);
  });

  test("stands beside parameters for taps: both are asked for, one after the other", () => {
    bench.signOn(fresh(), { 60: "00000001001000001000002000000000005" });
    expect(bench.answered("380", { 39: "25", 60: "00000001380000001000002" })).toMatch(/^00000001380/);
    bench.answered("382", { ...about("382", 5), 62: listOf(5, ["476173"]) });
    expect(inFlash()).toBe(listOf(5, ["476173"]));
  });
});

describe("refused", () => {
  test.each<[string, Fields]>([
    ["that is missing", {}],
    ["that the host has not", { 39: "25" }],
    ["with more prefixes than entries", { 62: FULL.slice(0, -4) }],
    ["with too many", { 62: `${FULL}xx` }],
    ["that is cut in an entry", { 62: listOf(2, ["476173"]).slice(0, -1) }],
    ["that is cut in its head", { 62: listOf(2, []).slice(0, -1) }],
  ])("a list %s is not taken, not asked for before the next sign-on, and the idle screen tells", (_, changes) => {
    bench.signOn(fresh(), about("001", 2));
    bench.answered("382", { ...about("382", 2), ...changes });
    expect(bench.works.t.blockList).toBe("");
    expect(inFlash()).toBe("");
    expect(isOld()).toBe(true);
    expect(bench.asked()).toEqual([]);
    bench.fire(Timer.SignOn);
    bench.answered("301", about("301", 2));
    expect(bench.asked()).toEqual([]);
    expect(isOld()).toBe(true);
  });
});

describe("in flash", () => {
  test("it goes along from page to page, and is never part of a sale", () => {
    load(FULL);
    const device = loaded(bench.flash);
    for (let sale = 1; sale <= 60; sale++) {
      device.sell(100, ["S", "SA"][sale % 2]);
      expect(device.j.carry).not.toContain(FULL.slice(0, 20));
      const again = loaded(bench.flash);
      expect(again.t.blockList).toBe(FULL);
      expect(known(again.t)).toEqual(stored(bench.flash.image));
      device.write(sale % 2 ? Record.Printed : Record.Undone);
    }
    expect(device.j.sequence).toBeGreaterThan(4);
    expect(inFlash()).toBe(FULL);
  });

  test.each([
    ["on a new page", () => newImage()],
    ["while a page turns", () => almostFullImage(150)],
  ])("a power cut leaves the old one or the new one, %s", (_, image) => {
    const older = listOf(1, ["510000", "510001"]);
    bench = new WorksBench(image());
    load(older, 1);
    const reload = () => {
      bench.fire(Timer.SignOn);
      bench.answered("301", about("301", 2));
      bench.answered("382", { ...about("382", 2), 62: FULL });
    };
    const before = bench.flash.operations.length;
    reload();
    const operations = bench.flash.operations.slice(before);
    const outcomes = new Set<string>();
    for (const [index, { byteCount }] of operations.entries()) {
      const step = byteCount > 100 ? 16 : 1;
      for (let some = 0; some < byteCount + step; some += step) {
        const bytesDone = Math.min(some, byteCount);
        bench = new WorksBench(image());
        load(older, 1);
        bench.flash.plan({ operation: index + 1, bytesDone });
        expect(reload).toThrow(PowerCut);
        const { t } = loaded(bench.flash);
        expect(inFlash()).toBe(t.blockList);
        expect(known(t)).toEqual(stored(bench.flash.image));
        outcomes.add(t.blockList);
      }
    }
    expect(outcomes).toEqual(new Set([older, FULL]));
  });
});

describe("a card", () => {
  const PAN = "4761739001010010";
  const isBarred = (pan: string, list: string) => {
    const t = { ...openTerminal(), track2: `${pan}=28122011143800000000`, blockList: list };
    const event = passed(t, NATIVES, Event.PinWanted);
    expect(t.notice).toBe(event === Event.Barred ? Notice.NotTaken : Notice.None);
    return event === Event.Barred;
  };

  test.each([
    ["six digits", listOf(1, ["476173"])],
    ["seven", listOf(1, ["4761739"])],
    ["eight, behind others", listOf(1, ["400000", "51000000", "47617390"])],
    ["its token", listOf(1, [], [tokenOf(PAN)])],
    ["its token behind all else", listOf(1, ["400000"], ["00112233", tokenOf(PAN)])],
  ])("is barred by %s", (_, list) => {
    expect(isBarred(PAN, list)).toBe(true);
  });

  test.each([
    ["an empty list", listOf(1, [])],
    ["a longer prefix that goes on in another way", listOf(1, ["47617391"])],
    ["the token of another card", listOf(1, [], [tokenOf("4761739001010028")])],
    ["its token under another salt", listOf(1, [], [tokenOf(PAN, "SALTSALT")])],
    ["its prefix where tokens stand", listOf(1, [], ["476173ff"])],
    ["its token where prefixes stand", listOf(1, []).slice(0, -1) + latin1(Buffer.from(`01${tokenOf(PAN)}`, "hex"))],
    [
      "its token across two entries",
      listOf(1, [], [`ffff${tokenOf(PAN).slice(0, 4)}`, `${tokenOf(PAN).slice(4)}ffff`]),
    ],
  ])("is not by %s", (_, list) => {
    expect(isBarred(PAN, list)).toBe(false);
  });

  test("of 12 or of 19 digits has a token, too", () => {
    for (const pan of ["476173900101", "4761739001010010123"]) {
      expect(isBarred(pan, listOf(1, [], [tokenOf(pan)]))).toBe(true);
      expect(isBarred(`${pan.slice(0, -1)}9`, listOf(1, [], [tokenOf(pan)]))).toBe(false);
    }
  });

  test("leaves nothing behind: no request, no record, no track", () => {
    load(listOf(2, [], [tokenOf(PAN)]));
    const before = bench.flash.operations.length;
    bench.press("100E");
    bench.swipe();
    expect(TRACK2).toContain(PAN);
    expect(bench.rows()).toContain("Card not taken here.");
    expect(bench.works.t.track2).toBe("");
    expect(bench.asked()).toEqual([]);
    expect(bench.flash.operations).toHaveLength(before);
  });
});
