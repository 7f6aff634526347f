/** The way from the desk to the operators, who are in memory only while one of them is seen to. */
import type { Happening } from "../board/board";
import type { Desk } from "./desk";
import { FingerStep, type Login, LoginField, Refusal, Stage } from "./login";
import { operatorsPart } from "./operators.lazy";
import { Event, type Terminal } from "./state";
import type { Works } from "./works";

/** The login that the desk has in hand; a new one where it has none. */
export function loginOf(t: Terminal, desk: Desk): Login {
  if (!desk.login) desk.login = openLogin(t);
  return desk.login;
}

function openLogin(t: Terminal): Login {
  return {
    part: operatorsPart(),
    field: t.operator === "" ? LoginField.Number : LoginField.Menu,
    stage: Stage.None,
    refusal: Refusal.None,
    minutes: 0,
    operator: "",
    duty: "",
    pin: "",
    book: null,
    stretch: null,
    board: null,
    sensor: null,
    step: FingerStep.Put,
    found: -1,
    misses: 0,
  };
}

/** As the desk's own: a key, what the machine makes it do, and what flash says to that. */
export function loginKey(t: Terminal, desk: Desk, key: string): Event {
  const login = loginOf(t, desk);
  return login.part.loginKey(t, desk, login, key);
}

export function loginAct(works: Works, desk: Desk): void {
  const login = loginOf(works.t, desk);
  desk.isReading = login.part.loginAct(works, login);
}

/** Something happened at the fingerprint sensor. */
export function onFinger(works: Works, desk: Desk, happening: Happening, bytes: string): Event {
  const login = desk.login;
  return login ? login.part.onFinger(works, desk, login, happening, bytes) : Event.None;
}

/** The terminal has left the state. */
export function leaveLogin(desk: Desk): null {
  if (desk.login) desk.login.part.leaveLogin(desk.login);
  return null;
}

export function onLoginFlash(t: Terminal, desk: Desk, text: string): Event {
  const login = loginOf(t, desk);
  const event = login.part.onLoginFlash(t, desk, login, text);
  desk.isReading = !event;
  return event;
}
