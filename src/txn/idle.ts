/**
 * What the terminal does while nobody uses it: it signs on (`signon`) and works for a new key (`rekey`). Both give way to the first key or
 * card: a sign-on is done in small steps and in the state Idle only, and whatever leads out of it ends it; a slice of work is short, and the
 * next one comes when all has been quiet. A request is kept until it is answered: a host that does not answer costs one counter, and not
 * one each time.
 *
 * A sign-on is due after power-on, when the last one is a day old, when the host asks for it (`001` in field 60.3 of an answer), and when an
 * agreement of keys has been worked out. When an answer offers other parameters for taps or another block list they are asked for next. After an hour in which the host was not heard an echo is.
 */
import { deskPart } from "./desk.lazy";
import { answerFact } from "./facts";
import { endRequest } from "./link";
import { NetworkCode } from "./messages";
import { minutePart } from "./minute.lazy";
import { type Rekey, RekeyStage } from "./rekey";
import { signOnPart } from "./signon.lazy";
import { Event, Kind, State, type Terminal } from "./state";
import { Timer } from "./timers";
import { updatePart } from "./update.lazy";
import type { Update } from "./update-slot";
import type { Works } from "./works";

const DAY_MS = 86400000;
/** The host is asked again when it was not heard for this long. */
const SILENCE_MS = 3600000;
/** From the last key or card to the next slice of work. */
const QUIET_MS = 30000;

/** A sign-on, an echo, or the wish for parameters. */
export interface Asked {
  /** The request, sealed, and its number. */
  frame: string;
  counter: number;
  /** What opens its answer, 8 words. */
  answer: Uint32Array;
  /** What it asks, and whether it carries keys. */
  code: string;
  hasKeys: boolean;
  /** What the answer brought for the chain, "" until then; the new chain as far as it has come, and its steps so far. */
  keys: string;
  chain: Uint32Array;
  step: number;
}

export interface SignOn {
  /** To be sent as soon as the terminal idles on an open link. */
  isDue: boolean;
  isOut: boolean;
  /** Not an echo but a sign-on is due: the host wishes it, or the last one did not come to its end. */
  isAsked: boolean;
  /**
   * Version of the parameters for taps that the host offers and the terminal lacks, 0 for none; below zero: they came and were not good,
   * and are not asked for before the next sign-on.
   */
  offered: number;
  /** Likewise the version of the block list. */
  listed: number;
  /** When the last one was answered, by the board's clock. */
  atMs: number;
  /** What was asked, until the answer has been dealt with. */
  asked: Asked | null;
  /** The host's public key that is to be answered, "" for none; and how far that has come. */
  hostKey: string;
  rekey: Rekey | null;
  /** Of the firmware, while it is worked for; or the self-test. */
  update: Update | null;
  /** When that is due, by the board's clock. */
  testAtMs: number;
}

/** It waits for the next time that the terminal idles on an open link. To the host it looks as if its answer had got lost. */
export function endSignOn(works: Works): void {
  const s = works.signOn;
  if (s.update) {
    works.board.timer(Timer.Update, s.update.test ? -1 : QUIET_MS);
    s.update = null;
  }
  if (s.asked && s.asked.keys !== "") {
    s.asked.chain.fill(0);
    s.asked = null;
    s.isAsked = true;
    s.isDue = true;
  }
  if (!s.isOut) return;
  s.isOut = false;
  s.isDue = true;
  endRequest(works.link);
}

/** About the closing of the batch, or what `answerFact` knows of. */
function outcome(t: Terminal, fields: string[]): Event {
  const txn = t.txn;
  const isSettling = txn !== null && t.isOpen && txn.kind === Kind.Settlement;
  return isSettling && t.state !== State.Upload ? deskPart().settleAnswered(t, txn, fields) : answerFact(t, fields);
}

/** An opened answer: to the sign-on, or about the transaction in hand. */
export function answered(works: Works, fields: string[]): Event {
  const s = works.signOn;
  const t = works.t;
  const isSignOn = s.isOut;
  const event = isSignOn ? signOnPart().signOnAnswered(works, fields) : outcome(t, fields);
  if (event === Event.None) return event;
  works.devices.hostTime = "" + fields[63] + fields[13] + fields[12];
  works.devices.hostTimeAtMs = works.board.nowMs();
  works.board.timer(Timer.SignOn, SILENCE_MS);
  if (isSignOn) return event;
  if (fields[60].substr(8) === NetworkCode.SignOn) s.isAsked = true;
  if (s.isAsked || t.isOutOfStep || t.isSignedOff || works.board.nowMs() - s.atMs >= DAY_MS) s.isDue = true;
  return event;
}

/** There is something else to do: the work stands still, and its means take no memory. */
export function restRekey(works: Works): void {
  const s = works.signOn;
  if (s.hostKey === "" || (s.rekey && s.rekey.stage >= RekeyStage.Ready)) return;
  if (s.rekey) s.rekey.part = null;
  works.board.timer(Timer.Rekey, QUIET_MS);
}

/** Who has not pressed a key for so long is logged out; what is under way goes on. */
export function lockIdle(works: Works): void {
  const t = works.t;
  const minutes = t.settings ? t.settings.lockMinutes : 0;
  if (minutes > 0 && works.board.nowMs() - t.usedAtMs >= minutes * 60000) t.operator = "";
}

/** The time of an update, or of the self-test, has come. */
export function onUpdate(works: Works): void {
  const s = works.signOn;
  const part = (s.update && s.update.part) || (s.update && s.update.test ? minutePart() : updatePart());
  part.workUpdate(works, "");
  if (s.update && !s.update.part) s.update.part = part;
}
