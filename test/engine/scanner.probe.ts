/** The code scanner alone: command 0 opens it (text: the tail's number), 1 starts a scan, 2 stops it; reports go out with codes and kinds. */
import { Happening } from "../../src/board/board";
import { board } from "../../src/board/console";
import {
  onScannerBytes,
  onScannerTimer,
  openScanner,
  type Scanner,
  ScannerReport,
  startScan,
  stopScan,
} from "../../src/drivers/scanner";
import { codeKind } from "../../src/proto/gtin";

declare const io: { tx(line: string): void };

let scanner: Scanner | null = null;

function hear(opened: Scanner, report: ScannerReport): void {
  if (report === ScannerReport.None) return;
  const code = report === ScannerReport.Code ? opened.code : "";
  io.tx(JSON.stringify(["x", report, code, codeKind(code)]));
}

function hearBytes(opened: Scanner, bytes: string): void {
  let report = onScannerBytes(opened, bytes);
  while (report !== ScannerReport.None) {
    hear(opened, report);
    report = onScannerBytes(opened, "");
  }
}

board.start((happening, value, text) => {
  if ((happening as number) === 20 && value === 0) scanner = openScanner(board, 1, 2, parseInt(text, 10));
  if (!scanner) return;
  if (happening === Happening.Uart) hearBytes(scanner, text);
  if (happening === Happening.Timer) hear(scanner, onScannerTimer(scanner, value));
  if ((happening as number) === 20 && value === 1) startScan(scanner);
  if ((happening as number) === 20 && value === 2) stopScan(scanner);
});
