/** A terminal's settings and a transaction, as tests want them. */
import type { Settings, Transaction } from "../../src/txn/state";

export function settings(changes: Partial<Settings> = {}): Settings {
  return {
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
    language: "",
    printer: "",
    receiptCode: "",
    tap: "",
    finger: "",
    pinFormat: "",
    parametersVersion: 1,
    rekeys: true,
    tipPercentMax: 0,
    cashUnitMinor: 0,
    floorMinor: 0,
    lockMinutes: 0,
    sleepMinutes: 10,
    ...changes,
  };
}

export function transaction(changes: Partial<Transaction> = {}): Transaction {
  return {
    stan: 7,
    kind: "22",
    about: "",
    amountMinor: 1250,
    panMasked: "4761730010",
    operator: "",
    entry: "",
    issuerData: "",
    rrn: "",
    approvalCode: "",
    localTime: "",
    responseCode: "",
    ...changes,
  };
}
