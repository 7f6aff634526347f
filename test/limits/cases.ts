/** What goes past a limit and what does not: one table for the rules, for the terminal that keeps to them and for the host that checks it. */

export interface Deal {
  /** Field 60.1. */
  kind: string;
  minor: number;
  /** With a chip and no stripe; with a code of the bank's. */
  isTap?: boolean;
  isTyped?: boolean;
}

export interface Case {
  when: string;
  table: string;
  taken?: Deal[];
  next: Deal;
  /** The letter of the limit that is passed, "" for none; and what the host answers. */
  passed: string;
  answer?: string;
}

const sale = (minor: number): Deal => ({ kind: "22", minor });
const tap = (minor: number): Deal => ({ kind: "22", minor, isTap: true });
const cash = (minor: number): Deal => ({ kind: "36", minor });
const offline = (minor: number): Deal => ({ kind: "30", minor });
const typed = (minor: number): Deal => ({ kind: "30", minor, isTyped: true });
const other = (kind: string, minor: number): Deal => ({ kind, minor });

export const CASES: readonly Case[] = [
  { when: "there is no limit", table: "", next: sale(999999999), passed: "" },
  { when: "another limit than these", table: "r1", next: sale(999999999), passed: "" },
  { when: "all of one sale", table: "t5000", next: sale(5000), passed: "" },
  { when: "one minor unit more", table: "t5000", next: sale(5001), passed: "t" },
  { when: "nothing at all is allowed", table: "t0", next: sale(1), passed: "t" },
  { when: "a pre-authorisation", table: "t5000", next: other("10", 5001), passed: "t" },
  { when: "a tip adds that much", table: "t500", next: other("34", 501), passed: "t" },
  { when: "a void gives back", table: "t1d1r1", next: other("23", 5000), passed: "" },
  { when: "a cancel gives back", table: "t1d1r1", next: other("11", 5000), passed: "" },
  { when: "a balance moves nothing", table: "t0d0n0", next: other("01", 0), passed: "" },
  { when: "all of one refund", table: "r1000", next: other("25", 1000), passed: "" },
  { when: "one minor unit more of it", table: "r1000", next: other("25", 1001), passed: "r" },
  { when: "a refund knows no other limit", table: "t1d1n0s1", next: other("25", 1001), passed: "" },
  { when: "the rest of the day", table: "d6000", taken: [sale(3000), cash(2000)], next: tap(1000), passed: "" },
  { when: "more than that", table: "d6000", taken: [sale(3000), cash(2000)], next: tap(1001), passed: "d" },
  { when: "a completion", table: "d6000", taken: [other("20", 3000)], next: other("24", 3001), passed: "d" },
  { when: "a hold is not taken yet", table: "d6000", taken: [other("10", 6000)], next: sale(6000), passed: "" },
  {
    when: "a refund gives no room",
    table: "d6000",
    taken: [sale(6000), other("25", 6000)],
    next: sale(1),
    passed: "d",
  },
  { when: "a tip takes room", table: "d6000", taken: [sale(5900), other("34", 100)], next: sale(1), passed: "d" },
  { when: "the stripe's day", table: "s3000c9000", taken: [sale(2000)], next: sale(1001), passed: "s" },
  { when: "a chip has its own", table: "s3000c9000", taken: [sale(3000)], next: tap(9000), passed: "" },
  { when: "more than that one", table: "s3000c9000", taken: [tap(9000)], next: tap(1), passed: "c" },
  { when: "cash has its own", table: "m2000", taken: [sale(9000), cash(1500)], next: cash(501), passed: "m" },
  { when: "typed codes have theirs", table: "y900", taken: [typed(900)], next: typed(1), passed: "y" },
  {
    when: "what nobody asked about has its own",
    table: "f900y1",
    taken: [offline(899)],
    next: offline(2),
    passed: "f",
  },
  { when: "one of those", table: "f900l400", next: offline(401), passed: "l" },
  { when: "a code needs no such limit", table: "l400", next: typed(401), passed: "" },
  { when: "a chip without a link", table: "f900", next: { ...offline(1), isTap: true }, passed: "x", answer: "58" },
  { when: "the last of so many", table: "n3", taken: [sale(1), cash(1)], next: sale(1), passed: "" },
  { when: "one more of so many", table: "n2", taken: [sale(1), cash(1)], next: sale(1), passed: "n", answer: "65" },
  { when: "a tip is none of so many", table: "n1", taken: [sale(1), other("34", 1)], next: other("34", 1), passed: "" },
  { when: "nor takes room of them", table: "n2", taken: [sale(1), other("34", 1)], next: sale(1), passed: "" },
  { when: "the count is said first", table: "n1d1", taken: [sale(1)], next: sale(1), passed: "n", answer: "65" },
];
