/** Collects lines of what comes as commands, and reports each. */
import { board } from "../../src/board/console";
import { feedLines, nextLine, openLines } from "../../src/proto/frame";

declare const io: { tx(line: string): void };

const lines = openLines();

board.start((happening, _, text) => {
  if ((happening as number) !== 20) return;
  if (!feedLines(lines, text)) return;
  for (let line = nextLine(lines); line !== ""; line = nextLine(lines)) io.tx(JSON.stringify(["x", line]));
});
