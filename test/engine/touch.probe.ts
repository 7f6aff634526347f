/** The keys of a touch glass on the bench: each press with its time, and the keys that are shown otherwise. Command 1 is power-on. */
import { Happening } from "../../src/board/board";
import { board } from "../../src/board/console";
import { glass } from "../../src/board/profiles/cyd";
import { openTouchPad } from "../../src/drivers/touch-pad";

declare const io: { tx(line: string): void };

const pad = openTouchPad(board, 4, glass, (key) => {
  io.tx(JSON.stringify(["x", key, board.nowMs()]));
});
let shown = pad.wanted.join(" ");

board.start((happening, value, text) => {
  if ((happening as number) === 20) pad.on(Happening.PowerOn, 0, "");
  else pad.on(happening, value, text);
  const now = pad.wanted.join(" ");
  if (now !== shown) io.tx(JSON.stringify(["x", "shown", now]));
  shown = now;
});
