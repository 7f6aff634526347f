/**
 * A journal that has not been read yet. In a file of its own, so that each part of the bundle that makes one has it, and memory at rest has not.
 */
import type { Flash, Natives } from "../board/board";
import { type Journal, Phase } from "./ring";

const NOTHING = -1;

export function openJournal(flash: Flash, natives: Natives): Journal {
  const chain = new Uint32Array(8);
  return {
    flash: flash,
    natives: natives,
    phase: Phase.Lost,
    onReplay: null,
    page: 0,
    sequence: NOTHING,
    at: 0,
    index: 0,
    sequenceMax: 0,
    keyAddress: 0,
    oldKeyAddress: 0,
    counter: 0,
    chain: chain,
    chainBytes: new Uint8Array(chain.buffer),
    carry: "",
    saleBody: "",
    kind: "",
    body: "",
    withKey: false,
    written: "",
    turnsLeft: 0,
  };
}
