/** Every screen of the functions behind F, by name, and of transactions that are no sale: those that are like none before. */
import type { Board } from "../board/board";
import * as part from "../txn/desk";
import { type Desk, Field, openDesk, Task } from "../txn/desk";
import { FingerStep, type Login, LoginField, Refusal } from "../txn/login";
import { loginOf } from "../txn/login-desk";
import {
  Kind,
  Notice,
  openTerminal,
  PrinterFault,
  type Settings,
  State,
  type Terminal,
  type Transaction,
} from "../txn/state";
import { DeskText } from "../txn/texts-desk";

type Named = readonly [string, Partial<Terminal>];

const TASKS: readonly (readonly [Task, string])[] = [
  [Task.Void, "void"],
  [Task.Refund, "refund"],
  [Task.Reprint, "reprint"],
  [Task.Settle, "settle"],
  [Task.Totals, "totals"],
  [Task.Failed, "failed"],
  [Task.Query, "query"],
  [Task.Echo, "echo"],
  [Task.Tip, "tip"],
  [Task.Preauth, "preauth"],
  [Task.Completion, "completion"],
  [Task.CancelPreauth, "cancel-preauth"],
  [Task.Balance, "balance"],
  [Task.Cash, "cash"],
  [Task.CashBack, "cash-back"],
  [Task.Split, "split"],
  [Task.SignOff, "sign-off"],
  [Task.SaleTip, "sale-tip"],
  [Task.Phone, "phone"],
];
const FIELDS = [Field.TraceOrLast, Field.Code, Field.Tip, Field.Cash, Field.Given, Field.Share];
/** What is taken without a link. */
const STORED = [Kind.CompletionAdvice, Kind.Offline, Kind.Tip, Kind.Cash];
/** States that a sale has too, and which say something else of other transactions. */
const SHARED: readonly (readonly [string, State])[] = [
  ["online", State.Online],
  ["undo", State.Undo],
  ["print", State.Print],
  ["paper", State.Paper],
  ["approved", State.Approved],
  ["declined", State.Declined],
  ["notice", State.Notice],
  ["offer", State.Offer],
];

function atDesk(name: string, state: State, changes: Partial<Desk>): Named {
  const desk = { ...openDesk(part, { ...openTerminal(), state }), ...changes };
  return [`desk-${name}`, { state, desk }];
}

const FAULTS = [
  ...[PrinterFault.PaperOut, PrinterFault.NoPrinter, PrinterFault.CoverOpen, PrinterFault.TooHot],
  ...[PrinterFault.CutterStuck, PrinterFault.Broken, PrinterFault.BatteryLow],
];

/** What is no sale where a sale would be. */
function ofOthers(txn: Transaction): Named[] {
  const others = [Kind.Settlement, Kind.CompletionAdvice];
  const faults: Named[] = others.flatMap((kind) =>
    FAULTS.map((printerFault) => [
      `kind-${kind}-fault-${printerFault}`,
      { state: State.Paper, printerFault, txn: { ...txn, kind } },
    ]),
  );
  const kinds = others.flatMap((kind) =>
    [Notice.None, Notice.Skipped].flatMap((notice) =>
      SHARED.map(([name, state]): Named => {
        const isSkipped = notice === Notice.Skipped ? "-skipped" : "";
        return [`kind-${kind}-${name}${isSkipped}`, { state, notice, txn: { ...txn, kind, responseCode: "61" } }];
      }),
    ),
  );
  return [...kinds, ...faults];
}

/** The way to the host: each layer that may be missing, the host's own trouble, and all well. */
function ofLineTest(): Named[] {
  const board = { nowMs: () => 0 } as Board;
  const at = (name: string, state: State, layers: number, answer = "", signal = "-61") => {
    const lineTest = { board, layers, signal, atMs: 1, tookMs: 9999 };
    return atDesk(`line-${name}`, state, { task: Task.Echo, answer, lineTest });
  };
  const [name, changes] = at("3", State.Info, 3);
  return [
    ...[0, 1, 2].map((layers) => at(String(layers), State.Info, layers, "", layers ? "-61" : "")),
    [name, { ...changes, notice: Notice.NoLink }],
    at("4", State.Info, 3),
    at("ask", State.Ask, 3),
    at("refused", State.Info, 4, "91"),
    at("good", State.Info, 4, "00"),
    at("wire", State.Info, 4, "00", "?"),
  ];
}

/** An operator logs in, or sees to operators: with each thing to type, and each reason why not. */
function ofOperators(): Named[] {
  const operator = "20";
  const screens = [1, 3].map((page): Named => {
    const [name, changes] = atDesk(`menu-${page}-operator`, State.Menu, { page });
    return [name, { ...changes, operator }];
  });
  for (let field = LoginField.Number; field <= LoginField.Whom; field++) {
    for (let refusal = Refusal.None; refusal < Refusal.NotKnown; refusal++) {
      const [name, changes] = atDesk(`login-${field}-${refusal}`, State.Login, { digits: "99" });
      Object.assign(loginOf(openTerminal(), changes.desk as Desk), { field, refusal, minutes: 1440, operator });
      screens.push([name, changes]);
    }
  }
  return screens;
}

/** The same where there is a fingerprint sensor. */
function ofFingers(withFinger: Settings): Named[] {
  const at = (name: string, login: Partial<Login>, digits = ""): Named => {
    const changes = atDesk("", State.Login, { digits })[1];
    Object.assign(loginOf(openTerminal(), changes.desk as Desk), login);
    return [name, { ...changes, settings: withFinger }];
  };
  const steps = [FingerStep.Put, FingerStep.Lift, FingerStep.Again];
  const refusals = [Refusal.Differs, Refusal.NoSensor, Refusal.Unclear];
  return [
    at("login-finger", { field: LoginField.Number }, "07"),
    ...[Refusal.NotKnown, Refusal.FingersOff, Refusal.NoSensor, Refusal.Unclear].map((refusal) =>
      at(`login-finger-${refusal}`, { field: LoginField.Number, refusal }),
    ),
    ...[Refusal.None, Refusal.NotYours].map((refusal) =>
      at(`login-finger-menu-${refusal}`, { field: LoginField.Menu, refusal }),
    ),
    ...steps.map((step) => at(`finger-${step}`, { field: LoginField.Finger, step })),
    ...refusals.map((refusal) => at(`finger-0-${refusal}`, { field: LoginField.Finger, refusal })),
  ];
}

/** `txn`: what is found, or in hand. `withTap`: settings of a terminal that takes taps. */
export function deskTerminals(txn: Transaction, withTap: Settings): Named[] {
  const ofTasks = TASKS.flatMap(([task, name]) => {
    return [
      atDesk(`${name}-amount`, State.Amount, { task }),
      atDesk(`${name}-entry`, State.Entry, { task, digits: "999999" }),
      atDesk(`${name}-slip`, State.Slip, { task }),
      atDesk(`${name}-info`, State.Info, { task }),
    ];
  });
  const task = Task.Query;
  const refusals = [DeskText.NotFound, DeskText.Done, DeskText.NotThis, DeskText.Full, DeskText.NotYours];
  const answers = ["00", "25", "voided= 9999999.99\n600512000007", "off=", "balance=-9999999.99", "paid=9999999.99"];
  const share = { task: Task.Split, field: Field.Share };
  return [
    atDesk("menu", State.Menu, { page: 0 }),
    ...[1, 2, 3].map((page) => atDesk(`menu-${page}`, State.Menu, { page })),
    ...ofTasks,
    atDesk("card", State.Card, { task }),
    ["desk-card-or-tap", { ...atDesk("", State.Card, { task })[1], settings: withTap }],
    atDesk("ask", State.Ask, { task }),
    atDesk("settle", State.Settle, { task }),
    atDesk("upload", State.Upload, { task }),
    ...answers.map((answer, index) => atDesk(`answer-${index}`, State.Info, { task, answer })),
    atDesk("confirm-full", State.Confirm, { task: Task.Settle, isForced: true }),
    atDesk("confirm-settle", State.Confirm, { task: Task.Settle, isForced: false }),
    atDesk("confirm-void", State.Confirm, { task: Task.Void, found: txn }),
    ...refusals.flatMap((notice, index) => [
      atDesk(`refused-${index}`, State.Info, { task, notice }),
      atDesk(`refused-${index}-entry`, State.Entry, { task, notice }),
    ]),
    atDesk("batch", State.Entry, { task: Task.Refund, field: Field.Batch, digits: "999999999999" }),
    atDesk("rrn", State.Entry, { task: Task.Refund, field: Field.Rrn, digits: "999999999999" }),
    atDesk("trace-or-last", State.Entry, { task: Task.Reprint }),
    ...FIELDS.map((field) => {
      const digits = field < Field.Tip ? "999999" : "999999999";
      return atDesk(`field-${field}`, State.Entry, { task: Task.Completion, field, digits });
    }),
    ...[DeskText.TooMuch, DeskText.TooLittle, DeskText.Off].map((notice, index) =>
      atDesk(`share-${index}`, State.Entry, { ...share, notice }),
    ),
    atDesk("confirm-cash", State.Confirm, { task: Task.Cash, kind: Kind.Cash, about: `${" ".repeat(34)}001999999998` }),
    ...STORED.map((kind): Named => {
      const [name, changes] = atDesk(`stored-${kind}`, State.Stored, { task: Task.None });
      return [name, { ...changes, txn: { ...txn, kind } }];
    }),
    ...ofLineTest(),
    ...ofOperators(),
    ...ofFingers({ ...withTap, finger: "r503" }),
    ...ofOthers(txn),
  ];
}
