/** The cards that are held to the simulated contactless reader: files of `test/cards`, each one card that goes on counting. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { EmvCard } from "./emv-card";
import { typeACard, type VirtualCard } from "./twins/pn532-card";
import type { RfField } from "./twins/pn532-field";

/** How long a card works on a command, ms: as cards with a signing chip do. */
const WORK_MS: Record<string, number> = { a4: 12, b2: 8, a8: 30, ae: 90 };
/** And more for a cryptogram with the processing options. */
const CRYPTOGRAM_MS = 60;

export class Wallet {
  private readonly cards = new Map<string, EmvCard>();
  private readonly held: { card: EmvCard; inField: VirtualCard }[] = [];

  /** `folders`: where a file is looked for that is not named from the root. */
  constructor(
    private readonly field: RfField,
    readonly folders: string[] = ["."],
  ) {}

  /** Holds a card to the reader; with `leavesAfter` it is gone when it has answered so many commands. Throws when there is no such card. */
  tap(name: string, leavesAfter = Infinity): void {
    const card = this.take(name);
    let left = leavesAfter;
    const inField = typeACard({
      answer: (apdu) => {
        if (left-- <= 0) {
          this.field.untap(inField);
          return null;
        }
        const text = card.exchange(apdu);
        const instruction = (apdu.charCodeAt(1) || 0).toString(16);
        const signsNow = instruction === "a8" && card.data.style === "options";
        return { text, workMs: (WORK_MS[instruction] ?? 5) + (signsNow ? CRYPTOGRAM_MS : 0) };
      },
    });
    this.held.push({ card, inField });
    this.field.tap(inField);
  }

  /** All cards go. */
  untap(): void {
    for (const { card, inField } of this.held.splice(0)) {
      this.field.untap(inField);
      card.reset();
    }
  }

  private take(name: string): EmvCard {
    const places = isAbsolute(name) ? [name] : this.folders.map((folder) => join(folder, name));
    const file = places.find((place) => existsSync(place));
    if (file === undefined) throw new Error(`there is no card file ${name}`);
    const known = this.cards.get(file);
    if (known) return known;
    const card = EmvCard.fromFile(file);
    this.cards.set(file, card);
    return card;
  }
}
