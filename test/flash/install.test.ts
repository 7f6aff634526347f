/** The whole way onto a board, with the real Espruino: what was flashed starts and outlives a power cut; whatever goes wrong, the board can be flashed again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test as plainTest } from "vitest";
import { Espruino } from "../../flash/espruino";
import { greeting as greetingOf } from "../../flash/boot";
import { crc32 } from "../../flash/crc32";
import { install, isBundle, type Order, type Ways } from "../../flash/install";
import { Talk } from "../../flash/line";
import { headOf, MARK, packBundle, readSlot, SET, type Slot, type Update } from "../../flash/slots";
import { judgeJournal, wifiOf } from "../../src/cli/flash";
import { BUNDLE, testImage } from "../../src/cli/world";
import { AREAS } from "../../src/sim/twins/flash";
import { hasEspruino } from "../engines";
import { BOARD_AREAS, BOARD_STORE, EspruinoBoard } from "./board";

const test = plainTest.extend<{ board: EspruinoBoard }>({
  board: async ({}, use) => {
    const board = new EspruinoBoard();
    board.powerOn();
    await use(board);
    board.close();
  },
});

/** A bundle that is quickly sent, and long enough for a few chunks. */
const small = (version: number, more = "") =>
  packBundle(`var sold=${version};function sell(){return sold}${more}//${"0123456789".repeat(250)}`, "test", version);
const SMALL = small(1);
const order = (extras: Partial<Order> = {}): Order => ({
  port: "the board",
  engine: [],
  bundle: SMALL,
  image: null,
  store: BOARD_STORE,
  // There is no room for two of the whole bundle in this engine's flash.
  slotPages: [37, 4],
  areas: BOARD_AREAS,
  wifi: null,
  erasesJournal: false,
  erasesStorage: false,
  ...extras,
});
const ways: Ways = { judge: judgeJournal, onProgress: () => undefined };
const greeting = ({ digest }: Update) => greetingOf(digest);
const refused = (board: EspruinoBoard, what: Order) =>
  install(board.line, what, ways).then(
    () => "installed",
    (error: Error) => error.message,
  );

/** Of docs/journal.md: kind, length, check; then the body and its CRC-32. */
function record(kind: string, body: string): Buffer {
  const head = Buffer.from([kind.charCodeAt(0), body.length >> 8, body.length & 255, 0]);
  head[3] = head[0] ^ head[1] ^ head[2] ^ 0xa5;
  const text = head.toString("latin1") + body;
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(text));
  return Buffer.concat([Buffer.from(text, "latin1"), check]);
}

/** The factory's terminal with a sale under way, `outcomes` behind it. Head and key of its first journal page are 89 and 48 bytes. */
function imageWithSale(...outcomes: Buffer[]): Uint8Array {
  const image = testImage("00000001");
  const sale = record("S", `00000122000000001250476173${"0010"}  00${"k".repeat(32)}frame`);
  image.set(Buffer.concat([sale, ...outcomes]), AREAS[0].byteCount + 89 + 48);
  return image;
}

describe("what must not be lost", () => {
  const approved = record("A", `000001${"1".repeat(12)}ABCDEF20260105120000`);
  const printed = record("R", "000001");
  plainTest.each([
    ["an empty journal", testImage("00000001"), true, null],
    ["blank flash", new Uint8Array(72 * 1024).fill(0xff), true, null],
    ["a sale without an outcome", imageWithSale(), false, /^The board holds a sale that is not finished/],
    ["a receipt that is owed", imageWithSale(approved), false, /not finished/],
    ["an open batch, keys stay", imageWithSale(approved, printed), false, null],
    [
      "an open batch, keys go",
      imageWithSale(approved, printed),
      true,
      /^The board holds 1 transaction of the open batch 1: settle/,
    ],
  ])("%s", (_, image, isReplaced, why) => {
    const said = judgeJournal(image, isReplaced);
    if (why === null) expect(said).toBeNull();
    else expect(said).toMatch(why);
  });
});

plainTest("a bundle is told from other scripts", () => {
  expect(isBundle(readFileSync(BUNDLE, "latin1"))).toBe(true);
  for (const other of ["", "print(1)", SMALL.content, "\xff\xfe3211264 57344"]) expect(isBundle(other)).toBe(false);
});

describe("the file of a Wi-Fi", () => {
  const folder = mkdtempSync(join(tmpdir(), "tillet-wifi-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    const file = join(folder, "wifi.txt");
    writeFileSync(file, text);
    return wifiOf(file);
  };

  plainTest("has a network and a password, or none", () => {
    expect(read("shop\ntop secret\n")).toBe("shop\ntop secret");
    expect(read("shop\r\ntop secret\r\n")).toBe("shop\ntop secret");
    expect(read("shop")).toBe("shop\n");
    expect(read(`café\n${"x".repeat(63)}`)).toBe(`caf\xc3\xa9\n${"x".repeat(63)}`);
  });

  plainTest.each([
    "",
    "\nsecret-12",
    "n".repeat(33),
    "shop\nsecret1",
    `shop\n${"x".repeat(64)}`,
    "shop\nsecret-12\nmore",
    "shop\nsecr\u00e9t-12",
  ])("%j is refused, and no word of it is said", (text) => {
    expect(() => read(text)).toThrow(/two lines wanted, the network's name/);
    expect(() => read(text)).not.toThrow(/secret|secr\u00e9t/);
  });
});

// Its console is asked in real time: on a machine that has no time for it a board seems not to answer.
describe.skipIf(!hasEspruino).concurrent("on the real engine", { retry: 2 }, () => {
  test("the firmware is written, greets, and is there with its keys after power cuts", async ({ board }) => {
    // The console board's bundle: its transport says each line on the console.
    const code = `var io={tx:function(l){print(l)}};${readFileSync(BUNDLE, "latin1")}`;
    const bundle = packBundle(code, "console", 1);
    const image = testImage("00000001");
    expect(await install(board.line, order({ bundle, image }), ways)).toEqual({
      engine: expect.stringMatching(/^LINUX 2v/) as string,
      bundleBytes: bundle.content.length,
      isProvisioned: true,
    });
    for (let cut = 0; cut < 3; cut++) {
      board.powerOff();
      board.said = "";
      board.powerOn();
      const talk = await Talk.open(board.line);
      expect(await talk.until(new RegExp(greeting(bundle)), 20_000)).not.toBeNull();
      // It runs from flash: told that power came on, it draws its first screen.
      await talk.send(`\x10io.rx(0,0,0,"${"r".repeat(32)}");\n`);
      expect(await talk.until(/Starting \.\.\./, 20_000)).not.toBeNull();
      await talk.close();
      expect(Buffer.from(board.areas()).equals(Buffer.from(image))).toBe(true);
    }
  });

  test("its Wi-Fi is written, stays where nothing is said of it, and is replaced", async ({ board }) => {
    const stored = async () => {
      const talk = await Talk.open(board.line);
      const espruino = new Espruino(talk, "the board");
      await espruino.enter();
      const text = await espruino.ask('btoa(require("Storage").read("tillet.wifi"))');
      await talk.close();
      return Buffer.from(text, "base64").toString("latin1");
    };
    await install(board.line, order({ wifi: "shop\nfirst secret" }), ways);
    expect(await stored()).toBe("shop\nfirst secret");
    await install(board.line, order({ bundle: SMALL }), ways);
    expect(await stored()).toBe("shop\nfirst secret");
    await install(board.line, order({ bundle: null, wifi: "caf\xc3\xa9\nsecond" }), ways);
    expect(await stored()).toBe("caf\xc3\xa9\nsecond");
  });

  test("a journal with a sale in it is left alone, with all that belongs to it", async ({ board }) => {
    const image = imageWithSale();
    await install(board.line, order({ image }), ways);
    const before = board.flash(0x10000000, 0x40000);
    expect(await refused(board, order({ image: testImage("00000001") }))).toMatch(/not finished/);
    expect(await refused(board, order())).toMatch(/not finished/);
    expect(Buffer.from(board.flash(0x10000000, 0x40000)).equals(Buffer.from(before))).toBe(true);
    const given = order({ image: testImage("00000001"), erasesJournal: true });
    expect(await refused(board, given)).toBe("installed");
    expect(Buffer.from(board.areas()).equals(Buffer.from(testImage("00000001")))).toBe(true);
  });

  test.each([
    ["in the bundle", /s\.write\(d,[0-9]+\),1\)[^]*s\.write\(d,[0-9]+\),1\)/],
    ["in the keys", /require\("Flash"\),atob/],
    ["before the boot code", /"\.bootcde",d,0/],
  ])("the cable is pulled %s: a sentence, and the same again works", async (_, at) => {
    const board = new EspruinoBoard();
    try {
      board.powerOn();
      let sent = "";
      let isPulled = false;
      board.onSent = (text) => {
        sent = (sent + text).slice(-4000);
        if (isPulled || !at.test(sent)) return text;
        isPulled = true;
        return null;
      };
      const what = order({ image: testImage("00000001") });
      expect(await refused(board, what)).toMatch(/^The cable was pulled/);
      expect(isPulled).toBe(true);
      board.powerOff();
      board.said = "";
      board.powerOn();
      expect(await refused(board, what)).toBe("installed");
      expect(board.said).toContain(greeting(SMALL));
      expect(Buffer.from(board.areas()).equals(Buffer.from(testImage("00000001")))).toBe(true);
    } finally {
      board.close();
    }
  });

  test("bytes that are garbled on the way are noticed and sent again", async ({ board }) => {
    let left = 2;
    board.onSent = (text) =>
      /atob\("[A-Za-z0-9+/]{40}/.test(text) && left-- > 0 ? text.replace(/[A-Za-z]{3}(?=[A-Za-z]{9})/, "QQQ") : text;
    expect(await refused(board, order())).toBe("installed");
    expect(left).toBeLessThan(1);
    expect(board.said).toContain(greeting(SMALL));
  });

  test("an engine that loses what is beyond 64 bytes of a burst gets smaller pieces", async ({ board }) => {
    let burstBytes = 0;
    let lastMs = 0;
    let lostBytes = 0;
    board.onSent = (text) => {
      burstBytes = performance.now() - lastMs > 5 ? 0 : burstBytes;
      lastMs = performance.now();
      const kept = text.slice(0, Math.max(64 - burstBytes, 0));
      burstBytes += text.length;
      lostBytes += text.length - kept.length;
      return kept;
    };
    expect(await refused(board, order())).toBe("installed");
    expect(lostBytes).toBeGreaterThan(0);
    expect(board.said).toContain(greeting(SMALL));
  });

  test("a Storage that is full of others' files", async ({ board }) => {
    const talk = await Talk.open(board.line);
    const espruino = new Espruino(talk, "the board");
    await espruino.enter();
    await espruino.ask('(require("Storage").write("theirs","x",0,require("Storage").getFree()-200),1)');
    await talk.close();
    expect(await refused(board, order())).toMatch(
      /^The board's Storage has room for [0-9]+ bytes and [0-9]+ are needed: add --erase-storage/,
    );
    expect(await refused(board, order({ erasesStorage: true }))).toBe("installed");
  });

  describe("with two slots", () => {
    /** Until the board has started what it starts from. */
    const started = async (board: EspruinoBoard, bundle: Update) => {
      board.powerOff();
      board.said = "";
      board.powerOn();
      const talk = await Talk.open(board.line);
      expect(await talk.until(new RegExp(greeting(bundle)), 20_000)).not.toBeNull();
      const answer = await talk
        .send('\x10print("<"+[sold,slots.charAt(0),slots.length,typeof boot]+">");\n')
        .then(async () => talk.until(/<([^>\r\n]*)>/, 5_000));
      await talk.close();
      return answer?.[1];
    };
    const twoSlots = (extras: Partial<Order>) => order({ slotPages: [4, 4], ...extras });
    /** As an update over the link leaves it: whole, and to be tried. */
    const putCandidate = (board: EspruinoBoard, update: Update) => {
      const [a, b] = board.slotAddresses([4, 4]) as [number, number];
      const to = slotAt(board, a) ? b : a;
      const other = to === a ? b : a;
      board.patch(to, "\xff".repeat(4 * 4096));
      board.patch(to + 4096, update.content);
      board.patch(to, headOf(update, (slotAt(board, other)?.sequence ?? 0) + 1));
      board.patch(to + MARK.complete, SET);
      return to;
    };
    const slotAt = (board: EspruinoBoard, address: number): Slot | null =>
      readSlot(Buffer.from(board.flash(address, MARK.end)).toString("latin1"));

    test("the second bundle lies beside the first, the third in its place, and no file of the store has moved", async ({
      board,
    }) => {
      const addresses = new Set<string>();
      for (const version of [1, 2, 3]) {
        expect(await refused(board, twoSlots({ bundle: small(version) }))).toBe("installed");
        expect(await started(board, small(version))).toBe(`${version},G,14,undefined`);
        board.powerOff();
        addresses.add(board.slotAddresses([4, 4]).join());
        const versions = board.slotAddresses([4, 4]).map((at) => slotAt(board, at)?.version);
        expect(versions).toEqual(
          [
            [1, undefined],
            [1, 2],
            [3, 2],
          ][version - 1],
        );
      }
      expect(addresses.size).toBe(1);
    });

    test("a candidate that never says that it is good is given up after three starts", async ({ board }) => {
      await install(board.line, twoSlots({}), ways);
      board.powerOff();
      const to = putCandidate(board, small(2));
      for (let start = 1; start <= 3; start++) {
        expect(await started(board, small(2))).toBe("2,T,14,undefined");
        expect(slotAt(board, to)?.trials).toBe(start);
      }
      expect(await started(board, SMALL)).toBe("1,B,14,undefined");
      expect(await started(board, SMALL)).toBe("1,B,14,undefined");
    });

    test("a candidate that says so stays", async ({ board }) => {
      await install(board.line, twoSlots({}), ways);
      board.powerOff();
      const to = putCandidate(board, small(2));
      expect(await started(board, small(2))).toBe("2,T,14,undefined");
      board.powerOff();
      board.patch(to + MARK.good, SET);
      for (let start = 0; start < 4; start++) expect(await started(board, small(2))).toBe("2,G,14,undefined");
    });

    test.each([
      ["on trial", false],
      ["that was good", true],
    ])("a bundle %s that throws as it starts is given up by itself", async (_, isGood) => {
      const board = new EspruinoBoard();
      try {
        board.powerOn();
        await install(board.line, twoSlots({}), ways);
        board.powerOff();
        const to = putCandidate(board, small(2, ";noSuchThing()"));
        if (isGood) board.patch(to + MARK.good, SET);
        board.said = "";
        board.powerOn();
        // The engine restarts, which ends its process here.
        await board.whenEnded();
        expect(board.said).toMatch(/noSuchThing/);
        expect(slotAt(board, to)?.isBad).toBe(true);
        expect(await started(board, SMALL)).toBe("1,B,14,undefined");
      } finally {
        board.close();
      }
    });

    test("a bundle by cable that throws leaves the one before", async ({ board }) => {
      await install(board.line, twoSlots({}), ways);
      expect(await refused(board, twoSlots({ bundle: small(2, ";noSuchThing()") }))).toMatch(
        /stops as it starts \(.*noSuchThing.*\): the one before runs again\.$/,
      );
      await board.whenEnded();
      expect(await started(board, SMALL)).toBe("1,B,14,undefined");
    });

    test("a bundle that is too long for its slot is refused before anything is written", async ({ board }) => {
      await install(board.line, twoSlots({}), ways);
      const long = small(2, `//${"x".repeat(4 * 4096)}`);
      expect(await refused(board, twoSlots({ bundle: long }))).toMatch(/takes 6 pages of flash; a slot has 4/);
      expect(await started(board, SMALL)).toBe("1,G,14,undefined");
    });
  });

  test("a bundle that stops as it starts is told by its own words", async ({ board }) => {
    expect(await refused(board, order({ bundle: packBundle("var a=1;noSuchThing();", "test", 2) }))).toMatch(
      /^The firmware was written but stops as it starts \(.*noSuchThing/,
    );
    expect(await refused(board, order())).toBe("installed");
  });
});
