/**
 * The block list at the host: prefixes of card numbers and cards that no terminal takes. It is kept whole, each change as a new version, in the form
 * in which terminals load it (`limits/blocks`). A card is on it by its token alone: the list gives no number back, and it is taken off
 * by its number or its token. The salt hangs on the host's key.
 */
import { createHmac } from "node:crypto";
import { blockVersion, ENTRIES_MAX, ENTRY_BYTES, isBlocked, packNumber, packPrefix } from "../limits/blocks";
import type { Fields } from "./iso8583";
import { hsalsa20 } from "./seal";
import type { Row, Session } from "./store";

export { ENTRIES_MAX };
/** Field 39: restricted card. */
export const BLOCKED = "62";
const SALT_BYTES = 8;
const KEY_BYTES = 32;
const VERSION_BYTES = 4;
/** Field 60 has six digits for it. */
const VERSION_MAX = 999_999;
/** Behind the versions of settings and parameters, and of the firmware. */
const OWN_LIST = /^[0-9]{23}(?:[0-9]{7})?([0-9]{6})$/;

const PREFIX_DIGITS_MIN = 6;
const PREFIX_DIGITS_MAX = 8;
const PREFIX = /^[0-9]{6,8}$/;
const RANGE = /^([0-9]{6,8})-([0-9]{6,8})$/;
const NUMBER = /^[0-9]{12,19}$/;
const TOKEN = /^[0-9a-f]{8}$/i;

/** What is on the list: prefixes as digits, cards as tokens (8 hexadecimal digits). */
export interface Blocks {
  version: number;
  prefixes: string[];
  tokens: string[];
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

function saltOf(hostKey: Uint8Array): Buffer {
  return createHmac("sha256", hostKey).update("block list").digest().subarray(0, SALT_BYTES);
}

/** What a card is called on this host's list, as bytes. */
function tokenBytes(hostKey: Uint8Array, pan: string): Uint8Array {
  const key = Buffer.alloc(KEY_BYTES);
  saltOf(hostKey).copy(key);
  return hsalsa20(key, Buffer.from(packNumber(pan), "latin1")).subarray(0, ENTRY_BYTES);
}

export function tokenOf(hostKey: Uint8Array, pan: string): string {
  return Buffer.from(tokenBytes(hostKey, pan)).toString("hex");
}

/** The newest list as terminals load it, "" where there is none. */
export async function newestList(session: Session): Promise<string> {
  const [row] = await session.query("select record from block_list order by version desc limit 1");
  return row ? latin1(row.record as Uint8Array) : "";
}

/** True when a card is on the list. */
export function isOnList(hostKey: Uint8Array, list: string, pan: string): boolean {
  return list !== "" && isBlocked(list, pan, latin1(tokenBytes(hostKey, pan)));
}

export function readList(list: string): Blocks {
  if (list === "") return { version: 0, prefixes: [], tokens: [] };
  const bytes = Buffer.from(list, "latin1");
  const prefixCount = bytes[VERSION_BYTES + SALT_BYTES] as number;
  const entries: string[] = [];
  for (let at = VERSION_BYTES + SALT_BYTES + 1; at < bytes.length; at += ENTRY_BYTES)
    entries.push(bytes.toString("hex", at, at + ENTRY_BYTES));
  return {
    version: blockVersion(list),
    prefixes: entries.slice(0, prefixCount).map((entry) => entry.replace(/f+$/, "")),
    tokens: entries.slice(prefixCount),
  };
}

function buildList(hostKey: Uint8Array, { version, prefixes, tokens }: Blocks): Buffer {
  const head = Buffer.alloc(VERSION_BYTES);
  head.writeUInt32BE(version);
  const packed = prefixes.map((prefix) => Buffer.from(packPrefix(prefix), "latin1"));
  const cards = tokens.map((token) => Buffer.from(token, "hex"));
  return Buffer.concat([head, saltOf(hostKey), Buffer.from([prefixes.length]), ...packed, ...cards]);
}

/** The fewest prefixes that all numbers of a range begin with, both ends of it with as many digits. */
function prefixesOf(first: string, last: string): string[] {
  const digitCount = first.length;
  const found: string[] = [];
  for (let at = Number(first); at <= Number(last);) {
    let size = 1;
    let digits = digitCount;
    while (digits > PREFIX_DIGITS_MIN && at % (size * 10) === 0 && at + size * 10 - 1 <= Number(last)) {
      size *= 10;
      digits--;
    }
    found.push(String(at / size).padStart(digits, "0"));
    at += size;
  }
  return found;
}

/** From what people write to entries: a prefix, a range of them, or a token. Throws when it is none. */
export function readPrefixes(text: string): string[] {
  const [, first = "", last = ""] = RANGE.exec(text) ?? [];
  if (first !== "" && first.length === last.length && first <= last) return prefixesOf(first, last);
  if (PREFIX.test(text)) return [text];
  throw new Error(
    `${text}: ${PREFIX_DIGITS_MIN} to ${PREFIX_DIGITS_MAX} digits wanted, or a range such as 476173-476179.`,
  );
}

export function readToken(text: string): string {
  if (!TOKEN.test(text)) throw new Error(`${text}: a card's token has 8 hexadecimal digits, as the list shows it.`);
  return text.toLowerCase();
}

/** `line`: which one, for what is said; a number is never quoted. */
export function readNumber(text: string, line: number): string {
  if (!NUMBER.test(text)) throw new Error(`line ${line} is no card number: 12 to 19 digits wanted.`);
  return text;
}

export interface Change {
  prefixes: readonly string[];
  tokens: readonly string[];
}

/** Puts on the list, or takes off. The list as it is then; null when nothing changed. Throws when it would be too long, or what is to go is not there. */
export async function changeList(
  session: Session,
  hostKey: Uint8Array,
  change: Change,
  isAdding: boolean,
): Promise<Blocks | null> {
  const now = readList(await newestList(session));
  const prefixes = changed(now.prefixes, change.prefixes, isAdding);
  const tokens = changed(now.tokens, change.tokens, isAdding);
  const count = prefixes.length + tokens.length;
  if (count > ENTRIES_MAX)
    throw new Error(
      `These would be ${count} entries; terminals hold ${ENTRIES_MAX}. Take some off, or block by prefix.`,
    );
  if (prefixes.length === now.prefixes.length && tokens.length === now.tokens.length) return null;
  const next = { version: now.version + 1, prefixes, tokens };
  if (next.version > VERSION_MAX)
    throw new Error(`The list was changed ${VERSION_MAX} times; no more versions are left.`);
  await session.query("insert into block_list (version, record) values ($1, $2)", [
    next.version,
    buildList(hostKey, next),
  ]);
  return next;
}

function changed(there: readonly string[], given: readonly string[], isAdding: boolean): string[] {
  if (isAdding) return [...new Set([...there, ...given])].sort();
  const missing = given.find((each) => !there.includes(each));
  if (missing !== undefined) throw new Error(`${missing} is not on the list.`);
  return there.filter((each) => !given.includes(each));
}

/** The version that a terminal says it has, in field 60; null when it holds no list. */
function ownVersion(fields: Fields): number | null {
  const [, own] = OWN_LIST.exec(fields[60] ?? "") ?? [];
  return own === undefined ? null : Number(own);
}

/** The list, for a terminal that holds one; null for others. */
export async function offerList(session: Session, fields: Fields): Promise<string | null> {
  return ownVersion(fields) === null ? null : newestList(session);
}

/** Keeps what it has, behind an answer. What it has asked for it has when it next says something; should it not, its next sign-on says so. */
export async function noteList(session: Session, terminal: Row, fields: Fields, offered: string | null): Promise<void> {
  const isLoading = fields[60]?.slice(8, 11) === "382";
  const has = offered !== null && isLoading ? blockVersion(offered) : ownVersion(fields);
  if (has !== null && terminal.block_version !== has)
    await session.query("update terminal set block_version = $2 where tid = $1", [terminal.tid as string, has]);
}

/** The terminal is to sign on: it holds lists, and another than this. */
export function lacksList({ block_version: version }: Row, list: string): boolean {
  return list !== "" && version !== null && Number(version) !== blockVersion(list);
}
