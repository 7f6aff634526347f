/**
 * The boot code of a board with two slots, as `docs/updates.md` has it: which slot is started, and what is marked before that. A head is 72 bytes and
 * their CRC-32; marks are words, set when zero. The bundle itself is the same whichever is started: a handheld's engine has one.
 */
import { crc32 } from "node:zlib";
import type { FlashTwin } from "./flash";

const COMPLETE_AT = 128;
const TRIALS_AT = [132, 136, 140];
const GOOD_AT = 144;
const BAD_AT = 148;
const HEAD_PAGE_BYTES = 152;
const UNSET = 0xffffffff;

interface Slot {
  address: number;
  page: Buffer;
  isGood: boolean;
  isGivenUp: boolean;
  /** Where the next trial is marked, undefined when all are used up. */
  trialAt: number | undefined;
}

function slotAt(flash: FlashTwin, address: number): Slot | null {
  const page = Buffer.from(flash.read(address, HEAD_PAGE_BYTES), "latin1");
  const isWhole = page.toString("latin1", 0, 4) === "TSL1" && page.readUInt32BE(72) === crc32(page.subarray(0, 72));
  if (!isWhole || page.readUInt32BE(COMPLETE_AT) !== 0) return null;
  const isGood = page.readUInt32BE(GOOD_AT) === 0;
  const trialAt = TRIALS_AT.find((at) => page.readUInt32BE(at) === UNSET);
  const isGivenUp = page.readUInt32BE(BAD_AT) !== UNSET || (!isGood && trialAt === undefined);
  return { address, page, isGood, isGivenUp, trialAt };
}

const sequence = ({ page }: Slot) => page.readUInt32BE(4);

/** What the firmware is told at power-on; "" where there are no slots, or nothing in them. */
export function boot(flash: FlashTwin): string {
  const addresses = flash.slots();
  const found = addresses.map((address) => slotAt(flash, address)).filter((slot) => slot !== null);
  const isBefore = (a: Slot, b: Slot) => Number(a.isGivenUp) - Number(b.isGivenUp) || sequence(b) - sequence(a);
  const [own, other] = found.sort(isBefore);
  if (!own) return "";
  if (!own.isGood && !own.isGivenUp && own.trialAt !== undefined) flash.write(own.address + own.trialAt, "\0\0\0\0");
  const isBack = other !== undefined && sequence(other) > sequence(own);
  const told = Buffer.alloc(13);
  told.set(own.page.subarray(8, 12), 0);
  told.writeUInt32BE(own.address, 4);
  told.writeUInt32BE(addresses.find((address) => address !== own.address) ?? 0, 8);
  told[12] = flash.slotPages();
  return (isBack ? "B" : own.isGood ? "G" : "T") + told.toString("latin1");
}
