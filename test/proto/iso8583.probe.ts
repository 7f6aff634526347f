/** Unpacks what comes as a command and reports field numbers and values in turn, nothing when it is no message. */
import { board } from "../../src/board/console";
import { unpack } from "../../src/proto/iso8583";

declare const io: { tx(line: string): void };

board.start((happening, _, text) => {
  if ((happening as number) !== 20) return;
  const fields = unpack(text);
  const report: (string | number)[] = ["x"];
  if (fields) {
    for (let field = 0; field <= 64; field++) if (fields[field] !== undefined) report.push(field, fields[field]);
  }
  io.tx(JSON.stringify(report));
});
