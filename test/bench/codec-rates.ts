/** Packing and unpacking a request of 17 fields at the host, against the most used npm package, in CPU time of one process. */
import Iso8583 from "iso_8583";
import { type Fields, pack, unpack } from "../../src/host/iso8583";

const ROUNDS = 7;
const ROUND_US = 200_000;

const VALUES: Record<number, string> = {
  2: "4761739001010010",
  3: "000000",
  4: "000000001250",
  11: "000007",
  14: "2812",
  22: "051",
  23: "001",
  25: "00",
  26: "12",
  35: "4761739001010010=28122011143800000000",
  41: "00000001",
  42: "000000000000001",
  49: "978",
  53: "2600000000000000",
  55: "\x9f\x26\x08\x95\xbb\xe3\x72\x27\x1d\xda\x7c\x9f\x27\x01\x80".repeat(8),
  60: "22000001003",
  64: "\x01\x23\x45\x67\x89\xab\xcd\xef",
};

/** Theirs takes bytes as hexadecimal digits, and goes by a newer edition. */
const THEIR_VALUES = Object.fromEntries(
  Object.entries(VALUES).map(([field, value]) => [
    field,
    field === "55" || field === "64" ? Buffer.from(value, "latin1").toString("hex") : value,
  ]),
);
const THEIR_FORMATS = {
  53: { ContentType: "n", Label: "security", LenType: "fixed", MaxLen: 16 },
  64: { ContentType: "an", Label: "mac", LenType: "fixed", MaxLen: 16 },
};

const fields: Fields = Object.assign(["0200"], VALUES);

export function ours(): Fields | null {
  return unpack(pack(fields));
}

export function theirs(): Record<string, string> {
  const packed = new Iso8583({ 0: "0200", ...THEIR_VALUES }, THEIR_FORMATS).getBufferMessage();
  return new Iso8583(undefined, THEIR_FORMATS).getIsoJSON(packed);
}

/** Both must have done the work. */
function check(): void {
  const [own, other] = [ours(), theirs()];
  for (const field of Object.keys(VALUES)) {
    if (own?.[Number(field)] !== VALUES[Number(field)] || other[field] !== THEIR_VALUES[field])
      throw new Error(`field ${field} got lost`);
  }
}

/** Times a second in one round. */
function rate(run: () => unknown, atOnce: number): number {
  const start = process.cpuUsage().user;
  let count = 0;
  let tookUs = 0;
  while (tookUs < ROUND_US) {
    for (let i = 0; i < atOnce; i++) run();
    count += atOnce;
    tookUs = process.cpuUsage().user - start;
  }
  return (count / tookUs) * 1e6;
}

/** Best of some rounds, in turns: what else the machine does hits both. */
export function codecRates(): { ours: number; theirs: number } {
  check();
  const best = { ours: 0, theirs: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    best.ours = Math.max(best.ours, rate(ours, 500));
    best.theirs = Math.max(best.theirs, rate(theirs, 20));
  }
  return best;
}
