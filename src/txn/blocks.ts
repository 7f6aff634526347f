/**
 * The block list at the terminal: a card on it is refused as soon as its number is known, before a PIN and before anything is journalled or
 * sent. The list comes from the host (`signon`) and stands in the journal, at the head of each page.
 */
import type { Natives } from "../board/board";
import { hsalsa20 } from "../crypto/salsa20";
import { blockSalt, ENTRY_BYTES, isBlocked, packNumber } from "../limits/blocks";
import { Event, Notice, type Terminal } from "./state";

function tokenOf(natives: Natives, salt: string, pan: string): string {
  const key = new Uint32Array(8);
  const number = new Uint32Array(4);
  natives.toBytes(salt, new Uint8Array(key.buffer), 0);
  natives.toBytes(packNumber(pan), new Uint8Array(number.buffer), 0);
  hsalsa20(key, key, number);
  const token = natives.toText(new Uint8Array(key.buffer)).substr(0, ENTRY_BYTES);
  number.fill(0);
  return token;
}

/** What a card that was read leads to: that, or Barred. */
export function passed(t: Terminal, natives: Natives, event: Event): Event {
  const pan = t.track2.substr(0, t.track2.indexOf("="));
  if (!isBlocked(t.blockList, pan, tokenOf(natives, blockSalt(t.blockList), pan))) return event;
  t.notice = Notice.NotTaken;
  return Event.Barred;
}
