/** `tillet issuer-key`: loads the key that an issuer's chips are made from. It comes in a file, so that no shell remembers it. */
import { existsSync, readFileSync } from "node:fs";
import { openHost } from "../host/host";
import { addIssuerKey, ISSUER_KEY_BYTES, issuerCheckValue } from "../host/issuer-keys";

export interface IssuerKeyCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile?: string | undefined;
  issuer: string;
  keyFile: string;
}

export async function loadIssuerKey(command: IssuerKeyCommand): Promise<number> {
  const { folder, databaseUrl, hostKeyFile, issuer, keyFile } = command;
  if (!/^[0-9A-Z-]{1,16}$/.test(issuer))
    throw new Error(`--issuer ${issuer}: up to 16 digits, capital letters or - wanted.`);
  if (!existsSync(keyFile)) throw new Error(`--keys ${keyFile}: there is no such file.`);
  const text = readFileSync(keyFile, "latin1").trim();
  const key = Buffer.from(text, "hex");
  if (!/^[0-9a-f]+$/i.test(text) || key.length !== ISSUER_KEY_BYTES)
    throw new Error(`${keyFile} is not an issuer's key: it must hold ${2 * ISSUER_KEY_BYTES} hexadecimal digits.`);
  const host = await openHost({ folder, databaseUrl, hostKeyFile });
  try {
    await host.store.transact((session) => addIssuerKey(session, host.hostKey, issuer, key));
    process.stdout.write(
      `Issuer ${issuer}, key check value ${issuerCheckValue(key)}. Now ${keyFile} can be destroyed.\n`,
    );
  } finally {
    await host.close();
  }
  return 0;
}
