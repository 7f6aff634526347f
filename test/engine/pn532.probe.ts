/** The PN532 driver as a program: commands open it on a bus, poll, exchange and release; every report goes out with what is known then. */
import { Happening } from "../../src/board/board";
import { board } from "../../src/board/console";
import {
  exchange,
  onNfcBytes,
  onNfcI2c,
  onNfcSpi,
  onNfcTimer,
  openNfc,
  pollCards,
  release,
} from "../../src/drivers/pn532";
import type { NfcBus } from "../../src/drivers/pn532-bus";
import { NfcReport } from "../../src/drivers/pn532-report";
import type { Nfc } from "../../src/drivers/pn532-steps";
import { plain } from "../../src/proto/plain";

declare const io: { tx(line: string): void };

const COMMAND = 20;
const TIMER = 5;

let nfc: Nfc | null = null;

function note(n: Nfc, report: NfcReport): void {
  if (report === NfcReport.Card) say(report, n.card.uid + n.card.atq + n.card.ats);
  else if (report === NfcReport.Answer) say(report, n.answer);
  else if (report !== NfcReport.None) say(report, "");
}

function say(report: number, text: string): void {
  io.tx(JSON.stringify(["x", report, board.nowMs(), text]));
}

function onCommand(text: string): void {
  const letter = text.charAt(0);
  if (letter === "o") {
    nfc = openNfc(board, board.natives || plain, TIMER, (text.charCodeAt(1) - 48) as NfcBus);
  } else if (nfc) {
    if (letter === "p" ? !pollCards(nfc) : letter === "r" ? !release(nfc) : !exchange(nfc, text.substr(1))) say(-1, "");
  }
}

board.start((happening, value, text) => {
  if ((happening as number) === COMMAND) onCommand(text);
  else if (!nfc) return;
  else if (happening === Happening.Uart) note(nfc, onNfcBytes(nfc, text));
  else if (happening === Happening.I2c) note(nfc, onNfcI2c(nfc, value > 0, text));
  else if (happening === Happening.Spi) note(nfc, onNfcSpi(nfc, text));
  else if (happening === Happening.Timer) note(nfc, onNfcTimer(nfc));
});
