/** `tillet rotate`: the host's next answer to a terminal asks it to sign on, and its chain rotates. */
import { openHost } from "../host/host";
import { askSignOn } from "../host/provision";

export interface RotateCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile?: string | undefined;
  tid: string;
}

export async function rotate({ folder, databaseUrl, hostKeyFile, tid }: RotateCommand): Promise<number> {
  const host = await openHost({ folder, databaseUrl, hostKeyFile });
  try {
    await host.store.transact((session) => askSignOn(session, tid));
  } finally {
    await host.close();
  }
  process.stdout.write(`Terminal ${tid} will be asked to sign on with the next answer it gets, and its keys rotate.\n`);
  return 0;
}
