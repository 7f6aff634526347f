/** The smallest program on the bench: what comes on a port goes back, and a timer reports. */
import { Happening, type Port } from "../../src/board/board";
import { board } from "../../src/board/console";

declare const io: { tx(line: string): void };

board.start((happening, value, text) => {
  if (happening === Happening.Uart) board.uart(value as Port, text);
  if ((happening as number) === 20) board.timer(value, 100);
  if (happening === Happening.Timer) io.tx(JSON.stringify(["x", value, board.nowMs()]));
});
