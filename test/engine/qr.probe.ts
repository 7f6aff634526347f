/** On the bench: the text of a command as a symbol, and the steps that it took. */
import { board } from "../../src/board/console";
import { toDigits } from "../../src/proto/bytes";
import { plain } from "../../src/proto/plain";
import { openQr, stepQr } from "../../src/proto/qr";

declare const io: { tx(line: string): void };

board.start((happening, mask, text) => {
  if ((happening as number) !== 20) return;
  const qr = openQr(board.natives || plain, text, false, mask);
  let symbol = "";
  let steps = 0;
  while (qr && !symbol && steps < 200) {
    symbol = stepQr(qr);
    steps++;
  }
  let hex = "";
  for (let i = 0; i < symbol.length; i++) hex += toDigits(symbol.charCodeAt(i), 3);
  io.tx(JSON.stringify(["x", steps, hex]));
});
