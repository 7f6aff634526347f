/**
 * `docs/protocol.md` out of `protocol.template.md`: tables of fields, types and answers, constants as the code has them, and a sale in full as
 * the firmware seals it. Run by `npm run tables`.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, orStop, ROOT } from "./setup.mjs";

export const PROTOCOL_FILE = join(ROOT, "docs", "protocol.md");
const TEMPLATE_FILE = join(ROOT, "tools", "protocol.template.md");

const TID = "00000001";
const COUNTER = 1;
const SALE = {
  3: "000000",
  4: "000000001250",
  11: "000001",
  22: "022",
  25: "00",
  35: "4761739001010010=28122011143800000000",
  41: TID,
  42: "000000000000001",
  49: "978",
  60: "22000001",
};
const ANSWERED = { 12: "143005", 13: "0105", 37: "600514000001", 38: "971367", 39: "00", 63: "2026" };

/** A module of the code, which is TypeScript. */
async function load(path) {
  const { tsImport } = await import("tsx/esm/api");
  return tsImport(`../src/${path}`, import.meta.url);
}

/** A constant that its file keeps to itself, as a number. */
function constant(path, name) {
  const [, value] = new RegExp(`\\b${name} = ([0-9* ]+);`).exec(readFileSync(join(ROOT, "src", path), "utf8")) ?? [];
  if (value === undefined) throw new Error(`src/${path} has no constant ${name}; see tools/protocol.mjs`);
  return value.split("*").reduce((product, factor) => product * Number(factor), 1);
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function fieldsTable({ FIELDS }) {
  return table(
    ["field", "format", "name", "meaning", "in logs"],
    FIELDS.map(({ field, format, name, meaning, shown }) => [field, `\`${format}\``, name, meaning, shown]),
  );
}

/** Field numbers of a bitmap, the 8 bytes behind a type. */
function fieldsOf(head) {
  const bits = Buffer.from(head.slice(4), "latin1").readBigUInt64BE();
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((number) => (bits >> BigInt(64 - number)) & 1n);
}

/** Types that the terminal sends now, with their answers; the others are there for what will be sent. */
function typesTable({ MESSAGE_TYPES }, codec) {
  const heads = Object.entries(codec).filter(([name]) => name.endsWith("_HEAD"));
  const sent = new Set(heads.map(([, head]) => head.slice(0, 4)));
  const isInUse = (mti) => sent.has(mti) || sent.has(mti.slice(0, 2) + (Number(mti[2]) - 1) + mti[3]);
  return table(
    ["type", "what", "fields that must be there", "fields that may be there", "in use"],
    MESSAGE_TYPES.map(({ mti, name, must, may }) => [
      mti,
      name,
      must.join(" "),
      may.map(({ fields, when }) => `${fields.join(" ")} (${when})`).join("; "),
      isInUse(mti) ? "yes" : "not yet",
    ]),
  );
}

function responsesTable({ RESPONSES }) {
  return table(
    ["code", "", "meaning"],
    RESPONSES.map(({ code, action, meaning }) => [code, action, meaning]),
  );
}

/** Pairs of hexadecimal digits, 32 bytes a line, indented as code. */
function hex(bytes) {
  const pairs = Buffer.from(bytes, "latin1").toString("hex").match(/../g);
  const lines = [];
  for (let at = 0; at < pairs.length; at += 32) lines.push(`    ${pairs.slice(at, at + 32).join(" ")}`);
  return lines.join("\n");
}

function chunks(text) {
  return text
    .match(/.{1,96}/g)
    .map((each) => `    ${each}`)
    .join("\n");
}

function words(bytes) {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function bytesOf(list) {
  return Buffer.from(list.buffer, list.byteOffset, list.byteLength);
}

function messageTable(fields, { FIELDS }) {
  const rows = FIELDS.filter(({ field }) => fields[field] !== undefined);
  return table(
    ["field", "name", "on the link"],
    rows.map(({ field, name, prefixDigits }) => {
      const value = fields[field];
      const prefix = prefixDigits > 0 ? `${String(value.length).padStart(prefixDigits, "0")} ` : "";
      return [field, name, `\`${prefix}${value}\``];
    }),
  );
}

async function example(fields, codec) {
  const [{ openSeals, sealRequest }, { plain }, host, { pack }] = await Promise.all(
    ["txn/seal.ts", "proto/plain.ts", "host/seal.ts", "host/iso8583.ts"].map(load),
  );
  const key = createHash("sha256").update(`tillet test key ${TID}`).digest();
  const chain = words(key);
  const { key: requestKey } = host.advance(key);
  const values = (number) => SALE[number] ?? "";
  const request = codec.packRequest([codec.SALE_HEADS.substr(0, 12), ...codec.REQUEST_FIELDS.map(values)]);
  const frame = sealRequest(openSeals(plain), TID, chain, COUNTER, request, new Uint32Array(8));
  const answerFields = Object.assign(["0210"], { ...SALE, ...ANSWERED });
  for (const number of [22, 25, 35]) delete answerFields[number];
  const answer = pack(answerFields);
  const answerLine = host.sealAnswer(TID, COUNTER, answer, requestKey);
  const nonce = (direction) =>
    Buffer.concat([
      Buffer.from(`${direction}\x01${TID}\0\0\0\0\0\0`, "latin1"),
      Buffer.from([COUNTER, 0, 0, 0, 0, 0, 0, 0]),
    ]);
  const section = (title, text) => `${title}\n\n${text}`;
  return [
    section("Key, the first chain:", hex(key.toString("latin1"))),
    section("Chain after this request:", hex(bytesOf(chain).toString("latin1"))),
    section("Key of this request and its answer:", hex(Buffer.from(requestKey).toString("latin1"))),
    section("Nonce of the request:", hex(nonce("Q").toString("latin1"))),
    section(`Message, ${request.length} bytes:`, hex(request)),
    messageTable(SALE, fields),
    section(`Frame, ${frame.length} bytes: header, tag, cipher text:`, hex(frame)),
    section(
      "Line, in pieces here, with a line feed at its end:",
      chunks(Buffer.from(frame, "latin1").toString("base64")),
    ),
    section("Nonce of the answer:", hex(nonce("A").toString("latin1"))),
    section(`Message of the answer, ${answer.length} bytes:`, hex(answer)),
    messageTable(answerFields, fields),
    section("Line of the answer:", chunks(answerLine.trimEnd())),
  ].join("\n\n");
}

/** The whole page. */
export async function renderProtocol() {
  const [fields, codec, responses, frame, work] = await Promise.all(
    [
      "proto/fields.table.ts",
      "proto/codec.table.ts",
      "proto/responses.table.ts",
      "proto/frame.ts",
      "crypto/work.ts",
    ].map(load),
  );
  const values = {
    FIELDS: fieldsTable(fields),
    MESSAGE_TYPES: typesTable(fields, codec),
    RESPONSES: responsesTable(responses),
    EXAMPLE: await example(fields, codec),
    EXAMPLE_TID: TID,
    FRAME_VERSION: frame.FRAME_VERSION,
    LINE_BYTES_MIN: frame.LINE_BYTES_MIN,
    LINE_BYTES_MAX: frame.LINE_BYTES_MAX,
    MESSAGE_BYTES_MAX: work.MESSAGE_BYTES_MAX,
    ANSWER_WAIT_S: constant("txn/link.ts", "ANSWER_WAIT_MS") / 1000,
    TRIES_MAX: constant("txn/link.ts", "TRIES_MAX"),
    ENDLESS_WAIT_S: constant("txn/link.ts", "ENDLESS_WAIT_MS_MAX") / 1000,
    IDLE_MIN: constant("host/gateway.ts", "IDLE_MS_MAX") / 60000,
    COUNTER_WINDOW: constant("host/service.ts", "COUNTER_WINDOW"),
    UPSTREAM_BYTES_MAX: constant("host/upstream.ts", "FRAME_BYTES_MAX"),
  };
  return readFileSync(TEMPLATE_FILE, "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`the template asks for ${name}, which nobody makes`);
    return String(values[name]);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orStop(async () => {
    ensureInstalled();
    writeFileSync(PROTOCOL_FILE, await renderProtocol());
  });
}
