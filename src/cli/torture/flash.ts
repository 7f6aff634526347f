/** Flash that wears out: a bit that does not change any more, and bits that rot where nothing hangs on them. */
import { AREAS, FlashTwin, offset, PAGE_BYTES } from "../../sim/twins/flash";
import { readPage } from "../../sim/records";
import type { Dice } from "./dice";

const JOURNAL_AT = AREAS[0].byteCount;
const SETTINGS_BYTES = 256;
const JOURNAL_PAGES = AREAS[1].byteCount / PAGE_BYTES;
/** More than the record that a page begins with. */
const HEAD_BYTES_MAX = 128;
/** In its body: number of the page, and of the first page of the batch (`docs/journal.md`). */
const NUMBER = [0, 10] as const;
const FIRST = [67, 77] as const;

interface Stuck {
  at: number;
  mask: number;
  isSet: boolean;
}

export class WornFlash extends FlashTwin {
  private stuck: Stuck | null = null;

  /** A bit of some page of the journal keeps its level from the next write or erase on that touches it. */
  wearOut(dice: Dice): void {
    const at = JOURNAL_AT + dice.below(JOURNAL_PAGES * PAGE_BYTES);
    this.stuck = { at, mask: 1 << dice.below(8), isSet: dice.chance(50) };
  }

  override write(address: number, text: string): void {
    try {
      super.write(address, text);
    } finally {
      this.stick(offset(address, text.length), text.length);
    }
  }

  override erase(address: number): void {
    try {
      super.erase(address);
    } finally {
      this.stick(offset(address, PAGE_BYTES), PAGE_BYTES);
    }
  }

  /** Flips a bit in a page of a batch that is closed, or in one of the two copies of the settings. False when there is no such page. */
  rot(dice: Dice): boolean {
    // Behind the settings begin the operators, who are there once: their page must stay.
    const hasOperators = this.image[SETTINGS_BYTES] !== 0xff;
    const pages = [...(hasOperators ? [] : [0]), ...this.closedPages()];
    if (pages.length === 0) return false;
    const page = dice.pick(pages);
    // Of the settings what is written; the second copy stays good.
    const at = page + dice.below(page === 0 ? SETTINGS_BYTES : PAGE_BYTES);
    if (page === 0 && this.image[at] === 0xff) return false;
    this.image[at] = (this.image[at] as number) ^ (1 << dice.below(8));
    return true;
  }

  private stick(start: number, byteCount: number): void {
    const { stuck } = this;
    if (!stuck || stuck.at < start || stuck.at >= start + byteCount) return;
    const byte = this.image[stuck.at] as number;
    this.image[stuck.at] = stuck.isSet ? byte | stuck.mask : byte & ~stuck.mask;
  }

  /** Where pages begin that are of closed batches alone. The last two may be needed in any case: power may have gone between them. */
  private closedPages(): number[] {
    const starts = Array.from({ length: JOURNAL_PAGES }, (_, index) => JOURNAL_AT + index * PAGE_BYTES);
    const heads = starts
      .flatMap((at) => {
        // What has rotted itself says nothing about the others.
        const [head] = readPage(this.image.subarray(at, at + HEAD_BYTES_MAX));
        if (head?.kind !== "P") return [];
        const digits = ([from, to]: readonly [number, number]) => Number(head.body.toString("latin1", from, to));
        return [{ at, number: digits(NUMBER), first: digits(FIRST) }];
      })
      .filter(({ number, first }) => number > 0 && first > 0)
      .sort((a, b) => b.number - a.number);
    const [newest] = heads;
    return newest
      ? heads
          .slice(2)
          .filter(({ number }) => number < newest.first)
          .map(({ at }) => at)
      : [];
  }
}
