/** Terminals and their keys at the host: made once, renewed when a device was lost or opened. */
import { createHash, randomBytes } from "node:crypto";
import { sealKey, testKey } from "./keys";
import { issuePinKey, type PinKey, voidPinKeys } from "./pin";
import type { Row, Session } from "./store";

export const DEVICE_KEY_BYTES = 32;

export interface TerminalOrder {
  /** ISO 8583 field 41: 8 characters; field 42: 15. */
  tid: string;
  mid: string;
  /** Needed when the merchant is new. */
  merchantName?: string | undefined;
  merchantPlace?: string | undefined;
  /** ISO 4217 number, and digits after the point. */
  currency: string;
  exponent: number;
  /** The device is to take cardholders' PINs. */
  takesPins?: boolean;
  /** What it may take (`limits`); all without it. */
  limits?: string | undefined;
}

export interface Merchant {
  name: string;
  place: string;
}

export interface Provisioned {
  merchant: Merchant;
  /** The batch that the device starts with. */
  batch: number;
  /** Version of the settings that it should have. */
  version: number;
  pinKey?: PinKey;
}

/** Six hexadecimal digits by which two people see that they hold the same key. One-way: they tell nothing else about it. */
export function keyCheckValue(key: Uint8Array): string {
  return createHash("sha256").update("tillet key check value\n").update(key).digest("hex").slice(0, 6).toUpperCase();
}

/** A key that nobody knows. */
export function newDeviceKey(): Uint8Array {
  return randomBytes(DEVICE_KEY_BYTES);
}

/** Adds a terminal whose first request is number 1. Throws when there is one of that name, unless `isRenewal`. */
export async function provisionTerminal(
  session: Session,
  hostKey: Uint8Array,
  order: TerminalOrder,
  key: Uint8Array,
  isRenewal: boolean,
): Promise<Provisioned> {
  if (Buffer.from(key).equals(testKey(order.tid))) throw new Error("A test key is no key: everybody has it.");
  const merchant = await findMerchant(session, order);
  const [known] = await session.query(
    "select mid, is_test, batch, parameters from terminal where tid = $1 for update",
    [order.tid],
  );
  if (known && !isRenewal) {
    throw new Error(
      `Terminal ${order.tid} exists. --renew gives it a new key; the device that holds the old one is then out.`,
    );
  }
  if (!known && isRenewal) throw new Error(`There is no terminal ${order.tid} to renew.`);
  const version = Number(known?.parameters ?? 1);
  const batch = known ? await renew(session, hostKey, order, key, known) : await add(session, hostKey, order, key);
  await session.query("update terminal set limits = $2 where tid = $1", [order.tid, order.limits ?? ""]);
  if (!order.takesPins) return { merchant, batch, version };
  return { merchant, batch, version, pinKey: await issuePinKey(session, hostKey, order.tid) };
}

/** The host's next answer to this terminal asks it to sign on, which rotates its chain. */
export async function askSignOn(session: Session, tid: string): Promise<void> {
  const rows = await session.query("update terminal set asks_sign_on = true where tid = $1 returning tid", [tid]);
  if (rows.length === 0) throw new Error(`There is no terminal ${tid}.`);
}

async function add(session: Session, hostKey: Uint8Array, order: TerminalOrder, key: Uint8Array): Promise<number> {
  await session.query(
    `insert into terminal (tid, mid, currency, exponent, batch, key_box, counter, is_test) values ($1, $2, $3, $4, 1, $5, 1, false)`,
    [order.tid, order.mid, order.currency, order.exponent, sealKey(hostKey, key)],
  );
  return 1;
}

async function findMerchant(session: Session, { mid, merchantName, merchantPlace }: TerminalOrder): Promise<Merchant> {
  const [known] = await session.query("select name, place from merchant where mid = $1", [mid]);
  if (known) return { name: String(known.name), place: String(known.place) };
  if (!merchantName || !merchantPlace) {
    throw new Error(`Merchant ${mid} is new: say its name and place for the receipt with --name and --place.`);
  }
  await session.query("insert into merchant (mid, name, place) values ($1, $2, $3)", [
    mid,
    merchantName,
    merchantPlace,
  ]);
  return { name: merchantName, place: merchantPlace };
}

/**
 * A new key, and counting from 1 again. Answers stored under the old key go: their frames must never be answered with it again. The
 * new device starts with an empty book, so it gets a batch of its own; a sale left open by the old one is settled by people.
 */
async function renew(
  session: Session,
  hostKey: Uint8Array,
  { tid, mid }: TerminalOrder,
  key: Uint8Array,
  known: Row,
): Promise<number> {
  if (known.is_test) throw new Error(`Terminal ${tid} is a test terminal; its key is public. Take another TID.`);
  if (known.mid !== mid) throw new Error(`Terminal ${tid} belongs to merchant ${known.mid}, not ${mid}.`);
  await session.query("delete from exchange where tid = $1", [tid]);
  await voidPinKeys(session, tid);
  const batch = Number(known.batch) + 1;
  await session.query(
    `update terminal set key_box = $2, counter = 1, batch = $3, next_box = null, next_spends = false, agreement_box = null,
       asks_sign_on = false
     where tid = $1`,
    [tid, sealKey(hostKey, key), batch],
  );
  return batch;
}
