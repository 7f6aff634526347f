/** A sealed request is answered once and for all; whatever is not one, or not this terminal's, gets silence and changes nothing. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { testKey } from "../../src/host/keys";
import { Bench } from "./bench";
import { checkBooks, findTxn, snapshot } from "./books";
import { Link } from "./link";
import { describeEach, describeOn, SERVER } from "./stores";
import { type Fields, frameOf, packMessage, reversalFields, saleFields, TestTerminal, unpackMessage } from "./terminal";

const AMOUNT = 1250;

describeEach("sealed exchange", (kind) => {
  const bench = new Bench();
  let terminal: TestTerminal;

  beforeAll(() => bench.open(kind));
  beforeEach(async () => {
    bench.localTime = "20260105120000";
    terminal = await bench.newTerminal();
  });
  afterEach(async () => {
    expect(bench.errors.splice(0)).toEqual([]);
    await checkBooks(bench.host.store);
  });
  afterAll(() => bench.close());

  const sale = (changes: Fields = {}, stan = 1) => packMessage("0200", saleFields(terminal.tid, stan, AMOUNT, changes));
  const reversal = (changes: Fields = {}, stan = 1) =>
    packMessage("0400", reversalFields(terminal.tid, stan, AMOUNT, changes));

  async function exchange(message: string): Promise<Fields> {
    const request = terminal.seal(message);
    return unpackMessage(terminal.open(request, await bench.send(request.line)));
  }

  describe("an answer", () => {
    const answerTo = (mti: string, changes: Fields): Fields => ({
      0: mti,
      3: "000000",
      4: "000000001250",
      11: "000001",
      12: "120000",
      13: "0105",
      37: "600512000001",
      41: terminal.tid,
      42: "000000000000001",
      49: "978",
      60: "22000001",
      63: "2026",
      ...changes,
    });

    test("0210 to an approved sale, authentic and with the right fields", async () => {
      expect(await exchange(sale())).toEqual(answerTo("0210", { 38: "918273", 39: "00" }));
      expect(await bench.host.totals(terminal.tid, 1)).toEqual({ count: 1, total: AMOUNT });
    });

    test("0210 to a declined sale has no approval code", async () => {
      const stolen = "4761739001010028=28122011143800000000";
      expect(await exchange(sale({ 35: stolen }))).toEqual(answerTo("0210", { 39: "43" }));
      expect(await bench.host.totals(terminal.tid, 1)).toEqual({ count: 0, total: 0 });
    });

    test("0210 with 77 to a sale in a batch that is not the host's, and nothing is kept", async () => {
      const before = (await bench.host.store.query("select count(*) as count from txn"))[0];
      expect(await exchange(sale({ 60: "22000002" }))).toEqual(answerTo("0210", { 39: "77", 60: "22000002" }));
      expect((await bench.host.store.query("select count(*) as count from txn"))[0]).toEqual(before);
      expect(await exchange(reversal({ 60: "22000002" }))).toMatchObject({ 0: "0410", 39: "25" });
      expect((await bench.host.store.query("select count(*) as count from txn"))[0]).toEqual(before);
    });

    test("0410 to a reversal has the sale's RRN and no approval code", async () => {
      await exchange(sale());
      bench.localTime = "20270203040506";
      const time = { 12: "040506", 13: "0203", 63: "2027" };
      expect(await exchange(reversal())).toEqual(answerTo("0410", { 39: "00", ...time }));
      expect(await bench.host.totals(terminal.tid, 1)).toEqual({ count: 0, total: 0 });
    });

    test("for each of many requests in a row, sale and reversal by turns", async () => {
      for (let stan = 1; stan <= 10; stan++) {
        expect((await exchange(sale({}, stan)))[39]).toBe("00");
        if (stan % 2 === 0) expect((await exchange(reversal({}, stan)))[39]).toBe("00");
      }
      expect(await bench.host.totals(terminal.tid, 1)).toEqual({ count: 5, total: 5 * AMOUNT });
    });
  });

  describe("in another batch than the host's", () => {
    test("a sale is declined with 77 and leaves nothing", async () => {
      const before = await findTxn(bench.host.store, terminal.tid, 1, 2);
      expect(await exchange(sale({ 60: "22000002" }))).toMatchObject({ 0: "0210", 39: "77", 60: "22000002" });
      expect([before, await findTxn(bench.host.store, terminal.tid, 1, 2)]).toEqual([undefined, undefined]);
    });

    test("a reversal finds nothing with 25 and leaves nothing, so that its terminal comes to rest", async () => {
      expect(await exchange(reversal({ 60: "22000002" }))).toMatchObject({ 0: "0410", 39: "25", 60: "22000002" });
      expect(await findTxn(bench.host.store, terminal.tid, 1, 2)).toBeUndefined();
    });

    test("a sale of the batch before is undone all the same", async () => {
      await exchange(sale());
      await bench.host.store.query("update terminal set batch = 2 where tid = $1", [terminal.tid]);
      expect(await exchange(reversal())).toMatchObject({ 0: "0410", 39: "00" });
      expect((await findTxn(bench.host.store, terminal.tid, 1))?.status).toBe("reversed");
    });
  });

  describe("a repeated frame", () => {
    test("gets the same bytes on any connection at any time, and books nothing", async () => {
      const { line } = terminal.seal(sale());
      const reply = await bench.send(line);
      const before = await snapshot(bench.host.store);
      bench.localTime = "20270203040506";
      expect(await bench.send(line)).toBe(reply);
      const other = await Link.open(bench.host.gateway);
      expect(await other.send(`${line}\n${line}\n`)).toBe(reply + reply);
      await other.close();
      expect(await snapshot(bench.host.store)).toEqual(before);
    });

    test("gets the same bytes when later requests came in between", async () => {
      const first = terminal.seal(sale());
      const reply = await bench.send(first.line);
      await exchange(reversal());
      expect(await bench.send(first.line)).toBe(reply);
      expect((await findTxn(bench.host.store, terminal.tid, 1))?.status).toBe("reversed");
    });

    test("gets its answer from a host that was started again after the reply was lost", async () => {
      const request = terminal.seal(sale());
      bench.link.write(`${request.line}\n`);
      await bench.host.gateway.quiet(bench.link.localPort, request.line.length + 1);
      await bench.closeHost();
      await bench.openHost();
      const reply = await bench.send(request.line);
      expect(unpackMessage(terminal.open(request, reply))[39]).toBe("00");
      expect(await bench.send(request.line)).toBe(reply);
      expect(await bench.host.totals(terminal.tid, 1)).toEqual({ count: 1, total: AMOUNT });
    });
  });

  describe("the counter", () => {
    test("other bytes under a counter that was used get silence", async () => {
      const request = terminal.seal(sale());
      await bench.send(request.line);
      await bench.expectSilence(terminal.sealAgain(request, sale({ 4: "000000000001" }, 2)), "old counter");
    });

    test("a counter that was passed over gets silence", async () => {
      const lost = terminal.seal(sale());
      await exchange(sale({}, 2));
      await bench.expectSilence(lost.line, "old counter");
    });

    test("may jump by 999 lost frames", async () => {
      terminal.skip(999);
      expect((await exchange(sale()))[39]).toBe("00");
      terminal.skip(999);
      expect((await exchange(sale({}, 2)))[39]).toBe("00");
    });

    test("may not jump by 1000", async () => {
      terminal.skip(1000);
      await bench.expectSilence(terminal.seal(sale()).line, "counter too far");
    });

    test("is not used up by a frame that was refused", async () => {
      const refused = terminal.seal(sale({ 42: "999999999999999" }));
      await bench.expectSilence(refused.line, "message");
      const good = { ...refused, line: terminal.sealAgain(refused, sale()) };
      expect(unpackMessage(terminal.open(good, await bench.send(good.line)))[39]).toBe("00");
    });
  });

  describe("silence", () => {
    test("for a frame with any one bit turned over", async () => {
      await bench.newTerminal();
      const request = terminal.seal(sale());
      const before = await snapshot(bench.host.store);
      const counted = () => [...bench.host.refusals.values()].reduce((sum, count) => sum + count, 0);
      const countBefore = counted();
      const bitCount = request.bytes.length * 8;
      for (let bit = 0; bit < bitCount; bit++) {
        const flipped = Buffer.from(request.bytes);
        flipped[bit >> 3] ^= 1 << (bit & 7);
        expect(await bench.send(flipped.toString("base64")), `bit ${bit}`).toBe("");
      }
      expect(counted()).toBe(countBefore + bitCount);
      expect(await snapshot(bench.host.store)).toEqual(before);
      expect(unpackMessage(terminal.open(request, await bench.send(request.line)))[39]).toBe("00");
    });

    test("for a frame cut short anywhere, or longer", async () => {
      const { bytes } = terminal.seal(sale());
      const before = await snapshot(bench.host.store);
      for (let length = 0; length < bytes.length; length++) {
        expect(await bench.send(bytes.subarray(0, length).toString("base64"))).toBe("");
      }
      expect(await bench.send(Buffer.concat([bytes, Buffer.alloc(1)]).toString("base64"))).toBe("");
      expect(await snapshot(bench.host.store)).toEqual(before);
    });

    test("for what is not base64 of a frame", async () => {
      const { line } = terminal.seal(sale());
      for (const other of [` ${line}`, `${line} `, `${line}\r`, line.replace(/.$/, "-"), `=${line}`, "\0", "AQ=="]) {
        await bench.expectSilence(other, "not a frame");
      }
    });

    test("for a line with the bytes of a frame that is written otherwise", async () => {
      // Else its counter would be used up by a line that the terminal does not repeat.
      const { line, bytes } = terminal.seal(sale());
      expect(line).toMatch(/[^=]=$/);
      const spareBit = String.fromCharCode(line.charCodeAt(line.length - 2) + 1);
      for (const other of [line.slice(0, -1), `${line}=`, `${line.slice(0, -2)}${spareBit}=`]) {
        expect(Buffer.from(other, "base64").equals(bytes)).toBe(true);
        await bench.expectSilence(other, "not a frame");
      }
    });

    test("for a terminal that was never provisioned", async () => {
      await bench.expectSilence(
        new TestTerminal("99999999", testKey("99999999")).seal(sale()).line,
        "unknown terminal",
      );
    });

    test("for a terminal with another key", async () => {
      const thief = new TestTerminal(terminal.tid, testKey("99999999"));
      await bench.expectSilence(thief.seal(sale()).line, "seal");
    });

    test.each(["\0".repeat(8), "0000\xff001", "0000\n001"])("for a TID that is no text, %j", async (tid) => {
      await bench.expectSilence(frameOf(tid, 1, Buffer.alloc(40)).toString("base64"), "not a frame");
    });

    test("for a frame under another terminal's TID", async () => {
      const other = await bench.newTerminal();
      const { bytes } = terminal.seal(sale());
      const box = bytes.subarray(13);
      await bench.expectSilence(frameOf(other.tid, 1, box).toString("base64"), "seal");
    });

    test("for another terminal's message in a terminal's own frame", async () => {
      const other = await bench.newTerminal();
      await bench.expectSilence(terminal.seal(sale({ 41: other.tid })).line, "message");
    });

    test("for an answer sent back, and for a request sealed as an answer", async () => {
      const reply = await bench.send(terminal.seal(sale()).line);
      await bench.expectSilence(reply.trimEnd(), "old counter");
      await bench.expectSilence(terminal.seal(sale({}, 2), "A").line, "seal");
    });

    const badSales: [string, Fields][] = [
      ["processing code 200000", { 3: "200000" }],
      ["amount with a letter", { 4: "00000000125A" }],
      ["STAN with a blank", { 11: "00001 " }],
      ["MID of another merchant", { 42: "000000000000002" }],
      ["currency of another terminal", { 49: "840" }],
      ["batch of another kind", { 60: "23000001" }],
      ["batch with a sign", { 60: "22-00001" }],
      ["short batch", { 60: "220001" }],
      ["track 2 of 38 characters", { 35: `${"4".repeat(19)}=${"1".repeat(18)}` }],
      ...[3, 4, 11, 22, 25, 35, 41, 42, 49, 60].map((field): [string, Fields] => [
        `no field ${field}`,
        { [field]: "" },
      ]),
    ];
    test.each(badSales)("for a sale with %s", async (_, changes) => {
      await bench.expectSilence(terminal.seal(sale(changes)).line, "message");
    });

    test.each([3, 4, 11, 22, 25, 39, 41, 42, 49, 60])("for a reversal without field %i", async (field) => {
      await bench.expectSilence(terminal.seal(reversal({ [field]: "" })).line, "message");
    });

    test.each(["0100", "0210", "0201", "0410", "0420", "0800", "020a", "    "])("for message type %s", async (mti) => {
      const message = packMessage(mti, saleFields(terminal.tid, 1, AMOUNT));
      await bench.expectSilence(terminal.seal(message).line, "message");
    });

    test("for a byte too many, a byte too few, a field not in use, a second bitmap, bytes at random", async () => {
      const good = sale();
      const withBit = (bit: number) => {
        const octet = 4 + (bit >> 3);
        return (
          good.slice(0, octet) +
          String.fromCharCode(good.charCodeAt(octet) | (128 >> (bit & 7))) +
          good.slice(octet + 1)
        );
      };
      for (const message of [
        `${good}0`,
        good.slice(0, -1),
        withBit(1),
        withBit(0),
        "x",
        "\xff".repeat(200),
        good.slice(0, 12),
      ]) {
        await bench.expectSilence(terminal.seal(message).line, "message");
      }
    });
  });

  test("whatever an authentic terminal says, the host answers or is silent, and its books hold", async () => {
    const damage = fc.record({ at: fc.nat(150), to: fc.nat(255), isReversal: fc.boolean(), isInsert: fc.boolean() });
    const property = async ({
      at,
      to,
      isReversal,
      isInsert,
    }: {
      at: number;
      to: number;
      isReversal: boolean;
      isInsert: boolean;
    }) => {
      const stan = (terminal.counter % 50) + 1;
      const good = isReversal ? reversal({}, stan) : sale({}, stan);
      const index = at % good.length;
      const message = good.slice(0, index) + String.fromCharCode(to) + good.slice(index + (isInsert ? 0 : 1));
      const request = terminal.seal(message);
      const reply = await bench.send(request.line);
      if (reply !== "") expect(unpackMessage(terminal.open(request, reply))[0]).toBe(isReversal ? "0410" : "0210");
      expect(bench.errors).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(damage, property), { seed: 2026, numRuns: 500 });
  });
});

describeOn(SERVER, "requests that come at once", () => {
  const bench = new Bench();
  beforeAll(() => bench.open(SERVER));
  afterEach(async () => {
    expect(bench.errors.splice(0)).toEqual([]);
    await checkBooks(bench.host.store);
  });
  afterAll(() => bench.close());

  test("one frame over two connections is booked once and gets one answer", async () => {
    const other = await Link.open(bench.host.gateway);
    for (let round = 0; round < 20; round++) {
      const terminal = await bench.newTerminal();
      const { line } = terminal.seal(packMessage("0200", saleFields(terminal.tid, 1, AMOUNT)));
      const [first, second] = await Promise.all([bench.send(line), other.send(`${line}\n`)]);
      expect(first).not.toBe("");
      expect(second).toBe(first);
      expect(await bench.host.totals(terminal.tid, 1)).toEqual({ count: 1, total: AMOUNT });
    }
    await other.close();
  });

  test("30 terminals sell and undo on one card, each over its own connection: no request fails, the books hold", async () => {
    const terminals = await Promise.all(Array.from({ length: 30 }, () => bench.newTerminal()));
    const trade = async (terminal: TestTerminal) => {
      const link = await Link.open(bench.host.gateway);
      const ask = async (message: string) => {
        const request = terminal.seal(message);
        return unpackMessage(terminal.open(request, await link.send(`${request.line}\n`)))[39];
      };
      for (let stan = 1; stan <= 3; stan++) {
        expect(await ask(packMessage("0200", saleFields(terminal.tid, stan, 100)))).toBe("00");
        if (stan === 2) expect(await ask(packMessage("0400", reversalFields(terminal.tid, stan, 100)))).toBe("00");
      }
      await link.close();
      expect(await bench.host.totals(terminal.tid, 1)).toEqual({ count: 2, total: 200 });
    };
    await Promise.all(terminals.map(trade));
  });
});
