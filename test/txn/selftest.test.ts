/**
 * The self-test of code and keys: what each fault is called, that nothing else is called one, and that nobody has to wait for it. The faults are
 * made by hand in flash, in memory and in the random source.
 */
import { expect, test, vi } from "vitest";
import { checkOf, HEAD, headOf, MARK, packBundle, SET } from "../../flash/slots";
import { Happening, Port } from "../../src/board/board";
import type { FactorySettings } from "../../src/sim/journal-image";
import { FlashTwin, withSlots } from "../../src/sim/twins/flash";
import { trackBits } from "../../src/sim/twins/magstripe";
import * as salsa20 from "../../src/crypto/salsa20";
import { Phase } from "../../src/txn/ring";
import { Fault, State } from "../../src/txn/state";
import { Timer } from "../../src/txn/timers";
import { crc32 } from "../crc32";
import { packMessage, reversalFields } from "../host/terminal";
import { newImage } from "../world";
import { TID, WorksBench } from "./works";

const FRESH = Buffer.alloc(32, 0x5a);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAGE_BYTES = 4096;
const JOURNAL_AT = 2 * PAGE_BYTES;
const PIN_KEYS_AT = JOURNAL_AT + 14 * PAGE_BYTES;
const SLOT_AT = PIN_KEYS_AT + 2 * PAGE_BYTES;
/** Behind the settings in their page. */
const OPERATORS_AT = 256;
/** More than any test takes: of a bundle this short most are reads of kept things. */
const TURNS_MAX = 400;

/** A terminal that takes PINs, and its firmware in the first slot. */
function image(settings: Partial<FactorySettings> = {}): Uint8Array {
  const flash = new FlashTwin(withSlots(newImage({ pin: "4", ...settings }), 2));
  const [address = 0] = flash.slots();
  const bundle = packBundle(`let bundle;//${"code ".repeat(200)}`, "console", 1);
  flash.write(address, headOf(bundle, 1));
  flash.write(address + PAGE_BYTES, bundle.content);
  for (const mark of [MARK.complete, MARK.good]) flash.write(address + mark, SET);
  flash.write(address + HEAD.content, checkOf(bundle.content));
  return flash.image;
}

const flip = (bench: WorksBench, at: number) => (bench.flash.image[at] = (bench.flash.image[at] as number) ^ 4);

function started(bytes = image()): WorksBench {
  const bench = new WorksBench(bytes);
  bench.signOn(FRESH);
  bench.rest();
  return bench;
}

const isTesting = (bench: WorksBench) => Boolean(bench.works.signOn.update?.test);

/** To the end of the test that is under way: its turns. */
function toEnd(bench: WorksBench): number {
  let turns = 0;
  for (; isTesting(bench); turns++) {
    if (turns > TURNS_MAX) throw new Error("the test has no end");
    bench.fire(Timer.Update);
  }
  return turns;
}

/** The first idle minute is over, and the test is done. */
function tested(bench: WorksBench): Fault {
  bench.fire(Timer.State);
  expect(isTesting(bench)).toBe(true);
  toEnd(bench);
  return bench.works.t.fault;
}

test("all is well: nothing is written, nothing shown, and the next one is a day later", () => {
  const bench = started();
  const before = bench.flash.operations.length;
  bench.rows();
  expect(tested(bench)).toBe(Fault.None);
  expect(bench.flash.operations.length).toBe(before);
  expect(bench.title()).toBe("READY");
  const endedAtMs = bench.nowMs;
  while (!isTesting(bench)) bench.fire(Timer.State);
  expect(bench.nowMs - endedAtMs).toBeGreaterThanOrEqual(DAY_MS);
  expect(bench.nowMs - endedAtMs).toBeLessThan(DAY_MS + 120_000);
});

test("the journal's page head, and so all that it keeps", () => {
  const bench = started();
  flip(bench, JOURNAL_AT + 30);
  expect(tested(bench)).toBe(Fault.Journal);
});

test.each<[string, (bench: WorksBench) => void, Fault]>([
  ["the code", (b) => flip(b, SLOT_AT + PAGE_BYTES + 700), Fault.Code],
  ["its last byte", (b) => flip(b, SLOT_AT + PAGE_BYTES + contentBytes(b) - 1), Fault.Code],
  ["the head of its slot", (b) => flip(b, SLOT_AT + 9), Fault.Code],
  ["the digest in it", (b) => flip(b, SLOT_AT + 41), Fault.Code],
  ["the check behind it", (b) => flip(b, SLOT_AT + 77), Fault.Code],
  ["both copies of the settings", (b) => [40, PAGE_BYTES + 40].forEach((at) => flip(b, at)), Fault.Settings],
  ["the chain", (b) => flip(b, keyAt(b) + 20), Fault.Journal],
  ["the keys of PINs", (b) => flip(b, PIN_KEYS_AT + 300), Fault.PinKeys],
  ["the operators", (b) => flip(b, OPERATORS_AT + 20), Fault.Operators],
])("a bit flipped in flash, in %s", (_, spoil, fault) => {
  const bench = started(image({ operators: "on" }));
  spoil(bench);
  expect(tested(bench)).toBe(fault);
});

test.each<[string, (bench: WorksBench) => void, Fault]>([
  ["a chain", (b) => (b.works.journal.chain[3] = (b.works.journal.chain[3] as number) ^ 1), Fault.Chain],
  ["a counter", (b) => b.works.journal.counter++, Fault.Chain],
  ["the settings", (b) => Object.assign(b.works.t.settings ?? {}, { floorMinor: 1 }), Fault.Settings],
  ["the totals", (b) => (b.works.t.totals = `1${b.works.t.totals.slice(1)}`), Fault.Journal],
  ["the next STAN", (b) => b.works.t.nextStan++, Fault.Journal],
])("%s in memory that differs from flash", (_, spoil, fault) => {
  const bench = started();
  spoil(bench);
  expect(tested(bench)).toBe(fault);
});

test.each([
  ["in the page that is written", 2000, 512],
  ["at the end of a page that was left", 3 * PAGE_BYTES - 48, 0],
  ["where two pieces that are read meet", 5 * PAGE_BYTES + 512 - 20, 0],
])("an old key of the chain that is still readable, %s", (_, at) => {
  const bench = started();
  const record = Uint8Array.from(bench.flash.image.subarray(keyAt(bench), keyAt(bench) + 48));
  record[20] = 99;
  new DataView(record.buffer).setUint32(44, crc32(record.subarray(0, 44)));
  bench.flash.image.set(record, JOURNAL_AT + at);
  expect(tested(bench)).toBe(Fault.Chain);
});

test.each<[string, () => number]>([
  ["gives the same each time", () => 4711],
  ["gives nothing", () => 0],
  [
    "goes in a circle",
    (
      (value) => () =>
        (value = (value + 0x1000) & 0xffff)
    )(0),
  ],
])("a random source that %s", (_, random) => {
  const bench = started();
  bench.board.random = random;
  expect(tested(bench)).toBe(Fault.Random);
});

test("a cipher that gives something else", () => {
  const bench = started();
  const real = salsa20.salsa20;
  const core = vi.spyOn(salsa20, "salsa20").mockImplementation((key, input) => {
    const out = real(key, input);
    out[5] = (out[5] as number) ^ 1;
    return out;
  });
  try {
    expect(tested(bench)).toBe(Fault.Cipher);
  } finally {
    core.mockRestore();
  }
});

test("what was read wrong once is no fault", () => {
  const bench = started();
  bench.fire(Timer.State);
  const read = bench.flash.read.bind(bench.flash);
  let isOnce = true;
  bench.flash.read = (address, byteCount) => {
    const bytes = read(address, byteCount);
    if (!isOnce || address < 0x321000 + PAGE_BYTES) return bytes;
    isOnce = false;
    return `\0${bytes.slice(1)}`;
  };
  toEnd(bench);
  expect([isOnce, bench.works.t.fault]).toEqual([false, Fault.None]);
});

test("a board without slots, a terminal without PINs and operators: the rest is tested", () => {
  const bench = started(newImage());
  expect(tested(bench)).toBe(Fault.None);
  const other = started(newImage());
  flip(other, JOURNAL_AT + 30);
  expect(tested(other)).toBe(Fault.Journal);
});

test("a faulty terminal begins nothing, says why, and finishes what is open", () => {
  const bench = started(image({ sleep: 3 }));
  bench.press("1250E");
  bench.swipe();
  bench.press("CC");
  expect(bench.works.t.isOpen).toBe(true);
  flip(bench, SLOT_AT + PAGE_BYTES);
  expect(tested(bench)).toBe(Fault.Code);
  const rows = bench.rows().join("\n");
  expect(rows).toMatch(/DO NOT USE\s+Terminal is faulty\.\s+Call for service\.\s+Code 1/);
  expect(rows).toContain("Queue 1");
  const refused = () =>
    [..."1:FE"].forEach((key) => {
      bench.press(key);
      expect(bench.works.t.state).toBe(State.Idle);
    });
  refused();
  const [line = ""] = bench.sent().slice(-1);
  const { request, fields } = bench.opened(line);
  expect(fields[0]).toBe("0400");
  const answer = reversalFields(TID, 1, 1250, { 22: "", 25: "", 39: "00" });
  bench.hear(bench.answer(request, packMessage("0410", answer)));
  expect(bench.works.t.isOpen).toBe(false);
  expect(bench.rows().join("\n")).toMatch(/DO NOT USE/);
  refused();
  for (let minute = 0; minute < 30; minute++) bench.fire(Timer.State);
  expect(bench.works.t.isDark).toBe(false);
});

test("nothing is kept of it: after a power cut the terminal is tested anew", () => {
  const bench = started();
  flip(bench, SLOT_AT + PAGE_BYTES);
  expect(tested(bench)).toBe(Fault.Code);
  const again = new WorksBench(bench.flash.image);
  expect(again.works.t.fault).toBe(Fault.None);
  expect(tested(again)).toBe(Fault.Code);
});

test("whatever turn a key comes in, it is taken at once, and the test begins anew later", () => {
  const all = started();
  all.fire(Timer.State);
  const turns = toEnd(all);
  const bench = started();
  for (let turn = 0; turn < turns; turn += 7) {
    bench.fire(Timer.State);
    for (let done = 0; done < turn; done++) bench.fire(Timer.Update);
    bench.rows();
    bench.press("5");
    expect([bench.title(), bench.works.t.amountMinor]).toEqual(["SALE", 5]);
    expect(bench.works.signOn.update).toBeNull();
    expect(bench.board.timers.has(Timer.Update)).toBe(false);
    bench.press("C");
    bench.rest();
  }
  expect(tested(bench)).toBe(Fault.None);
});

test("a number that is used up while the journal is being looked at is no fault", () => {
  const bench = started();
  bench.fire(Timer.State);
  let times = 0;
  while (isTesting(bench)) {
    bench.fire(Timer.Update);
    // Its keys have been read, and are no longer those.
    if (times === 4 || bench.works.signOn.update?.test?.kept?.journal?.phase !== Phase.OldKey) continue;
    times++;
    bench.works.signOn.isDue = true;
    bench.board.timer(Timer.Ahead, 0);
    const { request } = bench.opened(bench.asked()[0] ?? "");
    bench.hear(bench.networkAnswer(request, {}, "301"));
  }
  expect([times, bench.works.t.fault]).toEqual([4, Fault.None]);
});

test("requests that are sealed in the middle of it open at the host, and are no fault, however often they come", () => {
  const bench = started();
  for (let turn = 10; turn < 50; turn++) {
    bench.fire(Timer.State);
    for (const turns of [turn, 8, 8]) {
      for (let done = 0; done < turns; done++) bench.fire(Timer.Update);
      bench.sent();
      bench.works.signOn.isDue = true;
      bench.board.timer(Timer.Ahead, 0);
      const [line = ""] = bench.asked();
      const { request, fields } = bench.opened(line);
      expect(fields[0]).toBe("0800");
      bench.hear(bench.networkAnswer(request, {}, "301"));
    }
    toEnd(bench);
    bench.rest();
    bench.works.signOn.testAtMs = 0;
    expect(bench.works.t.fault).toBe(Fault.None);
  }
});

test("no false alarm in 100 days", () => {
  const bench = started();
  bench.disconnect();
  let tests = 0;
  for (let hour = 0; hour < 2400; hour++) {
    bench.nowMs += HOUR_MS;
    bench.fire(Timer.State);
    if (isTesting(bench)) tests++;
    toEnd(bench);
    bench.rest();
    expect(bench.works.t.fault).toBe(Fault.None);
    bench.board.written[Port.Display] = "";
    bench.board.calls.length = 0;
  }
  expect(tests).toBe(100);
});

function contentBytes(bench: WorksBench): number {
  return Buffer.from(bench.flash.image).readUInt32BE(SLOT_AT + 12);
}

test("sales that wait for a link are no fault, nor is the one that is in hand", () => {
  const bench = started(image({ floor: 5000 }));
  bench.disconnect();
  for (const digits of ["1250E", "300E"]) {
    bench.press(digits);
    // Neither chip nor PIN.
    bench.happen(Happening.Bits, 2, trackBits(2, ";4761739001010010=28121011143800000000?"));
    bench.fire(Timer.Swipe);
    expect(bench.works.t.state).toBe(State.Stored);
    bench.fire(Timer.State);
    bench.press("C");
  }
  expect(bench.works.t.waiting.match(/[|]/g)).toHaveLength(2);
  expect(tested(bench)).toBe(Fault.None);
  bench.connect();
  bench.rest();
  bench.press("C");
  expect([bench.works.t.state, bench.works.t.isOpen]).toEqual([State.Idle, true]);
  bench.works.signOn.testAtMs = 0;
  expect(tested(bench)).toBe(Fault.None);
  bench.works.t.waiting = bench.works.t.waiting.slice(0, -1);
  bench.works.signOn.testAtMs = 0;
  expect(tested(bench)).toBe(Fault.Journal);
});

/** Of the chain, in the image. */
function keyAt(bench: WorksBench): number {
  return bench.works.journal.keyAddress - 0x310000 + JOURNAL_AT;
}
