/** The works of the terminal on a board that only remembers: what no host of ours and no script can bring about. */
import { beforeEach, describe, expect, test } from "vitest";
import { Happening, Port } from "../../src/board/board";
import { NetState } from "../../src/txn/link";
import { onHappening, Timer } from "../../src/txn/terminal";
import { packMessage, reversalFields, type SealedRequest } from "../host/terminal";
import { stored } from "./device";
import { TID, WorksBench } from "./works";

let bench: WorksBench;
beforeEach(() => {
  bench = new WorksBench();
  bench.connect();
  // The sign-on, which nobody answers.
  expect(bench.sent()).toHaveLength(1);
});

/** A sale of 12.50, its request sent, and undone by the cashier: the reversal's line. */
function sellAndStop(): string {
  bench.press("1250E");
  bench.swipe();
  expect(bench.sent()).toHaveLength(1);
  bench.press("C");
  expect(bench.title()).toBe("NOT KNOWN");
  return bench.sent()[0] as string;
}

/** The host's answer to the reversal. */
function undone(request: SealedRequest, responseCode: string): string {
  const fields = reversalFields(TID, 1, 1250, { 22: "", 25: "", 39: responseCode });
  return bench.answer(request, packMessage("0410", fields));
}

describe("a reversal", () => {
  test.each(["96", "64", "91"])(
    "that the host answers with %s is repeated with the same bytes until it is done",
    (code) => {
      const line = sellAndStop();
      const { request } = bench.opened(line);
      for (let round = 0; round < 3; round++) {
        bench.hear(undone(request, code));
        expect(bench.title()).toBe("NOT KNOWN");
        bench.fire(Timer.Link);
        bench.connect();
        expect(bench.sent()).toEqual([line]);
      }
      expect(stored(bench.flash.image).undone).toMatchObject([{ stan: 1, status: "open" }]);
      bench.hear(undone(request, "00"));
      expect(bench.title()).toBe("NOT CHARGED");
      expect(stored(bench.flash.image).undone).toEqual([]);
      expect(bench.board.timers.has(Timer.Link)).toBe(false);
      expect(bench.sent()).toEqual([]);
    },
  );
});

describe("while flash is busy", () => {
  beforeEach(() => {
    const { request } = bench.opened(sellAndStop());
    onHappening(bench.works, Happening.Net, NetState.Bytes, undone(request, "00"));
    expect(bench.reads).toHaveLength(1);
  });

  test("nothing else is taken, and all of it afterwards in its order", () => {
    onHappening(bench.works, Happening.Uart, Port.Keypad, "E1");
    onHappening(bench.works, Happening.Uart, Port.Keypad, "7E");
    expect(bench.title()).toBe("NOT KNOWN");
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.title()).toBe("SALE");
    expect(bench.works.t.amountMinor).toBe(17);
  });

  test("what waits is bounded", () => {
    for (let i = 0; i < 1000; i++) onHappening(bench.works, Happening.Uart, Port.Keypad, "1".repeat(100));
    expect(bench.works.queue.length).toBeLessThan(100);
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.works.queue).toEqual([]);
  });
});
