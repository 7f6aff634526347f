/** `tillet host`: the reference host on its own, until Ctrl-C. */
import { openHost } from "../host/host";
import { FACTORY_TID } from "./world";

export interface HostCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile: string | undefined;
  address: string;
  port: number;
  isTest: boolean;
  /** Every message to standard error, masked. */
  isLogged: boolean;
}

export async function serveHost({
  folder,
  databaseUrl,
  hostKeyFile,
  address,
  port,
  isTest,
  isLogged,
}: HostCommand): Promise<number> {
  const host = await openHost({
    folder,
    databaseUrl,
    hostKeyFile,
    address,
    port,
    testTids: isTest ? [FACTORY_TID] : undefined,
    onChange: (change) => process.stdout.write(`${JSON.stringify(change)}\n`),
    ...(isLogged && { onMessages: (lines: string[]) => process.stderr.write(`${lines.join("\n")}\n`) }),
  });
  const database = databaseUrl === undefined ? `embedded database in ${folder}` : "database of DATABASE_URL";
  const mode = isTest ? "TEST MODE: keys and cards are public, no real money" : "test cards and test terminals refused";
  process.stderr.write(`Host on ${address}:${host.port}, ${database}; ${mode}. Ctrl-C ends it.\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await host.close();
  return 0;
}
