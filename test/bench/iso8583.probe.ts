/** A request of 17 fields, packed and unpacked as often as the bench wants: see `src/cli/bench`. */
import { headOf } from "../../src/proto/head";
import { counted2, counted3, unpack } from "../../src/proto/iso8583";

declare const io: { cases: Record<string, (times: number) => void> };

const HEAD = headOf("0200", [2, 3, 4, 11, 14, 22, 23, 25, 26, 35, 41, 42, 49, 53, 55, 60, 64]);

interface Request {
  pan: string;
  processing: string;
  amount: string;
  stan: string;
  expiry: string;
  entry: string;
  sequence: string;
  condition: string;
  pinLength: string;
  track2: string;
  tid: string;
  mid: string;
  currency: string;
  security: string;
  chip: string;
  batch: string;
  mac: string;
}

const request: Request = {
  pan: "4761739001010010",
  processing: "000000",
  amount: "000000001250",
  stan: "000007",
  expiry: "2812",
  entry: "051",
  sequence: "001",
  condition: "00",
  pinLength: "12",
  track2: "4761739001010010=28122011143800000000",
  tid: "00000001",
  mid: "000000000000001",
  currency: "978",
  security: "2600000000000000",
  chip: "\x9f\x26\x08\x95\xbb\xe3\x72\x27\x1d\xda\x7c\x9f\x27\x01\x80".repeat(8),
  batch: "22000001003",
  mac: "\x01\x23\x45\x67\x89\xab\xcd\xef",
};

function pack(r: Request): string {
  return [
    HEAD,
    counted2(r.pan),
    r.processing,
    r.amount,
    r.stan,
    r.expiry,
    r.entry,
    r.sequence,
    r.condition,
    r.pinLength,
    counted2(r.track2),
    r.tid,
    r.mid,
    r.currency,
    r.security,
    counted3(r.chip),
    counted3(r.batch),
    r.mac,
  ].join("");
}

const message = pack(request);

io.cases = {
  pack: (times) => {
    for (; times--;) pack(request);
  },
  unpack: (times) => {
    for (; times--;) if (!unpack(message)) throw new Error("does not unpack");
  },
};
