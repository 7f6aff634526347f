/** The block list at the host: what goes on it and comes off, what terminals are told and sent, and what is refused. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  changeList,
  isOnList,
  newestList,
  readList,
  readNumber,
  readPrefixes,
  readToken,
  tokenOf,
} from "../../src/host/blocks";
import { addCard } from "./books";
import { Bench } from "./bench";
import { Clerk } from "./clerk";
import { describeEach } from "./stores";
import { type Fields, networkFields, packMessage, type TestTerminal, unpackMessage } from "./terminal";

describe("what is written", () => {
  test.each([
    ["476173", ["476173"]],
    ["47617390", ["47617390"]],
    ["476173-476173", ["476173"]],
    [
      "476170-476179",
      ["476170", "476171", "476172", "476173", "476174", "476175", "476176", "476177", "476178", "476179"],
    ],
    ["4761730-4761739", ["476173"]],
    ["47617300-47617419", ["476173", "4761740", "4761741"]],
    ["47617398-47617401", ["47617398", "47617399", "47617400", "47617401"]],
    ["0000000-0000009", ["000000"]],
  ])("%s", (text, prefixes) => {
    expect(readPrefixes(text)).toEqual(prefixes);
  });

  test.each(["", "47617", "476173900", "4761x3", "476173-47617400", "476174-476173", "-476173", "4761739001010010"])(
    "%j is no prefix",
    (text) => {
      expect(() => readPrefixes(text)).toThrow("6 to 8 digits wanted, or a range");
    },
  );

  test("tokens and numbers are checked, and a number is not quoted", () => {
    expect(readToken("00FFab12")).toBe("00ffab12");
    expect(() => readToken("00ffab1")).toThrow("8 hexadecimal digits");
    expect(readNumber("4761739001010010", 1)).toBe("4761739001010010");
    expect(() => readNumber("47617390010", 3)).toThrow(/^line 3 is no card number: 12 to 19 digits wanted.$/);
  });
});

describeEach("block list", (kind) => {
  const bench = new Bench();
  let terminal: TestTerminal;

  beforeAll(() => bench.open(kind));
  beforeEach(async () => {
    await bench.host.store.query("delete from block_list");
    terminal = await bench.newTerminal();
  });
  afterEach(() => expect(bench.errors.splice(0)).toEqual([]));
  afterAll(() => bench.close());

  const change = (isAdding: boolean, prefixes: readonly string[], pans: readonly string[] = []) =>
    bench.host.store.transact((session) =>
      changeList(session, bench.host.hostKey, { prefixes, tokens: pans.map(token) }, isAdding),
    );
  const token = (pan: string) => tokenOf(bench.host.hostKey, pan);
  const now = async () => readList(await newestList(bench.host.store));
  async function ask(code: string, own: string, changes: Fields = {}): Promise<Fields> {
    const about = { 60: `00000001${code}000001000001${own}`, ...changes };
    const request = terminal.seal(packMessage("0800", networkFields(terminal.tid, code, about)));
    return unpackMessage(terminal.open(request, await bench.send(request.line)));
  }

  test("rises by one with each change; what changes nothing is none", async () => {
    expect(await now()).toEqual({ version: 0, prefixes: [], tokens: [] });
    await change(true, ["476173", "41111111"], ["5413330089020011"]);
    expect(await change(true, ["476173"])).toBeNull();
    expect(await now()).toEqual({ version: 1, prefixes: ["41111111", "476173"], tokens: [token("5413330089020011")] });
    await change(false, ["476173"], ["5413330089020011"]);
    expect(await now()).toEqual({ version: 2, prefixes: ["41111111"], tokens: [] });
    await expect(change(false, ["476173"])).rejects.toThrow("476173 is not on the list.");
    await change(false, ["41111111"]);
    expect(await now()).toEqual({ version: 3, prefixes: [], tokens: [] });
  });

  test("has 60 entries at most", async () => {
    const all = Array.from({ length: 60 }, (_, index) => String(51000000 + index));
    await change(true, all);
    await expect(change(true, ["476173"])).rejects.toThrow("These would be 61 entries; terminals hold 60.");
    expect((await now()).version).toBe(1);
    expect(await newestList(bench.host.store)).toHaveLength(253);
  });

  test("holds no number, and another host's is another", async () => {
    await change(true, [], ["4761739001010010"]);
    const list = await newestList(bench.host.store);
    expect(Buffer.from(list, "latin1").toString("hex")).not.toContain("476173");
    expect(isOnList(bench.host.hostKey, list, "4761739001010010")).toBe(true);
    expect(isOnList(bench.host.hostKey, list, "4761739001010028")).toBe(false);
    expect(tokenOf(Buffer.alloc(32, 1), "4761739001010010")).not.toBe(token("4761739001010010"));
  });

  test("is named to a terminal that says its own, and sent when it asks; others hear nothing of it", async () => {
    expect((await ask("301", "000000"))[60]).toBe("00000001301000001000000000000000000");
    expect(await ask("382", "000000")).toMatchObject({ 39: "25", 60: "00000001382000001000000" });
    await change(true, ["476173"]);
    await change(true, ["476174"]);
    expect((await ask("001", "000001"))[60]).toBe("00000001001000001000000000000000002");
    expect((await ask("301", ""))[60]).toBe("00000001301000001000000");
    expect((await ask("301", "0001000"))[60]).toBe("00000001301000001000000000000");
    expect((await ask("301", "0001000000001"))[60]).toBe("00000001301000001000000000000000002");
    const fields = await ask("382", "000001");
    expect(fields).toMatchObject({ 39: "00", 60: "00000001382000001000000" });
    expect(fields[62]).toBe(await newestList(bench.host.store));
  });

  test("silence for a wish that brings something", async () => {
    const asked = networkFields(terminal.tid, "382", { 60: "00000001382000001000001000000", 62: "x".repeat(64) });
    await bench.expectSilence(terminal.seal(packMessage("0800", asked)).line, "message");
  });

  test("refuses the card in whatever it comes with, and takes what comes without one; a repeat gets its old answer", async () => {
    const { store, hostKey } = bench.host;
    const pan = `4761739${terminal.tid.padStart(9, "0")}`;
    await store.transact((session) => addCard(session, hostKey, { pan, balanceMinor: 100000 }));
    const clerk = new Clerk(terminal, `${pan}=28122011143800000000`, (line) => bench.send(line));
    const sold = await clerk.do("sale", 1000);
    const held = await clerk.do("preauth", 2000);
    expect([sold.answer[39], held.answer[39]]).toEqual(["00", "00"]);
    await change(true, [], [pan]);
    for (const kind of ["sale", "preauth", "balance", "offline"] as const)
      expect((await clerk.do(kind, kind === "balance" ? 0 : 500)).answer[39], kind).toBe("62");
    expect((await clerk.do("refund", 100, sold)).answer[39]).toBe("62");
    expect((await clerk.repeat(sold)).answer[39]).toBe("00");
    expect((await clerk.do("completion", 1500, held)).answer[39]).toBe("00");
    expect((await clerk.do("void", 1000, sold)).answer[39]).toBe("00");
    await change(false, [], [pan]);
    expect((await clerk.do("sale", 500)).answer[39]).toBe("00");
  });

  test("a terminal that has another version is asked to sign on behind each transaction, until it has asked for it", async () => {
    await change(true, ["476173"]);
    const clerk = new Clerk(terminal, "4000000000009995=28122011143800000000", (line) => bench.send(line));
    const wish = async () => (await clerk.do("sale", 500)).answer[60]?.slice(8);
    // It has never said that it holds any.
    expect(await wish()).toBe("");
    await ask("301", "000000");
    expect(await wish()).toBe("001");
    await ask("382", "000000");
    expect(await wish()).toBe("");
    await change(true, ["476174"]);
    expect(await wish()).toBe("001");
    await ask("301", "000002");
    expect(await wish()).toBe("");
  });
});
