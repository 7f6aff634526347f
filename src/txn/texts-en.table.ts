/** English. A line has 21 characters at most, a title 14. */
import { packTexts, type Texts } from "./texts-pack.table";
import { Text } from "./texts";

export const WORDS_EN: Texts = {
  [Text.Boot]: "TILLET\nNot certified:\nno PCI PTS, no EMVCo\nStarting ...",
  [Text.Ready]: "READY\nType the amount\nF functions",
  [Text.Finishing]: "READY SOON\nThe last one is being\nfinished. No new sale\nuntil that is done.\n",
  [Text.SignedOff]: "SIGNED OFF\nNo sale before the\nnext sign-on.\nAny digit: sign on",
  [Text.Amount]: "SALE\nType the amount\nE pay  B back  C stop",
  [Text.Card]: "SALE\nSwipe the card\nC stop",
  [Text.CardOrTap]: "SALE\nTap or swipe the card\nC stop",
  [Text.Online]: "WAIT\nAsking the bank ...\nC stop and undo",
  [Text.Undo]: "NOT KNOWN\nNo outcome yet.\nSale is being undone.\nDo not charge again.\nC back",
  [Text.Print]: "APPROVED\nPrinting ...\n",
  [Text.Paper]: "APPROVED\nThe sale is good.\nE print  C no receipt",
  [Text.Notice]: "NOT CHARGED\nE done",
  [Text.Approved]: "APPROVED\nGive card and receipt\nE done",
  [Text.NoReceipt]: "APPROVED\nNo receipt.\nE done",
  [Text.Declined]: "DECLINED\nE done",
  [Text.Referral]: "CALL THE BANK\nE type code  C stop",
  [Text.Offer]: "APPROVED\nReceipt of the last\nsale not finished.\nE print  C no receipt",
  [Text.Dead]: "OUT OF SERVICE\nMemory or keys lost.\nNo sale possible.\nCall for service.\nC try again",
  [Text.Pin]: "PIN\nCustomer: type PIN\nE ok  B back  C stop",
  [Text.PinAgain]: "PIN\nWrong PIN. Try again.\nE ok  B back  C stop",
  [Text.OutOfStep]: "OUT OF STEP\nBatch is not the\nhost's. No sale.\nCall for service.\nC try again",
  [Text.OldSettings]: "READY\nNew settings wait.\nCall for service.\nType the amount",
  [Text.UpdateWaits]: "READY\nUpdate waits:\nsettle first.\nType the amount",
  [Text.UpdateFailed]: "READY\nUpdate did not start:\nthe old one runs.\nType the amount",
  [Text.Faulty]: "\tDO NOT USE\nTerminal is faulty.\nCall for service.\nCode #\n",
  [Text.Locked]: "\tLOCKED\nNobody is logged in.\nF log in",
  [Text.Again]: "SAME AGAIN\nSame card and amount\nat #. Again?\nE yes  C no",
  [Text.Reasons]:
    "|01Bank wants a call:\ntype its code.|05Refused by the bank|12Not possible any more|13Amount not accepted|14Card is not known|25Bank does not know it|43Card reported stolen|51Not enough money|" +
    "54Card has expired|55PIN is wrong|57Not allowed for card|61More than is left|62Card not taken here|65No more sales today|75Too many wrong PINs|77Bank has other batch|82Card is not genuine|86Card needs its PIN|91Bank not reachable|",
  [Text.Refused]: "Refused, code ",
  [Text.TryLater]: "Try again later.",
  [Text.OtherCard]: "Ask for another card.",
  [Text.CallService]: "Call for service.",
  [Text.Notices]:
    "|11Not read.\nSwipe the card again|12Card has expired.\nAsk for another card.|13Card is for cash only\nAsk for another card.|" +
    "14Host not reachable.\nTry again.|15No answer in time:\nit was undone.|16It was stopped.|" +
    "18PIN cannot be used.\nCall for service.|19Left too early.\nPresent it again.|20One card only.\nTake the others away.|" +
    "21Look at the phone,\nthen present it again|22Not without contacts.\nSwipe the card.|23Too much for a tap.\nSwipe the card.|" +
    "24Not taken here: swipe\nit, or another card.|25Card is blocked.\nAsk for another card.|" +
    "26Declined by the card.\nAsk for another card.|27Another card than the\ncall was about.|30Card not taken here.\nAsk for another card.|",
  [Text.Limits]:
    "|tSale limit #\nCall for service.|TSale limit #\nAsk the supervisor.|rRefund max #\nCall for service.|" +
    "n# sales a day.\nNo more today.|dDay limit #\nLeft: $\nCall for service.|" +
    "OYour limit #\nLeft: $\nAsk the supervisor.|sSwipes/day #\nLeft: $\nPay in another way.|" +
    "cTaps a day #\nLeft: $\nPay in another way.|fOffline: #\nLeft: $\nTry again later.|" +
    "yCode limit #\nLeft: $\nPay in another way.|mCash a day #\nLeft: $\nPay in another way.|xNot without a link.\nTry again later.|aHost must be heard\nevery # hours.|",
  [Text.RemoveCard]: "Remove the card.",
  [Text.LinkUp]: "Online",
  [Text.Linked]: "Linked",
  [Text.Backup]: "Backup",
  [Text.LinkDown]: "Offline",
  [Text.TestKeys]: " TEST",
  [Text.Queue]: "Queue ",
  [Text.Marks]: "|0Paper low|1No paper|2Printer!|3Cover|4Hot|5Printer!|6Printer!|7Battery|",
  [Text.Faults]:
    "|1Paper is out. Load it|2Printer not found.|3Printer cover is open|4Printer is too hot.|5Paper cutter is stuck|" +
    "6Printer needs service|7Battery is low.\nCharge, then print.|",
};

export const EN = packTexts(WORDS_EN);
