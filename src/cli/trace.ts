/** What passed between the contactless reader and a card, for engineers to read: meaning, bytes, times. Of the card's number no more than a mask. */

/** One command to the reader's chip and its answer, as the simulated chip heard and said them. */
export interface Exchange {
  /** Command code of the PN532 and what follows it; the answer's data behind its code. */
  code: number;
  command: string;
  answer: string;
  /** When the chip had the command, and when it had the answer. */
  fromMs: number;
  toMs: number;
}

/** What must not be seen whole: digits as they stand in packed form. */
export interface Secrets {
  pan: string;
  /** Track 2 behind the separator. */
  trackTail: string;
}

const CODES = { list: 0x4a, exchange: 0x40, configure: 0x32 } as const;
/** A byte on the UART between board and reader. */
const BUS_MS_PER_BYTE = 10 / 115.2;
/** Preamble to TFI, code and number of the target or status; checksum and postamble. And the ACK. */
const FRAME_BYTES = 8 + 2;
const ACK_BYTES = 6;

const NAMES: Record<string, string> = {
  "4F": "AID",
  "50": "label",
  "57": "track 2 equivalent",
  "5A": "PAN",
  "5F24": "expiry",
  "5F34": "PAN sequence",
  "61": "directory entry",
  "6F": "FCI",
  "70": "record",
  "77": "answer",
  "82": "AIP",
  "83": "command data",
  "84": "file name",
  "87": "priority",
  "8C": "CDOL1",
  "8E": "CVM list",
  "94": "AFL",
  "9F10": "issuer application data",
  "9F26": "cryptogram",
  "9F27": "cryptogram information",
  "9F36": "ATC",
  "9F38": "PDOL",
  "9F6C": "CTQ",
  A5: "proprietary",
  BF0C: "issuer's own",
};

const STATUSES: Record<string, string> = {
  "9000": "fine",
  "6283": "application blocked",
  "6985": "conditions not met",
  "6986": "see phone",
  "6A81": "card blocked",
  "6A82": "no such file",
};

const hexOf = (bytes: string) => Buffer.from(bytes, "latin1").toString("hex").toUpperCase();

/** Packed digits of number and track as a mask, wherever in hexadecimal text they stand. */
export function masked(hex: string, { pan, trackTail }: Secrets): string {
  const mask = pan.slice(0, 6) + "*".repeat(pan.length - 10) + pan.slice(-4);
  return hex.replaceAll(`${pan}D${trackTail}`, `${mask}D${"*".repeat(trackTail.length)}`).replaceAll(pan, mask);
}

/** Phase and name of a command to the card. */
function meaningOf(apdu: string): { phase: string; name: string } {
  const hex = hexOf(apdu);
  const data = apdu.slice(5, 5 + apdu.charCodeAt(4));
  if (hex.startsWith("00A4")) {
    return { phase: "select", name: data.startsWith("2PAY") ? `SELECT ${data}` : `SELECT ${hexOf(data)}` };
  }
  if (hex.startsWith("80A8")) return { phase: "options", name: "GET PROCESSING OPTIONS" };
  if (hex.startsWith("00B2")) {
    const file = apdu.charCodeAt(3) >> 3;
    return { phase: "records", name: `READ RECORD ${apdu.charCodeAt(2)} of file ${file}` };
  }
  if (hex.startsWith("80AE")) return { phase: "cryptogram", name: "GENERATE AC, ARQC wanted" };
  return { phase: "other", name: hex.startsWith("00C0") ? "GET RESPONSE" : "?" };
}

/** A tag has more bytes when the low five bits of its first are set, and goes on while the high bit is. */
function tagAt(hex: string, at: number): string {
  const byte = (index: number) => parseInt(hex.slice(at + 2 * index, at + 2 * index + 2), 16);
  let count = 1;
  if ((byte(0) & 31) === 31) while (byte(count++) & 128);
  return hex.slice(at, at + 2 * count);
}

/** Objects of an answer, one a line, templates before what is in them. What is no TLV is one line of bytes. */
function objectsOf(hex: string, depth: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < hex.length;) {
    const tag = tagAt(hex, at);
    const long = /^8([12])/.exec(hex.slice(at + tag.length));
    const lengthDigits = long ? 2 + 2 * Number(long[1]) : 2;
    const lengthText = hex.slice(at + tag.length, at + tag.length + lengthDigits);
    const byteCount = parseInt(long ? lengthText.slice(2) : lengthText, 16);
    const start = at + tag.length + lengthDigits;
    const value = hex.slice(start, start + 2 * byteCount);
    if (!tag || !(byteCount >= 0) || value.length < 2 * byteCount) return [`${"  ".repeat(depth)}${hex}`];
    const isTemplate = (parseInt(tag.slice(0, 2), 16) & 0x20) > 0;
    lines.push(`${"  ".repeat(depth)}${tag} ${NAMES[tag] ?? ""}${isTemplate ? "" : `: ${value}`}`);
    if (isTemplate) lines.push(...objectsOf(value, depth + 1));
    at = start + 2 * byteCount;
  }
  return lines;
}

/** What offline data authentication needs (EMV 4.3 Book 2 sections 5 and 6), and what an AIP says of it (Book 3 annex C1, byte 1). */
const AUTHENTICATION: Record<string, string> = {
  "8F": "CA key index",
  "90": "issuer certificate",
  "92": "issuer remainder",
  "9F32": "issuer exponent",
  "93": "signed static data",
  "9F46": "card certificate",
  "9F47": "card exponent",
  "9F48": "card remainder",
  "9F4B": "signed dynamic data",
};
const AIP_BITS: readonly [bit: number, name: string][] = [
  [0x40, "SDA"],
  [0x20, "DDA"],
  [0x01, "CDA"],
];

/** Read and told, and not required: every tap is online, and its issuer verifies it. `objects`: lines of `objectsOf`. */
function authenticationLine(objects: readonly string[]): string {
  const seen = new Map(objects.map((line) => line.trim().split(" ")).map(([tag = "", ...rest]) => [tag, rest.at(-1)]));
  const aip = parseInt((seen.get("82") ?? "").slice(0, 2), 16);
  const able = AIP_BITS.filter(([bit]) => aip & bit).map(([, name]) => name);
  const tags = Object.keys(AUTHENTICATION);
  const list = (isThere: boolean) =>
    tags.filter((tag) => seen.has(tag) === isThere).map((tag) => `${tag} ${AUTHENTICATION[tag]}`);
  return `offline data authentication (not required): card can ${able.join(", ") || "none"}; read: ${list(true).join(", ") || "nothing"}; not there: ${list(false).join(", ") || "nothing"}`;
}

const ms = (value: number) => value.toFixed(1).padStart(7);
const busMs = (byteCount: number) => byteCount * BUS_MS_PER_BYTE;

/** The bytes of an exchange on the UART: command, ACK, answer. */
function exchangeBusMs({ command, answer }: Exchange): number {
  return busMs(2 * FRAME_BYTES + ACK_BYTES + command.length + answer.length);
}

/**
 * The trace of the last tap among the exchanges, and its phases. Time in the field runs from the look that found the card to the field's
 * end; on the bus frames of `FRAME_BYTES` around the data. What the board's interpreter takes is not in it.
 */
export function traceLines(exchanges: readonly Exchange[], secrets: Secrets): string[] {
  const from = exchanges.findLastIndex(({ code, answer }) => code === CODES.list && answer.charCodeAt(1) > 0);
  if (from < 0) return ["no card was found"];
  const tap = exchanges.slice(from);
  const begin = tap[0] as Exchange;
  const phases = new Map<string, number>([["poll", begin.toMs - begin.fromMs + exchangeBusMs(begin)]]);
  const objects: string[] = [];
  const lines = [`${ms(0)} ms  InListPassiveTarget: ${begin.answer.charCodeAt(1)} card`];
  for (const each of tap.filter(({ code }) => code === CODES.exchange)) {
    const apdu = each.command.slice(1);
    const answer = each.answer.slice(2);
    const { phase, name } = meaningOf(apdu);
    const tookMs = each.toMs - each.fromMs + exchangeBusMs(each);
    phases.set(phase, (phases.get(phase) ?? 0) + tookMs);
    const status = hexOf(answer.slice(-2));
    const meaning = answer === "" ? "no answer" : `${status} ${STATUSES[status] ?? ""}`;
    const show = (hex: string) => masked(hex, secrets);
    const found = objectsOf(show(hexOf(answer.slice(0, -2))), 7);
    objects.push(...found);
    lines.push(
      `${ms(each.fromMs - begin.fromMs)} ms  ${show(name)}  (${tookMs.toFixed(1)} ms)`,
      `            > ${show(hexOf(apdu))}`,
      `            < ${meaning}`,
      ...found,
    );
  }
  const end = tap.find(({ code, command }) => code === CODES.configure && command.startsWith("\x01\0"));
  const totalMs = (end?.fromMs ?? (tap.at(-1) as Exchange).toMs) - begin.fromMs;
  return [
    ...lines,
    "",
    authenticationLine(objects),
    "",
    ...[...phases, ["in the field", totalMs] as const].map(([name, each]) => `${ms(each)} ms  ${name}`),
  ];
}
