/** What merchants and the host's people forbid in the days of trade: limits of a terminal, and cards that nobody takes; and that both hold. */
import { hostTable } from "../../host/limits";
import type { Row } from "../../host/store";
import { limitsTable, type FactorySettings } from "../../sim/factory-settings";
import { blockAt } from "../block";
import { RICH_PANS } from "./actions";
import { Broken } from "./check";
import type { Dice } from "./dice";
import type { SimulatedHost } from "./host";

export type TillSettings = Partial<FactorySettings> & Pick<FactorySettings, "tid">;

const TRANSACTION_MINOR_MAX = 8000;
const SALE_CODE = "22";
const DONE = ["captured", "voided"];

/** Limits of a terminal, from chance; in reach, so that they are met. */
export function drawnLimits(dice: Dice): string {
  const amounts = `transaction=${TRANSACTION_MINOR_MAX},refund=6000,offline=${dice.between(5, 100) * 1000}`;
  return limitsTable(
    `${amounts},count=${dice.between(100, 400)},hours=${dice.between(1, 48)},repeat=${dice.between(1, 9)}`,
  );
}

/** The host has the same ones, as provisioning would have told it. */
export async function tellLimits(host: SimulatedHost, { tid, limits, floor, operators }: TillSettings): Promise<void> {
  const table = hostTable(limits ?? "", operators === "on", floor);
  await host.store.transact((session) => session.query("update terminal set limits = $2 where tid = $1", [tid, table]));
}

/** Sales of a terminal that has limits; with operators some of them may do more. */
export function checkLimits(host: SimulatedHost, { tid, limits, operators }: TillSettings): void {
  if (!limits || operators === "on") return;
  const over = host.store
    .rows("txn")
    .find(
      (row) =>
        row.tid === tid && row.code === SALE_CODE && isDone(row) && Number(row.amount_minor) > TRANSACTION_MINOR_MAX,
    );
  if (over) throw new Broken(`limits: ${tid} ${over.stan} is a sale of ${over.amount_minor}`);
}

const isDone = ({ status }: Row) => DONE.includes(String(status));

/** Cards on the host's list, each with how many transactions there were when it came there. */
export class Blocked {
  private readonly since = new Map<string, number>();

  constructor(private readonly host: SimulatedHost) {}

  /** One comes there, or goes again; the others are good. */
  async change(dice: Dice): Promise<void> {
    const block = blockAt(this.host.host);
    const [there] = this.since.keys();
    const pan = there ?? dice.pick(RICH_PANS);
    await block(pan, there === undefined);
    if (there === undefined) this.since.set(pan, this.host.store.rows("txn").length);
    else this.since.delete(pan);
  }

  /** No sale was approved with a card that was on the list. What was taken without the host is told to it afterwards. */
  check(): void {
    const rows = this.host.store.rows("txn");
    for (const [pan, count] of this.since) {
      const masked = `${pan.slice(0, 6)}${pan.slice(-4)}`;
      const found = rows
        .slice(count)
        .find(
          (row) => row.code === SALE_CODE && isDone(row) && String(row.pan_masked).replace(/[^0-9]/g, "") === masked,
        );
      if (found) throw new Broken(`block list: ${found.tid} ${found.stan} is a sale with a card that is on it`);
    }
  }
}
