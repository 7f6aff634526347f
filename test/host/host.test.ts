/** A host opens only what it may, says what to do when it does not, and leaves no secret on the disk but its own key. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Host, type HostOptions, openHost } from "../../src/host/host";
import { openHostKey, testKey } from "../../src/host/keys";
import { SCHEMA_VERSION } from "../../src/host/schema";
import { addTerminal, TEST_CARDS } from "../../src/host/seed";
import { addCard, checkBooks } from "./books";
import { Link } from "./link";
import { describeOn, FASTEST, PGLITE, type Place, SERVER } from "./stores";
import { packMessage, reversalFields, saleFields, TestTerminal, unpackMessage } from "./terminal";

const TID = "00000001";
const TEST_MODE = { testTids: [TID] };

let place: Place;
const opened: Host[] = [];

async function open(options: Partial<HostOptions>): Promise<Host> {
  const host = await openHost({ ...place, ...options });
  opened.push(host);
  return host;
}

/** Opens and closes: only what is left behind matters. */
async function visit(options: Partial<HostOptions>, work: (host: Host) => Promise<unknown> = async () => undefined) {
  const host = await open(options);
  await work(host);
  await close(host);
}

async function close(host: Host): Promise<void> {
  opened.splice(opened.indexOf(host), 1);
  await host.close();
}

beforeEach(async () => {
  place = await FASTEST.openPlace();
});
afterEach(async () => {
  for (const host of opened.splice(0)) await host.close();
  await place.remove();
});

describe("a host outside test mode", () => {
  const REFUSED =
    /holds test cards or test terminals \(.*\), whose keys are public\. Start the host in test mode, or give it another folder/;

  const addMerchant = (host: Host) =>
    host.store.query("insert into merchant values ('000000000000001', 'Shop', 'Town')");
  const add = (host: Host, tid: string, key: Uint8Array) =>
    host.store.transact((session) => addTerminal(session, host.hostKey, tid, key, false));

  test("refuses a database that a test host has used; in test mode it opens as before", async () => {
    await visit(TEST_MODE);
    await expect(open({})).rejects.toThrow(REFUSED);
    await expect(open({})).rejects.toThrow(`(${TID})`);
    await visit(TEST_MODE);
  });

  test("refuses a database with a test card and no terminal", async () => {
    await visit({}, (host) =>
      host.store.transact((session) => addCard(session, host.hostKey, { pan: "4000000000000101", balanceMinor: 1 })),
    );
    await expect(open({})).rejects.toThrow(REFUSED);
  });

  test("refuses a terminal that says it is real and has a test key, and names it", async () => {
    await visit({}, async (host) => {
      await addMerchant(host);
      await add(host, "12345677", randomBytes(32));
      await add(host, "12345678", testKey("12345678"));
    });
    await expect(open({})).rejects.toThrow("(12345678)");
  });

  test("opens an empty database and one with a real terminal, and answers that one", async () => {
    const key = randomBytes(32);
    await visit({}, async (host) => {
      await addMerchant(host);
      await add(host, "12345678", key);
    });
    const host = await open({});
    const terminal = new TestTerminal("12345678", key);
    const request = terminal.seal(packMessage("0200", saleFields(terminal.tid, 1, 100)));
    const link = await Link.open(host.gateway);
    const answer = unpackMessage(terminal.open(request, await link.send(`${request.line}\n`)));
    expect(answer).toMatchObject({ 39: "14", 63: expect.stringMatching(/^20[0-9]{2}$/) });
    await link.close();
  });
});

describe("the host's key", () => {
  const file = () => join(place.folder, "keys", "host.key");

  test("is made once, for its owner's eyes", () => {
    const key = openHostKey(file());
    expect(key).toHaveLength(32);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readFileSync(file(), "utf8")).toBe(`${Buffer.from(key).toString("hex")}\n`);
    expect(openHostKey(file())).toEqual(key);
    expect(openHostKey(join(place.folder, "other.key"))).not.toEqual(key);
  });

  test.each([
    "",
    "host key",
    "a".repeat(63),
    "a".repeat(65),
    "a".repeat(66),
    `${"a".repeat(64)}zz`,
    `${"a".repeat(62)}zz`,
  ])("is not taken from a file that holds %j, and the file stays", (text) => {
    writeFileSync(join(place.folder, "bad.key"), text);
    expect(() => openHostKey(join(place.folder, "bad.key"))).toThrow(
      /bad\.key is not a host key: it must hold 64 hexadecimal digits/,
    );
    expect(readFileSync(join(place.folder, "bad.key"), "utf8")).toBe(text);
  });

  test.each([
    ["in test mode", TEST_MODE],
    ["outside it", {}],
  ])("must be the one that sealed the terminals' keys, %s; with the right one back it opens", async (_, options) => {
    const isTest = "testTids" in options;
    await visit(options, async (host) => {
      if (isTest) return;
      await host.store.query("insert into merchant values ('000000000000001', 'Shop', 'Town')");
      await host.store.transact((session) => addTerminal(session, host.hostKey, TID, randomBytes(32), false));
    });
    const key = join(place.folder, "host.key");
    renameSync(key, `${key}.kept`);
    await expect(open(options)).rejects.toThrow(
      /this is not the host key that sealed it\. Put the right key file back/,
    );
    rmSync(key);
    renameSync(`${key}.kept`, key);
    // Nothing was seeded under the wrong key.
    await visit(options, async (host) => {
      expect(await host.store.query("select count(*) as count from card")).toEqual([
        { count: isTest ? TEST_CARDS.length : 0 },
      ]);
    });
  });
});

test("a database of a newer Tillet is refused", async () => {
  await visit(TEST_MODE, (host) => host.store.query("insert into schema_version values ($1)", [SCHEMA_VERSION + 1]));
  await expect(open(TEST_MODE)).rejects.toThrow(
    `of schema ${SCHEMA_VERSION + 1}; this Tillet knows up to ${SCHEMA_VERSION}`,
  );
});

/** Every test card, and one unknown to the issuer. */
const PANS = [
  "4761739001010010",
  "5413330089020011",
  "6250947000000014",
  "3566000000000018",
  "4761739001010028",
  "4761739001010036",
  "5413330089020029",
  "6250947000000022",
  "4000000000009995",
];
const DISCRETIONARY = "2011143800000000";

describe("on the embedded database", () => {
  beforeEach(async () => {
    await place.remove();
    place = await PGLITE.openPlace();
  });

  test("a port that is taken is refused, and the database is free again", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(open({ ...TEST_MODE, port })).rejects.toThrow(/EADDRINUSE/);
    await new Promise((resolve) => other.close(resolve));
    await visit({ ...TEST_MODE, port });
  });

  test("after a day of trade no PAN, track 2 or key is in any file", async () => {
    const terminal = new TestTerminal(TID, testKey(TID));
    const secretKeys: Uint8Array[] = [terminal.chain];
    const host = await open(TEST_MODE);
    const link = await Link.open(host.gateway);
    const ask = async (message: string) => {
      const request = terminal.seal(message);
      secretKeys.push(request.key, terminal.chain);
      return unpackMessage(terminal.open(request, await link.send(`${request.line}\n`)))[39];
    };
    let stan = 0;
    const codes: (string | undefined)[] = [];
    for (const pan of PANS) {
      const track2 = `${pan}=${pan === "5413330089020029" ? "2301" : "2812"}${DISCRETIONARY}`;
      codes.push(await ask(packMessage("0200", saleFields(TID, ++stan, 600, { 35: track2 }))));
      codes.push(await ask(packMessage("0400", reversalFields(TID, stan, 600))));
      codes.push(await ask(packMessage("0200", saleFields(TID, ++stan, 600, { 35: track2.replace("=", "D") }))));
    }
    expect(codes.filter((code) => code === "00")).toHaveLength(3 + PANS.length);
    secretKeys.push(host.hostKey);
    await link.close();
    await close(host);

    const files = readdirSync(join(place.folder, "db"), { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name)));
    const find = (needle: string | Uint8Array) => files.some((bytes) => bytes.includes(Buffer.from(needle as string)));
    // The search finds what is there.
    expect(find("476173******0010")).toBe(true);
    for (const pan of PANS) expect([pan, find(pan), find(Buffer.from(pan, "hex"))]).toEqual([pan, false, false]);
    expect(find(DISCRETIONARY)).toBe(false);
    expect(secretKeys.length).toBeGreaterThan(40);
    for (const key of secretKeys) {
      const bytes = Buffer.from(key);
      const forms = [bytes, bytes.toString("hex"), bytes.toString("hex").toUpperCase(), bytes.toString("base64")];
      expect(forms.map(find)).toEqual([false, false, false, false]);
    }
  });
});

describeOn(SERVER, "hosts that share a database", () => {
  test("started at once on an empty one they all open, and one repeats what another answered", async () => {
    const shared = await SERVER.openPlace();
    // They share the key as they share the database.
    openHostKey(join(shared.folder, "host.key"));
    const hosts = await Promise.all(Array.from({ length: 4 }, () => openHost({ ...shared, ...TEST_MODE })));
    const terminal = new TestTerminal(TID, testKey(TID));
    const request = terminal.seal(packMessage("0200", saleFields(TID, 1, 100)));
    const links = await Promise.all(hosts.map(({ gateway }) => Link.open(gateway)));
    const replies = await Promise.all(links.map((link) => link.send(`${request.line}\n`)));
    expect(unpackMessage(terminal.open(request, replies[0] ?? null))[39]).toBe("00");
    expect(new Set(replies).size).toBe(1);
    const [host] = hosts;
    if (!host) throw new Error("no host");
    await checkBooks(host.store);
    expect(await host.store.query("select count(*) as count from card")).toEqual([{ count: TEST_CARDS.length }]);
    expect(await host.totals(TID, 1)).toEqual({ count: 1, total: 100 });
    for (const link of links) await link.close();
    for (const each of hosts) await each.close();
    await shared.remove();
  });
});

test("a log of the messages shows what is done and no card; of what is no message only how long it is", async () => {
  const lines: string[] = [];
  const host = await open({ ...TEST_MODE, onMessages: (said) => lines.push(...said) });
  const terminal = new TestTerminal(TID, testKey(TID));
  const link = await Link.open(host.gateway);
  const sale = packMessage("0200", saleFields(TID, 1, 1250));
  await link.send(`${terminal.seal(sale).line}\n`);
  await link.send(`${terminal.seal(`${sale}4761739001010010`).line}\n`);
  await link.close();
  const log = lines.join("\n");
  expect(lines[0]).toBe("0200 sale");
  expect(log).toContain("\n   4 amountMinor: 000000001250\n");
  expect(log).toContain("\n  35 track2: (37 characters)\n");
  expect(log).toMatch(/\n0210 answer to sale\n[^]*\n {2}39 responseCode: 00\n/);
  expect(lines.at(-1)).toBe(`not a message: ${sale.length + 16} bytes`);
  expect(log).not.toContain("4761739001010010");
});
