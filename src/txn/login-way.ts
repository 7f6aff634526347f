/** The way from the terminal to a login that is in hand, and out of it. Each is called once, and so no function in memory (`tools/once.mjs`). */
import { Happening, Port } from "../board/board";
import type { Desk } from "./desk";
import { Event } from "./state";
import { Timer } from "./timers";
import type { Works } from "./works";

/** It is the fingerprint sensor's. */
export function isOfFinger(happening: Happening, value: number): boolean {
  return happening === Happening.Timer ? value === Timer.Finger : happening === Happening.Uart && value === Port.Finger;
}

export function fingerFact(works: Works, happening: Happening, bytes: string): Event {
  return works.t.desk ? works.t.desk.part.onFinger(works, works.t.desk, happening, bytes) : Event.None;
}

/** The desk is let go of, and the sensor with it. */
export function closed(desk: Desk | null): null {
  return desk && desk.part.leaveLogin(desk);
}
