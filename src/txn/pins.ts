/** A terminal's keys for PINs, and what works with them (`pin.lazy`), which is in memory only while a key is looked for or used. */
import type { Board, Natives } from "../board/board";
import { pinsPart } from "./pin.lazy";
import type { PinKeys } from "./pinkeys";
import { Event, type Settings, State, type Terminal } from "./state";

export interface Pins {
  board: Board;
  natives: Natives;
  /** Once they have been looked for. */
  keys: PinKeys | null;
  part: ReturnType<typeof pinsPart> | null;
}

export function openPins(board: Board, natives: Natives): Pins {
  return { board: board, natives: natives, keys: null, part: null };
}

/** True while flash is at work on them: events wait. */
export function isPinsBusy(pins: Pins): boolean {
  return pins.part !== null;
}

/** At power-on; `onPinsFlash` goes on. */
export function findPinKeys(pins: Pins): void {
  const part = pinsPart();
  pins.part = part;
  pins.keys = part.openPinKeys(pins.board.flash, pins.natives);
  part.loadPinKeys(pins.keys);
}

/** Uses a key up for the PIN that was typed; `onPinsFlash` goes on. */
export function beginPin(pins: Pins, settings: Settings): void {
  if (!pins.keys) return;
  pins.part = pinsPart();
  pins.part.usePinKey(pins.keys, settings);
}

/** Bytes came from flash. None until all is done; then what the journal found at power-on, or what became of the PIN. */
export function onPinsFlash(pins: Pins, t: Terminal, text: string): Event {
  const part = pins.part;
  const keys = pins.keys;
  if (!part || !keys) return Event.None;
  part.onPinKeysFlash(keys, text);
  if (part.isPinKeysBusy(keys)) return Event.None;
  pins.part = null;
  if (t.state !== State.Boot) return part.sealPin(t, keys, pins.board);
  t.canTakePin = part.hasPinKeys(keys);
  return t.found;
}
