/** Contactless readings against virtual cards: outcome, verification, and what the issuer says to the cryptogram. */
import { describe, expect, test } from "vitest";
import { cardKey, verifyArqc } from "../../src/host/emv";
import { nextCommand, onAnswer, onCardLost } from "../../src/proto/emv";
import { chipData } from "../../src/proto/emv-end";
import { Cvm, type Tap, TapOutcome } from "../../src/proto/emv-tap";
import { noTlvs, readTlvs, tagOf } from "../../src/proto/tlv";
import { EmvCard } from "../../src/sim/emv-card";
import { app, CARD_NAMES, cardData, cardOf, hex, objectOf, open, paramsOf, play, UNPREDICTABLE } from "./tap-desk";

const ISSUER = Buffer.from("0123456789ABCDEFFEDCBA9876543210", "hex");

function verify(tap: Tap, amountMinor: number, lastAtc: number) {
  const [pan = ""] = tap.track2.slice(1).split("=");
  const sequence = hex(objectOf(tap.card, 0x5f34));
  const chip = Buffer.from(chipData(tap), "latin1");
  return verifyArqc({ issuerKey: ISSUER, pan, sequence, chip, amountMinor, currency: "156", lastAtc });
}

test("every card of the folder is in a story, and holds the key of its number", () => {
  expect(CARD_NAMES).toHaveLength(11);
  for (const name of CARD_NAMES) {
    const { pan, sequence, key } = cardData(name);
    const own = cardKey(ISSUER, pan, sequence).toString("hex").toUpperCase();
    expect(key === own, name).toBe(name !== "visa-clone");
  }
});

describe("cards that the host is asked about", () => {
  test.each([
    ["visa", 4000, Cvm.None, "valid"],
    ["visa", 5000, Cvm.None, "valid"],
    ["visa", 5001, Cvm.OnlinePin, "valid"],
    ["visa-pin", 100, Cvm.OnlinePin, "valid"],
    ["visa-clone", 4000, Cvm.None, "wrong cryptogram"],
    ["mastercard", 4000, Cvm.None, "valid"],
    ["mastercard", 100000, Cvm.OnlinePin, "valid"],
    ["mastercard-over", 2000, Cvm.None, "valid"],
    ["unionpay", 4000, Cvm.None, "valid"],
    ["unionpay", 5001, Cvm.OnlinePin, "valid"],
    ["phone", 4000, Cvm.OnDevice, "valid"],
    ["phone", 99999, Cvm.OnDevice, "valid"],
    ["phone-locked", 5000, Cvm.None, "valid"],
  ])("%s, %i", (name, amountMinor, cvm, verdict) => {
    const card = cardOf(name);
    const ended = play(open(amountMinor), (apdu) => card.exchange(apdu));
    expect([ended.outcome, ended.cvm]).toEqual([TapOutcome.Online, cvm]);
    const { pan, expiry } = cardData(name);
    expect(ended.tap.track2.startsWith(`;${pan}=${expiry}201`)).toBe(true);
    expect(verify(ended.tap, amountMinor, 27)).toMatchObject({ verdict, atc: 28 });
    expect(verify(ended.tap, amountMinor + 1, 27).verdict).toBe("amount or currency differ");
    if (verdict === "valid") expect(verify(ended.tap, amountMinor, 28).verdict).toBe("replayed");
  });

  test.each(["visa", "mastercard", "unionpay"])("what the issuer of %s gets names no card", (name) => {
    const card = cardOf(name);
    const { tap } = play(open(100000), (apdu) => card.exchange(apdu));
    const list = noTlvs();
    const chip = chipData(tap);
    expect(readTlvs(list, chip, "")).toBe(true);
    for (const tag of [0x57, 0x5a, 0x5f20, 0x5f24, 0x56, 0x9f1f, 0x9f20, 0x99])
      expect(list.tags).not.toContain(tagOf(tag));
    expect(hex(chip)).not.toContain(cardData(name).pan);
    expect(hex(objectOf(list, 0x9f02))).toBe("000000100000");
    expect(objectOf(list, 0x9f37)).toBe(UNPREDICTABLE);
    expect(chip.length).toBeLessThanOrEqual(255);
  });
});

describe("cards that are turned away", () => {
  test.each([
    ["visa", 100001, TapOutcome.OverLimit],
    ["visa-expired", 4000, TapOutcome.Expired],
    ["visa-blocked", 4000, TapOutcome.Blocked],
    ["mastercard-stripe", 4000, TapOutcome.NoMagstripe],
    ["mastercard-over", 2001, TapOutcome.NotAccepted],
    ["phone-locked", 5001, TapOutcome.SeePhone],
  ])("%s, %i", (name, amountMinor, outcome) => {
    const card = cardOf(name);
    const ended = play(open(amountMinor), (apdu) => card.exchange(apdu));
    expect(ended.outcome).toBe(outcome);
    expect([ended.tap.track2, ended.tap.card.tags, nextCommand(ended.tap)]).toEqual(["", "", ""]);
  });

  test.each(["visa", "mastercard", "unionpay", "phone"])("%s may leave after any answer", (name) => {
    const card = cardOf(name);
    const whole = play(open(4000), (apdu) => card.exchange(apdu));
    const commandCount = whole.log.length / 2;
    for (let left = 0; left < commandCount; left++) {
      card.reset();
      const tap = open(4000);
      for (let i = 0; i < left; i++) expect(onAnswer(tap, card.exchange(nextCommand(tap)))).toBe(TapOutcome.None);
      expect(onCardLost(tap)).toBe(TapOutcome.CardLost);
      expect([tap.track2, tap.card.tags, nextCommand(tap)]).toEqual(["", "", ""]);
      expect(onAnswer(tap, "\x90\0")).toBe(TapOutcome.CardLost);
    }
    expect(onCardLost(whole.tap)).toBe(TapOutcome.Online);
  });

  test("a terminal that takes none of its applications, and one without PINs", () => {
    const card = cardOf("visa");
    const exchange = (apdu: string) => card.exchange(apdu);
    const [mastercard, unionpay] = [app("A000000004", 2), app("A000000333", 7)];
    expect(play(open(4000, paramsOf([mastercard, unionpay])), exchange).outcome).toBe(TapOutcome.OtherCard);
    const withoutPin = paramsOf([app("A000000003", 3, "22004000")]);
    expect(play(open(5001, withoutPin), exchange).outcome).toBe(TapOutcome.NotAccepted);
    const consented = cardOf("phone");
    const withoutDevice = paramsOf([app("A000000003", 3, "22000000")]);
    expect(play(open(5001, withoutDevice), (apdu) => consented.exchange(apdu)).outcome).toBe(TapOutcome.NotAccepted);
  });

  test.each([
    ["a PAN with a wrong check digit", { pan: "4761739001010011" }],
    ["no PAN", { pan: "" }],
    ["month 13", { expiry: "2813" }],
  ])("%s is no card", (_, change) => {
    const card = new EmvCard({ ...cardData("visa"), ...change });
    expect(play(open(4000), (apdu) => card.exchange(apdu)).outcome).toBe(TapOutcome.OtherCard);
  });
});
