/** `tillet update`: a key for updates, a signed update from a bundle, and an update into the host, which terminals then fetch. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import nacl from "tweetnacl";
import { pagesOf } from "../../flash/slots";
import { keyIn, newUpdateKey, readUpdateKey, signUpdate } from "../../flash/update";
import { keepFirmware, readUpdate } from "../host/firmware";
import { openHost } from "../host/host";
import { bundleIn, packageVersion } from "./flash";
import { UsageError } from "./values";

/** The secret key into `out`, for its owner's eyes, and the public one beside it. */
export function makeUpdateKey(out: string): number {
  const { secretKey, publicKey } = newUpdateKey();
  const hex = (key: Uint8Array) => `${Buffer.from(key).toString("hex")}\n`;
  writeFileSync(out, hex(secretKey), { mode: 0o600, flag: "wx" });
  writeFileSync(`${out}.pub`, hex(publicKey), { flag: "wx" });
  process.stdout.write(`${out} signs updates: keep it off the network. ${out}.pub is for hosts.\n`);
  return 0;
}

export interface SignCommand {
  bundle: string;
  keyFile: string;
  version: string | undefined;
  out: string | undefined;
}

export function sign({ bundle, keyFile, version, out = `${bundle}.update` }: SignCommand): number {
  const key = fromFile(keyFile, readUpdateKey);
  if (!existsSync(bundle)) throw new UsageError(`${bundle}: there is no such file.`);
  if (version !== undefined && !/^[0-9]{1,6}$/.test(version))
    throw new UsageError(`--version ${version}: a whole number up to 999999 wanted.`);
  const update = bundleIn(bundle, version === undefined ? packageVersion() : Number(version));
  writeFileSync(out, signUpdate(update, key));
  process.stdout.write(`${out}: version ${update.version} for ${update.profile}, ${pagesOf(update)} pages of flash.\n`);
  return 0;
}

export interface LoadCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile?: string | undefined;
  file: string;
  keyFile: string;
}

export async function loadUpdate({ file, keyFile, ...database }: LoadCommand): Promise<number> {
  const publicKey = fromFile(keyFile, (text) => keyIn(text, nacl.sign.publicKeyLength));
  if (!existsSync(file)) throw new UsageError(`${file}: there is no such file.`);
  const update = fromFile(file, () => readUpdate(readFileSync(file), publicKey));
  const host = await openHost(database);
  try {
    await host.store.transact((session) => keepFirmware(session, update));
    process.stdout.write(`Version ${update.version}: terminals on ${update.profile} fetch it while they idle.\n`);
  } finally {
    await host.close();
  }
  return 0;
}

/** What is wrong is said with the file's name. */
function fromFile<T>(file: string, read: (text: string) => T): T {
  if (!existsSync(file)) throw new UsageError(`${file}: there is no such file.`);
  try {
    return read(readFileSync(file, "latin1"));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
