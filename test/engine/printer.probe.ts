/**
 * The printer driver on the bench. Commands: 1 starts the profile named, 2 prints the lines given (line feeds between them), 3 does so
 * with a low battery, 4 polls, 5 keeps a glyph (key, `=`, dots). Reports: what the driver reports.
 */
import { Happening, Port } from "../../src/board/board";
import { board } from "../../src/board/console";
import {
  onPrinterBytes,
  onPrinterTimer,
  openPrinter,
  pollPrinter,
  print,
  startPrinter,
} from "../../src/drivers/printer";
import { PrinterReport } from "../../src/drivers/status";
import { plain } from "../../src/proto/plain";
import { qrPart } from "../../src/proto/qr.lazy";

declare const io: { tx(line: string): void };

const TIMER = 2;
let lines: string[] = [];
let glyphKey = "";
let glyphDots = "";

function glyph(char: string): string {
  return char === glyphKey ? glyphDots : "";
}

function line(index: number): string {
  return index < lines.length ? lines[index] : "";
}

const printer = openPrinter(board, TIMER, glyph, (text) => qrPart().qrSteps(board.natives || plain, text));

function command(value: number, text: string): void {
  if (value === 1) {
    startPrinter(printer, text);
  } else if (value === 4) {
    pollPrinter(printer);
  } else if (value === 5) {
    glyphKey = text.split("=")[0];
    glyphDots = text.substr(glyphKey.length + 1);
  } else {
    lines = text.split("\n");
    print(printer, line, value === 2);
  }
}

function tell(report: PrinterReport): void {
  if (report !== PrinterReport.None) io.tx(JSON.stringify(["x", report, board.nowMs()]));
}

board.start((happening, value, text) => {
  if (happening === Happening.Uart && value === Port.Printer) tell(onPrinterBytes(printer, text));
  else if (happening === Happening.Timer) tell(onPrinterTimer(printer));
  else if ((happening as number) === 20) command(value, text);
});
