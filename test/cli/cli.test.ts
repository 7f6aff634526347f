/** The command line: 0 when all went well, 1 when something differed or could not be done, 2 for wrong words; and what it says. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { main, VERBS } from "../../src/cli/main";
import { OPTIONS } from "../../src/cli/values";
import { ROOT } from "../../src/cli/world";

interface Said {
  status: number;
  out: string;
  err: string;
}

/** Runs a command in this process. */
async function tillet(...words: string[]): Promise<Said> {
  const said = { out: "", err: "" };
  const take = (stream: NodeJS.WriteStream, name: "out" | "err") =>
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  const spies = [take(process.stdout, "out"), take(process.stderr, "err")];
  try {
    return { status: await main(words), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe("help", () => {
  test.each([[[]], [["help"]], [["--help"]], [["-h"]], [["run", "--help"]]])("%j", async (words) => {
    const { status, out, err } = await tillet(...words);
    expect([status, err]).toEqual([0, ""]);
    const verbs = [...out.matchAll(/^ {2}tillet ((?:update |block )?[a-z-]+)/gm)].map(([, verb]) => verb);
    expect(verbs.sort()).toEqual(Object.keys(VERBS).sort());
    const options = new Set([...out.matchAll(/--([a-z0-9-]+)/g)].map(([, option]) => option));
    expect([...options].sort()).toEqual(Object.keys(OPTIONS).sort());
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(132);
  });
});

test("a key signs an update, and the host takes it once, under that key", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tillet-update-"));
  try {
    const [key, update, data] = ["release.key", "wroom.update", "data"].map((name) => join(folder, name));
    if (!key || !update || !data) return;
    expect((await tillet("update", "key", "--out", key)).status).toBe(0);
    expect((await tillet("update", "key", "--out", `${key}2`)).status).toBe(0);
    const bundle = join(ROOT, "dist", "tillet-wroom.js");
    const signed = await tillet("update", "sign", bundle, "--key", key, "--version", "7", "--out", update);
    expect(signed.out).toMatch(/version 7 for wroom, [0-9]+ pages of flash/);
    const load = (publicKey: string) => tillet("update", "load", update, "--key", publicKey, "--data", data);
    expect(await load(`${key}2.pub`)).toMatchObject({
      status: 1,
      err: expect.stringMatching(/signature is not good/) as string,
    });
    expect(await load(`${key}.pub`)).toMatchObject({ status: 0, err: "" });
    expect(await load(`${key}.pub`)).toMatchObject({
      status: 1,
      err: expect.stringMatching(/already version 7/) as string,
    });
    expect((await tillet("update", "sign", bundle)).err).toMatch(/update sign needs --key FILE and a BUNDLE/);
    expect((await tillet("update")).err).toMatch(/no verb update/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an issuer's key is loaded from a file and known by its check value; the test key is not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tillet-issuer-"));
  const file = join(folder, "issuer.txt");
  const load = (key: string) => {
    writeFileSync(file, `${key}\n`);
    return tillet("issuer-key", "--data", folder, "--issuer", "BANK", "--keys", file);
  };
  // TDEA of zeros by OpenSSL: openssl enc -des-ede -nopad.
  const key = "2B960231C8FA4D17A2C5D3E8F1907B64";
  expect(await load(key)).toMatchObject({
    status: 0,
    out: expect.stringContaining("key check value C361A4") as string,
  });
  expect((await load("0123456789ABCDEFFEDCBA9876543210")).err).toContain("everybody has it");
  expect((await load("0123")).err).toContain("32 hexadecimal digits");
  rmSync(folder, { recursive: true });
});

describe("wrong words end with 2 and say which", () => {
  const SCRIPT = join(ROOT, "test", "scripts", "sale.ndjson");
  test.each([
    [["sell"], "There is no verb sell."],
    [["toString"], "There is no verb toString."],
    [["run"], "run needs --script FILE."],
    [["run", "--script", "no-such-file.ndjson"], "--script no-such-file.ndjson: there is no such file."],
    [["run", "--script"], "Option '--script <value>' argument missing"],
    [["run", "--scirpt", SCRIPT], "Unknown option '--scirpt'"],
    [["run", SCRIPT], `What is ${SCRIPT}?`],
    [["run", "--script", SCRIPT, "--engine", "v8"], "--engine v8: known are node, espruino and jerry."],
    [["run", "--script", SCRIPT, "--seed", "x"], "--seed x: give a whole number."],
    [["run", "--script", SCRIPT, "--seed=-1"], "--seed -1: give a whole number."],
    [["run", "--script", SCRIPT, "--seed", ""], "--seed : give a whole number."],
    [["run", "--script", SCRIPT, "--cut", "0"], "--cut 0: give the number of a flash operation, such as 3 or 3:16."],
    [["run", "--script", SCRIPT, "--cut", "3:"], "--cut 3:: give the number of a flash operation"],
    [["run", "--script", SCRIPT, "--port", "1"], "run does not take --port."],
    [["run", "--script", SCRIPT, "--memory=1"], "Option '--memory' does not take an argument"],
    [["host", "--port", "65536"], "--port 65536: give a number from 0 (any free port) to 65535."],
    [["host", "--port", "http"], "--port http: give a number"],
    [["host", "--port", ""], "--port : give a number"],
    [["tap"], "tap needs --card FILE."],
    [["tap", "--card", "a", "--amount", "12.50"], "--amount 12.50: give minor units, such as 1250 for 12.50."],
    [["provision", "--tid", "00000002"], "provision needs --tid, --mid and --host."],
    [["run", "--script", SCRIPT, "--finger", "r503"], "--finger is for operators: add --operators."],
    [["run", "--script", SCRIPT, "--finger", "r504"], "--finger r504: known are off, r503, as608."],
    [["rotate"], "rotate needs --tid."],
    [["block", "add"], "block add needs --bins, --tokens or --file FILE."],
    [["block", "list", "--bins", "476173"], "block list does not take --bins."],
    [["block", "add", "--file", "no-such.txt"], "--file no-such.txt: there is no such file."],
    [["parameters"], "parameters needs --file FILE."],
    [["parameters", "--file", "no-such.json"], "--file no-such.json: there is no such file."],
  ])("%j", async (words, message) => {
    const { status, out, err } = await tillet(...words);
    expect(err).toContain(`tillet: ${message}`);
    expect(err.endsWith("\nTry: tillet --help\n")).toBe(true);
    expect([status, out]).toEqual([2, ""]);
  });
});

test("the block list: prefixes, cards by their numbers in a file, and off again by what the list shows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tillet-block-"));
  try {
    const cards = join(folder, "cards.txt");
    const block = (...words: string[]) => tillet("block", ...words, "--data", join(folder, "data"));
    writeFileSync(cards, "5413330089020011\n\n4761739001010028\r\n");
    const added = await block("add", "--bins", "476173,41111110-41111119", "--file", cards);
    const [, first = "", second = ""] =
      /^Version 1: 4 of 60 entries\nprefix 4111111\nprefix 476173\ncard {3}(.{8})\ncard {3}(.{8})\n/.exec(added.out) ??
      [];
    expect([first, second].join("")).toMatch(/^[0-9a-f]{16}$/);
    expect(added.out).toContain("0 of 0 terminals have it");
    expect(added.out).not.toMatch(/[0-9]{9}/);
    const removed = await block("remove", "--tokens", `${first},${second}`, "--bins", "476173");
    expect(removed.out).toMatch(/^Version 2: 1 of 60 entries\nprefix 4111111\n/);
    expect((await block("list")).out).toBe(removed.out);
    expect(await block("remove", "--bins", "476173")).toMatchObject({
      status: 1,
      err: "tillet: 476173 is not on the list.\n",
    });
    writeFileSync(cards, "5413330089020011\n54133300\n");
    const { status, err } = await block("add", "--file", cards);
    expect([status, err]).toEqual([1, `tillet: ${cards}: line 2 is no card number: 12 to 19 digits wanted.\n`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("parameters", () => {
  test("are taken from the file in docs, said in words, and taken once; a wrong file is named", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tillet-cli-"));
    try {
      const file = join(ROOT, "docs", "parameters.json");
      const { status, out, err } = await tillet("parameters", "--file", file, "--data", folder);
      expect([status, err]).toEqual([0, ""]);
      expect(out.split("\n").slice(0, 3)).toEqual([
        "Version 2: EUR, country 276, capabilities 404800, type 21",
        "AID             kernel  limit    without CVM  qualifiers  version",
        "A0000000031010  3       1000.00  50.00        24004000    0096",
      ]);
      expect(out).toContain("128 of 255 bytes.\n");
      const again = await tillet("parameters", "--file", file, "--data", folder);
      expect(again.status).toBe(1);
      expect(again.err).toContain("version 2: a higher one is wanted, there are already those of version 2.");
      const wrong = join(folder, "wrong.json");
      writeFileSync(wrong, "{}");
      const refused = await tillet("parameters", "--file", wrong, "--data", folder);
      expect(refused.err).toBe(
        `tillet: ${wrong}: parameters: version is missing: a whole number up to 65535 wanted.\n`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("tap", () => {
  const card = (name: string) => join(ROOT, "test", "cards", `${name}.json`);

  test.each(["visa", "mastercard", "unionpay"])(
    "shows what passed between reader and %s, and not its number",
    async (name) => {
      const { status, out, err } = await tillet("tap", "--card", card(name), "--verbose");
      expect([status, err]).toEqual([0, ""]);
      for (const text of ["SELECT 2PAY.SYS.DDF01", "GET PROCESSING OPTIONS", "9F26 cryptogram: ", "beep: remove"]) {
        expect(out).toContain(text);
      }
      expect(out).toMatch(/host: captured, response code 00, cryptogram: valid/);
      const { pan } = JSON.parse(readFileSync(card(name), "utf8")) as { pan: string };
      const mask = `${pan.slice(0, 6)}******${pan.slice(-4)}`;
      expect(out).toContain(`57 track 2 equivalent: ${mask}D***************`);
      expect(out).not.toContain(pan.slice(0, 7));
      expect(out).not.toContain(pan.slice(-5));
      // Phases of a tap; the whole of it is bounded by the schemes' half a second.
      const timeOf = (what: string) => Number(new RegExp(`^ *([0-9.]+) ms {2}${what}$`, "m").exec(out)?.[1]);
      for (const phase of ["poll", "select", "options"]) expect(timeOf(phase)).toBeGreaterThan(10);
      expect(timeOf("in the field")).toBeLessThanOrEqual(500);
    },
  );

  test("ends with 1 when the card is not taken, and says little without --verbose", async () => {
    const { status, out } = await tillet("tap", "--card", card("visa-clone"));
    expect(status).toBe(1);
    expect(out).toContain("Card is not genuine");
    expect(out).not.toContain("SELECT");
    const { err } = await tillet("tap", "--card", "no-such-card.json");
    expect(err).toContain("--card no-such-card.json: there is no such file.");
  });

  test("types the PIN where the card wants it", async () => {
    const { status, out } = await tillet("tap", "--card", card("visa-pin"));
    expect(status).toBe(0);
    expect(out).toContain("Customer: type PIN");
  });
});

describe("run", () => {
  let folder: string;
  let first: Said;
  const play = (script: string, ...options: string[]) => {
    const file = join(folder, "script.ndjson");
    writeFileSync(file, script);
    return tillet("run", "--script", file, ...options);
  };
  const SALE = `{"keys":["1","E"]}
    {"swipe":{"t2":";4761739001010010=28122011143800000000?"}}
    {"settle":true}
    {"expect":{"printed":"EUR 0.01"}}`;
  const events = (out: string) =>
    out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tillet-cli-"));
    first = await play(SALE, "--seed", "5", "--keep", join(folder, "kept"), "--png", join(folder, "png"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("ends with 0, and writes an event a line", () => {
    expect([first.status, first.err]).toEqual([0, ""]);
    const all = events(first.out);
    expect(all.every(({ t }) => Number.isInteger(t))).toBe(true);
    for (const name of ["power", "display", "beep", "host", "printed", "end"])
      expect(all.filter((event) => name in event).length, name).toBeGreaterThan(0);
    expect(all.find((event) => "end" in event)?.end).toEqual({
      terminal: { batch: 1, count: 1, total: 1, creditCount: 0, creditTotal: 0 },
      host: { batch: 1, count: 1, total: 1, creditCount: 0, creditTotal: 0 },
      agree: true,
    });
  });

  test("keeps flash and host's files, and draws pictures, where it is told to", () => {
    expect(readFileSync(join(folder, "kept", "handheld.flash")).length).toBe(18 * 4096);
    expect(existsSync(join(folder, "kept", "db"))).toBe(true);
    expect(readdirSync(join(folder, "png")).sort()).toEqual(["handheld.png", "slip-1.png"]);
    for (const name of readdirSync(join(folder, "png")))
      expect(readFileSync(join(folder, "png", name)).toString("latin1", 1, 4)).toBe("PNG");
  });

  test("gives the same events with the same seed", async () => {
    expect(await play(SALE, "--seed", "5")).toEqual(first);
  });

  test("gives others with another seed, and survives a cut", async () => {
    const { status, out, err } = await play(SALE, "--seed", "6", "--cut", "3:5");
    expect([status, err]).toEqual([0, ""]);
    expect(out.split("\n").slice(0, 3)).toEqual(first.out.split("\n").slice(0, 3));
    expect(out).not.toEqual(first.out);
    const power = events(out).flatMap((event) => ("power" in event ? [event.power] : []));
    expect(power).toEqual(["on", "cut", "on"]);
    expect(out).toContain('"agree":true');
  });

  test("ends with 1 when something differs, and says where and what there was instead", async () => {
    const { status, out, err } = await play('# nothing sold\n{"expect":{"display":"APPROVED"}}\n{"key":"1"}');
    expect(status).toBe(1);
    expect(err).toBe(
      `${join(folder, "script.ndjson")}: line 2: display: "APPROVED" wanted, there is ["Linked TEST       78%","READY","0.00 EUR","Type the amount","F functions"]\n`,
    );
    expect(events(out).some((event) => "end" in event)).toBe(true);
  });

  test("ends with 2 when a script cannot be read, before anything is played", async () => {
    const { status, out, err } = await play('{"key":"1"}\nkey 2');
    expect([status, out]).toEqual([2, ""]);
    expect(err).toBe(`tillet: ${join(folder, "script.ndjson")}: line 2: this is not JSON\n`);
  });
});

test("start without a terminal says so, and what works without one", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "bin", "tillet.mjs"), "start"], {
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: "tillet: start needs a terminal. Without one: tillet run --script FILE\n",
  });
});
