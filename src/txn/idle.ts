/**
 * What the terminal does while nobody uses it: it signs on (`signon`) and works for a new key (`rekey`). Both give way to the first key or
 * card: a sign-on is outstanding in the state Idle only, and whatever leads out of it ends the request; a slice of work is short, and the
 * next one comes when all has been quiet. A request is kept until it is answered: a host that does not answer costs one counter, and not
 * one each time.
 *
 * Due after power-on, when the last sign-on is a day old, when the host asks for it (`001` in field 60.3 of an answer), and when an agreement
 * of keys has been worked out. After an hour in which the host was not heard an echo is.
 */
import { hsalsa20 } from "../crypto/salsa20";
import { pack } from "../proto/iso8583";
import { setTime } from "./devices";
import { append } from "./journal";
import { ask, endRequest } from "./link";
import { NetworkCode } from "./messages";
import { Record } from "./record";
import { type Rekey, RekeyStage } from "./rekey";
import { rekeyPart } from "./rekey.lazy";
import { isJournalBusy } from "./ring";
import { dropSeals, sealRequest } from "./seal";
import { signOnPart } from "./signon.lazy";
import { Event, State } from "./state";
import { Timer } from "./timers";
import type { Works } from "./works";

const DAY_MS = 86400000;
/** The host is asked again when it was not heard for this long. */
const SILENCE_MS = 3600000;
/** From the last key or card to the next slice of work; between two slices. */
const QUIET_MS = 30000;
const SLICE_WAIT_MS = 5;

export interface SignOn {
  /** To be sent as soon as the terminal idles on an open link. */
  isDue: boolean;
  isOut: boolean;
  /** The host wishes a sign-on. */
  isAsked: boolean;
  /** The request that has no answer yet, sealed, and its number; "" for none. */
  frame: string;
  counter: number;
  /** What opens its answer, 8 words. */
  answer: Uint32Array;
  /** What it asks, and whether it carries keys. */
  code: string;
  hasKeys: boolean;
  /** When the last one was answered, by the board's clock. */
  atMs: number;
  /** What the answer brought for the chain, until it has been rotated. */
  keys: string;
  rekey: Rekey | null;
  /** The means of the work, while it is going on. */
  part: ReturnType<typeof rekeyPart> | null;
}

export function openSignOn(): SignOn {
  return {
    isDue: true,
    isOut: false,
    isAsked: false,
    frame: "",
    counter: 0,
    answer: new Uint32Array(8),
    code: "",
    hasKeys: false,
    atMs: 0,
    keys: "",
    rekey: null,
    part: null,
  };
}

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
  const settings = t.settings;
  s.isDue = false;
  if (!settings || (s.frame !== "" && j.counter === s.counter + 1)) return false;
  const values = signOnPart().signOnValues(s, t, settings, works.board.nowMs());
  const message = pack("0800", [11, 41, 42, 60, 62], values);
  s.frame = sealRequest(works.seals, settings.tid, j.chain, j.counter, message, s.answer);
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
export function signOnAnswered(works: Works, fields: string[]): Event {
  const s = works.signOn;
  const part = signOnPart();
  const event = part.signOnFact(s, works.t, fields, works.board.nowMs());
  if (event === Event.None) return event;
  s.isOut = false;
  // The chain in flash is still the old one: nothing uses the new one before it has been written and read back.
  if (event === Event.SignedOn && works.t.settings)
    part.takeChain(s, works.t.settings, works.journal.chain, works.natives.toBytes, hsalsa20);
  setTime(works.devices, fields[63] + fields[13] + fields[12]);
  return event;
}

/** The chain that the answer led to. The host takes it for the terminal's when the first frame under it comes. */
export function journalChain(works: Works): void {
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

/** The host was heard; `fields` is what it said to something else than a sign-on. */
export function endSilence(works: Works, fields: string[]): void {
  const s = works.signOn;
  works.board.timer(Timer.SignOn, SILENCE_MS);
  if (fields[0] !== "0810" && fields[60].substr(8) === NetworkCode.SignOn) s.isAsked = true;
  if (s.isAsked || works.t.isOutOfStep || works.board.nowMs() - s.atMs >= DAY_MS) s.isDue = true;
}

/** An hour of silence; or time for a slice of work. */
export function onIdleTimer(works: Works, timer: Timer): void {
  const s = works.signOn;
  const r = s.rekey;
  if (timer === Timer.SignOn) {
    s.isDue = true;
  } else if (works.t.state !== State.Idle || s.isOut) {
    restRekey(works);
  } else if (r) {
    if (!s.part) s.part = rekeyPart();
    if (s.part.workRekey(r, works.board, works.natives)) {
      works.board.timer(Timer.Rekey, SLICE_WAIT_MS);
    } else {
      s.part = null;
      s.isDue = r.stage === RekeyStage.Ready;
    }
  }
}

/** There is something else to do: the work stands still, and its means take no memory. */
export function restRekey(works: Works): void {
  const s = works.signOn;
  if (!s.rekey || s.rekey.stage >= RekeyStage.Ready) return;
  s.part = null;
  works.board.timer(Timer.Rekey, QUIET_MS);
}
