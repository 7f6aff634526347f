/** The virtual cards that lie beside the simulated handheld. Test cards: their PANs are nobody's. */

export interface VirtualCard {
  name: string;
  t1: string;
  t2: string;
}

/** Cards without contacts: files of `test/cards`, and what each is, in a few letters. */
export const TAPS: readonly { file: string; name: string }[] = [
  { file: "visa.json", name: "Visa" },
  { file: "mastercard.json", name: "Mastercard" },
  { file: "unionpay.json", name: "UnionPay" },
  { file: "phone.json", name: "a phone" },
  { file: "visa-blocked.json", name: "blocked" },
  { file: "visa-expired.json", name: "expired" },
  { file: "visa-pin.json", name: "PIN 1234" },
  { file: "visa-clone.json", name: "a copy" },
];

function card(name: string, pan: string, expiry = "2812"): VirtualCard {
  const data = `${expiry}2011143800000000`;
  return { name, t1: `%B${pan}^TEST/CARD^${data}?`, t2: `;${pan}=${data}?` };
}

export const CARDS: readonly VirtualCard[] = [
  card("good, 1000.00", "4761739001010010"),
  card("good, 1000.00", "5413330089020011"),
  card("good, 1000.00", "6250947000000014"),
  card("only 5.00 left", "3566000000000018"),
  card("reported stolen", "4761739001010028"),
  card("bank wants a call", "4761739001010036"),
  card("expired", "5413330089020029", "2301"),
  card("needs PIN 1234", "6250947000000022"),
  card("unknown to issuer", "4000000000009995"),
];
