/** A request of 17 fields, packed and unpacked as often as the bench wants (`test/bench/bench.ts`). */
import { unpack } from "../../src/proto/iso8583";
import { HEAD, pack } from "./request.table";

declare const io: { cases: ((times: number) => void)[] };

const PAN = "4761739001010010";
const TRACK = "4761739001010010=28122011143800000000";
const AMOUNT = "000000001250";
const MID = "000000000000001";
const SECURITY = "2600000000000000";
const CHIP = "\x9f\x26\x08\x95\xbb\xe3\x72\x27\x1d\xda\x7c\x9f\x27\x01\x80".repeat(8);
const BATCH = "22000001003";
const MAC = "\x01\x23\x45\x67\x89\xab\xcd\xef";

// prettier-ignore
function packed(): string {
  return pack([
    HEAD, PAN, "000000", AMOUNT, "000007", "2812", "051", "001", "00", "12", TRACK, "00000001", MID, "978", SECURITY, CHIP, BATCH, MAC,
  ]);
}

const message = packed();

io.cases = [
  (times) => {
    for (; times--;) packed();
  },
  (times) => {
    for (; times--;) if (!unpack(message)) throw new Error("does not unpack");
  },
];
