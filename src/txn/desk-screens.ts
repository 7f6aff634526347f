/** What the screens say while a function is in hand, and where a transaction is no sale. Roles, amounts and status are `screens`'. */
import { type Desk, Field, Task } from "./desk";
import { fromDigits } from "../proto/bytes";
import { type Login, LoginField, Refusal } from "./login";
import { lineTestLines } from "./line-test";
import { loginOf } from "./login-desk";
import { isAdvice } from "./messages";
import { formatAmount } from "./money";
import { receiptPart } from "./receipt.lazy";
import { Kind, Notice, State, type Terminal } from "./state";
import { entry, text, Text } from "./texts";
import { DeskText } from "./texts-desk";
import { DESK_EN } from "./texts-desk-en.table";
import { chineseDeskPart } from "./texts-desk-zh.lazy";

/** Stands before a text whose screen has no amount. */
const NO_AMOUNT = "\t";

/** From Ask on: of Info see `keyOf`. */
const MENU = DeskText.Menu + "" + DeskText.MenuMore + DeskText.MenuPay + DeskText.MenuMorePay;
const KEYS = DeskText.Ask + " " + DeskText.Slip + DeskText.Settle + DeskText.Upload;

/** By notice. */
const WAITING_KEYS = DeskText.SmallOnly + "" + DeskText.QueueFull + DeskText.Sending;

/** By field. */
const LOGIN_KEYS =
  DeskText.LoginNumber +
  DeskText.LoginPin +
  DeskText.NewPin +
  DeskText.PinAgain +
  DeskText.Operators +
  DeskText.WhichOperator;

/** Title, lines and hint of a state, where it is not what `usual` says, which a sale has. */
export function deskText(t: Terminal, usual: string, words: string, isChinese: boolean): string {
  const own = isChinese ? chineseDeskPart().DESK_ZH : DESK_EN;
  const desk = t.desk;
  const task = desk ? entry(text(own, DeskText.Tasks), "" + desk.task) : "";
  const state = t.state;
  if (desk && (state === State.Amount || state === State.Card || state === State.Pin))
    return task + usual.substr(usual.indexOf("\n"));
  if (desk && state === State.Login) return NO_AMOUNT + loginText(t, desk, loginOf(t, desk), own);
  const key = desk && state >= State.Menu ? keyOf(t, desk) : kindKey(t);
  if (key === "") return usual;
  const name = state >= State.Menu && state !== State.Stored ? task : kindName(own, t.txn ? t.txn.kind : "");
  const field = desk ? "" + desk.field : "";
  const said = text(own, key)
    .replace("%", name)
    .replace("$", entry(text(own, DeskText.Fields), field));
  return (isPlain(t) ? NO_AMOUNT : "") + (desk ? withMore(t, desk, said, own, words) : said);
}

function kindName(own: string, kind: string): string {
  return entry(text(own, DeskText.Names), kind) || receiptPart().kindName(kind);
}

/** Of no amount. */
function isPlain(t: Terminal): boolean {
  const desk = t.desk;
  if (t.state < State.Menu) return t.txn !== null && t.txn.kind === Kind.Settlement;
  return !desk || desk.task === Task.Settle;
}

function keyOf(t: Terminal, desk: Desk): string {
  const state = t.state;
  if (state === State.Stored) return DeskText.Stored;
  if (state === State.Menu) return MENU.charAt(desk.page);
  if (state === State.Entry) {
    if (desk.field === Field.Tip) return DeskText.EntryTip;
    return desk.field === Field.Share ? DeskText.EntryShare : DeskText.Entry;
  }
  if (state === State.Confirm) {
    if (desk.kind === Kind.Cash) return DeskText.ConfirmCash;
    if (desk.task !== Task.Settle) return DeskText.Confirm;
    return desk.isForced ? DeskText.ConfirmFull : DeskText.ConfirmSettle;
  }
  if (state !== State.Info) return KEYS.charAt(state - State.Ask);
  if (desk.notice !== "" || desk.lineTest) return DeskText.Answered;
  if (desk.task < Task.Query) return DeskText.NotPrinted;
  return desk.answer === "" ? DeskText.NoAnswer : DeskText.Answered;
}

/** Of a state that a sale has, too; "" where its text is the same. */
function kindKey(t: Terminal): string {
  const state = t.state;
  const kind = t.txn ? t.txn.kind : Kind.Sale;
  if (state === State.Online && isAdvice(kind)) return DeskText.Ask;
  if (state === State.Undo) return isAdvice(kind) ? DeskText.Repeat : DeskText.Undo;
  if (state === State.Print) return DeskText.Print;
  if (state === State.Paper) return DeskText.Paper;
  if (state === State.Notice)
    return t.notice < Notice.SmallOnly ? DeskText.NotDone : WAITING_KEYS.charAt(t.notice - Notice.SmallOnly);
  if (state === State.Offer) return DeskText.Offer;
  if (state !== State.Approved) return "";
  if (kind === Kind.Settlement) return DeskText.Settled;
  return t.notice === Notice.Skipped ? DeskText.NoReceipt : DeskText.Approved;
}

function amount(t: Terminal, minor: number): string {
  return formatAmount(minor, t.settings ? t.settings.exponent : 0);
}

/** What is due, and what was typed beside it. */
function moneyLine(t: Terminal, desk: Desk): string {
  const isShare = desk.field === Field.Share;
  const typed = amount(t, desk.digits === "" ? 0 : fromDigits(desk.digits));
  return amount(t, isShare ? t.splitMinor : t.amountMinor) + ":" + typed;
}

/** What the host knows of a trace: its status in words. Else its response code: the line is good, or what it says. */
function answerLines(answer: string, own: string, words: string): string {
  const at = answer.indexOf("=") + 1;
  if (at > 0) return entry(text(own, DeskText.Statuses), answer.substr(0, at)) + answer.substr(at);
  if (answer === "") return "";
  if (answer === "00") return entry(text(own, DeskText.Statuses), "00");
  return entry(text(words, Text.Reasons), answer) || answer;
}

/** With what was typed, or came of it, as a line above the hint. */
function withMore(t: Terminal, desk: Desk, said: string, own: string, words: string): string {
  let more = "";
  if (t.state === State.Menu && desk.page & 1 && t.operator !== "") more = text(own, DeskText.OperatorsLine);
  else if (desk.notice !== "") more = text(own, desk.notice);
  else if (t.state === State.Entry) more = desk.field < Field.Tip ? desk.digits : moneyLine(t, desk);
  else if (t.state === State.Confirm && desk.kind === Kind.Cash)
    more = amount(t, fromDigits(desk.about.substr(34, 12)) - t.amountMinor);
  else if (t.state === State.Confirm && desk.found) more = "(" + desk.found.panMasked.substr(6) + ")";
  else if (t.state === State.Info && desk.task < Task.Query)
    more = entry(text(words, Text.Faults), "" + t.printerFault);
  else if (t.state === State.Info && !desk.lineTest) more = answerLines(desk.answer, own, words);
  else if (desk.lineTest) {
    const answer = desk.answer === "" || desk.answer === "00" ? "" : answerLines(desk.answer, own, words);
    more = lineTestLines(t, desk.lineTest, own, answer, desk.answer === "00");
  }
  return withLine(said, more);
}

/** Above the hint. */
function withLine(said: string, more: string): string {
  if (more === "") return said;
  const lines = said.split("\n");
  const hint = lines.pop() as string;
  return lines.join("\n") + "\n" + more + "\n" + hint;
}

/** A screen that a fingerprint sensor makes another, or "". */
function fingerText(t: Terminal, login: Login, own: string): string {
  const field = login.field;
  const name =
    field === LoginField.Finger
      ? "" + login.step
      : field === LoginField.Number
        ? "n"
        : field === LoginField.Menu
          ? "m"
          : "";
  const isThere = name !== "" && t.settings !== null && t.settings.finger !== "";
  return isThere ? entry(text(own, DeskText.Fingers), name) : "";
}

/** Of a PIN that is typed nobody sees more than how many digits it has. */
function loginText(t: Terminal, desk: Desk, login: Login, own: string): string {
  const field = login.field;
  const said =
    fingerText(t, login, own) || text(own, LOGIN_KEYS.charAt(field)).replace("%", login.operator || t.operator);
  if (login.refusal !== Refusal.None)
    return withLine(said, entry(text(own, DeskText.Refusals), "" + login.refusal).replace("#", "" + login.minutes));
  return withLine(said, login.part.isOfNumber(field) ? desk.digits : "*".repeat(desk.digits.length));
}
