/** Parameters for taps at the host: files that are read or refused, the record's bytes, and what terminals are told and sent. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildParameters, keepParameters, readTerms, type TapTerms } from "../../src/host/parameters";
import { TAP_RECORD } from "../../src/txn/tap.table";
import { Bench } from "./bench";
import { describeEach } from "./stores";
import { type Fields, networkFields, packMessage, type TestTerminal, unpackMessage } from "./terminal";

const TEXT = readFileSync(join(import.meta.dirname, "..", "..", "docs", "parameters.json"), "utf8");
const TERMS = readTerms(TEXT);
const APP = TERMS.apps[0] as TapTerms["apps"][number];
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

describe("a file", () => {
  test("as documented gives, but for its version, the record that terminals are made with", () => {
    expect(latin1(buildParameters({ ...TERMS, version: 1 }).record)).toBe(TAP_RECORD);
    expect(buildParameters(TERMS).version).toBe(2);
  });

  test("of one application gives these bytes", () => {
    const { record } = buildParameters({
      ...{ version: 258, currency: "USD", country: "840", capabilities: "E0B8C8", type: "22" },
      apps: [
        { aid: "A000000152", kernel: 3, limitMinor: 65536, cvmLimitMinor: 1, qualifiers: "36004000", version: "0001" },
      ],
    });
    const body = "0102 0840 0840 E0B8C8 22 05 A000000152 03 00010000 00000001 36004000 0001".replaceAll(" ", "");
    expect(Buffer.from(record).toString("hex").toUpperCase()).toBe(`${body}AA01AB1F`);
  });

  const refused: [string, object, string][] = [
    ["without a version", { version: undefined }, "version is missing: a whole number up to 65535 wanted."],
    ["version 0", { version: 0 }, "version 0: a whole number up to 65535 wanted."],
    ["a version of three bytes", { version: 65536 }, "version 65536"],
    ["a currency that is none", { currency: "EURO" }, 'currency "EURO": an ISO 4217 code'],
    ["an unknown currency", { currency: "QQQ" }, 'currency "QQQ"'],
    ["a country in letters", { country: "DE" }, 'country "DE": the three digits'],
    ["short capabilities", { capabilities: "4048" }, 'capabilities "4048": 6 hexadecimal digits'],
    ["no applications", { apps: [] }, "apps []: a list of at least one application wanted."],
    ["a name that nobody knows", { limit: 1 }, "parameters: what is limit?"],
    ["an AID of four bytes", { apps: [{ ...APP, aid: "A0000000" }] }, 'apps[0]: aid "A0000000": 5 to 16 bytes'],
    ["an AID of 17 bytes", { apps: [{ ...APP, aid: "A0".repeat(17) }] }, "5 to 16 bytes"],
    ["half a byte", { apps: [{ ...APP, aid: "A00000000310101" }] }, "5 to 16 bytes"],
    ["another kernel", { apps: [APP, { ...APP, kernel: 4 }] }, "apps[1]: kernel 4: one of 2, 3, 7 wanted."],
    ["a broken limit", { apps: [{ ...APP, limitMinor: 10.5 }] }, "limitMinor 10.5: whole minor units"],
    ["a limit above every amount", { apps: [{ ...APP, limitMinor: 1e9 }] }, "up to 999999999"],
    ["a limit below zero", { apps: [{ ...APP, cvmLimitMinor: -1 }] }, "cvmLimitMinor -1"],
    ["a CVM limit above the limit", { apps: [{ ...APP, cvmLimitMinor: 100001 }] }, "is more than limitMinor 100000."],
    ["one AID twice", { apps: [APP, { ...APP, aid: "a0000000031010" }] }, "apps[1]: aid A0000000031010 is that of"],
    ["a list for an application", { apps: [[]] }, "apps[0]: { ... } wanted."],
  ];
  test.each(refused)("with %s is refused", (_, changes, message) => {
    expect(() => readTerms(JSON.stringify({ ...TERMS, ...changes }))).toThrow(message);
  });

  test("that is no JSON is refused", () => {
    expect(() => readTerms("{")).toThrow("This is not JSON");
    expect(() => readTerms("[]")).toThrow("parameters: { ... } wanted.");
  });

  test("that does not fit a message is refused", () => {
    const apps = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...APP, aid: `A0000000${String(index).padStart(24, "0")}` }));
    expect(buildParameters({ ...TERMS, apps: apps(7) }).record).toHaveLength(238);
    expect(() => buildParameters({ ...TERMS, apps: apps(8) })).toThrow(
      "These are 270 bytes for the terminal; at most 255",
    );
  });
});

describeEach("parameters for taps", (kind) => {
  const bench = new Bench();
  let terminal: TestTerminal;

  beforeAll(() => bench.open(kind));
  beforeEach(async () => {
    await bench.host.store.query("delete from tap_parameters");
    terminal = await bench.newTerminal();
  });
  afterEach(() => expect(bench.errors.splice(0)).toEqual([]));
  afterAll(() => bench.close());

  const keep = (changes: Partial<TapTerms> = {}) =>
    bench.host.store.transact((session) => keepParameters(session, { ...TERMS, ...changes }));
  async function ask(code: string, changes: Fields = {}): Promise<Fields> {
    const request = terminal.seal(packMessage("0800", networkFields(terminal.tid, code, changes)));
    return unpackMessage(terminal.open(request, await bench.send(request.line)));
  }

  test("without any a terminal is told 0, and that there are none", async () => {
    await keep({ currency: "USD" });
    expect((await ask("301"))[60]).toBe("00000001301000001000000");
    const fields = await ask("380");
    expect(fields).toMatchObject({ 0: "0810", 39: "25", 60: "00000001380000001000000" });
    expect(fields[62]).toBeUndefined();
  });

  test("the newest of its currency are named in sign-on and echo, and sent when asked for", async () => {
    const first = await keep();
    const second = await keep({ version: 300 });
    await keep({ version: 301, currency: "USD" });
    expect(latin1(first.record)).not.toBe(latin1(second.record));
    expect((await ask("001"))[60]).toBe("00000001001000001000300");
    expect((await ask("301"))[60]).toBe("00000001301000001000300");
    expect(await ask("380")).toEqual({
      ...{ 0: "0810", 11: "000001", 12: "120000", 13: "0105", 39: "00", 41: terminal.tid, 42: "000000000000001" },
      ...{ 60: "00000001380000001000300", 62: latin1(second.record), 63: "2026" },
    });
  });

  test("they go to no terminal in another batch", async () => {
    await keep();
    const fields = await ask("380", { 60: "00000002380000001000001" });
    expect(fields).toMatchObject({ 39: "77", 60: "00000001380000001000002" });
    expect(fields[62]).toBeUndefined();
  });

  test("silence for a wish that brings keys", async () => {
    const message = packMessage("0800", networkFields(terminal.tid, "380", { 62: "x".repeat(64) }));
    await bench.expectSilence(terminal.seal(message).line, "message");
  });

  test("a version must be higher than any before, and than the one that terminals are made with", async () => {
    await expect(keep({ version: 1 })).rejects.toThrow("a higher one is wanted, terminals are made with version 1.");
    await keep({ version: 5 });
    for (const version of [4, 5])
      await expect(keep({ version })).rejects.toThrow("a higher one is wanted, there are already those of version 5.");
    await keep({ version: 2, currency: "USD" });
  });
});
