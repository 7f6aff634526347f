/**
 * A sale whose printer is unplugged all along the receipt, and one with each trouble: the money stays as it is, the screen says
 * what is wrong, and the receipt comes out whole, marked as a duplicate when another may be about.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBook } from "../src/sim/journal-image";
import { checkInvariants } from "./invariants";
import { report } from "./report";
import { openSharedHost, type Played, playOn, type SharedHost } from "./world";

const SALE = [`{"keys":["1","2","5","0","E"]}`, `{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}`];
/** Every command of the receipt is longer, or one of many alike. */
const STEP_BYTES = 3;
const DUPLICATE = /SALE - DUPLICATE/;

let shared: SharedHost;
let clean: Played;
let receiptBytes = 0;
beforeAll(async () => {
  shared = await openSharedHost();
  clean = await playOn(shared, [...SALE, `{"settle":true}`].join("\n"));
  expect(clean.failure).toBe("");
  expect(clean.slips).toHaveLength(1);
});
afterAll(() => shared.close());

/** As on the first receipt: without the mark and the host's own numbers, and at the same minute. */
const text = (lines: readonly string[]) =>
  lines
    .map((line) =>
      line
        .trim()
        .replace(" - DUPLICATE", "")
        .replace(/^(Approval code) +[0-9]{6}$/, "$1")
        .replace(/ 12:00:[0-9]{2}$/, ""),
    )
    .join("\n");
const isWhole = (lines: readonly string[]) => text(lines) === text(clean.slips[0]?.lines ?? []);

/** Of the whole slips only the first may be without the mark; and there is one. */
function checkSlips(played: Played): void {
  const whole = played.slips.map(({ lines }) => lines).filter(isWhole);
  expect(whole.length, "a whole receipt").toBeGreaterThan(0);
  for (const lines of whole.slice(1)) expect(lines.join("\n")).toMatch(DUPLICATE);
  const first = played.slips[0];
  if (played.slips.length > 1 && first)
    expect(played.slips.slice(1).every(({ lines }) => lines.length < 5 || DUPLICATE.test(lines.join()))).toBe(true);
}

async function checkMoney(played: Played): Promise<void> {
  await checkInvariants(played, shared.host, 1);
  const { count, total, transactions } = readBook(played.image);
  expect({ count, total, status: transactions[0]?.status }).toEqual({ count: 1, total: 1250, status: "approved" });
}

test("unplugged after every third byte", async () => {
  let unplugged = 0;
  for (let bytes = 0; ; bytes += STEP_BYTES) {
    const played = await playOn(
      shared,
      [
        ...SALE,
        `{"printer":{"unplugAfterBytes":${bytes}}}`,
        `{"wait":9000}`,
        `{"printer":"ok"}`,
        `{"wait":9000}`,
        `{"expect":{"display":"Give card and receipt"}}`,
        `{"settle":true}`,
      ].join("\n"),
    );
    try {
      expect(played.failure).toBe("");
      checkSlips(played);
      await checkMoney(played);
    } catch (error) {
      throw new Error(`unplugged after byte ${bytes}: ${(error as Error).message}`);
    }
    const wasSeen = JSON.stringify(played.events).includes("Printer not found.");
    receiptBytes = bytes;
    if (!wasSeen) break;
    unplugged++;
    expect(
      played.slips.some(({ lines }) => isWhole(lines) && (DUPLICATE.test(lines.join()) || played.slips.length === 1)),
    ).toBe(true);
  }
  expect(unplugged).toBeGreaterThan(1000 / STEP_BYTES);
  report("4-printer-sale", [
    `A sale with its printer unplugged after each third of ${receiptBytes} bytes: money right, receipt whole`,
  ]);
});

const TROUBLES = [
  [`{"printer":"cover"}`, `{"printer":"ok"}`, "Printer cover is open", "Cover"],
  [`{"printer":"hot"}`, `{"printer":"ok"}`, "Printer is too hot.", "Hot"],
  [`{"printer":"broken"}`, `{"printer":"ok"}`, "Printer needs service", "Printer!"],
  [`{"printer":"unplugged"}`, `{"printer":"ok"}`, "Printer not found.", "Printer!"],
  [`{"paper":"out"}`, `{"paper":"ok"}`, "Paper is out. Load it", "No paper"],
] as const;

describe.each(TROUBLES)("%s", (begin, end, words, mark) => {
  test("at every moment of printing: said, waited for, printed again", async () => {
    for (let atMs = 0; atMs < 1300; atMs += 110) {
      const story = [...SALE, `{"wait":${350 + atMs}}`, begin, `{"wait":2500}`, `{"expect":{"display":"${words}"}}`];
      story.push(`{"expect":{"display":"${mark}"}}`, `{"expect":{"display":"The sale is good."}}`);
      story.push(end, `{"wait":9000}`, `{"expect":{"display":"Give card and receipt"}}`, `{"settle":true}`);
      const played = await playOn(shared, story.join("\n"));
      expect(played.failure, `${atMs} ms`).toBe("");
      checkSlips(played);
      await checkMoney(played);
    }
  });

  test("before the sale: seen in the status row, and no receipt is a duplicate that was never begun", async () => {
    const story = [begin, `{"wait":13000}`, `{"expect":{"display":"${mark}"}}`, ...SALE, `{"wait":3000}`];
    story.push(`{"expect":{"display":"${words}"}}`, end, `{"wait":9000}`, `{"settle":true}`);
    const played = await playOn(shared, story.join("\n"));
    expect(played.failure).toBe("");
    expect(played.slips.map(({ lines }) => isWhole(lines) && !DUPLICATE.test(lines.join()))).toEqual([true]);
    await checkMoney(played);
  });

  test("and no receipt wanted: the next customer is not kept waiting", async () => {
    const story = [
      begin,
      ...SALE,
      `{"wait":4000}`,
      `{"key":"C"}`,
      `{"expect":{"display":"No receipt."}}`,
      `{"settle":true}`,
    ];
    const played = await playOn(shared, story.join("\n"));
    expect(played.failure).toBe("");
    await checkMoney(played);
  });
});

test("a stuck cutter is freed by the cashier and the green key", async () => {
  const story = [
    ...SALE,
    `{"wait":700}`,
    `{"printer":"cutter"}`,
    `{"wait":1500}`,
    `{"expect":{"display":"Paper cutter is stuck"}}`,
  ];
  story.push(`{"key":"E"}`, `{"wait":4000}`, `{"expect":{"display":"Give card and receipt"}}`, `{"settle":true}`);
  const played = await playOn(shared, story.join("\n"), { settings: { printer: "80" } });
  expect(played.failure).toBe("");
  expect(played.slips[played.slips.length - 1]?.lines.join("\n")).toMatch(DUPLICATE);
  await checkMoney(played);
});

test.each(["58", "80", "58-gbk", "80-gbk", "58-status", "58-mute"])(
  "printer %s prints the same receipt",
  async (printer) => {
    const script = readFileSync(join(import.meta.dirname, "scripts", "sale.ndjson"), "utf8");
    const played = await playOn(shared, script, { settings: { printer, receiptCode: "qr" } });
    expect(played.failure).toBe("");
    const words = (lines: readonly string[]) =>
      lines
        .join(" ")
        .replaceAll(/─|\[.*?\]( TILLET .*? .*? [0-9]{12})?/g, " ")
        .split(/\s+/);
    expect(words(played.slips[0]?.lines ?? [])).toEqual(words(clean.slips[0]?.lines ?? []));
  },
);

test.each([
  [`{"printer":"sideways"}`, "ok cover hot cutter broken unplugged"],
  [`{"printer":{"unplugAfterBytes":-1}}`, "unplugAfterBytes"],
  [`{"printer":{"unplugAfterBytes":1,"x":1}}`, "unplugAfterBytes"],
])("%s is refused with what it should be", async (input, message) => {
  await expect(playOn(shared, input)).rejects.toThrow(message);
});
