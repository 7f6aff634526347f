/** Two addresses of one host: which one is called when, and that a request is the same at both. */
import { beforeEach, describe, expect, test } from "vitest";
import { plain } from "../../src/proto/plain";
import {
  attempt,
  endRequest,
  type Link,
  load,
  NetState,
  onLinkTimer,
  onNet,
  openLink,
  startLink,
} from "../../src/txn/link";
import { Event } from "../../src/txn/state";
import { type FakeBoard, fakeBoard } from "../drivers/fake-board";
import { settings } from "./samples";

const TIMER = 3;
const BACK_MS = 300000;
const FRAME = "\x01".repeat(60);

let board: FakeBoard;
let link: Link;
let nowMs: number;
let calls: string[];

function begin(backupHost: string): void {
  nowMs = 0;
  calls = [];
  board = {
    ...fakeBoard(),
    nowMs: () => nowMs,
    netOpen: (host, port) => calls.push(`${host}:${port}`),
    netWrite: (text) => calls.push(text),
  };
  link = openLink(board, plain, TIMER, null);
  startLink(link, settings({ backupHost }));
}
beforeEach(() => begin("other:7584"));

const asked = () => calls.splice(0);
const opens = () => onNet(link, NetState.Open, "");
const refuses = (text = "") => onNet(link, NetState.Closed, text);
/** Time goes on to the timer. */
const fire = () => {
  nowMs += board.timers.get(TIMER) ?? NaN;
  board.timers.delete(TIMER);
  return onLinkTimer(link);
};
/** Until there is a call, and how long that took. */
function untilCalled(): number {
  const sinceMs = nowMs;
  while (calls.length === 0) fire();
  return nowMs - sinceMs;
}
/** So often refused in a row. */
function refused(count: number): string[] {
  for (let i = 0; i < count; i++) {
    refuses();
    fire();
  }
  return asked();
}

test("two failures in a row, and the other one is called; two there, and it is the first one's turn", () => {
  expect(refused(6)).toEqual([
    "host:7583",
    "host:7583",
    "other:7584",
    "other:7584",
    "host:7583",
    "host:7583",
    "other:7584",
  ]);
});

test("the other address is called sooner than the same one again", () => {
  refuses();
  const sameMs = board.timers.get(TIMER) ?? 0;
  fire();
  refuses();
  expect(board.timers.get(TIMER)).toBeLessThan(sameMs / 2);
});

test("a connection that neither opens nor closes is a failure, too", () => {
  fire();
  fire();
  expect(asked()).toEqual(["host:7583", "host:7583", "other:7584"]);
});

test("without a network nobody is to blame", () => {
  for (let i = 0; i < 9; i++) {
    refuses("-");
    fire();
  }
  expect(new Set(asked())).toEqual(new Set(["host:7583"]));
});

test.each(["", "other", ":7584", "other:", "other:x", "other:123456"])("%j is no other address", (backupHost) => {
  begin(backupHost);
  expect(new Set(refused(9))).toEqual(new Set(["host:7583"]));
});

describe("a request", () => {
  beforeEach(() => {
    opens();
    asked();
    load(link, FRAME, false);
    attempt(link);
  });

  test("without an answer goes to the other with the same bytes, and has no more tries for it", () => {
    const [line] = asked();
    expect(fire()).toBe(Event.None);
    opens();
    expect(fire()).toBe(Event.None);
    opens();
    expect(asked()).toEqual(["host:7583", line, "other:7584", line]);
    expect(fire()).toBe(Event.NoAnswer);
  });

  test("whose connection is lost, and refused then, as well", () => {
    const [line] = asked();
    refuses();
    fire();
    refuses();
    fire();
    opens();
    expect(asked()).toEqual(["host:7583", "other:7584", line]);
  });

  test("that is never given up comes by both for ever", () => {
    load(link, FRAME, true);
    refuses();
    for (let i = 0; i < 40; i++) {
      expect(fire()).toBe(Event.None);
      refuses();
    }
    const all = asked();
    expect(all.filter((each) => each === "host:7583").length).toBeGreaterThan(15);
    expect(all.filter((each) => each === "other:7584").length).toBeGreaterThan(15);
  });
});

describe("at the backup", () => {
  beforeEach(() => {
    refused(2);
    opens();
  });

  test("the first one is tried again after some minutes, and kept when it is there", () => {
    expect(untilCalled()).toBeGreaterThan(BACK_MS - 30000);
    opens();
    expect(asked()).toEqual(["host:7583"]);
    expect(link.backAtMs).toBe(0);
    expect(board.timers.get(TIMER)).toBeUndefined();
  });

  test("when it is not there it is tried once", () => {
    untilCalled();
    refuses();
    fire();
    opens();
    expect(asked()).toEqual(["host:7583", "other:7584"]);
    expect(link.backAtMs).toBeGreaterThan(nowMs + BACK_MS - 3000);
  });

  test("not while a request is out, but right behind it", () => {
    nowMs += BACK_MS - 1000;
    load(link, FRAME, false);
    attempt(link);
    expect(asked()).toHaveLength(1);
    nowMs += 2000;
    expect(board.timers.get(TIMER)).toBe(10000);
    endRequest(link);
    expect(untilCalled()).toBeLessThan(20000);
    expect(asked()).toEqual(["host:7583"]);
  });
});
