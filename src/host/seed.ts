/** What a host in test mode starts with: the factory's simulated terminal, and cards with money on them and all their PIN tries. */
import { maskPan } from "./cards";
import { hashPan, sealKey, testBaseKey, testIssuerKey, testKey, testPinKeyId } from "./keys";
import { ensureAccount, fundAccount, post } from "./ledger";
import { setPin } from "./pin";
import type { Session } from "./store";

export const TEST_MERCHANT = { mid: "000000000000001", name: "TILLET CORNER", place: "Market Street 1, Exampletown" };
export const TEST_CURRENCY = { number: "978", code: "EUR", exponent: 2 };

export interface TestCard {
  pan: string;
  expiry: string;
  balanceMinor: number;
  status?: "stolen" | "referred";
  needsPin?: boolean;
  /** TEST_PIN unless given. */
  pin?: string;
  /** PAN sequence number of its chip, two digits; no chip without it. */
  sequence?: string;
}

export const TEST_PIN = "1234";

export const TEST_CARDS: readonly TestCard[] = [
  { pan: "4761739001010010", expiry: "2812", balanceMinor: 100000, sequence: "01" },
  { pan: "5413330089020011", expiry: "2812", balanceMinor: 100000, sequence: "01" },
  { pan: "6250947000000014", expiry: "2812", balanceMinor: 100000, sequence: "01" },
  { pan: "3566000000000018", expiry: "2812", balanceMinor: 500 },
  { pan: "4761739001010028", expiry: "2812", balanceMinor: 100000, status: "stolen" },
  { pan: "4761739001010036", expiry: "2812", balanceMinor: 100000, status: "referred" },
  { pan: "5413330089020029", expiry: "2301", balanceMinor: 100000 },
  { pan: "6250947000000022", expiry: "2812", balanceMinor: 100000, needsPin: true },
  // Chips of `test/cards`: wants its PIN, expired, blocked, phones, refuses more than 20.00, stripe mode only.
  { pan: "4761739001010051", expiry: "2812", balanceMinor: 100000, sequence: "01" },
  { pan: "4761739001010069", expiry: "2301", balanceMinor: 100000, sequence: "01" },
  { pan: "4761739001010077", expiry: "2812", balanceMinor: 100000, sequence: "01" },
  { pan: "4761739001010085", expiry: "2812", balanceMinor: 100000, sequence: "02" },
  { pan: "4761739001010093", expiry: "2812", balanceMinor: 100000, sequence: "02" },
  { pan: "5413330089020045", expiry: "2812", balanceMinor: 100000, sequence: "01" },
  { pan: "5413330089020052", expiry: "2812", balanceMinor: 100000, sequence: "01" },
];

/** Adds a terminal with its key. The first request is number 1. */
export async function addTerminal(
  session: Session,
  hostKey: Uint8Array,
  tid: string,
  key: Uint8Array,
  isTest: boolean,
): Promise<void> {
  await session.query(
    `insert into terminal (tid, mid, currency, exponent, batch, key_box, counter, is_test) values ($1, $2, $3, $4, 1, $5, 1, $6)
     on conflict (tid) do nothing`,
    [tid, TEST_MERCHANT.mid, TEST_CURRENCY.number, TEST_CURRENCY.exponent, sealKey(hostKey, key), isTest],
  );
}

export async function seedTest(session: Session, hostKey: Uint8Array, tids: readonly string[]): Promise<void> {
  const { mid, name, place } = TEST_MERCHANT;
  await session.query("insert into merchant (mid, name, place) values ($1, $2, $3) on conflict (mid) do nothing", [
    mid,
    name,
    place,
  ]);
  await addTestBaseKey(session, hostKey);
  await addTestIssuerKey(session, hostKey);
  for (const tid of tids) {
    await addTerminal(session, hostKey, tid, testKey(tid), true);
    await addTestPinKey(session, tid);
  }
  await addCards(session, hostKey, TEST_CARDS);
}

async function addTestIssuerKey(session: Session, hostKey: Uint8Array): Promise<void> {
  const { issuer, key } = testIssuerKey();
  await session.query(
    "insert into issuer_key (issuer, key_box, is_test) values ($1, $2, true) on conflict (issuer) do nothing",
    [issuer, sealKey(hostKey, key)],
  );
}

async function addTestBaseKey(session: Session, hostKey: Uint8Array): Promise<void> {
  const { id, key } = testBaseKey();
  await session.query(
    "insert into base_key (base_id, key_box, is_test) values ($1, $2, true) on conflict (base_id) do nothing",
    [Buffer.from(id).toString("hex"), sealKey(hostKey, key)],
  );
}

/** The first key of a test terminal's PINs is number 1. */
export async function addTestPinKey(session: Session, tid: string): Promise<void> {
  await session.query(
    "insert into pin_key (key_id, tid, next_counter) values ($1, $2, 1) on conflict (key_id) do nothing",
    [Buffer.from(testPinKeyId(tid)).toString("hex"), tid],
  );
}

export async function addCards(session: Session, hostKey: Uint8Array, cards: readonly TestCard[]): Promise<void> {
  const currency = TEST_CURRENCY.number;
  await ensureAccount(session, fundAccount(currency), "fund", currency);
  for (const card of cards) {
    await addCard(session, hostKey, card, currency);
    await setPin(session, hostKey, hashPan(hostKey, card.pan), card.pin ?? TEST_PIN);
    if (card.sequence !== undefined) await addChip(session, hashPan(hostKey, card.pan), card.sequence);
  }
}

/** A chip that is known goes on counting. */
async function addChip(session: Session, panHash: string, sequence: string): Promise<void> {
  await session.query(
    `insert into card_chip (pan_hash, sequence, issuer, last_atc) values ($1, $2, $3, -1)
     on conflict (pan_hash, sequence) do nothing`,
    [panHash, sequence, testIssuerKey().issuer],
  );
}

async function addCard(session: Session, hostKey: Uint8Array, card: TestCard, currency: string): Promise<void> {
  const panHash = hashPan(hostKey, card.pan);
  const account = `card:${panHash.slice(0, 16)}`;
  const [known] = await session.query("select account from card where pan_hash = $1", [panHash]);
  if (known) return;
  await ensureAccount(session, account, "card", currency);
  await session.query(
    `insert into card (pan_hash, pan_masked, expiry, status, needs_pin, account, is_test) values ($1, $2, $3, $4, $5, $6, true)`,
    [panHash, maskPan(card.pan), card.expiry, card.status ?? "active", card.needsPin ?? false, account],
  );
  const funding = { tid: "", batch: 0, stan: 0, amountMinor: card.balanceMinor, currency };
  await post(session, funding, "fund", fundAccount(currency), account, "");
}
