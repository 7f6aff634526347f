/**
 * Parameters for taps: what terminals take at their contactless readers, and up to what amount. A file that people can read becomes the
 * record that goes over the link and into flash; every terminal of its currency loads the newest.
 *
 * The record, big-endian: version (2 bytes), currency and country (ISO 4217 and 3166 numbers, BCD, 2 each), terminal capabilities (tag 9F33,
 * 3), terminal type (9F35, 1); for each application the length of its AID (1), AID, kernel (1), limit and CVM limit (minor units, 4 each),
 * terminal transaction qualifiers (9F66, 4), version number (9F09, 2); CRC-32 of all that (4).
 */
import { code as currencyOf } from "currency-codes";
import type { Session } from "./store";

/** Field 62 holds no more. */
export const RECORD_BYTES_MAX = 255;
/** Terminals are made with version 1. */
const BUILT_IN_VERSION = 1;
const VERSION_MAX = 0xffff;
/** The most that a terminal can be asked to take. */
const LIMIT_MINOR_MAX = 999_999_999;
const KERNELS: readonly unknown[] = [2, 3, 7];

export interface TapApplication {
  /** Hexadecimal; cards may have more behind it. */
  aid: string;
  /** Of EMVCo's: 2 as Mastercard, 3 as Visa, 7 as UnionPay. */
  kernel: 2 | 3 | 7;
  /** More is not taken; more is not taken without the holder's verification. */
  limitMinor: number;
  cvmLimitMinor: number;
  /** Hexadecimal, as the tags have them. */
  qualifiers: string;
  version: string;
}

export interface TapTerms {
  version: number;
  /** ISO 4217, letters. */
  currency: string;
  /** ISO 3166, number. */
  country: string;
  capabilities: string;
  type: string;
  apps: TapApplication[];
}

export interface TapParameters {
  version: number;
  record: Uint8Array;
}

type Check = (value: unknown) => boolean;
const isText =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const isWhole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

/** For each name of the file: what it holds, and the check of that. */
const TERMS: Record<keyof TapTerms, readonly [string, Check]> = {
  version: [`a whole number up to ${VERSION_MAX}`, isWhole(1, VERSION_MAX)],
  currency: [
    "an ISO 4217 code such as EUR",
    (value) => isText(/^[A-Z]{3}$/)(value) && currencyOf(value as string) !== undefined,
  ],
  country: ["the three digits of an ISO 3166 number such as 276", isText(/^[0-9]{3}$/)],
  capabilities: ["6 hexadecimal digits (tag 9F33)", isText(/^[0-9A-F]{6}$/i)],
  type: ["2 digits (tag 9F35)", isText(/^[0-9]{2}$/)],
  apps: ["a list of at least one application", (value) => Array.isArray(value) && value.length > 0],
};
const APPLICATION: Record<keyof TapApplication, readonly [string, Check]> = {
  aid: ["5 to 16 bytes, hexadecimal", isText(/^([0-9A-F]{2}){5,16}$/i)],
  kernel: [`one of ${KERNELS.join(", ")}`, (value) => KERNELS.includes(value)],
  limitMinor: [`whole minor units up to ${LIMIT_MINOR_MAX}`, isWhole(0, LIMIT_MINOR_MAX)],
  cvmLimitMinor: [`whole minor units up to ${LIMIT_MINOR_MAX}`, isWhole(0, LIMIT_MINOR_MAX)],
  qualifiers: ["8 hexadecimal digits (tag 9F66)", isText(/^[0-9A-F]{8}$/i)],
  version: ["4 hexadecimal digits (tag 9F09)", isText(/^[0-9A-F]{4}$/i)],
};

function checkNames(where: string, value: unknown, names: Record<string, readonly [string, Check]>): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${where}: { ... } wanted.`);
  const stray = Object.keys(value).find((name) => !Object.hasOwn(names, name));
  if (stray !== undefined) throw new Error(`${where}: what is ${stray}?`);
  for (const [name, [wanted, isGood]] of Object.entries(names)) {
    const found = (value as Record<string, unknown>)[name];
    if (!isGood(found))
      throw new Error(`${where}: ${name} ${JSON.stringify(found) ?? "is missing"}: ${wanted} wanted.`);
  }
}

/** The terms of a file's text. Throws, saying what is wrong and where. */
export function readTerms(text: string): TapTerms {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${(error as Error).message}`);
  }
  checkNames("parameters", value, TERMS);
  const terms = value as TapTerms;
  terms.apps.forEach((app, index) => {
    checkNames(`apps[${index}]`, app, APPLICATION);
    if (app.cvmLimitMinor > app.limitMinor)
      throw new Error(`apps[${index}]: cvmLimitMinor ${app.cvmLimitMinor} is more than limitMinor ${app.limitMinor}.`);
    const aid = app.aid.toUpperCase();
    const first = terms.apps.findIndex((each) => each.aid.toUpperCase() === aid);
    if (first < index) throw new Error(`apps[${index}]: aid ${aid} is that of apps[${first}].`);
  });
  return terms;
}

/** IEEE 802.3. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Throws when it is longer than a message can carry. */
export function buildParameters(terms: TapTerms): TapParameters {
  const hex = (value: number, byteCount: number) => value.toString(16).padStart(2 * byteCount, "0");
  const { number } = currencyOf(terms.currency) as { number: string };
  const head = [hex(terms.version, 2), `0${number}`, `0${terms.country}`, terms.capabilities, terms.type];
  const apps = terms.apps.flatMap(({ aid, kernel, limitMinor, cvmLimitMinor, qualifiers, version }) => [
    ...[hex(aid.length / 2, 1), aid, hex(kernel, 1), hex(limitMinor, 4), hex(cvmLimitMinor, 4), qualifiers, version],
  ]);
  const body = Buffer.from([...head, ...apps].join(""), "hex");
  const record = Buffer.concat([body, Buffer.from(hex(crc32(body), 4), "hex")]);
  if (record.length > RECORD_BYTES_MAX)
    throw new Error(
      `These are ${record.length} bytes for the terminal; at most ${RECORD_BYTES_MAX} go. Leave some apps out.`,
    );
  return { version: terms.version, record };
}

/** Keeps them for all terminals of their currency. Throws unless the version is higher than any before. */
export async function keepParameters(session: Session, terms: TapTerms): Promise<TapParameters> {
  const parameters = buildParameters(terms);
  const { number } = currencyOf(terms.currency) as { number: string };
  const known = (await newestParameters(session, number))?.version ?? BUILT_IN_VERSION;
  if (terms.version <= known) {
    const who = known === BUILT_IN_VERSION ? "terminals are made with" : `there are already those of`;
    throw new Error(`version ${terms.version}: a higher one is wanted, ${who} version ${known}.`);
  }
  await session.query("insert into tap_parameters (currency, version, record) values ($1, $2, $3)", [
    number,
    parameters.version,
    parameters.record,
  ]);
  return parameters;
}

/** For terminals of a currency (ISO 4217 number); null when they are to keep what they have. */
export async function newestParameters(session: Session, currency: string): Promise<TapParameters | null> {
  const [row] = await session.query(
    "select version, record from tap_parameters where currency = $1 order by version desc limit 1",
    [currency],
  );
  return row ? { version: Number(row.version), record: row.record as Uint8Array } : null;
}
