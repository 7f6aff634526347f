/**
 * What a terminal sends of each kind, and what it notes of the answer, written from `docs/protocol.md` without the host's tables: a
 * mistake in them shows.
 */
import { type Fields, MID, packMessage, type SealedRequest, type TestTerminal, unpackMessage } from "./terminal";

// prettier-ignore
const KINDS = {
  sale: ["0200", "000000", "00", "22"],
  cashback: ["0200", "090000", "00", "22"],
  void: ["0200", "200000", "00", "23"],
  refund: ["0220", "200000", "00", "25"],
  preauth: ["0100", "030000", "06", "10"],
  cancel: ["0100", "200000", "06", "11"],
  completion: ["0200", "000000", "06", "20"],
  advice: ["0220", "000000", "06", "24"],
  completionVoid: ["0200", "200000", "06", "21"],
  balance: ["0200", "310000", "00", "01"],
  offline: ["0220", "000000", "00", "30"],
  tip: ["0220", "000000", "00", "34"],
  cash: ["0220", "000000", "00", "36"],
} as const;
export type ClerkKind = keyof typeof KINDS;

const WITH_CARD = new Set<ClerkKind>(["sale", "cashback", "refund", "preauth", "balance", "offline"]);

/** What a terminal knows of one of its transactions. */
export interface Noted {
  kind: ClerkKind;
  batch: number;
  stan: number;
  amountMinor: number;
  fields: Fields;
  answer: Fields;
}

const digits = (value: number, count: number) => String(value).padStart(count, "0");

export class Clerk {
  batch = 1;
  stan = 0;

  constructor(
    readonly terminal: TestTerminal,
    /** Of the card in hand. */
    public track2: string,
    readonly send: (line: string) => Promise<string | null>,
  ) {}

  /** The fields of a new transaction; `about` an earlier one. */
  fields(kind: ClerkKind, amountMinor: number, about?: Noted, changes: Fields = {}): Fields {
    const [, processing, condition, code] = KINDS[kind];
    const fields: Fields = {
      3: processing,
      4: digits(amountMinor, 12),
      11: digits(++this.stan, 6),
      22: kind === "cash" ? "000" : "022",
      25: condition,
      41: this.terminal.tid,
      42: MID,
      49: "978",
      60: code + digits(this.batch, 6),
    };
    if (WITH_CARD.has(kind)) fields[35] = this.track2;
    if (about) {
      fields[37] = about.answer[37] ?? "";
      fields[61] = digits(about.batch, 6) + digits(about.stan, 6) + (about.answer[13] ?? "");
      if (about.kind === "preauth") fields[38] = about.answer[38] ?? "";
    }
    return Object.fromEntries(Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== ""));
  }

  /** A line to be sent, as often as one likes. */
  seal(mti: string, fields: Fields): SealedRequest {
    return this.terminal.seal(packMessage(mti, fields));
  }

  open(request: SealedRequest, reply: string | null): Fields {
    return unpackMessage(this.terminal.open(request, reply));
  }

  async ask(mti: string, fields: Fields): Promise<Fields> {
    const request = this.seal(mti, fields);
    return this.open(request, await this.send(request.line));
  }

  mtiOf(kind: ClerkKind): string {
    return KINDS[kind][0];
  }

  async do(kind: ClerkKind, amountMinor: number, about?: Noted, changes: Fields = {}): Promise<Noted> {
    const fields = this.fields(kind, amountMinor, about, changes);
    return this.repeat({ kind, batch: this.batch, stan: Number(fields[11]), amountMinor, fields, answer: {} });
  }

  /** The same transaction in a new frame. */
  async repeat(noted: Noted): Promise<Noted> {
    return { ...noted, answer: await this.ask(this.mtiOf(noted.kind), noted.fields) };
  }

  reversalOf({ kind, fields }: Noted): { mti: string; fields: Fields } {
    const kept = [3, 4, 11, 22, 25, 41, 42, 49, 60].map((field) => [field, fields[field] ?? ""]);
    return { mti: this.mtiOf(kind) === "0220" ? "0420" : "0400", fields: { ...Object.fromEntries(kept), 39: "98" } };
  }

  async undo(noted: Noted): Promise<Fields> {
    const { mti, fields } = this.reversalOf(noted);
    return this.ask(mti, fields);
  }

  /** Totals as 0500 has them; 202 after the upload. */
  settle(totals: string, asked = "201"): Promise<Fields> {
    const [stan, batch] = [digits(++this.stan, 6), digits(this.batch, 6)];
    const fields = { 11: stan, 41: this.terminal.tid, 42: MID, 48: totals, 49: "978", 60: `00${batch}${asked}` };
    return this.ask("0500", fields);
  }

  upload(noted: Noted, amountMinor = noted.amountMinor): Promise<Fields> {
    const { fields, answer } = noted;
    return this.ask("0320", {
      ...Object.fromEntries([3, 22, 25, 41, 42, 49].map((field) => [field, fields[field] ?? ""])),
      4: digits(amountMinor, 12),
      11: digits(++this.stan, 6),
      60: `${fields[60]}201`,
      61: digits(noted.batch, 6) + digits(noted.stan, 6),
      62: this.mtiOf(noted.kind) + (answer[39] ?? "00") + (answer[38] ?? "").padEnd(6),
    });
  }

  manage(asked: string, changes: Fields = {}): Promise<Fields> {
    return this.ask("0800", {
      11: digits(++this.stan, 6),
      41: this.terminal.tid,
      42: MID,
      60: `00${digits(this.batch, 6)}${asked}`,
      ...changes,
    });
  }

  /** Status, kind, amount, RRN and approval code; none when the host does not know it. */
  async query({ batch, stan }: Pick<Noted, "batch" | "stan">): Promise<string[]> {
    const answer = await this.manage("", {
      60: `61${digits(this.batch, 6)}000`,
      61: digits(batch, 6) + digits(stan, 6),
    });
    return answer[39] === "25" ? [] : (answer[62] ?? "").split("|");
  }
}

/** The 30 digits of field 48. */
export function totalsText(debitMinor: number, debitCount: number, creditMinor: number, creditCount: number): string {
  return digits(debitMinor, 12) + digits(debitCount, 3) + digits(creditMinor, 12) + digits(creditCount, 3);
}
