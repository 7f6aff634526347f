/**
 * The customer's PIN on its way to the host (ISO 9564-1): in a block of format 4 or 0, under a key that is used once and is gone from
 * flash by then. Nothing here is logged, shown or stored.
 */
import type { Board } from "../board/board";
import { pinPart } from "../crypto/pin.lazy";
import { beginSale } from "./facts";
import { dropPinKey, hasPinKeys, type PinKeys, takePinKey } from "./pinkeys";
import { Event, type Settings, type Terminal } from "./state";

export { hasPinKeys, isPinKeysBusy, loadPinKeys, onPinKeysFlash, openPinKeys } from "./pinkeys";

/** Eight bytes that nobody can foretell. */
function randomBytes(board: Board): string {
  let text = "";
  for (let i = 0; i < 4; i++) {
    const value = board.random();
    text += String.fromCharCode(value >>> 8, value & 255);
  }
  return text;
}

/** Begins: the next key is taken and used up. `sealPin` follows when flash has it so. */
export function usePinKey(k: PinKeys, settings: Settings): void {
  takePinKey(k, settings.pinFormat === "4");
}

/** The PIN goes into its block, and that into a new request. NoPin when there is no key for it. */
export function sealPin(t: Terminal, k: PinKeys, board: Board): Event {
  const txn = t.txn;
  t.canTakePin = hasPinKeys(k);
  if (!t.settings || !txn || k.key === "") return Event.NoPin;
  const pan = t.track2.substr(0, t.track2.indexOf("="));
  const part = pinPart();
  t.pinBlock =
    t.settings.pinFormat === "4"
      ? part.pinBlock4(k.natives.aes || part.aesEncrypt, k.key, t.pin, pan, randomBytes(board))
      : part.pinBlock0(k.key, t.pin, pan);
  t.pinSerial = k.serial;
  t.pinTries++;
  dropPinKey(k);
  beginSale(t, txn.panMasked, txn.entry);
  if (t.txn) {
    t.txn.kind = txn.kind;
    t.txn.about = txn.about;
  }
  return Event.PinSealed;
}
