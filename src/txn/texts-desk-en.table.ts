/** English words of the functions. A line has 21 characters at most, a title 14. */
import { packTexts } from "./texts-pack.table";
import { DeskText } from "./texts-desk";

export const DESK_WORDS_EN: Readonly<Record<DeskText, string>> = {
  [DeskText.Menu]: "FUNCTIONS\n1 Void      2 Refund\n3 Reprint   4 Settle\n5 Totals    6 Failed\nD more  C back",
  [DeskText.MenuMore]: "FUNCTIONS\n7 Ask about a trace\n8 Test the line\nU back  C stop",
  [DeskText.Batch]: "%\nBatch of the sale\n(E alone: this one)\nE ok  B back  C stop",
  [DeskText.Trace]: "%\nTrace (STAN) of it\nE ok  B back  C stop",
  [DeskText.TraceOrLast]: "%\nTrace (STAN) of it\n(E alone: the last)\nE ok  B back  C stop",
  [DeskText.Rrn]: "%\nNot in here: type the\nRRN of the receipt\nE ok  B back  C stop",
  [DeskText.ConfirmSettle]: "SETTLE\nClose the batch and\nsend the totals?\nE settle  C stop",
  [DeskText.ConfirmFull]: "BATCH IS FULL\nClose it before the\nnext sale.\nE settle  C stop",
  [DeskText.Confirm]: "%\nAll of it?\nE yes  C stop",
  [DeskText.Ask]: "WAIT\nAsking the host ...\nC stop",
  [DeskText.Answered]: "%\nE done",
  [DeskText.NoAnswer]: "%\nNo answer.\nTry again later.\nE done",
  [DeskText.NotPrinted]: "NOT PRINTED\nNothing else changed.\nE done",
  [DeskText.Slip]: "%\nPrinting ...\n",
  [DeskText.Settle]: "SETTLEMENT\nClosing the batch.\nNo new sale before.\nC back",
  [DeskText.Upload]: "SETTLEMENT\nTotals differ: each\nrecord is being sent.\nC back",
  [DeskText.Undo]: "NOT KNOWN\n%\nNo outcome yet. It is\nbeing undone.\nC back",
  [DeskText.Repeat]: "NOT KNOWN\n%\nSent until the bank\nanswers. Do not redo.\nC back",
  [DeskText.Print]: "APPROVED\n%\nPrinting ...\n",
  [DeskText.Paper]: "APPROVED\n%\nE print  C no receipt",
  [DeskText.Approved]: "APPROVED\n%\nE done",
  [DeskText.NoReceipt]: "APPROVED\n%\nNo receipt.\nE done",
  [DeskText.NotDone]: "NOT DONE\nE done",
  [DeskText.Offer]: "APPROVED\n%\nReceipt not finished.\nE print  C no receipt",
  [DeskText.Settled]: "SETTLED\nThe batch is closed.\nE done",
  [DeskText.NotFound]: "Not found.",
  [DeskText.Done]: "Voided or refunded.",
  [DeskText.NotThis]: "Not possible for it.",
  [DeskText.Full]: "Batch full: settle.",
  [DeskText.LoginNumber]: "LOG IN\nYour number\nE ok  B back  C stop",
  [DeskText.LoginPin]: "LOG IN\nPIN of operator %\nE ok  B back  C stop",
  [DeskText.NewPin]: "NEW PIN\nChoose 4 to 8 digits\nE ok  B back  C stop",
  [DeskText.PinAgain]: "NEW PIN\nThe same once more\nE ok  B back  C stop",
  [DeskText.Operators]: "OPERATORS\n1 Log out  2 New PIN\n3 Set PIN  4 Remove\nC back",
  [DeskText.WhichOperator]: "OPERATORS\nNumber of whom?\nE ok  B back  C stop",
  [DeskText.Refusals]:
    "|1Wrong.|2Wait # min.|3Choose another one.|4Not the same.|5Not allowed for you.|6Memory lost: service.|7Not there.|",
  [DeskText.NotYours]: "Supervisor only.",
  [DeskText.OperatorsLine]: "0 Operators, log out",
  // Those of the receipt.
  [DeskText.Names]: "",
  [DeskText.Tasks]: "|1VOID|2REFUND|3REPRINT|4SETTLE|5TOTALS|6FAILED|7TRACE|8LINE TEST|",
  [DeskText.Statuses]:
    "|00The line is good.|captured=Approved|declined=Declined|reversed=Undone|voided=Voided|held=Held|completed=Completed|cancelled=Cancelled|",
};

export const DESK_EN = packTexts(DESK_WORDS_EN);
