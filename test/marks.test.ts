/** The search finds a mark in whatever way it lies there, also a part of it, and not where there is none. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { seededBytes } from "../src/sim/random";
import { Marks } from "./marks";

const PAN = "4929618371240010";
const NAME = "ZIEGENKOPF/XAVERINE";
const KEY = createHash("sha256").update("a key").digest();

const search = new Marks().addPan("PAN", PAN).addName("name", NAME).addKey("key", KEY).open();
const ascii = (text: string) => Buffer.from(text, "latin1");
const NOISE = Buffer.from(seededBytes(7)(4096), "latin1");
const CHAIN_OF_WORDS = Buffer.from(KEY).swap32();

/** Written without a word of the search's own. */
const WAYS: [what: string, mark: string, planted: Buffer][] = [
  ["a PAN", "PAN", ascii(PAN)],
  ["a digit more than the first six", "PAN", ascii("4929618*****0010")],
  ["the digits between first six and last four, and one more", "PAN", ascii("1837124")],
  ["a PAN in UTF-16, low byte first", "PAN", Buffer.from(PAN, "utf16le")],
  ["a PAN in UTF-16, high byte first", "PAN", Buffer.from(PAN, "utf16le").swap16()],
  ["a PAN as BCD", "PAN", Buffer.from(PAN, "hex")],
  ["a PAN as BCD, half a byte on", "PAN", Buffer.from(`3${PAN}f`, "hex")],
  ["a PAN as BCD, low digit first", "PAN", Buffer.from("9492163817420001", "hex")],
  ["a PAN as text, digits changed in pairs", "PAN", ascii("9492163817420001")],
  ["a PAN backwards", "PAN", ascii("0100421738169294")],
  ["a PAN backwards as BCD", "PAN", Buffer.from("0100421738169294", "hex")],
  ["the hex of a PAN's characters", "PAN", ascii("34393239363138333731323430303130")],
  ["a PAN as a big-endian integer", "PAN", Buffer.from("0011837637e5604a", "hex")],
  ["a PAN as a little-endian integer", "PAN", Buffer.from("0011837637e5604a", "hex").reverse()],
  ...[0, 1, 2].map((lead): [string, string, Buffer] => [
    `base64 of a PAN, ${lead} bytes in`,
    "PAN",
    ascii(ascii(`${"\xf7\x9e".slice(0, lead)}${PAN}\xa5\x5a`).toString("base64")),
  ]),
  ["base64 of BCD", "PAN", ascii(Buffer.from(`77${PAN}99`, "hex").toString("base64"))],
  ["a PAN's SHA-256 in hex", "PAN", ascii(createHash("sha256").update(PAN).digest("hex"))],
  ["a PAN's SHA-1 in base64", "PAN", ascii(createHash("sha1").update(PAN).digest("base64"))],
  ["a PAN's MD5", "PAN", createHash("md5").update(PAN).digest()],
  // 4929618371240010 in five bits each, low bit first, odd parity.
  ["track 2's bits", "PAN", ascii("00100100110100010011011011000000010110011110010000010000010000001000011000000001")],
  ["a name", "name", ascii(NAME)],
  ["a name in small letters", "name", ascii(`x${NAME.toLowerCase()}`)],
  ["a piece of a name", "name", ascii("KOPF/XA")],
  ["the hex of a name", "name", ascii(ascii(NAME).toString("hex").toUpperCase())],
  ["the URL's base64 of a name", "name", ascii(ascii(`o${NAME}`).toString("base64url"))],
  ["a key", "key", KEY],
  ["twelve bytes of a key", "key", KEY.subarray(17, 29)],
  ["a key's words with their bytes turned round", "key", CHAIN_OF_WORDS],
  ["a key backwards", "key", Buffer.from(KEY).reverse()],
  ["a key in hex", "key", ascii(KEY.toString("hex"))],
  ["a key in base64, one byte in", "key", ascii(`${Buffer.concat([ascii("1"), KEY]).toString("base64")}`)],
  ["a byte string with a key on the way through UTF-8", "key", Buffer.from(KEY.toString("latin1"), "utf8")],
  ["a byte string with a key in JSON", "key", Buffer.from(JSON.stringify({ key: KEY.toString("latin1") }), "utf8")],
  ["a typed array with a key as text", "key", ascii(String(Uint8Array.from(KEY)))],
];

test.each(WAYS)("%s is found", (_, mark, planted) => {
  expect(search(planted).map((find) => find.mark)).toContain(mark);
  const hidden = Buffer.concat([NOISE.subarray(0, 1001), planted, NOISE.subarray(1001)]);
  expect(new Set(search(hidden).map((find) => find.mark))).toEqual(new Set([mark]));
});

test.each([
  ["a masked PAN", ascii("492961******0010")],
  ["first six and last four", ascii("492961 0010")],
  ["seven bytes of a key", KEY.subarray(0, 7)],
  ["noise", NOISE],
  ["zeros", Buffer.alloc(4096)],
  ["nothing", Buffer.alloc(0)],
])("%s is no find", (_, data) => expect(search(data)).toEqual([]));

test("a find says what lies where", () => {
  expect(search(ascii(`PAN ${PAN.slice(0, 7)}`))).toEqual([{ mark: "PAN", way: "ASCII", at: 4 }]);
});
