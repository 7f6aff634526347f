/**
 * Sealed frames: the ratchet's next keys, nonces from the header, secretboxes. What the next two requests need besides their text (a
 * sale and the reversal that undoes it are sealed at once) is made ahead, a step at a time, while the terminal waits for a person;
 * what was not made ahead is made on the spot. A step costs no more than one core of Salsa20.
 *
 * Nothing here touches the stored ratchet: a slot works on a copy, and `sealRequest` moves the caller's chain, who stores it before
 * the frame leaves.
 */
import type { Natives } from "../board/board";
import { advance } from "../crypto/ratchet";
import { hsalsa20 } from "../crypto/salsa20";
import { openPowers } from "../crypto/powers";
import { fillPad, openPad, type Pad, seal, startPad, wipePad } from "../crypto/secretbox";
import { buildFrame, nonceHead } from "../proto/frame";

/** In place of the number of a request: its slot is made anew. */
export const enum SlotFor {
  Nobody = -1,
  /** A test of the cipher works in its pad (`selftest`). */
  SelfTest = -2,
}

/** Done steps of a slot; after Ready its pad is filled, as far as there is time. */
const enum Step {
  Ratchet = 0,
  Answer = 1,
  Request = 2,
  Ready = 3,
}

/** What one request needs. */
interface Slot {
  counter: number;
  step: Step;
  /** The ratchet behind the request. */
  chain: Uint32Array;
  key: Uint32Array;
  /** Opens the answer and nothing else. */
  answer: Uint32Array;
  pad: Pad;
}

export interface Seals {
  natives: Natives;
  even: Slot;
  odd: Slot;
}

const head = new Uint32Array(4);
const headBytes = new Uint8Array(head.buffer);

function openSlot(natives: Natives): Slot {
  return {
    counter: SlotFor.Nobody,
    step: Step.Ratchet,
    chain: new Uint32Array(8),
    key: new Uint32Array(8),
    answer: new Uint32Array(8),
    pad: openPad(natives.dot ? openPowers() : null),
  };
}

export function openSeals(natives: Natives): Seals {
  return { natives: natives, even: openSlot(natives), odd: openSlot(natives) };
}

/** The slot of request `counter`, which follows on `chain`. */
function slotOf(seals: Seals, counter: number, chain: Uint32Array): Slot {
  const slot = counter & 1 ? seals.odd : seals.even;
  if (slot.counter !== counter) {
    slot.counter = counter;
    slot.step = Step.Ratchet;
    slot.chain.set(chain, 0);
  }
  return slot;
}

function takeStep(slot: Slot, natives: Natives, tid: string): void {
  if (slot.step === Step.Ratchet) {
    advance(slot.chain, slot.key);
  } else if (slot.step === Step.Answer) {
    natives.toBytes(nonceHead("A", tid), headBytes, 0);
    hsalsa20(slot.answer, slot.key, head);
  } else {
    natives.toBytes(nonceHead("Q", tid), headBytes, 0);
    startPad(slot.pad, slot.key, head, slot.counter, 0);
    slot.key.fill(0);
  }
  slot.step++;
}

/** One step towards the request `counter` and the one behind it; false when all is made. `chain` is the ratchet before them. */
export function prepare(seals: Seals, tid: string, chain: Uint32Array, counter: number): boolean {
  const first = slotOf(seals, counter, chain);
  if (first.step === Step.Ready && fillPad(first.pad, seals.natives.dot)) return true;
  const slot = first.step === Step.Ready ? slotOf(seals, counter + 1, first.chain) : first;
  if (slot.step === Step.Ready) return fillPad(slot.pad, seals.natives.dot);
  takeStep(slot, seals.natives, tid);
  return true;
}

/**
 * Seals `message` for the host under the next key of `chain` (which moves on), numbered `counter`. `answer` gets what opens the
 * answer and nothing else: it does not open the request.
 */
export function sealRequest(
  seals: Seals,
  tid: string,
  chain: Uint32Array,
  counter: number,
  message: string,
  answer: Uint32Array,
): string {
  const slot = slotOf(seals, counter, chain);
  while (slot.step < Step.Ready) takeStep(slot, seals.natives, tid);
  const frame = buildFrame(tid, counter, seal(slot.pad, message, seals.natives));
  chain.set(slot.chain, 0);
  answer.set(slot.answer, 0);
  // The key is used: it must not seal anything else.
  wipePad(slot.pad);
  slot.answer.fill(0);
  slot.chain.fill(0);
  slot.counter = SlotFor.Nobody;
  return frame;
}
