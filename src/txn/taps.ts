/** The contactless reader of a terminal that has one. What works with it (`reader.lazy`) is in memory only while a card is asked for. */
import { Happening } from "../board/board";
import type { Reader } from "./reader";
import { readerPart } from "./reader.lazy";
import { Event, State } from "./state";
import { Timer } from "./timers";
import type { Works } from "./works";

export interface Taps {
  part: ReturnType<typeof readerPart>;
  own: Reader;
}

/** The key that asked for the card has had its effects by then: loading what works with the reader takes memory too. */
const OPEN_WAIT_MS = 5;

/** Looks for a card where one is asked for, and nowhere else. A swipe that has begun is a card. */
export function holdTaps(works: Works, isAsked: boolean): void {
  const settings = works.t.settings;
  const taps = works.taps;
  if (taps) taps.part.askReader(taps.own, isAsked);
  if (!isAsked) works.taps = null;
  else if (!taps && settings && settings.tap === "hsu") works.board.timer(Timer.Tap, OPEN_WAIT_MS);
}

/** Something happened at the reader, or it is time to open it. Event.None, or what a tap came to. */
export function onTaps(works: Works, happening: Happening, value: number, text: string): Event {
  const taps = works.taps;
  if (taps) return taps.part.onReader(taps.own, happening, value, text) || taps.part.goOn(taps.own);
  if (happening === Happening.Timer && value === Timer.Tap && works.t.state === State.Card) {
    const part = readerPart();
    works.taps = { part: part, own: part.openReader(works) };
  }
  return Event.None;
}
