/** Answers to InListPassiveTarget: real ones are understood, and nothing else is. */
import { describe, expect, test } from "vitest";
import { readCards } from "../../src/drivers/pn532-card";
import type { NfcCard } from "../../src/drivers/pn532-steps";
import { bytesOf, LISTED } from "./pn532-vectors";

const noCard = (): NfcCard => ({
  ...{ isTypeB: false, target: 0, uid: "", atq: "" },
  ...{ sak: 0, ats: "", takesApdus: false, answerMs: 0 },
});

/** What an exchange may take beside the card's silence: waiting time extensions and the way there and back. */
const EXTENSION_MS = 2200;

describe.each(LISTED)("$from", ({ answer, isTypeB, frameWaitingMs, ...said }) => {
  const { from: _, ...expected } = said;

  test("is read", () => {
    const card = noCard();
    expect(readCards(card, answer, isTypeB)).toBe(1);
    expect(card).toMatchObject({ ...expected, isTypeB, target: 1 });
    expect(Math.abs(card.answerMs - EXTENSION_MS - 4 * frameWaitingMs)).toBeLessThan(1.5);
  });

  test("cut or longer than it says is not an answer", () => {
    for (let end = 0; end < answer.length; end++) {
      // A card without its ATS is a card without ISO/IEC 14443-4: that cut cannot be seen here, but the frame's length shows it.
      if (end === answer.length - said.ats.length && !isTypeB) continue;
      expect(readCards(noCard(), answer.slice(0, end), isTypeB)).toBe(-1);
    }
    expect(readCards(noCard(), `${answer}\0\0`, isTypeB)).toBe(-1);
  });

  test("with any bit wrong reads nothing beyond its end", () => {
    for (let at = 0; at < answer.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const card = noCard();
        const wrong =
          answer.slice(0, at) + String.fromCharCode(answer.charCodeAt(at) ^ (1 << bit)) + answer.slice(at + 1);
        const count = readCards(card, wrong, isTypeB);
        expect([-1, 0, 1, 2]).toContain(count);
        // 50h is what an ATQB begins with.
        if (isTypeB && at === 2) expect(count).toBe(-1);
        if (count !== 1) continue;
        expect([1, 2]).toContain(card.target);
        expect(isTypeB ? [4] : [4, 7, 10]).toContain(card.uid.length);
        expect(card.answerMs).toBeGreaterThan(EXTENSION_MS);
        expect(card.answerMs).toBeLessThanOrEqual(EXTENSION_MS + 2500);
      }
    }
  });
});

test("none and two", () => {
  expect(readCards(noCard(), "\0", false)).toBe(0);
  expect(readCards(noCard(), bytesOf("02 01 00 04 08 04 1A DA 74 44 02 00 44 00 07 04 16 C6 C2 D7 38 81"), false)).toBe(
    2,
  );
  expect(readCards(noCard(), "", false)).toBe(-1);
  expect(readCards(noCard(), "\x03", false)).toBe(-1);
});

// ISO/IEC 14443-4 clauses 5.2 and 7.2: FWT = 256 * 16 / 13.56 MHz * 2^FWI; FWI 4 when TB is not there, 15 is reserved.
test.each([
  ["only TL", "01", 4.8],
  ["T0 alone", "02 08", 4.8],
  ["TA only", "03 18 11", 4.8],
  ["TB behind T0", "03 28 71", 38.7],
  ["TA and TB", "04 38 11 A1", 309],
  ["TA, TB, TC, history", "07 78 80 00 02 31 C0", 0.3],
  ["announced, not there", "02 28", 4.8],
  ["reserved", "03 28 F0", 4.8],
])("waiting time of an ATS with %s", (_, ats, frameWaitingMs) => {
  const card = noCard();
  expect(readCards(card, bytesOf(`01 01 00 04 20 04 01 02 03 04 ${ats}`), false)).toBe(1);
  expect(card.takesApdus).toBe(true);
  expect(Math.abs(card.answerMs - EXTENSION_MS - 4 * frameWaitingMs)).toBeLessThan(4);
});

test("the longest waiting time is cut to what a customer stands", () => {
  const card = noCard();
  readCards(card, bytesOf("01 01 00 04 20 04 01 02 03 04 03 28 E0"), false);
  expect(card.answerMs).toBe(EXTENSION_MS + 2500);
});
