/** A terminal in every state, with every notice and response code, at the greatest amount. */
import { AMOUNT_MINOR_MAX } from "../../src/txn/money";
import { Notice, openTerminal, PrinterFault, State, STATE_COUNT, type Terminal } from "../../src/txn/state";
import { settings, transaction } from "./samples";

export const CODES = [
  "05",
  "13",
  "14",
  "43",
  "51",
  "54",
  "55",
  "57",
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
    ...[Notice.OtherCard, Notice.CardBlocked, Notice.CardRefuses, Notice.CardExpired],
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
};

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

export function everyTerminal(language = ""): Terminal[] {
  const terminals: Terminal[] = [];
  for (let state = 0; state < STATE_COUNT; state++) {
    for (const notice of NOTICES[state as State] ?? [Notice.None]) {
      for (const responseCode of state === State.Declined ? CODES : [""]) {
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
  const paper = terminals.filter(({ state, notice }) => state === State.Paper && notice === Notice.None);
  const idle = terminals.filter(({ state }) => state === State.Idle);
  return [
    ...terminals,
    ...idle.map((t) => ({ ...t, isLinkUp: true, isSignedOn: false, hasOldSettings: true })),
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
