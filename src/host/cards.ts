/** Cards at the issuer: whether one may be used for what is asked, with what it brought as proof. */
import { type ChipCheck, checkChip } from "./chip";
import type { Order, World } from "./issuer";
import { checkPin, openPin } from "./pin";
import type { Row, Session } from "./store";

export interface CardCheck {
  /** 00 when it may. */
  responseCode: string;
  panMasked: string;
  /** Undefined when the issuer does not know the card. */
  account?: { account: string; currency: string };
  chip?: ChipCheck;
}

/** The cryptogram is not the card's, not for this sale, or not new. */
const NOT_GENUINE = "82";

/** Opens the PIN and checks the chip first, whatever the answer: keys and counters count once they were seen. */
export async function checkCard(
  session: Session,
  world: World,
  order: Order,
  panHash: string,
  localTime: string,
): Promise<CardCheck> {
  const [pan = "", rest = ""] = (order.track2 ?? "").split("=");
  const [card] = await session.query(
    "select c.*, a.currency from card c join account a on a.account = c.account where c.pan_hash = $1",
    [panHash],
  );
  const opened = order.pin ? await openPin(session, world.hostKey, order.tid, pan, order.pin) : undefined;
  const chip =
    order.chip &&
    (await checkChip(session, world.hostKey, order, pan, panHash, { ...order.chip, isLate: isAdvice(order) }));
  const verify = async (): Promise<string> => {
    // Before the PIN: its tries are for the card itself.
    if (chip && chip.verdict !== "valid") return NOT_GENUINE;
    if (opened) return "pin" in opened ? checkPin(session, world.hostKey, panHash, opened.pin) : opened.refusal;
    return card?.needs_pin && isAsked(order) ? "86" : "00";
  };
  const responseCode = await decide(card, verify, rest.slice(0, 4), isAsked(order) ? localTime.slice(2, 6) : "");
  return {
    responseCode,
    panMasked: maskPan(pan),
    ...(card && { account: { account: String(card.account), currency: String(card.currency) } }),
    ...(chip && { chip }),
  };
}

/** It tells what was done, or gives back: no PIN is missing there, and the card may have expired since. */
function isAdvice({ type }: Order): boolean {
  return type.mti === "0220";
}

/** It asks for what is the card's. */
function isAsked(order: Order): boolean {
  return order.type.card && !isAdvice(order);
}

/** `month`: the present one, YYMM; "" when a card may have expired. */
async function decide(
  card: Row | undefined,
  verify: () => Promise<string>,
  expiry: string,
  month: string,
): Promise<string> {
  if (!card) return "14";
  if (card.status === "stolen") return "43";
  if (card.expiry !== expiry || expiry < month) return "54";
  // Whoever called the bank has its code: then it is an advice.
  if (card.status === "referred" && month !== "") return "01";
  return verify();
}

/** What pre-authorisations of a card keep from it. */
export async function heldMinor(session: Session, panHash: string): Promise<number> {
  const [row] = await session.query(
    "select coalesce(sum(amount_minor), 0) as held from txn where pan_hash = $1 and status = 'held'",
    [panHash],
  );
  return Number(row?.held);
}

/** First six and last four digits; nothing of what is not a PAN. */
export function maskPan(pan: string): string {
  const isPan = /^[0-9]{12,19}$/.test(pan);
  return isPan ? pan.slice(0, 6) + "*".repeat(pan.length - 10) + pan.slice(-4) : "*".repeat(pan.length);
}
