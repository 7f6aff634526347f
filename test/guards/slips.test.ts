/**
 * No slip shows a card's number or when it ends, and none is wider than its paper: slips of every kind are rendered with a terminal that
 * holds all of a card, and printed in a day of trade on every printer and in every language. What makes slips has no name for the secrets.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "./tool";
import { Stage } from "../../src/cli/torture/play";
import { LANGUAGES } from "../../src/sim/journal-image";
import { MODELS } from "../../src/sim/twins/printer";
import { KIND_NAMES, receiptLine } from "../../src/txn/receipt";
import { failedLine, reportLine } from "../../src/txn/reports";
import { openTerminal, type Terminal } from "../../src/txn/state";
import { settings, transaction } from "../txn/samples";

const PAN = "4761739001010010";
const EXPIRY = "2812";
const DISCRETIONARY = "2011143800000000";
const TAPPED_PAN = "5413330089020045";
const LINES_MAX = 60;

/** Digits of a card that a slip may not have on end: five, which is one more than it may show, or when it ends. */
function findsIn(text: string, pans: readonly string[]): string[] {
  // Names that others gave, in digits of their own.
  const said = text.replace(
    /^((MID|RRN|AID|Approval code|Batch|Time|Next STAN|Original).*|\[(QR|Code 128)\] .*)$/gm,
    "",
  );
  const parts = pans.flatMap((pan) => Array.from({ length: pan.length - 4 }, (_, at) => pan.slice(at, at + 5)));
  const expiries = [EXPIRY, "28/12", "12/28", "12/2028", "2028-12"];
  return [
    ...parts.filter((part) => said.includes(part)),
    ...expiries.filter((each) => said.includes(each)),
    ...pans.filter((pan) => text.includes(pan)),
    ...(text.includes(DISCRETIONARY) ? ["discretionary data"] : []),
  ];
}

/** All that a terminal can know of a card, at once. */
const loaded: Partial<Terminal> = {
  track2: `${PAN}=${EXPIRY}${DISCRETIONARY}`,
  chipData: `5A08${PAN}5F2403${EXPIRY}31`,
  cardMasked: "476173******0010",
  pin: "1234",
  pinBlock: "0123456789abcdef",
  pinSerial: "fedcba987654",
};

function allLines(line: (index: number) => string): string {
  const lines: string[] = [];
  for (let each = line(0); each !== ""; each = line(lines.length)) {
    lines.push(each.slice(1).replaceAll("|", " "));
    if (lines.length > LINES_MAX) throw new Error("the slip has no end");
  }
  return lines.join("\n");
}

const KINDS = [...KIND_NAMES.matchAll(/\|([0-9]{2})/g)].map(([, kind]) => kind as string);
const ENTRIES = ["", "0001\xa0\0\0\0\x03\x10\x10", "1001\xa0\0\0\0\x03\x10\x10", "2   \xa0\0\0\0\x04\x10\x10"];

describe.each(KINDS)("kind %s", (kind) => {
  test.each([false, true])("duplicate: %s", (isDuplicate) => {
    for (const entry of ENTRIES) {
      for (const receiptCode of ["", "qr", "bar"]) {
        const given = settings({ receiptCode });
        const about = kind === "22" ? "" : `000001000001010560050800000${kind}`.padEnd(32, "7");
        const txn = transaction({
          kind,
          entry,
          about,
          rrn: "600508000007",
          approvalCode: "123456",
          localTime: "20260105120000",
        });
        const t = { ...openTerminal(), ...loaded, settings: given, txn, isDuplicate };
        const text = allLines((index) => receiptLine(t, given, txn, index));
        expect(findsIn(text, [PAN])).toEqual([]);
        expect(text).toContain("0010");
      }
    }
  });
});

test("reports", () => {
  const given = settings();
  const totals = "000000001250001".repeat(3);
  const t = { ...openTerminal(), ...loaded, settings: given, totals };
  const closed = transaction({
    kind: "00",
    about: `000001000001${totals}${"000000001250001".repeat(2)}120260105120000`,
  });
  const failed = KINDS.map((kind, index) => `${String(index).padStart(6, "0")}${kind}000000001250D`);
  for (const text of [
    allLines((index) => reportLine(t, given, index)),
    allLines((index) => reportLine({ ...t, txn: closed, isOwed: true }, given, index)),
    allLines((index) => failedLine(given, t, failed, index)),
  ])
    expect(findsIn(text, [PAN])).toEqual([]);
});

test("the search finds what is there", () => {
  expect(findsIn(`Card ************0010`, [PAN])).toEqual([]);
  expect(findsIn(`Card ***********10010`, [PAN])).toEqual(["10010"]);
  expect(findsIn("Expires 12/28", [PAN])).toEqual(["12/28"]);
  expect(findsIn(`[QR] ${PAN}`, [PAN])).toEqual([PAN]);
});

/** Prints a slip of every kind that there is on this terminal. */
const DAY = `
{"keys":["1","2","5","0","E"]}
{"swipe":{"t1":"%B${PAN}^MARKED/NAME^${EXPIRY}${DISCRETIONARY}?","t2":";${PAN}=${EXPIRY}${DISCRETIONARY}?"}}
{"settle":true}
{"keys":["E","F","1","1","E","E"]}
{"settle":true}
{"keys":["E","7","0","0","E"]}
{"swipe":{"t2":";${PAN}=${EXPIRY}${DISCRETIONARY}?"}}
{"settle":true}
{"keys":["E","F","2","E","3","E","1","0","0","E"]}
{"swipe":{"t2":";${PAN}=${EXPIRY}${DISCRETIONARY}?"}}
{"settle":true}
{"keys":["E","9","9","9","9","9","9","9","9","9","E"]}
{"swipe":{"t2":";${PAN}=${EXPIRY}${DISCRETIONARY}?"}}
{"settle":true}
{"keys":["E","5","0","0","E"]}
{"tap":"../cards/mastercard.json"}
{"settle":true}
{"untap":true}
{"keys":["E","F","3","E"]}
{"wait":20000}
{"keys":["F","5"]}
{"wait":20000}
{"keys":["F","6"]}
{"wait":20000}
{"keys":["F","4","E"]}
{"settle":true}
{"wait":20000}
`;

describe("a day of trade", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const printers = Object.keys(MODELS).flatMap((printer) => LANGUAGES.map((language) => ({ printer, language })));
  test.each(printers)("on $printer in $language", async ({ printer, language }) => {
    const settings = { printer, language, rekey: "off" as const, receiptCode: printer.includes("80") ? "bar" : "qr" };
    // A line that is wider than its paper stops the printer's twin with an error.
    const { failure, slips } = await stage.play({ script: DAY, scriptFolder: join(ROOT, "test", "scripts"), settings });
    expect(failure).toBe("");
    const text = slips.map(({ lines }) => lines.join("\n")).join("\n");
    for (const word of ["SALE", "VOID", "REFUND", "DUPLICATE", "TOTALS \\(X\\)", "NOT CHARGED", "SETTLEMENT \\(Z\\)"])
      expect(text).toMatch(new RegExp(word));
    expect(findsIn(text, [PAN, TAPPED_PAN])).toEqual([]);
    for (const { rows, widthDots } of slips) for (const row of rows) expect(row.length).toBe(widthDots);
  });
});

test("what makes slips has no name for what a card keeps to itself", () => {
  const folder = join(ROOT, "src", "txn");
  const makers = readdirSync(folder)
    .map((file) => ({ file, code: readFileSync(join(folder, file), "utf8") }))
    .filter(({ code }) => code.includes('from "../drivers/escpos"'));
  expect(makers.map(({ file }) => file)).toContain("receipt.ts");
  for (const { file, code } of makers)
    expect(code.match(/\b(track1|track2|chipData|pinBlock|pinSerial|expiry|cardMasked|\.pin\b)/g) ?? [], file).toEqual(
      [],
    );
});
