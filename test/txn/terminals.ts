/** A terminal in every state, with every notice and response code, at the greatest amount. */
import * as part from "../../src/txn/desk";
import { type Desk, Field, openDesk, Task } from "../../src/txn/desk";
import { LoginField, Refusal } from "../../src/txn/login";
import { loginOf } from "../../src/txn/login-desk";
import { AMOUNT_MINOR_MAX } from "../../src/txn/money";
import { Notice, openTerminal, PrinterFault, State, STATE_COUNT, type Terminal } from "../../src/txn/state";
import { DeskText } from "../../src/txn/texts-desk";
import { openWatch } from "../../src/txn/watch";
import { settings, transaction } from "./samples";

export const CODES = [
  "01",
  "05",
  "13",
  "14",
  "43",
  "51",
  "54",
  "55",
  "57",
  "61",
  "65",
  "75",
  "77",
  "82",
  "86",
  "91",
  "94",
  "96",
  "99",
  "A0",
];
/** What may be said while a card is asked for, when nothing was charged, and after an approval. */
const NOTICES: Partial<Record<State, readonly Notice[]>> = {
  [State.Card]: [
    ...[
      Notice.None,
      Notice.SwipeAgain,
      Notice.TapAgain,
      Notice.OneCard,
      Notice.SeePhone,
      Notice.UseStripe,
      Notice.TooMuch,
    ],
    ...[Notice.AnotherCard, Notice.OtherCard, Notice.CardBlocked, Notice.CardRefuses, Notice.CardExpired],
  ],
  [State.Notice]: [
    Notice.CardExpired,
    Notice.CardNotHere,
    Notice.NoLink,
    Notice.NoPin,
    Notice.Undone,
    Notice.Cancelled,
  ],
  [State.Approved]: [Notice.None, Notice.Skipped],
  [State.Declined]: [Notice.None, Notice.Referral],
};

/** Letters of `Limit`; an amount, a count, or hours. */
const ALL_LIMITS = "trndoscfymxa";
const limitMax = (letter: string) => (letter === "n" ? 9999 : letter === "a" ? 999 : AMOUNT_MINOR_MAX);

const FAULTS = [
  PrinterFault.None,
  PrinterFault.PaperOut,
  PrinterFault.NoPrinter,
  PrinterFault.CoverOpen,
  PrinterFault.TooHot,
  PrinterFault.CutterStuck,
  PrinterFault.Broken,
  PrinterFault.BatteryLow,
];

/** A function in hand, in each state that it may be in, with each thing to type and each reason why not. */
function atTheDesk(language: string): Terminal[] {
  const terminals: Terminal[] = [];
  const found = transaction({ amountMinor: AMOUNT_MINOR_MAX });
  const add = (state: State, changes: Partial<Desk>) => {
    const t = { ...openTerminal(), state, settings: settings({ language }), amountMinor: AMOUNT_MINOR_MAX };
    t.desk = { ...openDesk(part, t), ...changes };
    terminals.push(t);
  };
  for (let task: Task = Task.Void; task <= Task.Phone; task++) {
    if (task > Task.Echo && task < Task.Tip) continue;
    for (const state of [State.Amount, State.Slip, State.Info]) add(state, { task });
    add(State.Entry, { task, digits: "999999" });
  }
  const task = Task.Query;
  for (const state of [State.Card, State.Ask, State.Settle, State.Upload]) add(state, { task });
  for (const answer of ["00", "25", "voided= 9999999.99\n600512000007"]) add(State.Info, { task, answer });
  for (const isForced of [true, false]) add(State.Confirm, { task: Task.Settle, isForced });
  add(State.Confirm, { task: Task.Void, found });
  for (const notice of [DeskText.NotFound, DeskText.Done, DeskText.NotThis, DeskText.Full, DeskText.NotYours])
    for (const state of [State.Info, State.Entry]) add(state, { task, notice });
  for (const field of [Field.Batch, Field.Rrn]) add(State.Entry, { task: Task.Refund, field, digits: "999999999999" });
  add(State.Entry, { task: Task.Reprint });
  for (const page of [0, 1, 2, 3]) add(State.Menu, { page });
  for (let field: Field = Field.TraceOrLast; field <= Field.Share; field++)
    add(State.Entry, { task: Task.Completion, field, digits: "999999" + (field < Field.Tip ? "" : "999") });
  for (const notice of [DeskText.TooMuch, DeskText.TooLittle, DeskText.Off])
    add(State.Entry, { task: Task.Split, field: Field.Share, notice });
  for (const answer of ["off=", "balance=-9999999.99", "paid=9999999.99"]) add(State.Info, { task, answer });
  add(State.Confirm, { task: Task.Cash, kind: "36", about: `${" ".repeat(34)}001999999998` });
  for (const kind of ["24", "30", "34", "36"]) {
    add(State.Stored, { task: Task.None });
    Object.assign(terminals.at(-1) as Terminal, { txn: transaction({ kind, amountMinor: AMOUNT_MINOR_MAX }) });
  }
  return terminals;
}

/** An operator logs in, or sees to operators: each thing to type and each reason why not; and the pages of the menu that say where. */
function withOperators(language: string): Terminal[] {
  const terminals: Terminal[] = [];
  const add = (state: State, changes: Partial<Desk>, operator = "") => {
    const t = { ...openTerminal(), state, operator, settings: settings({ language, lockMinutes: 5 }) };
    const desk = { ...openDesk(part, t), ...changes };
    terminals.push({ ...t, desk });
    return loginOf(t, desk);
  };
  for (const page of [0, 1, 2, 3]) add(State.Menu, { page }, "20");
  for (let field = LoginField.Number; field <= LoginField.Whom; field++)
    for (let refusal = Refusal.None; refusal <= Refusal.NotThere; refusal++)
      Object.assign(add(State.Login, { digits: "99" }), { field, refusal, minutes: 1440, operator: "20" });
  return terminals;
}

/** Each limit that was passed, with the most that it can be and for an operator too; and the same card again. */
function withLimits(language: string): Terminal[] {
  const common = { settings: settings({ language }), amountMinor: AMOUNT_MINOR_MAX, txn: transaction() };
  const stopped = [...ALL_LIMITS].flatMap((passed) =>
    (passed === "o" ? ["07"] : ["", "07"]).map((operator) => {
      const limits = { ...openWatch([...ALL_LIMITS].map((each) => each + limitMax(each)).join("")), passed };
      return { ...openTerminal(), ...common, operator, limits, state: State.Notice, notice: Notice.Limit };
    }),
  );
  return [
    ...stopped,
    { ...openTerminal(), ...common, limits: { ...openWatch("d1"), at: "23:59" }, state: State.Again },
  ];
}

/** Sales wait for the link: each reason why something else has to wait. */
function withWaiting(language: string): Terminal[] {
  const common = { settings: settings({ language, tap: "hsu" }), amountMinor: AMOUNT_MINOR_MAX, txn: transaction() };
  const waiting = "|000001300000000010004761730010  ".repeat(7);
  const held = [Notice.SmallOnly, Notice.QueueFull, Notice.Sending].map((notice) => ({ state: State.Notice, notice }));
  return [...held, { state: State.Card }, { state: State.Idle }, { state: State.Idle, isLinkUp: true }].map((each) => ({
    ...{ ...openTerminal(), ...common, waiting, ...each },
  }));
}

/** Each kind of transaction where a sale would be, and the closing of a batch. */
function ofEachKind(language: string): Terminal[] {
  const states = [
    State.Online,
    State.Undo,
    State.Print,
    State.Paper,
    State.Approved,
    State.Declined,
    State.Notice,
    State.Offer,
  ];
  return ["00", "24"].flatMap((kind) =>
    states.flatMap((state) =>
      [Notice.None, ...(state === State.Approved ? [Notice.Skipped] : [])].map((notice) => ({
        ...openTerminal(),
        state,
        notice,
        settings: settings({ language }),
        amountMinor: AMOUNT_MINOR_MAX,
        txn: transaction({ kind, responseCode: "61", amountMinor: AMOUNT_MINOR_MAX }),
      })),
    ),
  );
}

/** Only one code means that the bank is to be called. */
const codesWith = (notice: Notice) => (notice === Notice.Referral ? ["01"] : CODES.filter((code) => code !== "01"));

export function everyTerminal(language = ""): Terminal[] {
  const terminals: Terminal[] = [];
  for (let state = 0; state < STATE_COUNT; state++) {
    for (const notice of NOTICES[state as State] ?? [Notice.None]) {
      for (const responseCode of state === State.Declined ? codesWith(notice) : [""]) {
        for (const isOpen of [true, false]) {
          terminals.push({
            ...openTerminal(),
            state,
            notice,
            isOpen,
            isLinkUp: isOpen,
            isSignedOn: true,
            printerFault: isOpen ? PrinterFault.PaperOut : PrinterFault.NoPrinter,
            pin: "493817182736".slice(0, isOpen ? 0 : 12),
            pinTries: isOpen ? 0 : 1,
            settings: state === State.Boot ? null : settings({ language }),
            amountMinor: AMOUNT_MINOR_MAX,
            txn: transaction({ responseCode, amountMinor: AMOUNT_MINOR_MAX }),
          });
        }
      }
    }
  }
  terminals.push(
    ...atTheDesk(language),
    ...withOperators(language),
    ...ofEachKind(language),
    ...withLimits(language),
    ...withWaiting(language),
  );
  const paper = terminals.filter(({ state, notice }) => state === State.Paper && notice === Notice.None);
  const idle = terminals.filter(({ state }) => state === State.Idle);
  return [
    ...terminals,
    ...idle.map((t) => ({ ...t, isLinkUp: true, isSignedOn: false, hasOldSettings: true })),
    ...idle.map((t) => ({ ...t, isOpen: false, isSignedOff: true })),
    ...idle.map((t) => ({ ...t, settings: settings({ language, lockMinutes: 5 }) })),
    ...idle.map((t) => ({
      ...t,
      isLinkUp: true,
      batteryPercent: 100,
      printerFault: PrinterFault.None,
      clock: "23:59",
    })),
    ...terminals
      .filter(({ state }) => state === State.Card || state === State.Pin || state === State.Online)
      .map((t) => ({
        ...t,
        settings: settings({ language, tap: "hsu" }),
        txn: transaction({ entry: "1001A0000000031010" }),
      })),
    ...paper.flatMap((t) => FAULTS.map((printerFault) => ({ ...t, printerFault, isPaperLow: true }))),
  ];
}
