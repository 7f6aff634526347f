/** What the host's book must say, kept the plain way: one rule a kind, no ledger, no plan that serves both ways. */
import type { ClerkKind } from "./clerk";

export interface Entry {
  kind: ClerkKind;
  batch: number;
  card: number;
  amount: number;
  tip: number;
  /** Of a tip: the whole amount of its sale before it. */
  before: number;
  refunded: number;
  status: string;
  about?: Entry | undefined;
}

const SALES = ["sale", "cashback", "offline"];
const COMPLETIONS = ["completion", "advice"];
/** What each may be about. */
export const ABOUT: Partial<Record<ClerkKind, string[]>> = {
  void: [...SALES, "refund"],
  refund: [...SALES, ...COMPLETIONS],
  tip: SALES,
  cancel: ["preauth"],
  completion: ["preauth"],
  advice: ["preauth"],
  completionVoid: COMPLETIONS,
};
const OF_OPEN_BATCH = ["void", "tip", "completionVoid"];

export const whole = (entry: Entry) => entry.amount + entry.tip;
const done = (kind: ClerkKind) => (kind === "preauth" ? "held" : "captured");
export const isDone = ({ kind, status }: Entry) => status === done(kind);

export class Model {
  batch = 1;
  readonly entries: Entry[] = [];

  constructor(readonly money: number[]) {}

  /** Adds an entry and gives the answer's code. `tip` is the tip in a tip's amount. */
  do(entry: Entry, tip: number): string {
    const code = this.refusal(entry, tip) || (this.take(entry.card, this.cost(entry)) ? "00" : "51");
    entry.status = code === "00" ? done(entry.kind) : "declined";
    if (code === "00") this.become(entry);
    this.entries.push(entry);
    return code;
  }

  private refusal(entry: Entry, tip: number): string {
    const { kind, amount, about } = entry;
    if (!about) return "";
    if (!ABOUT[kind]?.includes(about.kind) || about.card !== entry.card || about.status !== done(about.kind))
      return "12";
    if (OF_OPEN_BATCH.includes(kind) && about.batch !== this.batch) return "12";
    if (kind === "refund") return amount <= whole(about) - about.refunded ? "" : "61";
    if (kind === "completion" || kind === "advice") return amount <= about.amount * 1.15 + 1e-6 ? "" : "13";
    if (about.refunded > 0) return "12";
    if (kind === "tip") return amount > tip && amount - tip <= about.amount ? "" : "13";
    return amount === whole(about) ? "" : "13";
  }

  /** What it takes from the card; less than nothing when it gives. */
  private cost({ kind, amount, about, before }: Entry): number {
    if (kind === "cash") return 0;
    if (!about) return amount;
    if (kind === "tip") return amount - before;
    if (kind === "refund" || kind === "cancel") return -amount;
    if (kind === "void") return about.kind === "refund" ? amount : -amount;
    const held = (kind === "completionVoid" ? about.about : about)?.amount ?? 0;
    return kind === "completionVoid" ? held - amount : amount - held;
  }

  private take(card: number, cost: number): boolean {
    if (cost > 0 && (this.money[card] ?? 0) < cost) return false;
    this.money[card] = (this.money[card] ?? 0) - cost;
    return true;
  }

  private become({ kind, amount, about, before }: Entry): void {
    if (!about) return;
    if (kind === "tip") about.tip += amount - before;
    if (kind === "refund") about.refunded += amount;
    if (kind === "cancel") about.status = "cancelled";
    if (kind === "completion" || kind === "advice") about.status = "completed";
    if (kind === "void" || kind === "completionVoid") about.status = "voided";
    if (kind === "void" && about.kind === "refund" && about.about) about.about.refunded -= amount;
    if (kind === "completionVoid" && about.about) about.about.status = "held";
  }

  /** Undoes it and gives the answer's code. */
  undo(entry: Entry): string {
    const { kind, amount, about, before } = entry;
    if (entry.status === "declined" || entry.status === "reversed") return "00";
    if (entry.status !== done(kind) || entry.refunded > 0 || entry.tip !== 0 || !this.canGoBack(entry)) return "12";
    // A card that has not enough is at nothing then: the issuer lays out the rest.
    this.money[entry.card] = Math.max(0, (this.money[entry.card] ?? 0) + this.cost(entry));
    entry.status = "reversed";
    if (!about) return "00";
    if (kind === "tip") about.tip -= amount - before;
    else if (kind === "refund") about.refunded -= amount;
    else about.status = done(about.kind);
    if (kind === "void" && about.kind === "refund" && about.about) about.about.refunded += amount;
    if (kind === "completionVoid" && about.about) about.about.status = "completed";
    return "00";
  }

  /** What it was about must still be as it left it, and no more be given back than was sold. */
  private canGoBack({ kind, amount, about, before }: Entry): boolean {
    if (!about) return true;
    const sale = about.about;
    if (kind === "tip") {
      const left = whole(about) - (amount - before);
      return about.status === "captured" && left > 0 && left >= about.refunded;
    }
    if (kind === "completionVoid") return sale?.status === "held";
    if (kind !== "void" || about.kind !== "refund" || !sale) return true;
    return sale.status === "captured" && sale.refunded + amount <= whole(sale);
  }

  /** Debit sum and count, credit sum and count, of the open batch. */
  totals(): [number, number, number, number] {
    const counted = this.entries.filter(
      ({ batch, status }) => batch === this.batch && ["captured", "voided"].includes(status),
    );
    const debits = counted.filter(({ kind }) => [...SALES, ...COMPLETIONS].includes(kind));
    const credits = counted.filter(({ kind }) => ["void", "completionVoid", "refund"].includes(kind));
    const sum = (entries: Entry[]) => entries.reduce((total, entry) => total + whole(entry), 0);
    return [sum(debits), debits.length, sum(credits), credits.length];
  }

  /** What the merchant has earned of all batches, paid out or not. */
  earned(): number {
    const standing = this.entries.filter(({ status }) => status === "captured");
    const sales = standing.filter(({ kind }) => [...SALES, ...COMPLETIONS].includes(kind));
    return sales.reduce((total, entry) => total + whole(entry) - entry.refunded, 0);
  }
}
