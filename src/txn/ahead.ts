/** Work that nobody waits for yet: keys and tables for the next request or answer, the time, the sign-on that is due. */
import { clockText, keepTime } from "./devices";
import { forwardPart } from "./forward.lazy";
import { attempt, prepareAnswer } from "./link";
import { screen } from "./screens";
import { prepare } from "./seal";
import { signOnPart } from "./signon.lazy";
import { Event, State } from "./state";
import { Timer } from "./timers";
import type { Works } from "./works";

/** Leaves room for a key between two steps. */
const STEP_WAIT_MS = 10;

/** One step of what sealing or opening will need, while nothing else is to do; its timer runs until all is made. */
export function workAhead(works: Works): Event {
  const t = works.t;
  const j = works.journal;
  const link = works.link;
  if (!t.settings || works.devices.isPrinting) return Event.None;
  if (keepTime(works.devices)) {
    t.clock = clockText(works.devices);
    if (t.state === State.Idle) works.panel.show(screen(t));
    works.board.timer(Timer.Ahead, STEP_WAIT_MS);
    return Event.None;
  }
  const s = works.signOn;
  if (s.asked && s.asked.keys !== "") {
    works.board.timer(Timer.Ahead, STEP_WAIT_MS);
    return signOnPart().rotateChain(works);
  }
  const isMore = link.line === "" ? prepare(works.seals, t.settings.tid, j.chain, j.counter) : prepareAnswer(link);
  if (isMore) works.board.timer(Timer.Ahead, STEP_WAIT_MS);
  else if (s.isOut && !link.wasSent) attempt(link);
  else if (t.waiting !== "") return forwardPart().forward(works);
  else if (s.isDue && !s.isOut && !t.isSignedOff && t.state === State.Idle && t.isLinkUp && !t.isOpen)
    return Event.SignOn;
  return Event.None;
}
