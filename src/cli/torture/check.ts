/**
 * What must hold of terminals, paper, host and issuer at rest, told from the outside: from the image of the flash by a reader of its own,
 * from the slips, and from the rows of the host. Shares no code with the machine. The numbers M1 to M6 are those of `docs/rules.md`.
 */
import type { Row } from "../../host/store";
import { readBook, readHistory, readPinKeys, type StoredTransaction } from "../../sim/journal-image";
import type { SimulatedHost } from "./host";
import { readClosing, type Receipt } from "./paper";

/** A terminal at rest, from the outside. */
export interface Rested {
  tid: string;
  flash: { readonly image: Uint8Array };
  /** Slips of this batch, each a piece of paper with one head; and what is read on the complete ones. */
  pieces: readonly (readonly string[])[];
  receipts: readonly Receipt[];
}

const DEBITS = ["20", "22", "24", "30"];
const CREDITS = ["21", "23", "25"];
const DONE = ["captured", "voided"];
/** What else an approval may have become: a pre-authorisation moves nothing by itself. */
const GOOD = [...DONE, "held", "completed", "cancelled"];

/** A rule of money is broken. */
export class Broken extends Error {}

function hold(rule: string, isSo: boolean, what: () => string): void {
  if (!isSo) throw new Broken(`${rule}: ${what()}`);
}

const sum = (rows: readonly { minor: number }[]) => rows.reduce((total, { minor }) => total + minor, 0);
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** With the tip that was added to it. */
const minorOf = (row: Row) => Number(row.amount_minor) + Number(row.added_minor);

interface Booked {
  stan: number;
  code: string;
  status: string;
  minor: number;
  row: Row;
}

function bookedAt(host: SimulatedHost, tid: string, batch: number): Booked[] {
  return host.store
    .rows("txn")
    .filter((row) => row.tid === tid && row.batch === batch)
    .map((row) => ({
      stan: Number(row.stan),
      code: String(row.code),
      status: String(row.status),
      minor: minorOf(row),
      row,
    }));
}

const isApproved = ({ status }: StoredTransaction) => status === "approved" || status === "owed";

/** A batch while it is open: `till` rests. */
export function checkBatch(host: SimulatedHost, till: Rested): void {
  const { tid } = till;
  const book = readBook(till.flash.image);
  const terminal = host.store.rows("terminal").find((row) => row.tid === tid) as Row;
  hold("M1", terminal.batch === book.batch, () => `${tid} is in batch ${book.batch}, the host in ${terminal.batch}`);
  const rows = bookedAt(host, tid, book.batch);
  const done = rows.filter(({ status }) => DONE.includes(status));
  const [debits, credits] = [DEBITS, CREDITS].map((codes) => done.filter(({ code }) => codes.includes(code))) as [
    Booked[],
    Booked[],
  ];
  const ofHost = [debits.length, sum(debits), credits.length, sum(credits)];
  const ofTerminal = [book.count, book.total, book.creditCount, book.creditTotal];
  hold("M1", same(ofHost, ofTerminal), () => `${tid} says ${ofTerminal.join()}, the host ${ofHost.join()}`);
  hold("one key", book.keyCount === 1, () => `${tid} has ${book.keyCount} keys in flash`);
  checkPinKeys(host, till);

  const history = new Map(readHistory(till.flash.image).map((each) => [each.stan, each]));
  for (const { stan, row } of done) {
    const own = history.get(stan);
    hold(
      "M3",
      own !== undefined && isApproved(own),
      () => `${tid} ${stan} is ${row.status} at the host, here ${own?.status}`,
    );
    // A tip that was added later has a record of its own.
    const minor = Number(row.amount_minor);
    hold("M3", own?.amountMinor === minor, () => `${tid} ${stan} is ${minor} at the host, here ${own?.amountMinor}`);
  }
  for (const { stan, status } of rows) {
    const own = history.get(stan);
    const isGood = own === undefined || !isApproved(own) || GOOD.includes(status);
    hold("M3", isGood, () => `${tid} ${stan} is approved here, ${status} at the host`);
  }
  checkPaper(till, (batch, stan) =>
    (batch === book.batch ? rows : bookedAt(host, tid, batch)).find((each) => each.stan === stan),
  );
}

/** One state of the keys for PINs, and none to come that the host has seen. */
function checkPinKeys(host: SimulatedHost, { tid, flash }: Rested): void {
  const stored = readPinKeys(flash.image);
  const row = host.store.rows("pin_key").find((each) => each.tid === tid);
  hold("PIN keys", stored?.slotCount === 1, () => `${tid} has ${stored?.slotCount} states of them`);
  const isAhead = (stored?.counter ?? 0) >= Number(row?.next_counter);
  hold("PIN keys", isAhead, () => `${tid} is at ${stored?.counter}, the host at ${row?.next_counter}`);
}

/** Every receipt is of what was booked, and the first of each is one alone. */
function checkPaper(till: Rested, find: (batch: number, stan: number) => Booked | undefined): void {
  const originals = new Set<string>();
  for (const { batch, stan, amountMinor, rrn, lastFour, isDuplicate } of till.receipts) {
    const name = `${till.tid} ${batch} ${stan}`;
    const booked = find(batch, stan);
    hold(
      "M2",
      booked !== undefined && GOOD.includes(booked.status),
      () => `${name} has a receipt, the host has ${booked?.status}`,
    );
    const paper = [amountMinor, rrn, lastFour];
    // Of a sale in cash nobody has a card; a copy may be older than a tip.
    const card = String(booked?.row.pan_masked ?? "").slice(-4);
    const ledgers = [booked?.minor, Number(booked?.row.amount_minor)].map((minor) => [minor, booked?.row.rrn, card]);
    const ledger = ledgers[0] ?? [];
    const isSame = ledgers.some((each) => same(paper, each));
    hold("M2", isSame, () => `${name} is ${paper.join()} on paper, ${ledger.join()} at the host`);
    hold("M2", isDuplicate || !originals.has(name), () => `${name} has two first receipts`);
    if (!isDuplicate) originals.add(name);
  }
  for (const piece of till.pieces) {
    const text = piece.join("\n");
    hold(
      "M5",
      !/[0-9]{13}/.test(text.replace(/RRN +[0-9]{12}|MID +[0-9]{15}|AID +[0-9A-F]+/g, "")),
      () => `a long number on a slip`,
    );
  }
}

/** A batch that was closed: what the host answered, what stands on the report. */
export function checkClosed(host: SimulatedHost, till: Rested, batch: number): void {
  const row = host.store.rows("settlement").find((each) => each.tid === till.tid && each.batch === batch);
  hold("M1", row !== undefined, () => `${till.tid}: batch ${batch} is not closed at the host`);
  hold(
    "M1",
    row?.answered === `${String(row?.claimed)}1`,
    () => `${till.tid} ${batch}: ${row?.claimed}, the host ${row?.answered}`,
  );
  const digits = (from: number, to: number) => Number(String(row?.claimed).slice(from, to));
  for (const piece of till.pieces) {
    const report = readClosing(piece);
    if (report?.batch !== batch) continue;
    const paper = [report.agrees, ...report.debits, ...report.credits];
    const claimed = [true, digits(12, 15), digits(0, 12), digits(27, 30), digits(15, 27)];
    hold(
      "M1",
      same(paper, claimed),
      () => `the report of ${till.tid} ${batch} says ${paper.join()}, the host has ${claimed.join()}`,
    );
  }
}

/** Postings balance, balances are their entries, no card is below zero; and the issuer has moved what the transactions say, to the cent. */
export function checkLedger(host: SimulatedHost, fundedMinor: number): void {
  const balances = new Map(host.store.rows("account").map((row) => [row.account as string, row]));
  const entries = host.store.rows("entry");
  const postings = new Map<string, number>();
  const accounts = new Map<string, number>();
  for (const { posting, account, amount_minor } of entries) {
    postings.set(posting as string, (postings.get(posting as string) ?? 0) + Number(amount_minor));
    accounts.set(account as string, (accounts.get(account as string) ?? 0) + Number(amount_minor));
  }
  for (const [posting, minor] of postings) hold("ledger", minor === 0, () => `posting ${posting} is off by ${minor}`);
  for (const [account, row] of balances) {
    const minor = accounts.get(account) ?? 0;
    hold("ledger", minor === row.balance_minor, () => `${account} has ${row.balance_minor}, its entries ${minor}`);
    hold("ledger", row.may_be_negative === true || minor >= 0, () => `${account} has ${minor}`);
  }
  const all = host.store.rows("txn");
  const rows = all.filter(({ status }) => DONE.includes(String(status)));
  const movedOf = (codes: readonly string[]) =>
    sum(rows.filter(({ code }) => codes.includes(String(code))).map((row) => ({ minor: minorOf(row) })));
  // What is held has left the card.
  const held = sum(all.filter(({ status }) => status === "held").map((row) => ({ minor: minorOf(row) })));
  const atCards = [...balances.values()]
    .filter(({ kind }) => kind === "card")
    .reduce((total, row) => total + Number(row.balance_minor), 0);
  const covered = -Number([...balances.values()].find(({ kind }) => kind === "cover")?.balance_minor ?? 0);
  // A void of a refund takes again what the refund gave.
  const voidedRefunds = rows
    .filter((row) => row.kind === "void" && isOfRefund(rows, row))
    .reduce((total, row) => total + Number(row.amount_minor), 0);
  const spent = movedOf(DEBITS) - movedOf(CREDITS) + 2 * voidedRefunds + held;
  hold(
    "0 cents",
    fundedMinor + covered - atCards === spent,
    () => `cards paid ${fundedMinor + covered - atCards}, the sales come to ${spent}`,
  );
}

function isOfRefund(rows: readonly Row[], { tid, original_batch, original_stan }: Row): boolean {
  const original = rows.find((row) => row.tid === tid && row.batch === original_batch && row.stan === original_stan);
  return original?.kind === "refund";
}

/** At most one sale for each card that was shown. */
export function checkOnce(host: SimulatedHost, tills: readonly { tid: string; cardsShown: number }[]): void {
  for (const { tid, cardsShown } of tills) {
    const sales = host.store
      .rows("txn")
      .filter(
        (row) => row.tid === tid && ["sale", "offline"].includes(String(row.kind)) && DONE.includes(String(row.status)),
      );
    hold("M4", sales.length <= cardsShown, () => `${tid}: ${sales.length} sales of ${cardsShown} cards`);
  }
}
