/** What provisioning wrote. In memory while it is read at power-on (`replay`). */
import { fromDigits, isDigits } from "../proto/bytes";
import type { Settings } from "./state";

/** Settings that always are. */
const SETTINGS_PARTS = 11;
/** Without a key, until the operator is logged out. */
const LOCK_MINUTES = 5;
/** Likewise, until the panel goes dark. */
const SLEEP_MINUTES = 10;

/** What stands behind `name=` among the options, or "". */
function option(parts: string[], name: string): string {
  for (let i = SETTINGS_PARTS; i < parts.length; i++) {
    if (parts[i].startsWith(name + "=")) return parts[i].substr(name.length + 1);
  }
  return "";
}

/** Of an option that is a number, or 0. */
function count(parts: string[], name: string): number {
  const digits = option(parts, name);
  return digits.length < 10 && isDigits(digits) ? fromDigits(digits) : 0;
}

/** Minutes of an option, 999 at most. */
function minutes(parts: string[], name: string, otherwise: number): number {
  const digits = option(parts, name);
  return isDigits(digits) && digits.length < 4 ? fromDigits(digits) : otherwise;
}

/** The table of limits (`limits/limits`), "" for none. */
export function limitsIn(body: string): string {
  return option(body.split("|"), "limits");
}

/** Settings as provisioning wrote them, or null when a part is missing. Behind the eleven that always are stand options, `name=value`. */
export function parseSettings(body: string): Settings | null {
  const parts = body.split("|");
  if (parts.length < SETTINGS_PARTS) return null;
  const pin = option(parts, "pin");
  const version = option(parts, "version");
  return {
    tid: parts[0],
    mid: parts[1],
    currencyCode: parts[2],
    currencyNumber: parts[3],
    exponent: fromDigits(parts[4]),
    host: parts[5],
    hostPort: fromDigits(parts[6]),
    backupHost: option(parts, "host2"),
    merchantName: parts[7],
    merchantPlace: parts[8],
    month: parts[9],
    isTest: parts[10] === "test",
    language: option(parts, "lang"),
    printer: option(parts, "printer"),
    receiptCode: option(parts, "code"),
    tap: option(parts, "tap"),
    finger: option(parts, "finger"),
    pinFormat: pin === "4" || pin === "0" ? pin : "",
    parametersVersion: isDigits(version) ? fromDigits(version) : 1,
    rekeys: option(parts, "rekey") !== "off",
    tipPercentMax: count(parts, "tip"),
    cashUnitMinor: count(parts, "cash"),
    floorMinor: count(parts, "floor"),
    lockMinutes: option(parts, "operators") === "on" ? minutes(parts, "lock", LOCK_MINUTES) || LOCK_MINUTES : 0,
    sleepMinutes: minutes(parts, "sleep", SLEEP_MINUTES),
  };
}
