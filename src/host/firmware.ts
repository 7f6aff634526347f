/**
 * Firmware for terminals with two slots (`docs/updates.md`). An update's file is taken only with a good Ed25519 signature (RFC 8032), and only when it is
 * newer than any before: the host is the one that checks it, since a terminal's engine would take minutes. What leaves in sealed frames the
 * terminals believe. A terminal asks for its update piece by piece, by place.
 *
 * The file: `TILLET UPDATE 1` and a line feed; the head (version, bytes of the content, place and bytes of its main part: 4 bytes each, big-endian; the
 * board's name, 16; digest, 32); the content; the signature of all that, 64 bytes.
 */
import nacl from "tweetnacl";
import type { Fields } from "./iso8583";
import { hsalsa20 } from "./seal";
import type { Row, Session } from "./store";

const MAGIC = Buffer.from("TILLET UPDATE 1\n");
const HEAD_BYTES = 64;
const SIGNATURE_BYTES = nacl.sign.signatureLength;
const CONTENT_BYTES_MAX = 1 << 20;
const PAGE_BYTES = 4096;
const BLOCK_BYTES = 16;
/** Field 62 of a request: the board's name 16, version, place in the slot. Of an answer: the same, and so much of the slot. */
export const FIRMWARE_ASKED_BYTES = 24;
const PIECE_BYTES_MAX = 228;
/** Behind the versions of settings and parameters in field 60. */
const OWN_FIRMWARE = /^[0-9]{23}([0-9]{6})([012])(?:[0-9]{6})?$/;

export interface Firmware {
  profile: string;
  version: number;
  head: Uint8Array;
  content: Uint8Array;
}

export interface FirmwareOffer {
  /** The newest for any board, 0 for none. */
  version: number;
  /** What was asked for, where that is so and it is there. */
  piece: Uint8Array | null;
}

/** HSalsa20 from block to block, each under the last one's result; what lacks to a block is FFh, the content's length is the last one. */
function digestOf(content: Uint8Array): Uint8Array {
  const end = Buffer.alloc(BLOCK_BYTES);
  end.writeUInt32BE(content.length);
  const padding = Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES, 0xff);
  const blocks = Buffer.concat([content, padding, end]);
  let digest: Uint8Array = Buffer.from("Tillet: the content of one slot.");
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES)
    digest = hsalsa20(digest, blocks.subarray(at, at + BLOCK_BYTES));
  return digest;
}

/** The update in a file. Throws a sentence when it is none, or not signed with the key that belongs to `publicKey`. */
export function readUpdate(file: Uint8Array, publicKey: Uint8Array): Firmware {
  const bytes = Buffer.from(file);
  const signedBytes = bytes.length - SIGNATURE_BYTES;
  const contentAt = MAGIC.length + HEAD_BYTES;
  if (signedBytes <= contentAt || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Error("This is no update of Tillet: tillet update sign makes them.");
  const signature = Uint8Array.from(bytes.subarray(signedBytes));
  if (!nacl.sign.detached.verify(Uint8Array.from(bytes.subarray(0, signedBytes)), signature, publicKey))
    throw new Error(
      "The signature is not good under this key: the file was changed or cut, or somebody else signed it.",
    );
  const head = Uint8Array.from(bytes.subarray(MAGIC.length, contentAt));
  const content = Uint8Array.from(bytes.subarray(contentAt, signedBytes));
  const words = Buffer.from(head);
  const [version, contentBytes] = [words.readUInt32BE(0), words.readUInt32BE(4)] as const;
  const mainEnd = words.readUInt32BE(8) + words.readUInt32BE(12);
  const profile = words.subarray(16, 32).toString("latin1").trimEnd();
  const isRight =
    contentBytes === content.length &&
    content.length <= CONTENT_BYTES_MAX &&
    mainEnd <= content.length &&
    /^[a-z0-9-]{1,16}$/.test(profile) &&
    version >= 1 &&
    version <= 999_999 &&
    Buffer.from(digestOf(content)).equals(words.subarray(32));
  if (!isRight) throw new Error("The update is signed, but its head does not fit its content: sign it anew.");
  return { profile, version, head, content };
}

/** Keeps it for all terminals on its board. Throws unless the version is higher than any before. */
export async function keepFirmware(session: Session, { profile, version, head, content }: Firmware): Promise<void> {
  const [row] = await session.query("select max(version) as version from firmware where profile = $1", [profile]);
  const known = Number(row?.version ?? 0);
  if (version <= known)
    throw new Error(`version ${version}: a higher one is wanted, there is already version ${known} for ${profile}.`);
  await session.query("insert into firmware (profile, version, head, content) values ($1, $2, $3, $4)", [
    profile,
    version,
    head,
    content,
  ]);
}

/** For a terminal that says in field 60 which firmware it has, which is kept; null for others. */
export async function offerFirmware(session: Session, terminal: Row, fields: Fields): Promise<FirmwareOffer | null> {
  const [, version, state] = OWN_FIRMWARE.exec(fields[60] ?? "") ?? [];
  if (version === undefined || state === undefined) return null;
  if (terminal.firmware !== Number(version) || terminal.firmware_state !== Number(state))
    await session.query("update terminal set firmware = $2, firmware_state = $3 where tid = $1", [
      terminal.tid as string,
      Number(version),
      Number(state),
    ]);
  const [newest] = await session.query("select max(version) as version from firmware");
  const asked = Buffer.from(fields[62] ?? "", "latin1");
  const isPiece = fields[60]?.substr(8, 3) === "381" && asked.length === FIRMWARE_ASKED_BYTES;
  return { version: Number(newest?.version ?? 0), piece: isPiece ? await pieceOf(session, asked) : null };
}

/** Version 0 and place 0 stand for the newest one's head; a place behind the first page for a piece of the content. */
async function pieceOf(session: Session, asked: Buffer): Promise<Uint8Array | null> {
  const profile = asked.toString("latin1", 0, 16).trimEnd();
  const [version, place] = [asked.readUInt32BE(16), asked.readUInt32BE(20)];
  if (place === 0) {
    const [row] = await session.query("select head from firmware where profile = $1 order by version desc limit 1", [
      profile,
    ]);
    return (row?.head as Uint8Array | undefined) ?? null;
  }
  const at = place - PAGE_BYTES;
  const length = Math.min(PIECE_BYTES_MAX, PAGE_BYTES - (place % PAGE_BYTES));
  if (at < 0 || Math.max(place, version) > 0x7fffffff) return null;
  const [row] = await session.query(
    "select substring(content from $3::integer for $4::integer) as piece from firmware where profile = $1 and version = $2",
    [profile, version, at + 1, length],
  );
  const piece = row?.piece as Uint8Array | undefined;
  return piece && piece.length > 0 ? piece : null;
}
