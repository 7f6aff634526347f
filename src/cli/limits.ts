/** `tillet limits`: what a terminal may take, at the host; the terminal is told that new settings wait for it. */
import { openHost } from "../host/host";
import { hostTable, setLimits } from "../host/limits";
import { limitsTable } from "../sim/factory-settings";

export interface LimitsCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile?: string | undefined;
  tid: string;
  /** `name=number`, commas between; "" for none. */
  limits: string;
  hasOperators: boolean;
}

export async function setTerminalLimits(command: LimitsCommand): Promise<number> {
  const { folder, databaseUrl, hostKeyFile, tid, limits, hasOperators } = command;
  const table = limits === "" ? "" : hostTable(limitsTable(limits), hasOperators);
  const host = await openHost({ folder, databaseUrl, hostKeyFile });
  try {
    await host.store.transact((session) => setLimits(session, tid, table));
  } finally {
    await host.close();
  }
  process.stdout.write(
    `The host refuses what goes past them from now on. Terminal ${tid} says that new settings wait: tillet provision --renew makes them.\n`,
  );
  return 0;
}
