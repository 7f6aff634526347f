/** A journal on simulated flash, driven until it rests, and the acts of a sale as the terminal journals them. */
import { advance } from "../../src/crypto/ratchet";
import { testKey } from "../../src/host/keys";
import { advance as hostAdvance } from "../../src/host/seal";
import { toBigEndian } from "../../src/proto/bytes";
import { plain } from "../../src/proto/plain";
import { readBook, type StoredBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { type FlashTwin } from "../../src/sim/twins/flash";
import { outcomeBody, saleBody } from "../../src/txn/book";
import { journal } from "../../src/txn/acts";
import { forward } from "../../src/txn/forward";
import { append, onFlash } from "../../src/txn/journal";
import { Record } from "../../src/txn/record";
import { loadJournal } from "../../src/txn/replay";
import { isJournalBusy, type Journal } from "../../src/txn/ring";
import { openJournal } from "../../src/txn/ring-open";
import { Event, openTerminal, State, type Terminal, type Transaction } from "../../src/txn/state";
import type { Works } from "../../src/txn/works";
import { transaction } from "./samples";

/** Reads that a power-on may take: 14 heads and 9 pieces for each page that turns out to have no key. */
const READS_MAX = 2 + 14 * (14 + 9) + 1;
const NOISE = seededBytes(20260105)(150);
const frameOf = (counter: number) => NOISE.slice(0, 9) + toBigEndian(counter, 4) + NOISE.slice(13);
/** What the first sale has for the case that there is no answer. */
export const FRAME = frameOf(2);
const ANSWER_KEY = seededBytes(7)(32);

export class Device {
  readonly t: Terminal = openTerminal();
  readonly j: Journal;
  private readonly answers: string[] = [];

  constructor(readonly flash: Pick<FlashTwin, "read" | "write" | "erase">) {
    this.j = openJournal(
      {
        read: (address, byteCount) => this.answers.push(flash.read(address, byteCount)),
        write: (address, text) => flash.write(address, text),
        erase: (address) => flash.erase(address),
      },
      plain,
    );
  }

  load(): Event {
    loadJournal(this.j);
    return this.rest();
  }

  /** Journals one record of the transaction in hand. */
  write(kind: string): Event {
    const { t, j } = this;
    if (!t.txn) throw new Error("no transaction");
    if (kind === Record.Sale) {
      const key = new Uint32Array(8);
      advance(j.chain, key);
      advance(j.chain, key);
      j.counter += 2;
      append(j, t, kind, saleBody(t.txn, ANSWER_KEY, frameOf(j.counter - 1)), true);
    } else {
      Object.assign(t.txn, { rrn: "600512000007", approvalCode: "123456", localTime: "20260105120002" });
      append(j, t, kind, outcomeBody({ ...t.txn, responseCode: "51" }, kind), false);
    }
    return this.rest();
  }

  /** A sale with all its records. Lost when one of them could not be written. */
  sell(amountMinor: number, kinds: string = "SAR"): Event {
    this.t.txn = transaction({ stan: this.t.nextStan, amountMinor });
    for (const kind of kinds) if (this.write(kind) === Event.Lost) return Event.Lost;
    return Event.None;
  }

  /** A small sale without a link: it waits. */
  store(amountMinor: number, about = ""): void {
    this.t.txn = transaction({ stan: this.t.nextStan, kind: "30", amountMinor, about });
    this.write(Record.Sale);
    this.t.isOpen = this.t.waiting === "";
  }

  /** The oldest that waits is in hand. Forward; or Lost when it is not in flash. */
  takeOldest(): Event {
    Object.assign(this.t, { state: State.Idle, isLinkUp: true });
    const works = { t: this.t, journal: this.j } as Works;
    const event = forward(works) || this.rest();
    if (event === Event.Forward && journal(works, Record.Forward)) this.rest();
    return event;
  }

  /** Closes the batch with all its records. */
  close(): void {
    const { t, j } = this;
    const txn: Transaction = transaction({
      stan: t.nextStan,
      kind: "00",
      about: "201",
      amountMinor: 0,
      panMasked: " ".repeat(10),
    });
    t.txn = txn;
    this.write(Record.Sale);
    const digits = (value: number, count: number) => String(value).padStart(count, "0");
    t.txn.about =
      digits(txn.stan, 6) +
      digits(t.batchNumber, 6) +
      t.totals +
      t.totals.slice(0, 30) +
      "1" +
      "20260105120002" +
      digits(j.sequence, 10);
    append(j, t, Record.Closed, outcomeBody(t.txn, Record.Closed), false);
    this.rest();
    this.write(Record.Printed);
  }

  private rest(): Event {
    let event: Event = Event.None;
    for (let reads = 0; isJournalBusy(this.j); reads++) {
      if (reads > READS_MAX || this.answers.length !== 1) throw new Error(`${this.answers.length} reads under way`);
      event = onFlash(this.j, this.t, this.answers.shift() as string);
    }
    return event;
  }
}

export function loaded(flash: Pick<FlashTwin, "read" | "write" | "erase">): Device {
  const device = new Device(flash);
  device.load();
  return device;
}

/** What must survive whatever happens: the totals, the next STAN, and the transaction that is not done. */
export interface Essence {
  nextStan: number;
  count: number;
  total: number;
  undone: { stan: number; amountMinor: number; status: string }[];
}

export function essenceOf({ nextStan, count, total, transactions }: StoredBook): Essence {
  const undone = transactions.filter(({ status }) => status === "open" || status === "owed");
  return {
    nextStan,
    count,
    total,
    undone: undone.map(({ stan, amountMinor, status }) => ({ stan, amountMinor, status })),
  };
}

/** As the simulator reads flash. */
export function stored(image: Uint8Array): Essence {
  return essenceOf(readBook(image));
}

/** As the firmware has it in memory. */
export function known({ nextStan, totals, txn, isOpen, isOwed }: Terminal): Essence {
  const undone =
    txn && (isOpen || isOwed)
      ? [{ stan: txn.stan, amountMinor: txn.amountMinor, status: isOpen ? "open" : "owed" }]
      : [];
  return { nextStan, count: Number(totals.slice(12, 15)), total: Number(totals.slice(0, 12)), undone };
}

/** The ratchet's chains from the device key on, as the host walks them. */
const CHAINS: Buffer[] = [];
for (let chain: Uint8Array = testKey("00000001"); CHAINS.length < 200; chain = hostAdvance(chain).chain)
  CHAINS.push(Buffer.from(chain));

/** Steps of the ratchet, up to the next key's, of which flash holds a part that is worth something. */
export function chainsIn(image: Uint8Array, counter: number): number[] {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.length);
  return CHAINS.slice(0, counter + 2).flatMap((chain, step) => (bytes.includes(chain.subarray(0, 8)) ? [step] : []));
}
