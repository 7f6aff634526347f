/**
 * The field of the simulated reader and the cards in it: ISO/IEC 14443-3 (who answers), 14443-4 (blocks, waiting times). At 106 kbit/s
 * a byte takes nine bits on air; a block carries as much as the card's frame size allows.
 */
import type { VirtualCard } from "./pn532-card";

export interface Activation {
  card: VirtualCard;
  /** TargetData behind the number (UM0701-02, 7.3.5). */
  description: string;
}

const MS_PER_BYTE = 9 / 106;
/** PCB and two bytes of CRC a block; then the other side needs a moment to answer. */
const BLOCK_BYTES = 64 - 3;
const TURN_MS = 0.6;
/** The field stands so long before the first request (ISO/IEC 14443-3, guard time). */
const GUARD_MS = 5;
/** A request and its answer or the silence after it; anti-collision and activation of one card. */
const REQUEST_MS = 1;
const ACTIVATE_MS = 12;
/** A field that was off for less than this resets no card. */
const RESET_MS = 5.1;
/** So many frame waiting times pass before the reader gives a card up. */
const SILENT_TRIES = 3;

export class RfField {
  isOn = false;
  private readonly cards = new Set<VirtualCard>();
  /** Cards that answer no request: activated, or halted. */
  private readonly deaf = new Set<VirtualCard>();
  private offAtMs = -Infinity;

  constructor(private readonly nowMs: () => number) {}

  tap(card: VirtualCard): void {
    this.cards.add(card);
  }

  untap(card: VirtualCard): void {
    this.cards.delete(card);
    this.deaf.delete(card);
  }

  /** All cards go. */
  clear(): void {
    for (const card of [...this.cards]) this.untap(card);
  }

  setOn(isOn: boolean): void {
    if (this.isOn && !isOn) this.offAtMs = this.nowMs();
    if (!this.isOn && isOn && this.nowMs() - this.offAtMs >= RESET_MS) this.deaf.clear();
    this.isOn = isOn;
  }

  isThere({ card }: Activation): boolean {
    return this.isOn && this.cards.has(card) && this.deaf.has(card);
  }

  halt({ card }: Activation): void {
    if (this.cards.has(card)) this.deaf.add(card);
  }

  /** Activates up to `most` cards of a type; further ones stay as they are. */
  list(type: VirtualCard["type"], most: number): { found: Activation[]; workMs: number } {
    const guardMs = this.isOn ? 0 : GUARD_MS;
    this.setOn(true);
    const found = [...this.cards].filter((card) => card.type === type && !this.deaf.has(card)).slice(0, most);
    for (const card of found) this.deaf.add(card);
    const workMs = Math.ceil(guardMs + REQUEST_MS + ACTIVATE_MS * found.length);
    return { found: found.map((card) => ({ card, description: describe(card) })), workMs };
  }

  transferMs({ card }: Activation, byteCount: number): number {
    const blocks = Math.max(1, Math.ceil(byteCount / BLOCK_BYTES));
    return Math.ceil((byteCount + 3 * blocks) * MS_PER_BYTE * (card.type === "A" ? 1 : 10 / 9) + blocks * TURN_MS);
  }

  silenceMs({ card }: Activation): number {
    return Math.ceil(SILENT_TRIES * (4096 / 13560) * 2 ** card.fwi);
  }
}

function describe(card: VirtualCard): string {
  if (card.type === "A") {
    return card.atqa + String.fromCharCode(card.sak, card.uid.length) + card.uid + card.ats;
  }
  // The answer to ATTRIB: no higher layer, the card's number 0.
  return `\x50${card.uid}${card.atqbTail}\x01\x00`;
}
