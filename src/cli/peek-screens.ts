/** Every screen that the terminal has, by name: each state, notice and kind of refusal, and what the status row can say. */
import type { Screen } from "../drivers/screen";
import { plain } from "../proto/plain";
import { openQr, QR_MASK, stepQr } from "../proto/qr";
import { AMOUNT_MINOR_MAX } from "../txn/money";
import { screen } from "../txn/screens";
import {
  Fault,
  Notice,
  openTerminal,
  PrinterFault,
  type Settings,
  State,
  type Terminal,
  type Transaction,
} from "../txn/state";
import { openWatch } from "../txn/watch";
import { deskTerminals } from "./peek-desk";

export interface NamedScreen {
  readonly name: string;
  readonly screen: Screen;
}

const SETTINGS: Settings = {
  tid: "00000001",
  mid: "000000000000001",
  currencyCode: "EUR",
  currencyNumber: "978",
  exponent: 2,
  host: "host",
  hostPort: 7583,
  backupHost: "",
  merchantName: "TILLET CORNER",
  merchantPlace: "Market Street 1, Exampletown",
  month: "2601",
  isTest: true,
  parametersVersion: 1,
  rekeys: true,
  lockMinutes: 0,
  sleepMinutes: 10,
  language: "",
  printer: "",
  receiptCode: "",
  pinFormat: "4",
  tap: "",
  finger: "",
  tipPercentMax: 0,
  cashUnitMinor: 0,
  floorMinor: 0,
};

/** Three sales that wait for the link. */
const WAITING = "|000001300000000010004761730010  ".repeat(3);

const TXN: Transaction = {
  kind: "22",
  about: "",
  stan: 1,
  amountMinor: 1250,
  panMasked: "4761730010",
  operator: "",
  entry: "",
  issuerData: "",
  rrn: "",
  approvalCode: "",
  localTime: "",
  responseCode: "",
};

const TAPPED: Transaction = { ...TXN, entry: "1001A0000000031010" };

const OFFLINE = { isLinkUp: false };
const OPEN = { isOpen: true };

const FAULTS: readonly [string, PrinterFault][] = [
  ["paper-out", PrinterFault.PaperOut],
  ["no-printer", PrinterFault.NoPrinter],
  ["cover-open", PrinterFault.CoverOpen],
  ["printer-hot", PrinterFault.TooHot],
  ["cutter-stuck", PrinterFault.CutterStuck],
  ["printer-broken", PrinterFault.Broken],
  ["battery-low", PrinterFault.BatteryLow],
];

const refusals = [
  "01",
  "05",
  "12",
  "13",
  "14",
  "25",
  "43",
  "51",
  "54",
  "55",
  "57",
  "61",
  "62",
  "65",
  "75",
  "77",
  "82",
  "86",
  "91",
  "96",
  "A0",
].map((responseCode): [string, Partial<Terminal>] => [
  `declined-${responseCode}`,
  { state: State.Declined, txn: { ...TXN, responseCode } },
]);

/** A table of every limit, and each that was passed: the cashier may ask somebody or nobody. */
const ALL_LIMITS = "t5000r5000n9999d500000o200000s99999c99999f20000y50000m50000x1a24";
const LIMITS = [...ALL_LIMITS.replace(/[0-9]/g, "")].flatMap((passed): [string, Partial<Terminal>][] =>
  (passed === "o" ? ["07"] : ["", "07"]).map((operator) => [
    `limit-${passed}${operator}`,
    { state: State.Notice, notice: Notice.Limit, operator, limits: { ...openWatch(ALL_LIMITS), passed } },
  ]),
);

const TERMINALS: readonly (readonly [string, Partial<Terminal>])[] = [
  ["boot", { state: State.Boot, settings: null, ...OFFLINE }],
  ["ready", { state: State.Idle }],
  ["ready-offline", { state: State.Idle, ...OFFLINE }],
  ["ready-linked", { state: State.Idle, isSignedOn: false }],
  ["ready-time", { state: State.Idle, clock: "14:30" }],
  ["ready-old-settings", { state: State.Idle, hasOldSettings: true }],
  ["ready-battery", { state: State.Idle, batteryPercent: 84 }],
  ["ready-no-paper", { state: State.Idle, printerFault: PrinterFault.PaperOut }],
  ["ready-paper-low", { state: State.Idle, isPaperLow: true, batteryPercent: 100 }],
  ["ready-cover", { state: State.Idle, printerFault: PrinterFault.CoverOpen, batteryPercent: 7 }],
  ["ready-printer", { state: State.Idle, printerFault: PrinterFault.NoPrinter, ...OFFLINE }],
  ["ready-soon", { state: State.Idle, ...OPEN, ...OFFLINE }],
  ["amount-first-digit", { state: State.Amount, amountMinor: 1 }],
  ["amount", { state: State.Amount }],
  ["amount-thousands", { state: State.Amount, amountMinor: 987654 }],
  ["amount-greatest", { state: State.Amount, amountMinor: AMOUNT_MINOR_MAX }],
  ["card", { state: State.Card }],
  ["card-again", { state: State.Card, notice: Notice.SwipeAgain }],
  ["card-or-tap", { state: State.Card, settings: { ...SETTINGS, tap: "hsu" } }],
  ["tap-again", { state: State.Card, notice: Notice.TapAgain }],
  ["one-card", { state: State.Card, notice: Notice.OneCard }],
  ["see-phone", { state: State.Card, notice: Notice.SeePhone }],
  ["use-stripe", { state: State.Card, notice: Notice.UseStripe }],
  ["too-much", { state: State.Card, notice: Notice.TooMuch }],
  ["other-card", { state: State.Card, notice: Notice.OtherCard }],
  ["card-blocked", { state: State.Card, notice: Notice.CardBlocked }],
  ["card-expired", { state: State.Card, notice: Notice.CardExpired }],
  ["card-refuses", { state: State.Card, notice: Notice.CardRefuses }],
  ["same-again", { state: State.Again, limits: { ...openWatch("d1"), at: "23:59" } }],
  ["pin", { state: State.Pin }],
  ["pin-typed", { state: State.Pin, pin: "1234" }],
  ["pin-longest", { state: State.Pin, pin: "123456789012" }],
  ["pin-again", { state: State.Pin, pinTries: 1 }],
  ["pin-again-longest", { state: State.Pin, pinTries: 1, pin: "123456789012" }],
  ["pin-tap", { state: State.Pin, txn: TAPPED }],
  ["online-tap", { state: State.Online, ...OPEN, txn: TAPPED }],
  ["online", { state: State.Online, ...OPEN }],
  ["undo", { state: State.Undo, ...OPEN, ...OFFLINE }],
  ["print", { state: State.Print }],
  ...FAULTS.map(([name, printerFault]): [string, Partial<Terminal>] => [name, { state: State.Paper, printerFault }]),
  ["approved", { state: State.Approved }],
  ["approved-no-receipt", { state: State.Approved, notice: Notice.Skipped }],
  ...refusals,
  ["expired", { state: State.Notice, notice: Notice.CardExpired }],
  ["not-for-goods", { state: State.Notice, notice: Notice.CardNotHere }],
  ["card-not-taken", { state: State.Notice, notice: Notice.NotTaken }],
  ["no-link", { state: State.Notice, notice: Notice.NoLink, ...OFFLINE }],
  ["no-pin", { state: State.Notice, notice: Notice.NoPin }],
  ["undone", { state: State.Notice, notice: Notice.Undone }],
  ["stopped", { state: State.Notice, notice: Notice.Cancelled }],
  ["offer", { state: State.Offer }],
  ["dead", { state: State.Dead, ...OFFLINE }],
  ["out-of-step", { state: State.OutOfStep }],
  ["faulty", { state: State.Idle, fault: Fault.Code, ...OPEN }],
  ["locked", { state: State.Idle, settings: { ...SETTINGS, lockMinutes: 5 } }],
  ["signed-off", { state: State.Idle, isSignedOff: true }],
  ["referral", { state: State.Declined, notice: Notice.Referral, txn: { ...TXN, responseCode: "01" } }],
  ["another-card", { state: State.Card, notice: Notice.AnotherCard }],
  ...LIMITS,
  ["waiting", { state: State.Idle, waiting: WAITING, ...OFFLINE }],
  ["waiting-sent", { state: State.Idle, waiting: WAITING }],
  ["waiting-small-only", { state: State.Notice, notice: Notice.SmallOnly, waiting: WAITING, ...OFFLINE }],
  ["waiting-full", { state: State.Notice, notice: Notice.QueueFull, waiting: WAITING, ...OFFLINE }],
  ["waiting-sending", { state: State.Notice, notice: Notice.Sending, waiting: WAITING }],
];

function symbolOf(text: string): string {
  const qr = openQr(plain, text, false, QR_MASK);
  let symbol = "";
  while (qr && !symbol) symbol = stepQr(qr);
  return symbol;
}

export function namedScreens(language: string): NamedScreen[] {
  const shown = (t: Partial<Terminal>) =>
    screen({
      ...openTerminal(),
      isLinkUp: true,
      isSignedOn: true,
      amountMinor: TXN.amountMinor,
      txn: TXN,
      ...t,
      settings: t.settings === null ? null : { ...SETTINGS, ...t.settings, language },
    });
  const all = [...TERMINALS, ...deskTerminals(TXN, { ...SETTINGS, tap: "hsu" })].map(([name, t]) => ({
    name,
    screen: shown(t),
  }));
  const words = all.map((each) => JSON.stringify(each.screen));
  const screens = all.filter((_, index) => words.indexOf(words[index] ?? "") === index);
  const pay = shown({ state: State.Card });
  const codes = [
    { name: "code", text: "https://pay.example/1/12.50/EUR" },
    { name: "code-greatest", text: "https://pay.example/".padEnd(213, "0123456789") },
  ];
  return [...screens, ...codes.map(({ name, text }) => ({ name, screen: { ...pay, lines: "", qr: symbolOf(text) } }))];
}
