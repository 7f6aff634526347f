/** Signing on: what is agreed, how the chain rotates, and that no sale ever waits for it. */
import { beforeEach, describe, expect, test } from "vitest";
import { Happening, Port } from "../../src/board/board";
import { readBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { onHappening } from "../../src/txn/terminal";
import { Timer } from "../../src/txn/timers";
import {
  type Fields,
  networkFields,
  packMessage,
  saleFields,
  type SealedRequest,
  unpackMessage,
} from "../host/terminal";
import { loaded } from "./device";
import { keysOf, TID, WorksBench } from "./works";

const HOUR_MS = 3_600_000;
const random = seededBytes(20260108);
const fresh = () => Buffer.from(random(32), "latin1");

let bench: WorksBench;
beforeEach(() => {
  bench = new WorksBench();
});

function open(line: string | undefined): { request: SealedRequest; fields: Fields } {
  return bench.opened(line as string);
}

/** Without the type, which `packMessage` takes apart. */
const omit = ({ 0: _, ...fields }: Fields): Fields => fields;

const saleAnswer = (responseCode: string) =>
  packMessage(
    "0210",
    saleFields(TID, 1, 1250, {
      ...{ 12: "123456", 13: "0305", 22: "", 25: "", 35: "", 37: "606412000001", 39: responseCode, 63: "2026" },
      38: responseCode === "00" ? "123456" : "",
    }),
  );

describe("after power-on", () => {
  test("the terminal signs on once it idles and is connected, and its number is in flash before that", () => {
    expect(bench.asked()).toEqual([]);
    expect(bench.rows()[0]).toBe("Offline TEST");
    bench.connect();
    while (bench.reads.length === 0) onHappening(bench.works, Happening.Timer, Timer.Ahead, "");
    expect(bench.sent()).toEqual([]);
    expect(readBook(bench.flash.image)).toMatchObject({ counter: 2 });
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.sent()).toEqual([]);
    const { fields } = open(bench.asked()[0]);
    expect(fields).toEqual({ 0: "0800", ...networkFields(TID, "001"), 60: "00000001001000001000001000000" });
    expect(bench.rows()[0]).toBe("Linked TEST");
  });

  test("the answer brings link, clock, month and a chain that flash has before it is used", () => {
    bench.signOn(fresh());
    expect(bench.rows()[0]).toBe("Online TEST     12:34");
    const kept = loaded(bench.flash);
    expect(kept.t.month).toBe("2603");
    expect(Buffer.from(kept.j.chainBytes)).toEqual(Buffer.from(bench.known.chain));
    expect(readBook(bench.flash.image)).toMatchObject({ counter: 2, keyCount: 1 });
    expect(bench.board.timers.has(Timer.Link)).toBe(false);
    // The sale's request opens under the new chain, and no other.
    bench.press("1250E");
    bench.swipe();
    expect(open(bench.asked()[0]).fields[0]).toBe("0200");
  });

  test("until the chain is in flash nothing else is done", () => {
    bench.connect();
    const { request } = open(bench.asked()[0]);
    const bytes = fresh();
    bench.hear(bench.networkAnswer(request, keysOf(bytes)));
    while (bench.reads.length === 0) onHappening(bench.works, Happening.Timer, Timer.Ahead, "");
    onHappening(bench.works, Happening.Uart, Port.Keypad, "7");
    expect(bench.title()).toBe("READY");
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.title()).toBe("SALE");
  });

  test("the clock goes on, past midnight too", () => {
    bench.signOn(fresh(), { 12: "235930" });
    expect(bench.rows()[0]).toBe("Online TEST     23:59");
    bench.fire(Timer.State);
    expect(bench.rows()[0]).toBe("Online TEST     00:00");
  });

  test("a host with newer settings is told apart on the idle screen, and sales go on", () => {
    bench.signOn(fresh(), { 60: "00000001001000002000001" });
    expect(bench.rows().slice(1)).toEqual(expect.arrayContaining(["READY", "New settings wait.", "Call for service."]));
    bench.press("1");
    expect(bench.title()).toBe("SALE");
  });
});

describe("a sale does not wait", () => {
  test("the first key ends the sign-on; its late answer is not heard; it is due again afterwards", () => {
    bench.connect();
    const { request } = open(bench.asked()[0]);
    bench.press("1");
    bench.hear(bench.networkAnswer(request, keysOf(fresh())));
    expect(bench.works.t.isSignedOn).toBe(false);
    bench.press("250E");
    bench.swipe();
    const lines = bench.asked();
    expect(lines).toHaveLength(1);
    // Under the old chain: the next number, one step on.
    const { request: sale, fields } = open(lines[0]);
    expect([fields[0], sale.counter]).toEqual(["0200", 2]);
    bench.hear(bench.answer(sale, saleAnswer("51")));
    expect(bench.title()).toBe("DECLINED");
    expect(bench.asked()).toEqual([]);
    bench.press("C");
    const again = open(bench.asked()[0]);
    expect([again.fields[0], again.request.counter]).toEqual(["0800", 4]);
  });

  test("a key between answer and new chain: the old one stays, as if the answer had got lost", () => {
    bench.connect();
    const { request } = open(bench.asked()[0]);
    bench.hear(bench.networkAnswer(request, keysOf(fresh())));
    bench.fire(Timer.Ahead);
    bench.fire(Timer.Ahead);
    expect(bench.works.signOn.asked?.step).toBe(1);
    bench.press("1C");
    expect(bench.works.signOn.asked).toBeNull();
    const { request: again, fields } = open(bench.asked()[0]);
    expect([fields[60], again.counter]).toEqual(["00000001001000001000001000000", 2]);
  });

  test("a key and a cancel use up no number, however often: the same frame goes again", () => {
    bench.connect();
    const [line] = bench.asked();
    for (let times = 0; times < 1200; times++) {
      bench.press("1C");
      expect(bench.asked()).toEqual([line]);
    }
    expect(readBook(bench.flash.image).counter).toBe(2);
    const { request } = open(line);
    const bytes = fresh();
    bench.hear(bench.networkAnswer(request, keysOf(bytes)));
    expect(bench.works.t.isSignedOn).toBe(true);
  });

  test("nor does a host that takes connections and never answers", () => {
    bench.connect();
    const [line] = bench.asked();
    for (let times = 0; times < 1200; times++) {
      bench.fire(Timer.Link);
      bench.connect();
      expect(bench.asked()).toEqual([line]);
    }
    expect(bench.nowMs).toBeLessThan(1200 * 61_000);
    expect(readBook(bench.flash.image).counter).toBe(2);
  });

  test("a connection that is lost ends it, and the next one brings it back", () => {
    bench.connect();
    const [line] = bench.asked();
    bench.disconnect();
    expect(bench.rows()[0]).toBe("Offline TEST");
    bench.fire(Timer.Link);
    bench.disconnect();
    expect(bench.asked()).toEqual([]);
    bench.fire(Timer.Link);
    bench.connect();
    expect(bench.asked()).toEqual([line]);
  });

  test("none is sent while a sale is open", () => {
    bench.press("1250E");
    bench.connect();
    bench.swipe();
    expect(bench.asked()).toHaveLength(1);
    bench.press("CC");
    expect(bench.title()).toBe("READY SOON");
    expect(bench.asked()).toHaveLength(1);
    bench.fire(Timer.Link);
    bench.connect();
    expect(open(bench.asked()[0]).fields[0]).toBe("0400");
  });
});

describe("out of step", () => {
  const differs: [string, Fields][] = [
    ["says so", { 39: "77", 60: "00000002001000001000001" }],
    ["is in another batch without saying so", { 60: "00000002001000001000001" }],
  ];

  test.each(differs)("when the host %s: no sale until it is put right", (_, changes) => {
    bench.connect();
    const { request } = open(bench.asked()[0]);
    bench.hear(bench.networkAnswer(request, changes));
    expect(bench.rows().slice(1)).toEqual(expect.arrayContaining(["OUT OF STEP", "Call for service.", "C try again"]));
    for (const key of "1E5") bench.press(key);
    expect(bench.title()).toBe("OUT OF STEP");
    expect(bench.asked()).toEqual([]);

    bench.press("C");
    expect(bench.title()).toBe("READY");
    const again = open(bench.asked()[0]);
    bench.press("1");
    expect(bench.title()).toBe("OUT OF STEP");
    bench.hear(bench.networkAnswer(again.request, keysOf(fresh())));
    expect(bench.title()).toBe("OUT OF STEP");

    bench.press("C");
    expect(bench.asked()).toHaveLength(1);
    bench.hear(bench.networkAnswer(again.request, keysOf(fresh())));
    bench.press("1");
    expect(bench.title()).toBe("SALE");
  });

  test("the chain stays as it was", () => {
    bench.connect();
    const { request } = open(bench.asked()[0]);
    bench.hear(bench.networkAnswer(request, { 39: "77" }));
    bench.press("C");
    expect(open(bench.asked()[0]).request.counter).toBe(2);
  });

  test("a sale that is declined for it is the last one, and the host is asked", () => {
    bench.signOn(fresh());
    bench.press("1250E");
    bench.swipe();
    const { request } = open(bench.asked()[0]);
    bench.hear(bench.answer(request, saleAnswer("77")));
    expect(bench.rows().slice(1)).toEqual(
      expect.arrayContaining(["DECLINED", "Bank has other batch", "Call for service."]),
    );
    bench.press("1");
    expect(bench.title()).toBe("OUT OF STEP");
    bench.press("C");
    expect(open(bench.asked()[0]).fields[0]).toBe("0800");
  });
});

describe("an answer that is none", () => {
  const strange: [string, Fields][] = [
    ["to an echo", { 60: "00000001301000001000001" }],
    ["that is done and brings no keys", { 62: "" }],
    ["without field 60", { 60: "" }],
    ["with a short field 60", { 60: "00000001001000001" }],
    ["without a time", { 12: "" }],
    ["without a year", { 63: "" }],
    ["to another terminal", { 41: "00000002" }],
    ["with half a key", { 62: "x".repeat(16) }],
    ["with a key and a half", { 62: "x".repeat(48) }],
  ];

  test.each(strange)("%s is passed over, and the request stays", (_, changes) => {
    bench.connect();
    const [line] = bench.asked();
    const { request } = open(line);
    bench.hear(bench.networkAnswer(request, changes));
    expect(bench.works.t.isSignedOn).toBe(false);
    bench.fire(Timer.Link);
    bench.connect();
    expect(bench.asked()).toEqual([line]);
  });

  test("a refusal ends the request; the host is asked again in an hour, under a new number", () => {
    bench.connect();
    const { request } = open(bench.asked()[0]);
    bench.hear(bench.networkAnswer(request, { 39: "96" }));
    bench.fire(Timer.Ahead);
    expect(bench.rows()[0]).toBe("Linked TEST     12:34");
    bench.press("1C");
    expect(bench.asked()).toEqual([]);
    expect(bench.board.timers.get(Timer.SignOn)).toBe(HOUR_MS);
    bench.fire(Timer.SignOn);
    expect(open(bench.asked()[0])).toMatchObject({ fields: { 0: "0800" }, request: { counter: 2 } });
  });
});

describe("later", () => {
  test("an hour of silence brings an echo, which moves the clock and no chain; a day a sign-on", () => {
    bench.signOn(fresh());
    for (let hour = 1; hour <= 24; hour++) {
      bench.fire(Timer.SignOn);
      const { request, fields } = open(bench.asked()[0]);
      const code = fields[60]?.slice(8, 11);
      expect(code).toBe(hour < 24 ? "301" : "001");
      const bytes = fresh();
      bench.hear(bench.networkAnswer(request, hour < 24 ? {} : keysOf(bytes), code));
      bench.rotate();
      if (hour === 24) bench.known.rotate(bytes);
      expect(bench.board.timers.get(Timer.SignOn)).toBe(HOUR_MS);
    }
    bench.fire(Timer.SignOn);
    expect(open(bench.asked()[0]).fields[60]).toBe("00000001301000001000001000000");
  });

  test("an echo that finds another batch stops the next sale", () => {
    bench.signOn(fresh());
    bench.fire(Timer.SignOn);
    const { request } = open(bench.asked()[0]);
    bench.hear(bench.networkAnswer(request, { 39: "77", 60: "00000002301000001000001" }, "301"));
    expect(bench.title()).toBe("OUT OF STEP");
  });

  test("the host's wish brings a sign-on: behind a sale's answer, or in place of the echo", () => {
    bench.signOn(fresh());
    bench.press("1250E");
    bench.swipe();
    const sale = open(bench.sent()[0]);
    const fields = unpackMessage(saleAnswer("51"));
    const wish = packMessage("0210", { ...omit(fields), 60: `${fields[60]}001` });
    bench.hear(bench.answer(sale.request, wish));
    bench.press("C");
    const first = open(bench.asked()[0]);
    expect(first.fields[60]).toBe("00000001001000001000001000000");
    const bytes = fresh();
    bench.hear(bench.networkAnswer(first.request, keysOf(bytes)));
    bench.rotate();
    bench.known.rotate(bytes);
    expect(bench.asked()).toEqual([]);
    bench.fire(Timer.SignOn);
    const echo = open(bench.asked()[0]);
    expect(echo.fields[60]).toBe("00000001301000001000001000000");
    bench.hear(bench.networkAnswer(echo.request, {}, "001"));
    expect(open(bench.asked()[0]).fields[60]).toBe("00000001001000001000001000000");
  });

  test("a day of sales without an hour of silence does not put it off", () => {
    bench.signOn(fresh());
    bench.nowMs += 24 * HOUR_MS;
    bench.press("1250E");
    bench.swipe();
    const { request } = open(bench.asked()[0]);
    bench.hear(bench.answer(request, saleAnswer("51")));
    bench.press("C");
    expect(open(bench.asked()[0]).fields[60]).toBe("00000001001000001000001000000");
  });
});

test("a journal that takes no more: out of service", () => {
  bench.connect();
  const { request } = open(bench.asked()[0]);
  bench.hear(bench.networkAnswer(request, keysOf(fresh())));
  while (bench.reads.length === 0) onHappening(bench.works, Happening.Timer, Timer.Ahead, "");
  while (bench.reads.length > 0) {
    const read = bench.reads.shift() as string;
    onHappening(bench.works, Happening.Flash, 0, "\0".repeat(read.length));
  }
  expect(bench.title()).toBe("OUT OF SERVICE");
  expect(bench.asked()).toEqual([]);
});
