/**
 * Cards that say anything, at the whole terminal with its host: none stops it, none is believed. What is captured was signed by a card
 * whose issuer found it good, and after each card the terminal takes the next one.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededNumbers } from "../src/sim/random";
import { typeACard, type VirtualCard } from "../src/sim/twins/pn532-card";
import { BOOT_MS } from "../src/sim/script";
import { mutated, noise, pick } from "./fuzz/inputs";
import { checkBooks } from "./host/books";
import { CARD_NAMES, cardOf } from "./proto/tap-desk";
import { openSharedHost, type SharedHost } from "./world";

const CARDS = 150;
/** A look, the longest tap, and the host's answer. */
const TAP_MS = 4000;

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

/** Answers as a real card does, and now and then with something else, or not at all. */
function hostile(random: (below: number) => number): VirtualCard {
  const card = cardOf(pick(random, CARD_NAMES));
  const damage = random(4);
  return typeACard({
    answer: (apdu) => {
      const text = card.exchange(apdu);
      const kind = random(6) < damage ? random(6) : 9;
      if (kind === 0) return null;
      if (kind === 1) return { text: noise(random, 600), workMs: 5 };
      if (kind === 2) return { text: "\x61\xff", workMs: 1 };
      if (kind === 3) return { text: `${"\x70\x82\xff\xff".repeat(60)}\x90\0`, workMs: 1 };
      if (kind < 6) return { text: mutated(random, text), workMs: 5 };
      return { text, workMs: 5 };
    },
  });
}

test(`${CARDS} of them`, async () => {
  const random = seededNumbers(5);
  let shown: string[] = [];
  const world = await shared.openWorld({
    engine: "node",
    seed: 1,
    onEvent: (_, event) => {
      if ("display" in event) shown = event.display;
    },
    onChange: () => undefined,
  });
  const { handheld } = world;
  const { field } = handheld.nfc.chip;
  const press = async (keys: string) => {
    for (const key of keys) {
      await handheld.press(key);
      await handheld.runFor(120);
    }
  };
  const titles = new Map<string, number>();
  await handheld.powerOn();
  await handheld.runFor(BOOT_MS);
  for (let i = 0; i < CARDS; i++) {
    await press(random(4) ? "400E" : "6000E");
    expect(shown, `card ${i}`).toContain("Tap or swipe the card");
    const card = hostile(random);
    field.tap(card);
    await handheld.runFor(TAP_MS);
    const title = shown[1] ?? "";
    titles.set(title, (titles.get(title) ?? 0) + 1);
    field.untap(card);
    // Whatever it came to, home again.
    for (let tries = 0; shown[1] !== "READY" && tries < 5; tries++) {
      await press(shown[1] === "SALE" || shown[1] === "PIN" ? "C" : "E");
      await handheld.runFor(3000);
    }
    expect(shown, `card ${i}`).toContain("READY");
  }
  expect([...titles.keys()].sort()).toEqual(["APPROVED", "DECLINED", "NOT CHARGED", "PIN", "SALE"]);

  const captured = await shared.host.store.query(
    `select c.verdict from txn t left join chip_sale c on c.tid = t.tid and c.batch = t.batch and c.stan = t.stan
     where t.status = 'captured'`,
  );
  expect(captured.length).toBe(titles.get("APPROVED"));
  expect(new Set(captured.map(({ verdict }) => verdict))).toEqual(new Set(["valid"]));
  await checkBooks(shared.host.store);
  await world.close();
});
