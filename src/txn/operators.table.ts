/** Which function needs whom, and how long a wrong PIN is waited for. This file runs at build time; the bundle gets strings. */
import { Task } from "./tasks";

/** By the operator's number: 01 to 20, 00, 99. */
export const enum Role {
  Cashier = "c",
  Supervisor = "s",
  Admin = "a",
}

/** What is no function of the menu: see `operators`. */
export const enum Duty {
  LogOut = "o1",
  ChangePin = "o2",
  /** A new operator, or a new PIN for one: cashiers by the supervisor, the supervisor by the admin. */
  Reset = "o3",
  Remove = "o4",
  /** One of one's own. */
  Finger = "o5",
}

const EVERYBODY = Role.Cashier + Role.Supervisor + Role.Admin;
const SHOP = Role.Cashier + Role.Supervisor;

/** A sale needs somebody who is logged in. What is not in here is for nobody. */
export const NEEDS_WHOM: readonly (readonly [Task | Duty, string])[] = [
  [Task.Void, Role.Supervisor],
  [Task.Refund, Role.Supervisor],
  [Task.Reprint, SHOP],
  [Task.Settle, Role.Supervisor],
  [Task.Totals, EVERYBODY],
  [Task.Failed, EVERYBODY],
  [Task.Query, SHOP],
  [Task.Echo, EVERYBODY],
  // What gives money back or ends the day is the supervisor's; the rest is selling. Of tasks in no menu none asks.
  [Task.Tip, SHOP],
  [Task.Preauth, SHOP],
  [Task.Completion, SHOP],
  [Task.CancelPreauth, Role.Supervisor],
  [Task.Balance, SHOP],
  [Task.Cash, SHOP],
  [Task.CashBack, SHOP],
  [Task.Split, SHOP],
  [Task.SignOff, Role.Supervisor],
  [Duty.LogOut, EVERYBODY],
  [Duty.ChangePin, EVERYBODY],
  [Duty.Reset, Role.Supervisor + Role.Admin],
  [Duty.Remove, Role.Supervisor + Role.Admin],
  // A sensor is believed what it says: nobody becomes the admin by that.
  [Duty.Finger, SHOP],
];

/** Minutes after so many wrong PINs in a row: three cost nothing. The last one stands for all that follow. */
export const WAIT_MINUTES: readonly number[] = [0, 0, 0, 1, 5, 15, 60, 240, 1440];

/** `|`, the function, `:`, the roles; and `|` at the end. */
export const NEEDS = NEEDS_WHOM.map(([what, roles]) => `|${what}:${roles}`).join("") + "|";
/** Four digits each. */
export const WAITS = WAIT_MINUTES.map((minutes) => String(minutes).padStart(4, "0")).join("");
