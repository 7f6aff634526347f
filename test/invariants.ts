/** The money invariants of a run at rest, from the outside: flash image, host's database, paper, wire. Shares nothing with the firmware. */
import { expect } from "vitest";
import type { Host } from "../src/host/host";
import { readBook, readHistory, readPinKeys } from "../src/sim/journal-image";
import { pinKeyNames, pinKeysIn } from "./pin-keys";
import type { Played } from "./world";

/** M1 to M4, M6, and that flash holds one key, and of PINs those to come. `salesMax`: how often the green key began a sale. */
export async function checkInvariants(played: Played, host: Host, salesMax: number): Promise<void> {
  const book = readBook(played.image);
  const history = readHistory(played.image);
  const rows = await host.store.query("select stan, status, kind, amount_minor from txn order by stan");
  // A voided sale was captured, and its void takes it back; a pre-authorisation was held.
  const done = ["captured", "voided", "held", "completed", "cancelled"];
  const captured = rows.filter(({ status }) => done.includes(String(status)));
  const approved = history.filter(({ status }) => status === "approved" || status === "owed");

  expect(played.agree, "M1: totals agree").toBe(true);
  for (const slip of played.slips.map(({ lines }) => lines.join("\n")).filter((text) => text.includes("APPROVED"))) {
    // A scrap that was torn off above the number is no receipt.
    if (!slip.includes("TOTAL")) continue;
    const stan = Number(/STAN ([0-9]{6})/.exec(slip)?.[1]);
    expect(
      captured.map((row) => row.stan),
      "M2: a receipt has a captured sale",
    ).toContain(stan);
  }
  for (const row of captured)
    expect(
      approved.map(({ stan }) => stan),
      "M3: captured is approved here",
    ).toContain(row.stan);
  expect(captured.filter(({ kind }) => kind === "sale").length, "M4: charged once").toBeLessThanOrEqual(salesMax);
  for (const kind of ["void", "refund", "preauth", "completion", "tip", "cash", "offline"])
    expect(captured.filter((row) => row.kind === kind).length, `M4: one ${kind} at most`).toBeLessThanOrEqual(1);
  const settled = await host.store.query("select batch, claimed, answered from settlement");
  for (const { claimed, answered } of settled)
    expect(String(answered), "M1: the closed batch").toBe(`${String(claimed)}1`);
  expect(reusedCounters(played.sent), "M6: one plaintext a counter").toEqual([]);
  expect(book.keyCount, "one key in flash").toBe(1);
  await checkPinKeys(played.image, host);
  await checkLedger(host);
}

/** One state, no key that was used, and none to come that the host has seen. */
async function checkPinKeys(image: Uint8Array, host: Host): Promise<void> {
  const stored = readPinKeys(image);
  const counter = stored?.counter ?? 0;
  const keyId = Buffer.from(stored?.id ?? []).toString("hex");
  const [row] = await host.store.query("select next_counter from pin_key where key_id = $1", [keyId]);
  expect(stored?.slotCount, "one state of PIN keys").toBe(1);
  expect(pinKeysIn(image), "PIN keys that are used are gone").toEqual(pinKeyNames(counter));
  expect(counter, "no PIN key comes twice").toBeGreaterThanOrEqual(Number(row?.next_counter));
}

/** Every posting adds up to zero, every balance is the sum of its entries. */
export async function checkLedger(host: Host): Promise<void> {
  const lopsided = await host.store.query("select posting from entry group by posting having sum(amount_minor) <> 0");
  const drifted = await host.store.query(
    `select a.account from account a left join entry e on e.account = a.account
     group by a.account, a.balance_minor having a.balance_minor <> coalesce(sum(e.amount_minor), 0)`,
  );
  expect(lopsided, "every posting is balanced").toEqual([]);
  expect(drifted, "every balance is its entries").toEqual([]);
}

/** Counters that went over the wire with two different frames. */
function reusedCounters(sent: readonly string[]): number[] {
  const frames = new Map<number, string>();
  return sent.flatMap((line) => {
    const counter = Buffer.from(line, "base64").readUInt32BE(9);
    const known = frames.get(counter);
    frames.set(counter, line);
    return known !== undefined && known !== line ? [counter] : [];
  });
}
