/** What the cashier sees, for each state: a title, an amount, lines, a hint. The words are in `texts-en.table` and its like. */
import { Role, type Screen } from "../drivers/screen";
import { fromDigits } from "../proto/bytes";
import { Response } from "./messages";
import { formatAmount } from "./money";
import { deskPart } from "./desk.lazy";
import { isLocked } from "./facts";
import { Fault, Kind, Notice, PrinterFault, State, type Terminal, WAITING_CHARS } from "./state";
import { Amount, AMOUNT_OF_STATE, ROLE_OF_STATE, TEXT_OF_STATE } from "./screens.table";
import { entry, Text, text } from "./texts";
import { EN } from "./texts-en.table";
import { chinesePart } from "./texts-zh.lazy";
import { watchPart } from "./watch.lazy";

/** Widest status row, in columns of a character display. */
const STATUS_COLUMNS = 21;
/** Added to a notice's number, so that each has two digits in the texts. */
const NOTICE_BASE = 10;

/** In words what a response code (ISO 8583 field 39) says, and what the cashier can do about it. */
function refusal(words: string, responseCode: string, kind: string): string {
  const reason = entry(text(words, Text.Reasons), responseCode);
  const isLater = responseCode === "91" || responseCode === "96";
  const advice = isLater
    ? Text.TryLater
    : responseCode === Response.BatchDiffers
      ? Text.CallService
      : kind === Kind.Sale && responseCode !== "01"
        ? Text.OtherCard
        : "";
  return (reason || text(words, Text.Refused) + responseCode) + "\n" + (advice && text(words, advice));
}

/** No sale may be begun: the last one has no end, or those that waited are being sent. */
function isFinishing(t: Terminal): boolean {
  return t.waiting === "" ? t.isOpen : t.isLinkUp;
}

function readyText(t: Terminal): string {
  return t.slots.charAt(0) === "B" ? Text.UpdateFailed : Text.Ready;
}

function screenText(t: Terminal): string {
  const state = t.state;
  if (state === State.Card && t.settings && t.settings.tap && t.waiting === "") return Text.CardOrTap;
  if (state === State.Pin && t.pinTries > 0) return Text.PinAgain;
  if (state === State.Approved && t.notice === Notice.Skipped) return Text.NoReceipt;
  if (state === State.Declined && t.notice === Notice.Referral) return Text.Referral;
  if (state !== State.Idle) return TEXT_OF_STATE.charAt(state);
  if (t.fault !== Fault.None) return Text.Faulty;
  if (isFinishing(t)) return Text.Finishing;
  if (isLocked(t)) return Text.Locked;
  if (t.isSignedOff) return Text.SignedOff;
  if (t.hasOldSettings) return Text.OldSettings;
  if (t.updateWaits) return Text.UpdateWaits;
  return readyText(t);
}

/** `alert` and `more`, where there is room for both beside `status`. */
function joined(status: string, alert: string, more: string): string {
  const all = alert && more ? alert + " " + more : alert || more;
  return status.length + all.length < STATUS_COLUMNS ? all : alert;
}

/** What is not as it should be, the gravest first, then the battery, and where nothing is done the time. */
function alertOf(t: Terminal, words: string, status: string): string {
  const waitCount = t.waiting === "" && t.isOpen ? 1 : t.waiting.length / WAITING_CHARS;
  const queue = waitCount > 0 ? text(words, Text.Queue) + waitCount : "";
  const mark = t.printerFault || t.isPaperLow ? entry(text(words, Text.Marks), "" + t.printerFault) : "";
  const alert = joined(status, joined(status, queue, mark), t.batteryPercent < 0 ? "" : t.batteryPercent + "%");
  return joined(status, alert, t.state === State.Idle ? t.clock : "");
}

function isNoticed(t: Terminal): boolean {
  return t.state === State.Notice || (t.state === State.Card && t.notice !== Notice.None);
}

/** `#` is what the self-test has found. */
function withCode(t: Terminal, lines: string): string {
  return t.fault === Fault.None ? lines : lines.replace("#", "" + t.fault);
}

/** Lines that hold more than words. Of a PIN the customer sees how many digits there are, never which. */
function linesOf(t: Terminal, words: string, lines: string): string {
  const state = t.state;
  if (state === State.Declined && t.txn) return refusal(words, t.txn.responseCode, t.txn.kind);
  const isLimit = state === State.Again || (state === State.Notice && t.notice === Notice.Limit);
  if (isLimit && t.limits) return watchPart().limitLines(t, t.limits, words, lines);
  if (isNoticed(t)) return entry(text(words, Text.Notices), "" + (NOTICE_BASE + t.notice)) || lines;
  if (state === State.Pin && t.pin) return lines + "\n" + "*".repeat(t.pin.length);
  if (t.txn && t.txn.entry && (state === State.Pin || state === State.Online))
    return lines + "\n" + text(words, Text.RemoveCard);
  if (state !== State.Paper) return withCode(t, lines);
  return entry(text(words, Text.Faults), "" + (t.printerFault || PrinterFault.NoPrinter)) + "\n" + lines;
}

/** Title, lines and hint; a sale has what `usual` says. */
function saidText(t: Terminal, usual: string, words: string, isChinese: boolean): string {
  const desk = t.desk;
  const isToWait = t.state === State.Notice && t.notice >= Notice.SmallOnly;
  const isOther = isToWait || (t.txn !== null && t.txn.kind !== Kind.Sale && t.state > State.Card);
  if (!desk && !isOther && t.state < State.Menu) return usual;
  return (desk ? desk.part : deskPart()).deskText(t, usual, words, isChinese);
}

/** The amount that is shown. What was undone is the transaction's, too. */
function minorOf(t: Terminal, source: string): number {
  if (source === Amount.Zero) return 0;
  const isUndone = t.state === State.Notice && t.notice === Notice.Undone;
  return t.txn && (source === Amount.Transaction || isUndone) ? t.txn.amountMinor : t.amountMinor;
}

export function screen(t: Terminal): Screen {
  const settings = t.settings;
  const isChinese = settings !== null && settings.language === "zh";
  const words = isChinese ? chinesePart().ZH : EN;
  const key = screenText(t);
  const said = saidText(t, text(words, key), words, isChinese);
  const isPlain = said.charAt(0) === "\t";
  const parts = said.substr(isPlain ? 1 : 0).split("\n");
  const hint = parts.pop() as string;
  const title = parts.shift() as string;
  const isTest = settings && settings.isTest;
  const link = !t.isLinkUp ? Text.LinkDown : !t.isSignedOn ? Text.Linked : t.isOnBackup ? Text.Backup : Text.LinkUp;
  const status = text(words, link) + (isTest ? text(words, Text.TestKeys) : "");
  const source = isPlain ? Amount.None : AMOUNT_OF_STATE.charAt(t.state);
  const money = source !== Amount.None && key !== Text.Finishing ? settings : null;
  const shown: Screen = {
    role: t.isDark
      ? Role.Dark
      : key === Text.Finishing
        ? Role.Unsure
        : key === Text.Faulty
          ? Role.Bad
          : (fromDigits(ROLE_OF_STATE.charAt(t.state)) as Role),
    status: status,
    alert: alertOf(t, words, status),
    title: title,
    amount: money ? formatAmount(minorOf(t, source), money.exponent) : "",
    currency: money ? money.currencyCode : "",
    lines: linesOf(t, words, parts.join("\n")),
    hint: hint,
    qr: "",
  };
  if (isChinese) chinesePart().sayChinese(shown);
  return shown;
}
