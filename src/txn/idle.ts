/**
 * What the terminal does while nobody uses it: it signs on (`signon`) and works for a new key (`rekey`). Both give way to the first key or
 * card: a sign-on is outstanding in the state Idle only, and whatever leads out of it ends the request; a slice of work is short, and the
 * next one comes when all has been quiet.
 */
import { append } from "./journal";
import { ask, endRequest } from "./link";
import { Record } from "./record";
import { RekeyStage, workRekey } from "./rekey";
import { isJournalBusy } from "./ring";
import { dropSeals, sealRequest } from "./seal";
import { isDayOver, signOnFact, signOnMessage, takeChain } from "./signon";
import { Event, State } from "./state";
import { Timer, type Works } from "./terminal";

/** The host is asked again when it was not heard for this long. */
const SILENCE_MS = 3600000;
/** From the last key or card to the next slice of work; between two slices. */
const QUIET_MS = 30000;
const SLICE_WAIT_MS = 5;

/** True when there is something to ask of the host and nothing else to do. */
export function isSignOnTime(works: Works): boolean {
  const s = works.signOn;
  const t = works.t;
  return s.isDue && t.state === State.Idle && t.isLinkUp && !s.isOut && !t.isOpen && !isJournalBusy(works.journal);
}

/** Seals what is due and puts its number into flash. False when that is done: it was sealed before, and nothing after it. */
export function journalSignOn(works: Works): boolean {
  const t = works.t;
  const j = works.journal;
  const s = works.signOn;
  s.isDue = false;
  if (!t.settings || (s.frame !== "" && j.counter === s.counter + 1)) return false;
  const message = signOnMessage(s, t, t.settings, works.board.nowMs());
  s.frame = sealRequest(works.seals, t.settings.tid, j.chain, j.counter, message, s.answer);
  s.counter = j.counter;
  j.counter++;
  append(j, t, Record.Key, "", true);
  return true;
}

/** Its number is in flash: it may leave, and repeats until it is answered or ended. */
export function askSignOn(works: Works): void {
  const s = works.signOn;
  s.isOut = true;
  works.link.answer.sub.set(s.answer, 0);
  ask(works.link, s.frame, true);
}

/** An opened answer while a sign-on is outstanding. */
export function signOnAnswered(works: Works, fields: string[] | null): Event {
  const event = signOnFact(works.signOn, works.t, fields, works.natives, works.board.nowMs());
  if (event !== Event.None) works.signOn.isOut = false;
  return event;
}

/** The chain that the answer leads to. The host takes it for the terminal's when the first frame under it comes. */
export function journalChain(works: Works): void {
  takeChain(works.signOn, works.journal.chain);
  // What was made ahead was made for the old one.
  dropSeals(works.seals);
  restRekey(works);
  append(works.journal, works.t, Record.SignedOn, works.t.month, true);
}

/** The request waits for the next time that the terminal idles on an open link. */
export function endSignOn(works: Works): void {
  if (!works.signOn.isOut) return;
  works.signOn.isOut = false;
  works.signOn.isDue = true;
  endRequest(works.link);
}

/** The host was heard. */
export function endSilence(works: Works): void {
  works.board.timer(Timer.SignOn, SILENCE_MS);
  if (works.t.isOutOfStep || isDayOver(works.signOn, works.board.nowMs())) works.signOn.isDue = true;
}

/** An hour of silence; or time for a slice of work. */
export function onIdleTimer(works: Works, timer: Timer): void {
  const s = works.signOn;
  if (timer === Timer.SignOn) {
    s.isDue = true;
  } else if (works.t.state !== State.Idle || s.isOut) {
    restRekey(works);
  } else if (s.rekey && workRekey(s.rekey, works.board, works.natives)) {
    works.board.timer(Timer.Rekey, SLICE_WAIT_MS);
  } else if (s.rekey) {
    s.isDue = s.rekey.stage === RekeyStage.Ready;
  }
}

/** There is something else to do. */
export function restRekey(works: Works): void {
  const r = works.signOn.rekey;
  if (r && r.stage < RekeyStage.Ready) works.board.timer(Timer.Rekey, QUIET_MS);
}
