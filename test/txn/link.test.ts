/** The link: one request at a time, repeated with the same bytes, answered by nobody but the host, and never left without a timer. */
import { beforeEach, describe, expect, test } from "vitest";
import { plain } from "../../src/proto/plain";
import { advance as hostAdvance, buildLine, sealAnswer } from "../../src/host/seal";
import { testKey } from "../../src/host/keys";
import { seededBytes } from "../../src/sim/random";
import { ask, endRequest, type Link, NetState, onLinkTimer, onNet, openLink, startLink } from "../../src/txn/link";
import { openSeals, sealRequest } from "../../src/txn/seal";
import { Event } from "../../src/txn/state";
import { type FakeBoard, fakeBoard } from "../drivers/fake-board";
import { settings } from "./samples";

const TIMER = 3;
const TID = "00000001";
const ANSWER_WAIT_MS = 10000;

let board: FakeBoard;
let link: Link;
let chance: number;
beforeEach(() => {
  chance = 0;
  board = { ...fakeBoard(), random: () => chance };
  link = openLink(board, plain, TIMER, null);
  startLink(link, settings());
});

/** What the link asked of the network since the last call: `open`, or `net ` and a line. */
function asked(): string[] {
  return board.calls.splice(0);
}

/** Request `counter`, sealed by the terminal; and what the host, which has the same key, would say to it. */
function request(counter: number): {
  frame: string;
  wire: string;
  answer: (message: string) => string;
  key: Uint8Array;
} {
  let { chain, key } = hostAdvance(testKey(TID));
  for (let step = 1; step < counter; step++) ({ chain, key } = hostAdvance(chain));
  const walked = new Uint32Array(8);
  walked.set(new Uint32Array(testKey(TID).slice().buffer));
  const seals = openSeals(plain);
  for (let step = 1; step < counter; step++) sealRequest(seals, TID, walked, step, "x", new Uint32Array(8));
  const frame = sealRequest(seals, TID, walked, counter, `request ${counter}`, link.answer.sub);
  const wire = `net ${Buffer.from(frame, "latin1").toString("base64")}\n`;
  return { frame, wire, key, answer: (message) => sealAnswer(TID, counter, message, key) };
}

const connected = () => onNet(link, NetState.Open, "");
const closed = () => onNet(link, NetState.Closed, "");
const arrives = (bytes: string) => onNet(link, NetState.Bytes, bytes);
const timerMs = () => board.timers.get(TIMER);
const fire = () => {
  board.timers.delete(TIMER);
  return onLinkTimer(link);
};

describe("a request", () => {
  test("waits for the connection, goes out once, and is over with its answer", () => {
    const { frame, wire, answer } = request(1);
    ask(link, frame, false);
    expect(asked()).toEqual(["open"]);
    connected();
    expect(asked()).toEqual([wire]);
    expect(timerMs()).toBe(ANSWER_WAIT_MS);
    expect(arrives(answer("yes"))).toBe("yes");
    endRequest(link);
    expect(timerMs()).toBeUndefined();
    expect(arrives(answer("yes"))).toBe("");
    expect(asked()).toEqual([]);
  });

  test("without an answer goes out three times with the same bytes, each time over a new connection", () => {
    connected();
    const { frame, wire } = request(1);
    asked();
    ask(link, frame, false);
    expect(asked()).toEqual([wire]);
    for (let tries = 2; tries <= 3; tries++) {
      expect(fire()).toBe(Event.None);
      expect(asked()).toEqual(["open"]);
      expect(timerMs()).toBe(ANSWER_WAIT_MS);
      connected();
      expect(asked()).toEqual([wire]);
      expect(timerMs()).toBe(ANSWER_WAIT_MS);
    }
    expect(fire()).toBe(Event.NoAnswer);
    expect(asked()).toEqual([]);
    expect(link.line).toBe("");
  });

  test("that was never handed to a connection has not left", () => {
    ask(link, request(1).frame, false);
    for (let tries = 1; tries < 3; tries++) {
      closed();
      expect(fire()).toBe(Event.None);
    }
    closed();
    expect(fire()).toBe(Event.Unsent);
    expect(timerMs()).toBeGreaterThan(0);
  });

  test("that was handed over once may have arrived, even when no connection opened since", () => {
    connected();
    ask(link, request(1).frame, false);
    closed();
    expect(fire()).toBe(Event.None);
    closed();
    expect(fire()).toBe(Event.None);
    closed();
    expect(fire()).toBe(Event.NoAnswer);
  });

  test("on a connection that neither opens nor closes is given up all the same", () => {
    ask(link, request(1).frame, false);
    expect([fire(), fire(), fire()]).toEqual([Event.None, Event.None, Event.Unsent]);
    expect(asked()).toEqual(["open", "open", "open"]);
  });

  test("takes the place of the one before, whose answer is late then", () => {
    connected();
    const first = request(1);
    ask(link, first.frame, false);
    const second = request(2);
    ask(link, second.frame, true);
    expect(asked()).toEqual(["open", first.wire, second.wire]);
    expect(arrives(first.answer("approved"))).toBe("");
    expect(arrives(first.answer("approved") + second.answer("undone"))).toBe("undone");
  });

  test("stays outstanding when its answer cannot be used", () => {
    connected();
    const { frame, wire, answer } = request(1);
    ask(link, frame, true);
    expect(arrives(answer("not now"))).toBe("not now");
    expect(timerMs()).toBe(ANSWER_WAIT_MS);
    expect(fire()).toBe(Event.None);
    asked();
    connected();
    expect(asked()).toEqual([wire]);
    expect(arrives(answer("undone"))).toBe("undone");
  });
});

describe("what is not the answer is passed over, and the request stays", () => {
  const strange: [string, (own: ReturnType<typeof request>) => string][] = [
    ["another terminal's", ({ key }) => sealAnswer("00000002", 1, "yes", key)],
    ["another counter", ({ key }) => sealAnswer(TID, 2, "yes", key)],
    ["another key", () => sealAnswer(TID, 1, "yes", new Uint8Array(32))],
    ["its own request, sent back", ({ wire }) => wire.slice(4)],
    ["its own request's box as an answer", ({ frame }) => buildLine(TID, 1, Buffer.from(frame.slice(13), "latin1"))],
    ["another version", ({ answer }) => `Ag${answer("yes").slice(2)}`],
    ["a flipped bit", ({ answer }) => answer("yes").replace(/.(.{4})\n$/, (_, end: string) => `A${end}\n`)],
    ["a cut line", ({ answer }) => `${answer("yes").slice(0, -5)}\n`],
    ["an empty box", () => buildLine(TID, 1, new Uint8Array(16))],
    ["a box of one byte", () => buildLine(TID, 1, new Uint8Array(1))],
    ["a box that is too long", () => buildLine(TID, 1, new Uint8Array(305))],
    ["no base64", () => "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["every byte there is", () => `${Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("")}\n`],
    ["an overlong line", () => `${"A".repeat(5000)}\n`],
    ["line feeds", () => "\n\n\n"],
  ];

  test.each(strange)("%s", (_, bytes) => {
    connected();
    const own = request(1);
    ask(link, own.frame, false);
    expect(arrives(bytes(own))).toBe("");
    expect(link.line).not.toBe("");
    expect(timerMs()).toBe(ANSWER_WAIT_MS);
    // In front of the answer, and behind it, it does no harm either.
    expect(arrives(bytes(own) + own.answer("yes") + bytes(own))).toBe("yes");
  });

  test("an answer nobody waits for", () => {
    connected();
    expect(arrives(request(1).answer("yes"))).toBe("");
  });
});

test("an answer may come in any two pieces", () => {
  connected();
  const line = request(1).answer("yes");
  for (let at = 1; at < line.length; at++) {
    ask(link, request(1).frame, false);
    expect(arrives(line.slice(0, at))).toBe("");
    expect(arrives(line.slice(at)), `at ${at}`).toBe("yes");
    endRequest(link);
  }
});

test("half a line of a connection that broke does not spoil the first one of the next", () => {
  connected();
  const { frame, answer } = request(1);
  ask(link, frame, false);
  arrives(answer("yes").slice(0, 20));
  closed();
  fire();
  connected();
  expect(arrives(answer("yes"))).toBe("yes");
});

describe("pauses", () => {
  test.each([0, 128, 255, 256, 65535])("chance %i spreads them by a quarter at most", (number) => {
    chance = number;
    closed();
    expect(timerMs()).toBeGreaterThanOrEqual(15000);
    expect(timerMs()).toBeLessThan(18750);
    ask(link, request(1).frame, false);
    closed();
    expect(timerMs()).toBeGreaterThanOrEqual(2000);
    expect(timerMs()).toBeLessThan(2500);
  });

  test("chance makes a difference", () => {
    closed();
    const least = timerMs();
    chance = 255;
    closed();
    expect(timerMs()).toBeGreaterThan(least ?? 0);
  });

  test("without a request a lost connection is opened again, for ever at the same pace", () => {
    asked();
    for (let round = 0; round < 100; round++) {
      closed();
      expect(timerMs()).toBe(15000);
      expect(fire()).toBe(Event.None);
      expect(asked()).toEqual(["open"]);
      expect(timerMs()).toBe(ANSWER_WAIT_MS);
    }
    connected();
    expect(timerMs()).toBeUndefined();
  });

  test.each([
    ["refused", () => closed(), 2000],
    ["unanswered", () => connected(), 10000],
  ])("an endless request that is %s is repeated for ever, ever more slowly up to a minute", (_, outcome, firstMs) => {
    const { frame, wire } = request(1);
    ask(link, frame, true);
    const pauses: number[] = [];
    for (let round = 0; round < 1000; round++) {
      outcome();
      pauses.push(timerMs() ?? 0);
      expect(fire()).toBe(Event.None);
    }
    expect(pauses[0]).toBe(firstMs);
    for (let round = 1; round < 1000; round++)
      expect(pauses[round]).toBeGreaterThanOrEqual(pauses[round - 1] as number);
    expect(pauses[999]).toBe(60000);
    connected();
    expect(new Set(asked())).toEqual(new Set(["open", wire]));
  });
});

describe("whatever comes in whatever order", () => {
  interface Current {
    wire: string;
    isEndless: boolean;
    writes: number;
  }
  let current: Current | null;
  let isOpening: boolean;

  /** What the link asked of the network: only the request in hand, and only when it may. */
  function checkCalls(mayWrite: boolean): void {
    for (const call of asked()) {
      if (call === "open") {
        isOpening = true;
        continue;
      }
      expect(call).toBe(current?.wire);
      expect(mayWrite && link.isOpen).toBe(true);
      if (current) current.writes++;
    }
  }

  function checkEvent(event: Event): void {
    if (event === Event.None) return;
    expect(current?.isEndless).toBe(false);
    expect(event).toBe(current?.writes ? Event.NoAnswer : Event.Unsent);
    current = null;
  }

  function checkRest(): void {
    expect(link.line).toBe(current ? current.wire.slice(4) : "");
    if (current && !current.isEndless) expect(current.writes).toBeLessThanOrEqual(3);
    if (current || !link.isOpen) expect(timerMs()).toBeGreaterThan(0);
    else expect(timerMs()).toBeUndefined();
  }

  test("one request, its own bytes, and always a timer while something is to be done", () => {
    const random = seededBytes(20260105);
    const number = (below: number) => random(1).charCodeAt(0) % below;
    const requests = [request(1), request(2), request(3)];
    const endings = new Set<Event>();
    const arrive = (state: NetState) => {
      if (isOpening) onNet(link, state, "");
      isOpening = false;
    };
    const begin = () => {
      const { frame, wire } = requests[number(3)] as (typeof requests)[number];
      current = { wire, isEndless: number(2) === 0, writes: 0 };
      ask(link, frame, current.isEndless);
    };
    const end = () => {
      if (current) endRequest(link);
      current = null;
    };
    const run = () => {
      const event = timerMs() === undefined ? Event.None : fire();
      endings.add(event);
      return event;
    };
    const ACTS: (() => Event | unknown)[] = [
      () => number(4) === 0 && begin(),
      () => arrive(NetState.Open),
      () => arrive(NetState.Closed),
      () => number(3) === 0 && end(),
      () => link.isOpen && number(4) === 0 && closed(),
      () => link.isOpen && expect(arrives(random(number(40)))).toBe(""),
      run,
      run,
    ];
    current = null;
    isOpening = true;
    asked();
    for (let step = 0; step < 100_000; step++) {
      const act = number(ACTS.length);
      const event = (ACTS[act] as () => unknown)();
      checkCalls(act < 2);
      checkEvent(act < 6 ? Event.None : (event as Event));
      checkRest();
    }
    expect(endings).toEqual(new Set([Event.None, Event.NoAnswer, Event.Unsent]));
  });
});
