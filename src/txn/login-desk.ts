/** The way from the desk to the operators, who are in memory only while one of them is seen to. */
import type { Desk } from "./desk";
import { type Login, LoginField, Refusal, Stage } from "./login";
import { operatorsPart } from "./operators.lazy";
import type { Event, Terminal } from "./state";
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
  };
}

/** As the desk's own: a key, what the machine makes it do, and what flash says to that. */
export function loginKey(t: Terminal, desk: Desk, key: string): Event {
  const login = loginOf(t, desk);
  return login.part.loginKey(t, desk, login, key);
}

export function loginAct(works: Works, desk: Desk): void {
  const login = loginOf(works.t, desk);
  desk.isReading = true;
  login.part.loginAct(works, login);
}

export function onLoginFlash(t: Terminal, desk: Desk, text: string): Event {
  const login = loginOf(t, desk);
  const event = login.part.onLoginFlash(t, desk, login, text);
  desk.isReading = !event;
  return event;
}
