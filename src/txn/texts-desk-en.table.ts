/** English words of the functions. A line has 21 characters at most, a title 14. */
import { packTexts } from "./texts-pack.table";
import { DeskText } from "./texts-desk";

export const DESK_WORDS_EN: Readonly<Record<DeskText, string>> = {
  [DeskText.Menu]: "FUNCTIONS\n1 Void      2 Refund\n3 Reprint   4 Settle\n5 Totals    6 Failed\nD more  C back",
  [DeskText.MenuMore]: "FUNCTIONS\n7 Ask about a trace\n8 Test the line\nD more  C back",
  [DeskText.MenuPay]: "FUNCTIONS\n1 Tip       2 Preauth\n3 Complete  4 Cancel\n5 Balance   6 Cash\nD more  C back",
  [DeskText.MenuMorePay]: "FUNCTIONS\n7 Cash back 8 Split\n9 Sign off\nU back  C stop",
  [DeskText.Entry]: "%\n$\nE ok  B back  C stop",
  [DeskText.EntryTip]: "%\n$\nE ok  D percent",
  [DeskText.EntryShare]: "%\n$\nE card  D cash  C end",
  [DeskText.ConfirmSettle]: "SETTLE\nClose the batch and\nsend the totals?\nE settle  C stop",
  [DeskText.ConfirmFull]: "BATCH IS FULL\nClose it before the\nnext sale.\nE settle  C stop",
  [DeskText.Confirm]: "%\nThis amount?\nE yes  C stop",
  [DeskText.ConfirmCash]: "%\nChange to give:\nE done  C stop",
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
  [DeskText.Stored]: "TAKEN OFFLINE\n%\nPrinting ...\n",
  [DeskText.SmallOnly]: "\tNOT YET\nSales wait to be sent\nUntil then only small\nswipes without a chip\nE done",
  [DeskText.QueueFull]: "\tNOT YET\nToo many sales wait.\nGo on when the link\nis back.\nE done",
  [DeskText.Sending]: "\tNOT YET\nWaiting sales are\nbeing sent. Go on in\na moment.\nE done",
  [DeskText.NotFound]: "Not found.",
  [DeskText.Done]: "Voided or refunded.",
  [DeskText.NotThis]: "Not possible for it.",
  [DeskText.Full]: "Batch full: settle.",
  [DeskText.Off]: "Not set up for this.",
  [DeskText.TooMuch]: "Too much.",
  [DeskText.TooLittle]: "Not enough.",
  [DeskText.LoginNumber]: "LOG IN\nYour number\nE ok  B back  C stop",
  [DeskText.LoginPin]: "LOG IN\nPIN of operator %\nE ok  B back  C stop",
  [DeskText.NewPin]: "NEW PIN\nChoose 4 to 8 digits\nE ok  B back  C stop",
  [DeskText.PinAgain]: "NEW PIN\nThe same once more\nE ok  B back  C stop",
  [DeskText.Operators]: "OPERATORS\n1 Log out  2 New PIN\n3 Set PIN  4 Remove\nC back",
  [DeskText.WhichOperator]: "OPERATORS\nNumber of whom?\nE ok  B back  C stop",
  [DeskText.Refusals]:
    "|1Wrong.|2Wait # min.|3Choose another one.|4Not the same.|5Not allowed for you.|6Memory lost: service.|7Not there.|8Finger not known.|9Finger off: use PIN.|10Sensor silent: PIN.|11Not clear. Again.|",
  [DeskText.Fingers]:
    "|nLOG IN\nYour number or finger\nE ok  B back  C stop|mOPERATORS\n1 Log out  2 New PIN\n3 Set PIN  4 Remove\n5 Finger  C back|" +
    "0FINGER\nPut it on the sensor\nC stop|1FINGER\nLift it off\nC stop|2FINGER\nThe same once more\nC stop|",
  [DeskText.NotYours]: "Supervisor only.",
  [DeskText.OperatorsLine]: "0 Operators, log out",
  [DeskText.Layers]: "|+OK|0Wi-Fi|1IP|2DNS|3TCP|",
  [DeskText.Missing]:
    "|0Wi-Fi is not joined.\nGo nearer the router.|1No IP address.\nRestart the router.|2Host name not found.\nCheck the internet.|" +
    "3Host is not reached.\nCall for service.|4Host does not answer.\nCall for service.|",
  [DeskText.Reached]: "Host answers: # ms|\nWi-Fi: $ dBm",
  // Those of the receipt.
  [DeskText.Names]: "",
  [DeskText.Tasks]:
    "|1VOID|2REFUND|3REPRINT|4SETTLE|5TOTALS|6FAILED|7TRACE|8LINE TEST|11TIP|12PREAUTH|13COMPLETION|14CANCEL HOLD|15BALANCE|16CASH SALE|17CASH BACK|18SPLIT|19SIGN OFF|20TIP|21PHONE CODE|",
  [DeskText.Statuses]:
    "|00The line is good.|captured=Approved|declined=Declined|reversed=Undone|voided=Voided|held=Held|completed=Completed|cancelled=Cancelled|off=Signed off.|balance=Left: |paid=Paid: |",
  [DeskText.Fields]:
    "|0Batch of it\n(E alone: this one)|1Trace (STAN) of it|2Not in here: type the\nRRN of the receipt|3Trace (STAN) of it\n(E alone: the last)|" +
    "4Approval code|5Tip, or E for none|6Cash for the customer|7Given (E: just that)|8Of this now (E: all)|",
};

export const DESK_EN = packTexts(DESK_WORDS_EN);
