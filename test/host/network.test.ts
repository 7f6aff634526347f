/** Sign-on and echo at the host: what is agreed, how the chain rotates, and that no lost answer locks a terminal out. */
import nacl from "tweetnacl";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { askSignOn } from "../../src/host/provision";
import { seededBytes } from "../../src/sim/random";
import { Bench } from "./bench";
import { checkBooks } from "./books";
import { describeEach } from "./stores";
import {
  type Fields,
  networkFields,
  packMessage,
  reversalFields,
  saleFields,
  type SealedRequest,
  type TestTerminal,
  unpackMessage,
} from "./terminal";

const random = seededBytes(20260107);

describeEach("network management", (kind) => {
  const bench = new Bench();
  let terminal: TestTerminal;

  beforeAll(() => bench.open(kind));
  beforeEach(async () => {
    terminal = await bench.newTerminal();
  });
  afterEach(async () => {
    expect(bench.errors.splice(0)).toEqual([]);
    await checkBooks(bench.host.store);
  });
  afterAll(() => bench.close());

  const signOn = (changes: Fields = {}) => packMessage("0800", networkFields(terminal.tid, "001", changes));
  const echo = () => packMessage("0800", networkFields(terminal.tid, "301"));
  const sale = (stan: number) => packMessage("0200", saleFields(terminal.tid, stan, 100));

  async function answerTo(request: SealedRequest): Promise<Fields> {
    return unpackMessage(terminal.open(request, await bench.send(request.line)));
  }
  const exchange = (message: string) => answerTo(terminal.seal(message));
  const bytesOf = (fields: Fields) => Buffer.from(fields[62] ?? "", "latin1");

  /** Signs on and takes the new chain, or leaves the answer on the wire. */
  async function rotate(takes = true): Promise<Buffer> {
    const keys = bytesOf(await exchange(signOn()));
    if (takes) terminal.rotate(keys.subarray(0, 32));
    return keys.subarray(32);
  }

  async function expectSale(stan: number): Promise<void> {
    expect(await exchange(sale(stan))).toMatchObject({ 0: "0210", 39: "00" });
  }

  test("a sign-on brings time, batch, parameters, fresh bytes and the host's public key", async () => {
    await bench.host.store.query("update terminal set parameters = 7 where tid = $1", [terminal.tid]);
    const { 62: keys, ...rest } = await exchange(signOn());
    expect(rest).toEqual({
      0: "0810",
      11: "000001",
      12: "120000",
      13: "0105",
      39: "00",
      41: terminal.tid,
      42: "000000000000001",
      60: "00000001001000007000000",
      63: "2026",
    });
    expect(keys).toHaveLength(64);
  });

  test("an echo brings the same without keys, and moves no chain", async () => {
    const fields = await exchange(echo());
    expect(fields).toMatchObject({ 0: "0810", 39: "00", 60: "00000001301000001000000" });
    expect(fields[62]).toBeUndefined();
    await expectSale(1);
  });

  test.each(["001", "301"])("%s in another batch gets 77, the host's batch, and no keys", async (code) => {
    const message = packMessage("0800", networkFields(terminal.tid, code, { 60: `00000009${code}000001000001` }));
    const fields = await exchange(message);
    expect(fields).toMatchObject({ 39: "77", 60: `00000001${code}000001000000` });
    expect(fields[62]).toBeUndefined();
    await expectSale(1);
  });

  test.each([
    ["no STAN", { 11: "" }],
    ["no field 60", { 60: "" }],
    ["another merchant", { 42: "000000000000002" }],
    ["another terminal", { 41: "99999999" }],
    ["a code that is none", { 60: "00000001002000001000001" }],
    ["a short field 60", { 60: "00000001001000001" }],
    ["a sale's field 60", { 60: "22000001" }],
    ["half a key", { 62: "x".repeat(32) }],
    ["a key too many", { 62: "x".repeat(63) }],
  ])("silence for a sign-on with %s", async (_, changes: Fields) => {
    await bench.expectSilence(terminal.seal(signOn(changes)).line, "message");
  });

  describe("rotation", () => {
    test("the new chain is taken; nothing under the old one counts any more", async () => {
      const old = terminal.copy();
      await rotate();
      await expectSale(1);
      for (let steps = 0; steps < 5; steps++) {
        const request = old.seal(sale(9));
        await bench.expectSilence(request.line, request.counter < 3 ? "old counter" : "seal");
      }
      await expectSale(2);
    });

    test("with the answer lost the terminal goes on with its old chain, as often as that happens", async () => {
      for (let stan = 1; stan <= 5; stan++) {
        await rotate(false);
        await rotate(false);
        await expectSale(stan);
      }
      await rotate();
      await expectSale(6);
    });

    test("a terminal that took the chain may stay silent, and lose frames under it", async () => {
      await rotate();
      terminal.skip(998);
      await expectSale(1);
    });

    test("a frame under the old chain ends what was staged", async () => {
      const keys = bytesOf(await exchange(signOn()));
      const late = terminal.copy();
      late.rotate(keys.subarray(0, 32));
      await expectSale(1);
      late.counter = terminal.counter;
      await bench.expectSilence(late.seal(sale(2)).line, "seal");
      await expectSale(2);
    });

    test("the sign-on sent again gets the same bytes, also when it was staged, taken, and rotated again", async () => {
      const request = terminal.seal(signOn());
      const reply = await bench.send(request.line);
      expect(await bench.send(request.line)).toBe(reply);
      terminal.rotate(bytesOf(unpackMessage(terminal.open(request, reply))).subarray(0, 32));
      expect(await bench.send(request.line)).toBe(reply);
      await expectSale(1);
      await rotate();
      expect(await bench.send(request.line)).toBe(reply);
      await expectSale(2);
    });

    test("200 sign-ons and sales, answers lost by chance: no lock-out, and no chain comes twice", async () => {
      const seen = new Set<string>();
      for (let stan = 1; stan <= 200; stan++) {
        await rotate(random(1).charCodeAt(0) < 128);
        if (random(1).charCodeAt(0) < 128) terminal.skip(random(1).charCodeAt(0) % 8);
        seen.add(Buffer.from(terminal.chain).toString("hex"));
        await expectSale(stan);
      }
      expect(seen.size).toBe(200);
    });
  });

  describe("agreement", () => {
    const newPair = () => nacl.box.keyPair.fromSecretKey(Buffer.from(random(32), "latin1"));
    const offer = (pair: nacl.BoxKeyPair, hostPublic: Uint8Array) =>
      signOn({ 62: Buffer.concat([pair.publicKey, hostPublic]).toString("latin1") });

    test("both keys make a chain that neither fresh bytes nor the old chain alone give", async () => {
      const hostPublic = await rotate();
      const pair = newPair();
      const fresh = bytesOf(await exchange(offer(pair, hostPublic)));
      expect(fresh).toHaveLength(32);
      const heard = terminal.copy();
      heard.rotate(fresh);
      await bench.expectSilence(heard.seal(sale(1)).line, "seal");
      terminal.rotate(fresh, { secret: pair.secretKey, hostPublic });
      await expectSale(1);
    });

    test("the host's key stays until the chain with it is in use, and is another one then", async () => {
      const first = await rotate();
      expect(await rotate()).toEqual(first);
      const pair = newPair();
      for (let lost = 0; lost < 3; lost++) expect(bytesOf(await exchange(offer(pair, first)))).toHaveLength(32);
      expect(await rotate(false)).toEqual(first);
      const fresh = bytesOf(await exchange(offer(pair, first)));
      terminal.rotate(fresh, { secret: pair.secretKey, hostPublic: first });
      // This very sign-on is the first frame under the new chain.
      expect(await rotate()).not.toEqual(first);
      await expectSale(1);
    });

    test("a host's key that is not the host's gives a plain rotation and the right one", async () => {
      const right = await rotate();
      const keys = bytesOf(await exchange(offer(newPair(), newPair().publicKey)));
      expect(keys.subarray(32)).toEqual(right);
      terminal.rotate(keys.subarray(0, 32));
      await expectSale(1);
    });

    test.each(["00".repeat(32), `01${"00".repeat(31)}`, `ecff${"ff".repeat(29)}7f`])(
      "a point of small order, %s, gives a plain rotation",
      async (point) => {
        const hostPublic = await rotate();
        const publicKey = Buffer.from(point, "hex");
        const keys = bytesOf(await exchange(offer({ publicKey, secretKey: new Uint8Array(32) }, hostPublic)));
        expect(keys).toHaveLength(64);
        terminal.rotate(keys.subarray(0, 32));
        await expectSale(1);
      },
    );
  });

  test("the host's wish stands in every answer until a sign-on was answered", async () => {
    await rotate();
    await bench.host.store.transact((session) => askSignOn(session, terminal.tid));
    expect((await exchange(sale(1)))[60]).toBe("22000001001");
    expect((await exchange(packMessage("0400", reversalFields(terminal.tid, 1, 100))))[60]).toBe("22000001001");
    expect((await exchange(echo()))[60]).toBe("00000001001000001000000");
    await rotate();
    expect((await exchange(sale(2)))[60]).toBe("22000001");
    expect((await exchange(echo()))[60]).toBe("00000001301000001000000");
    const unknown = bench.host.store.transact((session) => askSignOn(session, "00000002"));
    await expect(unknown).rejects.toThrow("There is no terminal 00000002.");
  });

  test("a host that starts again knows what was staged", async () => {
    await rotate();
    await bench.closeHost();
    await bench.openHost();
    await expectSale(1);
  });
});
