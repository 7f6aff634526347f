/**
 * Card data and keys come out nowhere (M5). Scripts are played with marked cards, and everything that leaves terminal or host is
 * searched for the marks, in whatever way they may lie there (`marks`). Allowed is this and nothing else:
 * - of a PAN the first six and the last four digits, which are no find;
 * - in the terminal's flash the device key until the first request; from then on the ratchet's newest chain alone, once (`txn/journal`);
 * - at the host its own key in the file `host.key`: terminals' keys are sealed and PANs are hashed with it (`host/keys`).
 */
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FACTORY_TID, ROOT } from "../src/cli/world";
import { openHost } from "../src/host/host";
import { maskPan } from "../src/host/cards";
import { testIssuerKey, testKey } from "../src/host/keys";
import { advance, openRequest, parseLine, rotate } from "../src/host/seal";
import { addCards } from "../src/host/seed";
import { unpack } from "../src/proto/iso8583";
import { readBook } from "../src/sim/journal-image";
import { BARE_ENGINES } from "./engines";
import { MARKED_CARDS, MARKED_DISCRETIONARY, MARKED_NAME, MARKED_PANS, markScript } from "./marked-cards";
import { type Find, Marks } from "./marks";
import { asFile, asText, filesIn, hear, type Heard, type Output, picturesOf } from "./outputs";
import { chunksOf } from "./pixels";
import { newImage, openSharedHost, playOn, type SharedHost } from "./world";

const FOLDER = join(import.meta.dirname, "scripts");
const SCRIPTS = readdirSync(FOLDER).filter((name) => name.endsWith(".ndjson"));
/** So long that a new key is agreed on, which nobody else can follow: here it is not. */
const WITHOUT_REKEY = ["backup.ndjson", "sleep.ndjson"];
/** What the host draws its keys from here, so that the chains that follow a sign-on are known. */
const FRESH = 0x5a;

let shared: SharedHost;
/** For everything that is secret, with the chains of the run that was played last. */
let search: (data: Uint8Array) => Find[];
let hostKeys: Uint8Array[];
let folder: string;
/** A host's files for the command line, with the marked cards. */
let kept: string;

beforeAll(async () => {
  shared = await openSharedHost(MARKED_CARDS, (count) => Buffer.alloc(count, FRESH));
  folder = mkdtempSync(join(tmpdir(), "tillet-secrets-"));
  kept = join(folder, "kept");
  const host = await openHost({ folder: kept, testTids: [FACTORY_TID] });
  await host.store.transact((session) => addCards(session, host.hostKey, MARKED_CARDS));
  await host.close();
  hostKeys = [shared.host.hostKey, host.hostKey];
  search = openMarks(walk([]).keys);
});
afterAll(async () => {
  await shared.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Chain or key, and its name with the number of the request. */
type NamedKey = readonly [name: string, key: Uint8Array];

/**
 * The messages of a run, each once, and all chains and keys that there were, from the device key on. After a sign-on the chain is rotated
 * or, when its answer was not heard, goes on as it was: the next frame tells, and behind the last one both count.
 */
function walk(sent: readonly string[]): { messages: string[]; keys: NamedKey[] } {
  const messages: string[] = [];
  const keys: NamedKey[] = [];
  let counter = 1;
  let chains: Uint8Array[] = [testKey(FACTORY_TID)];
  const forward = () => {
    const found = chains.map((chain) => advance(chain));
    chains.forEach((chain) => keys.push([`chain ${counter}`, chain]));
    found.forEach(({ key }) => keys.push([`request key ${counter}`, key]));
    counter++;
    return found;
  };
  for (const line of new Set(sent)) {
    const frame = parseLine(line.trimEnd());
    if (!frame) throw new Error(`no frame: ${line}`);
    while (counter < frame.counter) chains = forward().map(({ chain }) => chain);
    for (const { chain, key } of forward()) {
      const message = openRequest(frame, key);
      if (message === null) continue;
      messages.push(message);
      chains = message.startsWith("0800") ? [chain, rotate(chain, Buffer.alloc(32, FRESH), null)] : [chain];
    }
  }
  // A sale's reversal is sealed with it, and may never be sent.
  for (let ahead = 0; ahead < 3; ahead++) chains = forward().map(({ chain }) => chain);
  return { messages, keys };
}

const panMark = (pan: string) => `PAN ${maskPan(pan)}`;

function openMarks(keys: readonly NamedKey[]): (data: Uint8Array) => Find[] {
  const marks = new Marks().addName("name", MARKED_NAME).addDigits("discretionary data", MARKED_DISCRETIONARY);
  for (const pan of Object.values(MARKED_PANS)) marks.addPan(panMark(pan), pan);
  for (const [name, key] of keys) marks.addKey(name, key);
  marks.addKey("issuer's key", testIssuerKey().key);
  for (const hostKey of hostKeys) marks.addKey("host key", hostKey);
  return marks.open();
}

/** "where: what" of every find, each once. */
function findsIn(outputs: readonly Output[]): string[] {
  const found = outputs.flatMap(({ where, data }) => search(data).map(({ mark, way }) => `${where}: ${mark}, ${way}`));
  return [...new Set(found)];
}

const marksIn = (data: Uint8Array) => [...new Set(search(data).map(({ mark }) => mark))].sort();

const newFolder = () => mkdtempSync(join(folder, "png-"));
const markedScript = (name: string) => markScript(readFileSync(join(FOLDER, name), "utf8"), folder);

/**
 * What must hold of any run; and that the search would have seen it: the cards went through the reader and under
 * seal to the host, the chain is in flash.
 */
function checkRun(script: string, { failure, outputs, swiped, sent, flashBus, image }: Heard): void {
  expect(failure).toBe("");
  const { messages, keys } = walk(sent);
  search = openMarks(keys);
  expect(messages).toHaveLength(new Set(sent).size);
  expect(findsIn(outputs)).toEqual([]);
  expect(marksIn(flashBus).filter((mark) => !mark.startsWith("chain "))).toEqual([]);
  const { counter } = readBook(image);
  expect(marksIn(image), "in flash").toEqual([`chain ${counter}`]);
  const pans = Object.values(MARKED_PANS).filter((pan) => script.includes(pan));
  const stripes = pans.length > 0 ? [...pans.map(panMark), "discretionary data", "name"] : [];
  // Of the cards that are tapped some say their number and some do not: one at least, in each script.
  const taps = marksIn(swiped).filter((mark) => !stripes.includes(mark));
  expect(marksIn(swiped), "in the readers").toEqual([...stripes, ...taps].sort());
  expect(
    taps.some((mark) => mark.startsWith("PAN ")),
    "a tapped card",
  ).toBe(script.includes('{"tap"'));
  for (const message of messages) {
    const found = marksIn(Buffer.from(message, "latin1"));
    const fields = unpack(message) ?? [];
    const isOfCard = fields[35] !== undefined;
    expect(["0100", "0200", "0220", "0320", "0400", "0500", "0800"]).toContain(message.slice(0, 4));
    // A sale, also one without a link, a refund, a pre-authorisation, a balance. What undoes one, voids it or asks about it has no card.
    const kind = [fields[0], fields[60]?.slice(0, 2)].join(" ");
    if (isOfCard) expect(kind).toMatch(/^(0200 22|0220 25|0220 30|0100 10|0200 01)$/);
    if (fields[60]?.startsWith("22") && fields[0] === "0200") expect(isOfCard).toBe(true);
    expect(found, "under seal").toEqual(isOfCard ? [expect.stringMatching(/^PAN /), "discretionary data"] : []);
    const chip = Buffer.from(fields[55] ?? "", "latin1");
    expect(marksIn(chip), "in what a chip signed").toEqual([]);
  }
}

test("the search sees the device key in a factory image, and only that", () => {
  expect(marksIn(newImage())).toEqual(["chain 1"]);
});

/** Pictures of one story in so many are read: it takes most of the time. */
const PICTURES_STEP = 3;

describe.each(SCRIPTS.map((name, index) => ({ name, index })))("$name", ({ name, index }) => {
  test("lets nothing out", async () => {
    const script = markedScript(name);
    for (const pan of Object.keys(MARKED_PANS)) expect(script).not.toContain(pan);
    const settings = WITHOUT_REKEY.includes(name) ? { rekey: "off" as const } : undefined;
    checkRun(
      script,
      await hear(shared, script, "node", index % PICTURES_STEP === 0 ? newFolder() : undefined, settings),
    );
  });
});

describe.each(["sale.ndjson", "no-answer.ndjson", "tap-pin.ndjson"])("%s", (name) => {
  for (const { name: engine, isHere } of BARE_ENGINES) {
    test.skipIf(!isHere)(`lets nothing out on ${engine}`, async () => {
      const script = markedScript(name);
      checkRun(script, await hear(shared, script, engine));
    });
  }
});

test("pictures hold no text but what can be read off them, and that is searched", async () => {
  const { outputs } = await hear(shared, markedScript("sale.ndjson"), "node", newFolder());
  const pictures = outputs.filter(({ where }) => where.endsWith(".png") && !where.startsWith("pixels"));
  expect(pictures.length).toBe(2);
  for (const { data } of pictures) expect(new Set(chunksOf(data))).toEqual(new Set(["IHDR", "IDAT", "IEND"]));

  const linesOf = (where: string) => String(outputs.find((output) => output.where === where)?.data).split("\n");
  const slip = linesOf("pixels of slip-1.png").map((line) => line.trim());
  for (const line of linesOf("paper")) expect(slip).toContain(line.trim());
  expect(linesOf("pixels of handheld.png").join("\n")).toContain("APPROVED");
});

describe("the host's files", () => {
  test("hold after all that masks and keyed hashes of PANs, nothing else of a card, no key but the host's own in its file", async () => {
    const { store, hostKey } = shared.host;
    await store.query("checkpoint");
    const files = filesIn(shared.folder).map(asFile);
    expect(findsIn(files.filter(({ where }) => where !== join(shared.folder, "host.key")))).toEqual([]);
    expect(marksIn(readFileSync(join(shared.folder, "host.key")))).toEqual(["host key"]);

    // The rows are where the search went, and nobody can find a PAN by trying without the key that is not there.
    const stored = Buffer.concat(files.map(({ data }) => data));
    for (const { pan } of MARKED_CARDS) {
      expect(stored.includes(maskPan(pan))).toBe(true);
      expect(stored.includes(createHmac("sha256", hostKey).update(`pan ${pan}`).digest("hex"))).toBe(true);
    }
  });
});

describe("the command line", () => {
  interface Ended {
    code: number;
    out: string;
    err: string;
  }

  function tillet(...words: string[]): Promise<Ended> {
    return new Promise((resolve) => {
      execFile(process.execPath, [join(ROOT, "bin", "tillet.mjs"), ...words], (error, out, err) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
      });
    });
  }

  function scriptFile(name: string, script: string): string {
    const file = join(folder, name);
    writeFileSync(file, script);
    return file;
  }

  const printed = ({ out, err }: Ended) => [asText("standard output", [out]), asText("standard error", [err])];

  test("prints and keeps nothing of a sale that is undone and of one that is good", async () => {
    const pictures = join(folder, "pictures");
    const script = scriptFile("undone.ndjson", markedScript("no-answer.ndjson"));
    const ended = await tillet("run", "--script", script, "--keep", kept, "--png", pictures, "--memory");
    expect([ended.code, ended.err]).toEqual([0, ""]);
    expect(ended.out).toContain("APPROVED");
    const flash = join(kept, "handheld.flash");
    const hostKey = join(kept, "host.key");
    const files = filesIn(kept).filter((file) => file !== flash && file !== hostKey);
    expect(findsIn([...printed(ended), ...picturesOf(pictures), ...files.map(asFile)])).toEqual([]);
    expect(marksIn(readFileSync(flash))).toEqual([`chain ${readBook(readFileSync(flash)).counter}`]);
    expect(marksIn(readFileSync(hostKey))).toEqual(["host key"]);
    expect(marksIn(readFileSync(script))).toEqual([panMark("4929618371240010"), "discretionary data", "name"]);
  });

  test("says nothing of a card when an expectation is not met", async () => {
    const script = `${markedScript("declined-unknown.ndjson")}{"expect":{"display":"APPROVED"}}`;
    const ended = await tillet("run", "--script", scriptFile("declined.ndjson", script));
    expect(findsIn(printed(ended))).toEqual([]);
    expect(ended.code).toBe(1);
    expect(ended.err).toContain("DECLINED");
  });

  test("says nothing of a card in a line that is not JSON", async () => {
    const script = markedScript("declined-unknown.ndjson").replace('"t2"', '"t2');
    const ended = await tillet("run", "--script", scriptFile("broken.ndjson", script));
    expect(findsIn(printed(ended))).toEqual([]);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain("line 2: this is not JSON");
  });
});

test.each([
  ["=2812", "=28X2", 'track 2 cannot hold "X"'],
  ['"t2":', '"t4":', "swipe takes"],
  ['{"swipe":', '{"swap":', 'unknown input "swap"'],
])("a swipe with %s changed to %s fails without a word of the card", async (right, wrong, message) => {
  const script = markedScript("declined-unknown.ndjson").replace(right, wrong);
  const error = (await playOn(shared, script).catch((caught: unknown) => caught)) as Error;
  expect(findsIn([asText("error", [error.message])])).toEqual([]);
  expect(error.message).toContain(message);
});
