/** The display driver sends only what changed, and the glass shows what was meant. */
import { expect, test } from "vitest";
import { Port } from "../../src/board/board";
import { openDisplay, show } from "../../src/drivers/display";
import { DisplayTwin } from "../../src/sim/twins/display";
import { fakeBoard } from "./fake-board";

test("only changed rows are sent", () => {
  const board = fakeBoard();
  const display = openDisplay(board);
  const twin = new DisplayTwin();
  const sent = () => {
    const bytes = board.written[Port.Display] as string;
    board.written[Port.Display] = "";
    twin.feed(bytes);
    return bytes;
  };
  show(display, "ONE\nTWO\n\nFOUR");
  sent();
  expect(twin.rows().slice(0, 4)).toEqual(["ONE", "TWO", "", "FOUR"]);
  show(display, "ONE\n2\n\nFOUR");
  expect(sent()).toBe("\x1b[2;1H2\x1b[K");
  expect(twin.rows().slice(0, 4)).toEqual(["ONE", "2", "", "FOUR"]);
  show(display, "ONE\n2\n\nFOUR");
  expect(sent()).toBe("");
});

test("a new driver draws every row: the glass may hold anything", () => {
  const board = fakeBoard();
  show(openDisplay(board), "A\nB");
  expect(board.written[Port.Display]).toBe("\x1b[1;1HA\x1b[K\x1b[2;1HB\x1b[K");
});

test("the twin takes no text past its edge", () => {
  expect(() => new DisplayTwin().feed("x".repeat(22))).toThrow("past column 21");
});
