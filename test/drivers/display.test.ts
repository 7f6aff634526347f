/** The display driver sends only what changed, and the glass shows what was meant. */
import { expect, test } from "vitest";
import { Port } from "../../src/board/board";
import { openDisplay } from "../../src/drivers/display";
import { DisplayTwin } from "../../src/sim/twins/display";
import { gb2312 } from "../../tools/gb2312.mjs";
import { fakeBoard } from "./fake-board";
import { screenOf } from "./screens";

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
  const first = screenOf({ title: "SALE", amount: "12.50", currency: "EUR", lines: "One\nTwo", hint: "E done" });
  display.show(first);
  sent();
  expect(twin.rows()).toEqual(["Online               ".trimEnd(), "SALE", "", "12.50 EUR", "One", "Two", "", "E done"]);
  display.show({ ...first, lines: "One\n2" });
  expect(sent()).toBe("\x1b[6;1H2\x1b[K");
  expect(twin.rows()[5]).toBe("2");
  display.show({ ...first, lines: "One\n2" });
  expect(sent()).toBe("");
});

test("a new driver draws every row: the glass may hold anything", () => {
  const board = fakeBoard();
  openDisplay(board).show(screenOf({}));
  expect(board.written[Port.Display]?.match(/\x1b\[[1-8];1H/g)).toHaveLength(8);
});

test("status and alert stand at the two ends of the first row", () => {
  const board = fakeBoard();
  const twin = new DisplayTwin();
  openDisplay(board).show(screenOf({ status: "Offline TEST", alert: "Queue 1" }));
  twin.feed(board.written[Port.Display] as string);
  expect(twin.rows()[0]).toBe("Offline TEST  Queue 1");
});

test("Chinese takes two columns a character", () => {
  const board = fakeBoard();
  const twin = new DisplayTwin();
  openDisplay(board).show(screenOf({ title: gb2312("收款"), hint: gb2312("E付款 B退格") }));
  twin.feed(board.written[Port.Display] as string);
  expect([twin.rows()[1], twin.rows()[7]]).toEqual(["收款", "E付款 B退格"]);
  expect(() => twin.feed("\x1b[1;20H" + gb2312("收款"))).toThrow("past column 21");
});

test("the twin takes no text past its edge", () => {
  expect(() => new DisplayTwin().feed("x".repeat(22))).toThrow("past column 21");
});
