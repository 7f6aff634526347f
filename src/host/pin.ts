/**
 * PINs at the issuer: opened with the keys of AES DUKPT, compared with a keyed hash, counted. A PIN in clear lives in a variable of this
 * file for the length of a comparison and goes nowhere else.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { initialKey, KSN_BYTES, openPinBlock0, openPinBlock4, workingKey } from "./dukpt";
import { openKey, sealKey } from "./keys";
import type { Session } from "./store";

const BASE_KEY_BYTES = 16;
const BLOCK_4_BYTES = 16;
const TRIES_MAX = 3;

/** What a terminal sends: serial number of the key, and a block of format 4 (AES-128) or 0 (two-key TDEA). */
export interface PinData {
  serial: Uint8Array;
  block: Uint8Array;
  format: "4" | "0";
}

/** What a terminal is loaded with: initial key id, 8 bytes, and the key of that name. */
export interface PinKey {
  id: Uint8Array;
  key: Uint8Array;
}

/** The PIN data among a message's fields (see `fields.table`): undefined when there is none, null when it is not whole. */
export function pinDataOf(fields: readonly (string | undefined)[]): PinData | null | undefined {
  const [block0, pinKey] = [fields[52], fields[59]];
  if (block0 === undefined && pinKey === undefined) return undefined;
  const bytes = Buffer.from(pinKey ?? "", "latin1");
  const serial = bytes.subarray(0, KSN_BYTES);
  const block4 = bytes.subarray(KSN_BYTES);
  if (block0 === undefined && block4.length === BLOCK_4_BYTES) return { serial, block: block4, format: "4" };
  if (block0 === undefined || serial.length < KSN_BYTES || block4.length > 0) return null;
  return { serial, block: Buffer.from(block0, "latin1"), format: "0" };
}

/**
 * Opens a PIN that `tid` sent for `pan`. Each key of a terminal counts once and in its order, whatever becomes of the sale: 63 for any
 * other; 81 when no PIN is in the block.
 */
export async function openPin(
  session: Session,
  hostKey: Uint8Array,
  tid: string,
  pan: string,
  { serial, block, format }: PinData,
): Promise<{ pin: string } | { refusal: "63" | "81" }> {
  const keyId = Buffer.from(serial.subarray(0, 8)).toString("hex");
  const counter = Buffer.from(serial).readUInt32BE(8);
  const [known] = await session.query("select next_counter from pin_key where key_id = $1 and tid = $2 for update", [
    keyId,
    tid,
  ]);
  if (!known || counter < Number(known.next_counter)) return { refusal: "63" };
  await session.query("update pin_key set next_counter = $2 where key_id = $1", [keyId, counter + 1]);
  const base = await findBaseKey(session, hostKey, keyId.slice(0, 8));
  const pin =
    format === "4"
      ? openPinBlock4(workingKey(base, serial, "PIN, AES-128"), block, pan)
      : openPinBlock0(workingKey(base, serial, "PIN, TDEA-2"), block, pan);
  return pin === "" ? { refusal: "81" } : { pin };
}

/** 00; 55 when it is wrong; 75 at the third wrong one in a row, and for any PIN after that. */
export async function checkPin(
  session: Session,
  hostKey: Uint8Array,
  panHash: string,
  pin: string,
): Promise<"00" | "55" | "75"> {
  const [known] = await session.query("select reference, wrong_tries from card_pin where pan_hash = $1 for update", [
    panHash,
  ]);
  if (!known) return "55";
  const tries = Number(known.wrong_tries);
  if (tries >= TRIES_MAX) return "75";
  const isRight = timingSafeEqual(known.reference as Uint8Array, referenceOf(hostKey, panHash, pin));
  const wrongTries = isRight ? 0 : tries + 1;
  if (wrongTries !== tries)
    await session.query("update card_pin set wrong_tries = $2 where pan_hash = $1", [panHash, wrongTries]);
  if (isRight) return "00";
  return wrongTries >= TRIES_MAX ? "75" : "55";
}

/** Gives a card its PIN, and all its tries. */
export async function setPin(session: Session, hostKey: Uint8Array, panHash: string, pin: string): Promise<void> {
  await session.query(
    `insert into card_pin (pan_hash, reference, wrong_tries) values ($1, $2, 0)
     on conflict (pan_hash) do update set reference = excluded.reference, wrong_tries = 0`,
    [panHash, referenceOf(hostKey, panHash, pin)],
  );
}

/** Ten thousand PINs are tried in no time: only the key, which is not in the database, makes the reference worth nothing alone. */
function referenceOf(hostKey: Uint8Array, panHash: string, pin: string): Uint8Array {
  const key = createHmac("sha256", hostKey).update("tillet pin reference").digest();
  return createHmac("sha256", key).update(`${panHash} ${pin}`).digest();
}

async function findBaseKey(session: Session, hostKey: Uint8Array, baseId: string): Promise<Uint8Array> {
  const [known] = await session.query("select key_box from base_key where base_id = $1", [baseId]);
  if (!known) throw new Error(`no base key ${baseId}`);
  return openKey(hostKey, known.key_box as Uint8Array);
}

/** The keys that a new device of `tid` takes PINs with. Its id was never another's; those of the device before it are void. */
export async function issuePinKey(session: Session, hostKey: Uint8Array, tid: string): Promise<PinKey> {
  const [known] = await session.query("select base_id from base_key where not is_test limit 1");
  const baseId = known ? String(known.base_id) : await addBaseKey(session, hostKey);
  const id = Buffer.concat([Buffer.from(baseId, "hex"), randomBytes(4)]);
  await session.query("insert into pin_key (key_id, tid, next_counter) values ($1, $2, 1)", [id.toString("hex"), tid]);
  return { id, key: initialKey(await findBaseKey(session, hostKey, baseId), id) };
}

/** What the device of `tid` has now is good for no PIN any more. The ids stay known, so that none is given twice. */
export async function voidPinKeys(session: Session, tid: string): Promise<void> {
  await session.query("update pin_key set tid = null where tid = $1", [tid]);
}

async function addBaseKey(session: Session, hostKey: Uint8Array): Promise<string> {
  const baseId = randomBytes(4).toString("hex");
  await session.query("insert into base_key (base_id, key_box, is_test) values ($1, $2, false)", [
    baseId,
    sealKey(hostKey, randomBytes(BASE_KEY_BYTES)),
  ]);
  return baseId;
}
