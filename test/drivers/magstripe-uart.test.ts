/** Readers that send ASCII: printed frames, pieces, garbage, and nothing that is not wholly a frame. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Happening, Port } from "../../src/board/board";
import {
  FRAME_BYTES_MAX,
  FRAME_MS_MAX,
  GAP_MS,
  onStripeBytes,
  onStripeTimer,
  openStripeReader,
  type StripeReader,
  StripeReport,
} from "../../src/drivers/magstripe-uart";
import { asciiFrame } from "../../src/sim/twins/magstripe";
import { ASCII_FRAMES } from "../vectors/magstripe";
import { BusDesk } from "./bus-desk";

const TIMER = 5;
const T1 = "%B4761739001010010^TEST/CARD ONE^28122011143800000000?";
const T2 = ";4761739001010010=28122011143800000000?";
const FRAME = `${T1}${T2}\r`;

let desk: BusDesk;
let reader: StripeReader;
/** Tracks of each card, or null where something was no card. */
let heard: (string[] | null)[];
beforeEach(() => {
  heard = [];
  desk = new BusDesk((happening, value, text) => {
    let report: StripeReport = StripeReport.None;
    if (happening === Happening.Timer && value === TIMER) report = onStripeTimer(reader);
    if (happening === Happening.Uart && value === Port.Stripe) report = onStripeBytes(reader, text);
    if (report === StripeReport.Card) heard.push([reader.track1, reader.track2, reader.track3]);
    if (report === StripeReport.Unread) heard.push(null);
  });
  reader = openStripeReader(desk.board, TIMER);
});

/** What was heard of these bytes, `gapMs` between the pieces, when all time is over. */
function say(pieces: readonly string[], gapMs = 1): (string[] | null)[] {
  pieces.forEach((piece, index) => desk.buses.say(Port.Stripe, piece, index * gapMs));
  desk.runFor(pieces.length * gapMs + FRAME_MS_MAX + GAP_MS);
  expect(desk.timers.size).toBe(0);
  expect(reader.bytes).toBe("");
  return heard.splice(0);
}

describe("frames as manuals print them", () => {
  test.each(ASCII_FRAMES)("$why", ({ frame, tracks }) => {
    expect(say([frame])).toEqual([tracks]);
    expect(say([...frame])).toEqual([tracks]);
    expect(say([`\x02${frame}\x03`])).toEqual([tracks]);
    expect(say([`\x02\x1b${frame}`, "\n"])).toEqual([tracks]);
    expect(say([frame.slice(0, -1)])).toEqual([tracks]);
  });

  test("every truncation is no card, but for those that end with a whole track", () => {
    for (const { frame, tracks } of ASCII_FRAMES) {
      for (let length = 0; length < frame.length; length++) {
        const cut = frame.slice(0, length);
        const [told] = say([cut]);
        if (cut === "") expect(told).toBeUndefined();
        else if (!cut.endsWith("?")) expect(told).toBeNull();
        else if (told && tracks) told.forEach((track, i) => expect(["", tracks[i]]).toContain(track));
      }
    }
  });

  test("every wrong bit is no card, or only another text: parity is the UART's", () => {
    for (const { frame } of ASCII_FRAMES) {
      for (let bit = 0; bit < frame.length * 8; bit++) {
        const spoilt = [...frame]
          .map((char, i) => String.fromCharCode(char.charCodeAt(0) ^ (i === bit >> 3 ? 1 << (bit & 7) : 0)))
          .join("");
        for (const told of say([spoilt])) {
          if (!told) continue;
          const [t1 = "", t2 = "", t3 = ""] = told;
          expect(t1).toMatch(/^$|^%[ -$&->@-_]{1,76}\?$/);
          expect(t2).toMatch(/^$|^;[0-9=]{1,37}\?$/);
          expect(t3).toMatch(/^$|^;[0-9=]{1,104}\?$/);
        }
      }
    }
  });
});

test("three tracks of full length, from the twin", () => {
  const t1 = `%${"A".repeat(76)}?`;
  const t2 = `;${"1".repeat(37)}?`;
  const t3 = `;${"2".repeat(104)}?`;
  expect(say([asciiFrame({ t1, t2, t3 })])).toEqual([[t1, t2, t3]]);
  expect(say([asciiFrame({ t2 })])).toEqual([["", t2, ""]]);
  expect(say([`%${"A".repeat(77)}?\r`])).toEqual([null]);
  expect(say([`;${"1".repeat(38)}?\r`])).toEqual([null]);
  expect(say([`+${"2".repeat(105)}?\r`])).toEqual([null]);
});

test.each([
  ["a track twice", `${T2}${T2}\r`],
  ["a frame twice in one", `${T1}${T2}${T1}${T2}\r`],
  ["tracks in another order", `${T2}${T1}\r`],
  ["something between tracks", `${T1}x${T2}\r`],
  ["something behind the last", `${T2}x\r`],
  ["no end sentinel", ";4761739001010010=2812\r"],
  ["a start sentinel inside", ";47617390;4761739001010010=28122011143800000000?\r"],
  ["a control character", ";476173900101001:=2812?\r"],
  ["a byte above 127", ";47617390\xb1010010=2812?\r"],
  ["an empty track", ";?\r"],
  ["errors only", "%E?;E?\r"],
  ["E among others", ";E47617?\r"],
])("%s is no card", (_, frame) => {
  expect(say([frame])).toEqual([null]);
  expect(say([FRAME])).toEqual([[T1, T2, ""]]);
});

test.each([
  ["nothing", ""],
  ["a line that was plugged in", "\xff\x00\xfe"],
  ["a reader's greeting", "READY V1.2\r\n"],
  ["line ends", "\r\n\r\n"],
])("%s is not even a bad swipe", (_, noise) => {
  expect(say([noise])).toEqual([]);
  expect(say([noise + FRAME.replace("\r\n", "")].map((each) => each.replaceAll("\r\n", "")))).toEqual([[T1, T2, ""]]);
});

test("the same frame twice is two cards; what follows in the same bytes is dropped", () => {
  expect(say([FRAME, FRAME], 50)).toEqual([
    [T1, T2, ""],
    [T1, T2, ""],
  ]);
  expect(say([FRAME + FRAME])).toEqual([[T1, T2, ""]]);
});

test("a frame that stops is over after the gap, and the next one is whole", () => {
  desk.buses.say(Port.Stripe, FRAME.slice(0, 60));
  desk.runFor(GAP_MS - 1);
  expect(heard).toEqual([]);
  desk.runFor(1);
  expect(heard.splice(0)).toEqual([null]);
  expect(say([FRAME])).toEqual([[T1, T2, ""]]);
});

test("bytes that drip without an end are over in a bounded time", () => {
  const drip = say([..."1;".repeat(60)], GAP_MS - 1);
  expect(drip.length).toBeGreaterThanOrEqual(Math.floor((120 * (GAP_MS - 1)) / (FRAME_MS_MAX + GAP_MS)));
  expect(drip.every((each) => each === null)).toBe(true);
});

test("bytes without an end are over at a bounded length, however they come", () => {
  for (const size of [1, 7, 64, 5000]) {
    const flood = "%A".repeat(2500);
    const pieces = Array.from({ length: Math.ceil(flood.length / size) }, (_, i) =>
      flood.slice(i * size, (i + 1) * size),
    );
    const told = say(pieces, 0);
    expect(told.every((each) => each === null)).toBe(true);
    expect(told.length).toBeGreaterThan(0);
  }
  expect(FRAME_BYTES_MAX).toBe(240);
});

test("frames are counted for service", () => {
  say([FRAME]);
  say([";12"]);
  say(["noise\r"]);
  expect([reader.cardCount, reader.unreadCount]).toEqual([1, 1]);
});

test("any pieces of any tracks give those tracks", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[ -$&->@-_]{2,76}$/),
      fc.stringMatching(/^[0-9=]{1,37}$/),
      fc.array(fc.nat({ max: 120 }), { maxLength: 6 }),
      (data1, data2, cuts) => {
        const frame = asciiFrame({ t1: `%${data1}?`, t2: `;${data2}?` });
        const ends = [0, ...cuts.sort((a, b) => a - b), frame.length];
        const pieces = ends.slice(1).map((end, i) => frame.slice(ends[i], end));
        const [told] = say(pieces, 10);
        return told?.join() === `%${data1}?,;${data2}?,`;
      },
    ),
    { seed: 4, numRuns: 500 },
  );
});
