/**
 * Contactless readings against cards that answer badly: each ends within its bounds, keeps nothing unless it succeeds, and asks the
 * host only with data that are whole; and what was not signed by the card as it is sent, the issuer refuses.
 */
import { verifyArqc } from "../../src/host/emv";
import { nextCommand, onAnswer, onCardLost } from "../../src/proto/emv";
import { chipData } from "../../src/proto/emv-end";
import { type Tap, TapOutcome } from "../../src/proto/emv-tap";
import { noTlvs, readTlvs } from "../../src/proto/tlv";
import { answerTap, CARD_NAMES, cardOf, objectOf, open, UNPREDICTABLE } from "../proto/tap-desk";
import { assert, bytes, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const COMMANDS_MAX = 24;
const ISSUER = Buffer.from("0123456789ABCDEFFEDCBA9876543210", "hex");
const AMOUNTS = [1, 4000, 5001, 100001];
const STATUSES = ["\x90\0", "\x61\xff", "\x6c\x10", "\x69\x85", "\x6a\x82", "\x62\x83", "\x69\x86"];

/** What each card says to each command, worked out once: cryptograms cost more than all the rest. */
const cards = CARD_NAMES.map((name) => ({ card: cardOf(name), answers: new Map<string, string>() }));

type Answers = (typeof cards)[number];

function honest({ card, answers }: Answers, said: string[]): string {
  const key = said.join("");
  const known = answers.get(key);
  if (known !== undefined) return known;
  const fresh = cardOf(CARD_NAMES[cards.findIndex((each) => each.card === card)] as string);
  let answer = "";
  for (const command of said) answer = fresh.exchange(command);
  if (answers.size < 200) answers.set(key, answer);
  return answer;
}

export function fuzz(random: Random): void {
  const amountMinor = pick(random, AMOUNTS);
  const tap = open(amountMinor);
  const card = pick(random, cards);
  const isNoise = random(10) === 0;
  const said: string[] = [];
  const given: string[] = [];
  let outcome: TapOutcome = TapOutcome.None;
  while (outcome === TapOutcome.None) {
    const command = nextCommand(tap);
    assert(command.length >= 5 && command.length <= 261, "a command", command);
    said.push(command);
    assert(said.length <= COMMANDS_MAX, "commands without end");
    if (random(200) === 0) outcome = onCardLost(tap);
    else if (isNoise) outcome = answerTap(tap, noise(random, 300) + pick(random, STATUSES));
    else {
      const answer = honest(card, said);
      given.push(answer);
      outcome = answerTap(tap, random(3) === 0 ? damaged(random, answer) : answer);
    }
  }
  check(tap, outcome, amountMinor, card, given);
}

function damaged(random: Random, answer: string): string {
  const end = answer.length - 2;
  if (random(8) === 0) return pick(random, STATUSES);
  if (random(8) === 0) return bytes(random, random(3)) + answer;
  return mutated(random, answer.slice(0, end)) + answer.slice(end);
}

function check(tap: Tap, outcome: TapOutcome, amountMinor: number, card: Answers, given: string[]): void {
  assert(nextCommand(tap) === "" && onAnswer(tap, "\x90\0") === outcome, "an end is an end", outcome);
  if (outcome !== TapOutcome.Online) {
    assert(tap.track2 === "" && tap.card.tags === "", "nothing is kept of a card that failed", outcome);
    return;
  }
  assert(amountMinor <= 100000, "over the limit");
  const chip = chipData(tap);
  const sent = noTlvs();
  assert(chip.length <= 255 && readTlvs(sent, chip, ""), "field 55", chip);
  const [, pan = "", expiry = ""] = /^;(\d{12,19})=(\d{4})\d{3,}\?$/.exec(tap.track2) ?? [];
  assert(pan !== "" && expiry >= "2611", "track 2", tap.track2);
  const whole = [0x9f26, 0x9f36, 0x82, 0x9f02, 0x9f37].map((tag) => objectOf(sent, tag).length);
  assert(whole.join() === "8,2,2,6,4" && objectOf(sent, 0x9f37) === UNPREDICTABLE, "mandatory data", whole);
  assert((objectOf(sent, 0x9f27).charCodeAt(0) & 0xc0) === 0x80, "an ARQC");
  const sequence = Buffer.from(objectOf(tap.card, 0x5f34), "latin1").toString("hex");
  const sale = { issuerKey: ISSUER, pan, sequence, chip: Buffer.from(chip, "latin1"), amountMinor, currency: "156" };
  const { verdict } = verifyArqc({ ...sale, lastAtc: 27 });
  if (verdict !== "valid") return;
  // What the issuer takes, this card made just now, and for its own number: the digits of it that go into the card's key.
  const signed = objectOf(sent, 0x9f26);
  const isOwn = given.some((answer) => answer.includes(signed)) && pan.slice(-14) === card.card.data.pan.slice(-14);
  assert(isOwn, "a cryptogram of nobody", tap.track2, given);
}
