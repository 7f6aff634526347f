/**
 * Readings word by word: `>` is what the terminal must say, `<` what the card answers. The card falls silent at the first wrong byte, and
 * its script must be used up. Written by hand from EMV Contactless Books B and C and Book 3; cryptograms are arbitrary.
 */
import { describe, expect, test } from "vitest";
import { Cvm, TapOutcome } from "../../src/proto/emv-tap";
import { tagOf } from "../../src/proto/tlv";
import { tlv } from "../../src/proto/tlv-write";
import { hex, open, play, unhex } from "./tap-desk";

const PPSE = "00A404000E325041592E5359532E444446303100";
const NAME = "840E325041592E5359532E4444463031";
const object = (tag: number, value: string) => tlv(tagOf(tag), value);
/** A directory with these AIDs, in hexadecimal, each with its priority. */
function directory(...entries: [string, string][]): string {
  const list = entries.map(([aid, priority]) => object(0x61, object(0x4f, unhex(aid)) + unhex(priority))).join("");
  return hex(object(0x6f, unhex(NAME) + object(0xa5, object(0xbf0c, list)))) + "9000";
}
const V = "A0000000031010";
const M = "A0000000041010";
const select = (aid: string) => `00A4040007${aid}00`;
const TRACK = "57 11 4761739001010010D28122011143800000";
const AC = "9F2608 29CCA15AE665FA2E";
const REST = "9F360200 1C 9F1007 06010A03A00000 9F270180";
const GOOD = `${TRACK} 820220 00 9F360200 1C ${AC} 9F1007 06010A03A00000 9F270180`;
const template = (tag: number, content: string, status = "9000") => hex(object(tag, unhex(content))) + status;
const chosen = (aid: string, content = "") =>
  hex(object(0x6f, object(0x84, unhex(aid)) + object(0xa5, unhex(content)))) + "9000";

function tell(amountMinor: number, lines: string) {
  const script = lines
    .split("\n")
    .map((line) => line.replaceAll(" ", ""))
    .filter((line) => line !== "");
  const ended = play(open(amountMinor), (command) => {
    expect(`>${hex(command)}`).toBe(script.shift());
    return unhex((script.shift() ?? "").slice(1));
  });
  expect(script).toEqual([]);
  return ended;
}

describe("word by word", () => {
  test("kernel 3: the qualifiers ask for an online cryptogram; track 2 comes at once, records are left alone", () => {
    const { outcome, cvm, tap } = tell(
      1,
      `> ${PPSE}
       < ${directory([V, "870101"])}
       > ${select(V)}
       < ${chosen(V, "9F38189F66049F02069F03069F1A0295055F2A029A039C019F3704")}
       > 80A80000238321 26804000 000000000001 000000000000 0156 0000000000 0156 261123 00 52BF4585 00
       < ${template(0x77, GOOD + "940408010100")}`,
    );
    expect([outcome, cvm, tap.track2]).toEqual([TapOutcome.Online, Cvm.None, ";4761739001010010=28122011143800000?"]);
  });

  test("kernel 3 above the limit: the qualifiers ask for a verification, and a PIN is what is left", () => {
    const { outcome, cvm } = tell(
      5001,
      `> ${PPSE}
       < ${directory([V, ""])}
       > ${select(V)}
       < ${chosen(V, "9F38039F6604")}
       > 80A8000006830426C0400000
       < ${template(0x77, GOOD)}`,
    );
    expect([outcome, cvm]).toEqual([TapOutcome.Online, Cvm.OnlinePin]);
  });

  test("kernel 2: all records in their order, then the cryptogram; options without wishes, format 1", () => {
    const { outcome, cvm, tap } = tell(
      5001,
      `> ${PPSE}
       < ${directory([M, "870101"])}
       > ${select(M)}
       < ${chosen(M)}
       > 80A8000002830000
       < 800A19800801010110010201 9000
       > 00B2010C00
       < ${template(0x70, "5711 5413330089020011D28122010000000000 5F2403281231 5A085413330089020011")}
       > 00B2011400
       < ${template(0x70, "8C11 9F0206 9F3704 9F3403 9505 9F3303 5F3401")}
       > 00B2021400
       < ${template(0x70, "8E0C 0000000000000000 4203 1F03 5F340101")}
       > 80AE800016 000000005001 52BF4585 420300 0000040000 E040C8 01 00
       < 8015 80 001C 29CCA15AE665FA2E 06011203A00000000000 9000`,
    );
    expect([outcome, cvm]).toEqual([TapOutcome.Online, Cvm.OnlinePin]);
    expect(tap.track2).toBe(";5413330089020011=28122010000000000?");
  });

  test("the best application first, each refusal leads to the next, and long answers are fetched", () => {
    const { outcome } = tell(
      1,
      `> ${PPSE}
       < ${directory([V + "03", "870103"], [M, "870101"], [V, ""], [V + "04", "870101"], [V + "02", "870102"])}
       > ${select(M)}
       < 6A82
       > 00A4040008${V}0400
       < 6283
       > 00A4040008${V}0200
       < 6985
       > 00A4040008${V}0300
       < 6A81
       > ${select(V)}
       < 6F 6103
       > 00C0000003
       < 0F8407 610D
       > 00C000000D
       < ${V}A504500241429000
       > 80A8000002830000
       < 6C50
       > 80A8000002830050
       < ${template(0x77, GOOD)}`,
    );
    expect(outcome).toBe(TapOutcome.Online);
  });

  test.each([
    ["no directory", "6A82", TapOutcome.OtherCard],
    ["a blocked card", "6A81", TapOutcome.Blocked],
    ["half an answer", "90", TapOutcome.TryAgain],
    ["an empty directory", directory(), TapOutcome.OtherCard],
    ["a directory of others", directory(["A0000009991010", "870101"]), TapOutcome.OtherCard],
  ])("%s", (_, answer, outcome) => {
    expect(tell(1, `> ${PPSE}\n< ${answer}`).outcome).toBe(outcome);
  });
});

const AT_OPTIONS = `> ${PPSE}
  < ${directory([V, ""])}
  > ${select(V)}
  < ${chosen(V)}
  > 80A8000002830000
  < `;

describe("what a card says to its options", () => {
  const without = (part: string) => template(0x77, GOOD.replace(part, ""));
  const instead = (part: string, other: string) => template(0x77, GOOD.replace(part, other));
  test.each([
    ["another way", "6984", TapOutcome.OtherCard],
    ["conditions", "6985", TapOutcome.OtherCard],
    ["see phone", "6986", TapOutcome.SeePhone],
    ["an error", "6F00", TapOutcome.OtherCard],
    ["nothing", "9000", TapOutcome.OtherCard],
    ["no kind, but an ARQC in the CVR", without("9F270180"), TapOutcome.Online],
    ["a refusal", instead("9F270180", "9F270100"), TapOutcome.NotAccepted],
    ["a refusal in the CVR", instead("06010A03A00000 9F270180", "06010A03800000"), TapOutcome.NotAccepted],
    ["an offline approval", instead("9F270180", "9F270140"), TapOutcome.NotAccepted],
    ["a kind that is none", instead("9F270180", "9F2701C0"), TapOutcome.OtherCard],
    ["a kind of two bytes", instead("9F270180", "9F27028000"), TapOutcome.OtherCard],
    ["no cryptogram", without("9F2608 29CCA15AE665FA2E"), TapOutcome.NoMagstripe],
    ["a short cryptogram", instead("9F2608 29CCA15AE665FA2E", "9F2607 29CCA15AE665FA"), TapOutcome.NoMagstripe],
    ["no counter", without("9F360200 1C"), TapOutcome.OtherCard],
    ["no AIP", without("820220 00"), TapOutcome.OtherCard],
    ["no issuer data", without("9F1007 06010A03A00000"), TapOutcome.OtherCard],
    ["no track", without("57 11 4761739001010010D28122011143800000"), TapOutcome.OtherCard],
    ["an empty track", instead("57 11 4761739001010010D28122011143800000", "5700"), TapOutcome.OtherCard],
    ["another PAN besides", template(0x77, GOOD + "5A084761739001010028"), TapOutcome.OtherCard],
    ["another expiry besides", template(0x77, GOOD + "5F2403290131"), TapOutcome.OtherCard],
    ["the same expiry besides", template(0x77, GOOD + "5F2403281231 5A084761739001010010"), TapOutcome.Online],
    ["its last month", instead("D2812", "D2611"), TapOutcome.Online],
    ["the month after", instead("D2812", "D2610"), TapOutcome.Expired],
    ["a sequence number of two bytes", template(0x77, GOOD + "5F34020101"), TapOutcome.OtherCard],
    ["the cryptogram twice", template(0x77, GOOD + "9F260829CCA15AE665FA2E"), TapOutcome.OtherCard],
    ["another template", template(0x70, GOOD), TapOutcome.OtherCard],
    ["a list of files that is cut", template(0x77, GOOD + "9403080101"), TapOutcome.OtherCard],
    ["file 0", template(0x77, GOOD + "940400010100"), TapOutcome.OtherCard],
    ["file 31", template(0x77, GOOD + "9404F8010100"), TapOutcome.OtherCard],
    ["record 0", template(0x77, GOOD + "940408000100"), TapOutcome.OtherCard],
    ["last before first", template(0x77, GOOD + "940408020100"), TapOutcome.OtherCard],
    ["its own amount, which is not heard", template(0x77, GOOD + "9F0206000000000000"), TapOutcome.Online],
  ])("%s", (_, answer, outcome) => {
    expect(tell(1, AT_OPTIONS + answer).outcome).toBe(outcome);
  });
});

describe("hostile cards", () => {
  const endless = (answer: (command: string, count: number) => string) => {
    let count = 0;
    const ended = play(open(1), (command) => unhex(answer(hex(command), count++)));
    expect(ended.log.length / 2).toBeLessThanOrEqual(24);
    return ended;
  };
  test.each([
    ["61 without end", "61FF"],
    ["61 without end, with data", `${"00".repeat(254)}61FE`],
    ["6C without end", "6C01"],
    ["a long answer", `${"00".repeat(1025)}9000`],
    ["64 kB", "6F82FFFF9000"],
    ["a lying length", "6F05849000"],
    ["an indefinite length", "6F80000000009000"],
    ["noise", "FF".repeat(40)],
    ["nests", `${"BF0C03".repeat(80)}9000`],
  ])("%s", (_, answer) => {
    expect(endless(() => answer).outcome).toBe(TapOutcome.OtherCard);
  });

  test("a length is corrected once", () => {
    expect(endless(() => "6C01").log).toHaveLength(4);
  });

  test("more records than anybody reads", () => {
    const answers = (command: string) => {
      if (command === PPSE) return directory([M, ""]);
      if (command === select(M)) return chosen(M);
      return command.startsWith("80A8") ? "8006198008 01FF00 9000" : template(0x70, "");
    };
    const ended = endless(answers);
    expect([ended.outcome, ended.log.length / 2]).toEqual([TapOutcome.OtherCard, 24]);
  });

  test("more applications than anybody tries", () => {
    const aids = Array.from({ length: 40 }, (_, at): [string, string] => [V + (at + 16).toString(16), ""]);
    const ended = endless((command) => (command === PPSE ? directory(...aids) : "6985"));
    expect([ended.outcome, ended.log.length / 2]).toEqual([TapOutcome.OtherCard, 24]);
  });

  test("a name that is not the one asked for, wishes for more than fits, a cryptogram in a record", () => {
    const other = endless((command) => (command === PPSE ? directory([V, ""]) : chosen(V + "01")));
    expect(other.outcome).toBe(TapOutcome.OtherCard);
    const greedy = endless((command) =>
      command === PPSE ? directory([V, ""]) : chosen(V, "9F3809 9F027F 9F037F 9F1A7F"),
    );
    expect(greedy.outcome).toBe(TapOutcome.OtherCard);
    const old = endless((command) => {
      if (command === PPSE) return directory([M, ""]);
      if (command === select(M)) return chosen(M);
      if (command.startsWith("80A8")) return "800619800801010 0 9000";
      return command.startsWith("00B2") ? template(0x70, `${TRACK} ${AC} 8C039F3704`) : template(0x77, REST);
    });
    expect(old.outcome).toBe(TapOutcome.OtherCard);
  });
});
