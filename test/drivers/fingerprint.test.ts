/** The fingerprint sensor: exchanges recorded of real modules, every outcome of every task, and a module that comes and goes. */
import { beforeEach, describe, expect, test } from "vitest";
import { Port } from "../../src/board/board";
import {
  cancelFinger,
  countFingers,
  deleteFinger,
  deleteFingers,
  enrolFinger,
  type Finger,
  FingerReport,
  matchFinger,
  onFingerBytes,
  onFingerTimer,
  openFinger,
  searchFinger,
} from "../../src/drivers/fingerprint";
import { buildCommand, takeAnswer } from "../../src/drivers/fingerprint-packet";
import { ANSWER_MS_MAX, POLL_MS, SETUP_MS_MAX, TOUCH_MS_MAX } from "../../src/drivers/fingerprint-task";
import { FingerTwin, type FingerTwinOptions } from "../../src/sim/twins/fingerprint";
import { Desk } from "./desk";

const TIMER = 6;
const PASSWORD = "\0\0\0\0";
const NAMES =
  "None Ready Silent Locked Lift Again Matched NoMatch Enrolled Deleted Counted NoFinger BadImage NotSame Full Fault Touched".split(
    " ",
  );

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");
const hex = (text: string) => (Buffer.from(text, "latin1").toString("hex").toUpperCase().match(/../g) ?? []).join(" ");

/**
 * Packets that others logged, command and answer: a ZW-type module in 2021 (with its times), an AS608, an R30x. `contents` is what
 * stands between length and checksum.
 */
const LOGGED: readonly (readonly [string, string, string])[] = [
  ["verify the password", "13 00 00 00 00", "EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B"],
  ["take an image", "01", "EF 01 FF FF FF FF 01 00 03 01 00 05"],
  ["features into buffer 1", "02 01", "EF 01 FF FF FF FF 01 00 04 02 01 00 08"],
  ["features into buffer 2", "02 02", "EF 01 FF FF FF FF 01 00 04 02 02 00 09"],
  ["combine", "05", "EF 01 FF FF FF FF 01 00 03 05 00 09"],
  ["store in slot 0", "06 01 00 00", "EF 01 FF FF FF FF 01 00 06 06 01 00 00 00 0E"],
  ["search 1000 slots", "04 01 00 00 03 E8", "EF 01 FF FF FF FF 01 00 08 04 01 00 00 03 E8 00 F9"],
  ["search 16 slots from 1 on", "04 01 00 01 00 10", "EF 01 FF FF FF FF 01 00 08 04 01 00 01 00 10 00 1F"],
  ["delete slot 1", "0C 00 01 00 01", "EF 01 FF FF FF FF 01 00 07 0C 00 01 00 01 00 16"],
  ["delete slot 11", "0C 00 0B 00 01", "EF 01 FF FF FF FF 01 00 07 0C 00 0B 00 01 00 20"],
  ["delete all", "0D", "EF 01 FF FF FF FF 01 00 03 0D 00 11"],
  ["system parameters", "0F", "EF 01 FF FF FF FF 01 00 03 0F 00 13"],
  ["how many templates", "1D", "EF 01 FF FF FF FF 01 00 03 1D 00 21"],
];
const ANSWERED: readonly (readonly [string, string, string])[] = [
  ["done", "00", "EF 01 FF FF FF FF 07 00 03 00 00 0A"],
  ["no finger", "02", "EF 01 FF FF FF FF 07 00 03 02 00 0C"],
  ["wrong password", "13", "EF 01 FF FF FF FF 07 00 03 13 00 1D"],
  ["found in slot 5", "00 00 05 00 60", "EF 01 FF FF FF FF 07 00 07 00 00 05 00 60 00 73"],
  ["found in slot 1", "00 00 01 00 38", "EF 01 FF FF FF FF 07 00 07 00 00 01 00 38 00 47"],
  ["not found", "09 00 00 00 00", "EF 01 FF FF FF FF 07 00 07 09 00 00 00 00 00 17"],
  ["one template", "00 00 01", "EF 01 FF FF FF FF 07 00 05 00 00 01 00 0D"],
  [
    "parameters of a module with 100 slots",
    "00 00 0C 2E C8 00 64 00 03 FF FF FF FF 00 02 00 06",
    "EF 01 FF FF FF FF 07 00 13 00 00 0C 2E C8 00 64 00 03 FF FF FF FF 00 02 00 06 05 87",
  ],
];
const OK = bytes("EF 01 FF FF FF FF 07 00 03 00 00 0A");
const PARAMETERS = bytes(ANSWERED[7]?.[2] ?? "");

function open(hasLight = false) {
  const desk = new Desk();
  const heard: string[] = [];
  /** The search follows at once. */
  const isSearching = { now: true };
  const hear = (report: FingerReport) => {
    if (report === FingerReport.None) return;
    if (report === FingerReport.Touched && isSearching.now) return searchFinger(finger);
    const isMatch = report === FingerReport.Matched;
    heard.push(isMatch ? `Matched ${finger.found}` : (NAMES[report] ?? "?"));
  };
  desk.onTimer = () => hear(onFingerTimer(finger));
  desk.onBytes = (_, text) => hear(onFingerBytes(finger, text));
  const finger: Finger = openFinger(desk.board, TIMER, PASSWORD, hasLight);
  const sent = () => desk.board.written.splice(Port.Finger, 1, "")[0] ?? "";
  const feed = (text: string) => hear(onFingerBytes(finger, text));
  return { desk, finger, heard, sent, feed, isSearching };
}

function openWithTwin(options: Partial<FingerTwinOptions> = {}) {
  const opened = open(options.hasLight);
  const { desk, sent } = opened;
  const twin = new FingerTwin({
    ...options,
    say: (text) => desk.say(Port.Finger, text),
    later: (delayMs, run) => void desk.later(delayMs, run),
  });
  desk.devices.set(Port.Finger, twin);
  // The first command was sent before anybody listened.
  twin.feed(sent());
  desk.runFor(100);
  return { ...opened, twin };
}

function flip(text: string, bit: number): string {
  const at = bit >> 3;
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit & 7))) + text.slice(at + 1);
}

describe("packets", () => {
  test.each(LOGGED)("%s", (_, contents, packet) => expect(hex(buildCommand(bytes(contents)))).toBe(packet));

  test.each(ANSWERED)(
    "%s: read whole, in pieces, behind garbage; never with a wrong bit, never cut short",
    (_, contents, packet) => {
      const good = bytes(packet);
      expect(hex(takeAnswer({ rest: good }))).toBe(contents);
      expect(hex(takeAnswer({ rest: `\x55\xef\xef\x01\xff${good}` }))).toBe(contents);
      for (let cut = 0; cut < good.length; cut++) {
        const answers = { rest: good.slice(0, cut) };
        expect(takeAnswer(answers)).toBe("");
        expect(answers.rest.length).toBeLessThanOrEqual(27);
        answers.rest += good.slice(cut);
        expect(hex(takeAnswer(answers))).toBe(contents);
      }
      for (let bit = 0; bit < good.length * 8; bit++) {
        const answers = { rest: flip(good, bit) };
        expect(takeAnswer(answers), `bit ${bit}`).toBe("");
        // And the next packet is found, at the latest after one more.
        answers.rest += good + good;
        expect(hex(takeAnswer(answers))).toBe(contents);
      }
    },
  );

  test("an answer of another address, or a command that is heard back, is none", () => {
    expect(takeAnswer({ rest: bytes("EF 01 FF FF FF FE 07 00 03 00 00 0A") })).toBe("");
    expect(takeAnswer({ rest: bytes("EF 01 FF FF FF FF 01 00 03 01 00 05") })).toBe("");
  });

  test("any length but those of an answer is passed over at once", () => {
    for (const length of ["00 00", "00 02", "00 14", "01 00", "FF FF"]) {
      const answers = { rest: bytes(`EF 01 FF FF FF FF 07 ${length} 00`) + OK };
      expect(hex(takeAnswer(answers))).toBe("00");
    }
  });

  test("noise is kept in a few bytes", () => {
    const answers = { rest: "" };
    for (let i = 0; i < 4096; i++) {
      answers.rest += bytes("EF 01 FF FF FF FF 07 00 13").charAt(i % 9);
      expect(takeAnswer(answers)).toBe("");
      expect(answers.rest.length).toBeLessThan(28);
    }
  });
});

test("a session as it was logged: set up, enrol, match, delete", () => {
  const { finger, feed, sent, heard, desk } = open();
  const exchange = (command: string, answer: string) => {
    expect(hex(sent())).toBe(command);
    feed(bytes(answer));
  };
  const done = hex(OK);
  exchange("EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B", done);
  exchange("EF 01 FF FF FF FF 01 00 03 0F 00 13", hex(PARAMETERS));
  expect(finger.capacity).toBe(100);
  enrolFinger(finger, 0, false);
  exchange("EF 01 FF FF FF FF 01 00 03 01 00 05", done);
  exchange("EF 01 FF FF FF FF 01 00 04 02 01 00 08", done);
  exchange("EF 01 FF FF FF FF 01 00 03 01 00 05", "EF 01 FF FF FF FF 07 00 03 02 00 0C");
  exchange("EF 01 FF FF FF FF 01 00 03 01 00 05", done);
  exchange("EF 01 FF FF FF FF 01 00 04 02 02 00 09", done);
  exchange("EF 01 FF FF FF FF 01 00 03 05 00 09", done);
  exchange("EF 01 FF FF FF FF 01 00 06 06 01 00 00 00 0E", done);
  matchFinger(finger, false);
  exchange("EF 01 FF FF FF FF 01 00 03 01 00 05", done);
  exchange("EF 01 FF FF FF FF 01 00 04 02 01 00 08", done);
  exchange("EF 01 FF FF FF FF 01 00 08 04 01 00 00 00 64 00 72", "EF 01 FF FF FF FF 07 00 07 00 00 01 00 50 00 5F");
  expect([finger.found, finger.score]).toEqual([1, 0x50]);
  deleteFinger(finger, 1);
  exchange("EF 01 FF FF FF FF 01 00 07 0C 00 01 00 01 00 16", done);
  deleteFingers(finger);
  exchange("EF 01 FF FF FF FF 01 00 03 0D 00 11", done);
  countFingers(finger);
  exchange("EF 01 FF FF FF FF 01 00 03 1D 00 21", "EF 01 FF FF FF FF 07 00 05 00 00 01 00 0D");
  expect(finger.count).toBe(1);
  expect(heard).toEqual(["Ready", "Lift", "Again", "Enrolled", "Matched 1", "Deleted", "Deleted", "Counted"]);
  expect(desk.board.timers.get(TIMER)).toBe(POLL_MS);
});

describe("an answer to another command", () => {
  test("a good one of the wrong length is not taken: setting up ends only with the parameters", () => {
    const { feed, sent, heard } = open();
    feed(OK + OK + OK);
    expect(hex(sent())).toContain("01 00 03 0F 00 13");
    feed(OK + OK);
    expect(heard).toEqual([]);
    feed(OK + PARAMETERS);
    expect(heard).toEqual(["Ready"]);
  });

  test("what came before a command was sent is not its answer", () => {
    const { finger, feed, sent, heard } = open();
    feed(OK);
    feed(PARAMETERS);
    feed(OK);
    deleteFinger(finger, 3);
    expect(heard).toEqual(["Ready"]);
    expect(hex(sent())).toContain("0C 00 03 00 01");
    // Half an answer that was there before, and the other half now.
    const { feed: feedOther, finger: other, heard: heardOther } = open();
    feedOther(OK);
    feedOther(PARAMETERS);
    feedOther(OK.slice(0, 6));
    deleteFinger(other, 3);
    feedOther(OK.slice(6));
    expect(heardOther).toEqual(["Ready"]);
  });

  test("between two looks for a finger nothing is awaited", () => {
    const { desk, finger, feed, sent, heard } = open();
    feed(OK);
    feed(PARAMETERS);
    matchFinger(finger, false);
    feed(bytes("EF 01 FF FF FF FF 07 00 03 02 00 0C"));
    sent();
    feed(OK);
    expect(sent()).toBe("");
    desk.runFor(200);
    expect(hex(sent())).toBe("EF 01 FF FF FF FF 01 00 03 01 00 05");
    expect(heard).toEqual(["Ready"]);
  });

  test("a task that is cancelled while its last look is under way says nothing", () => {
    const { desk, finger, feed, heard } = open();
    feed(OK);
    feed(PARAMETERS);
    matchFinger(finger, false);
    const noFinger = bytes("EF 01 FF FF FF FF 07 00 03 02 00 0C");
    for (let second = 0; second < 10; second++) {
      desk.runFor(999);
      if (second === 9) cancelFinger(finger);
      desk.runFor(second === 9 ? 100 : 1);
      feed(noFinger);
    }
    desk.runFor(20_000);
    expect(heard.filter((each) => each !== "Silent")).toEqual(["Ready"]);
  });

  test("a finger of which no image can be taken is not lifted yet", () => {
    const { desk, finger, feed, heard } = open();
    feed(OK);
    feed(PARAMETERS);
    enrolFinger(finger, 1, false);
    feed(OK);
    feed(OK);
    feed(bytes("EF 01 FF FF FF FF 07 00 03 03 00 0D"));
    expect(heard).toEqual(["Ready", "Lift"]);
    desk.runFor(200);
    feed(bytes("EF 01 FF FF FF FF 07 00 03 02 00 0C"));
    expect(heard).toEqual(["Ready", "Lift", "Again"]);
  });

  test("a finger found where the module has no slot is a fault", () => {
    const { finger, feed, heard } = open();
    feed(OK);
    feed(PARAMETERS);
    matchFinger(finger, false);
    feed(OK);
    feed(OK);
    feed(bytes("EF 01 FF FF FF FF 07 00 07 00 00 64 00 60 00 D2"));
    expect(heard).toEqual(["Ready", "Fault"]);
  });
});

describe.each([false, true])("with a module, light: %s", (hasLight) => {
  let opened: ReturnType<typeof openWithTwin>;
  beforeEach(() => {
    opened = openWithTwin({ hasLight, capacity: 5 });
  });

  /** A person who does what the screen says. */
  function enrol(slot: number, first: number, second = first, quality = 1) {
    const { desk, finger, heard, twin } = opened;
    heard.splice(0);
    enrolFinger(finger, slot, false);
    desk.runFor(500);
    twin.place(first, quality);
    desk.runFor(1500);
    twin.lift();
    desk.runFor(1000);
    twin.place(second, quality);
    desk.runFor(2000);
    twin.lift();
    desk.runFor(500);
    return heard;
  }

  function match(seed: number, quality = 1) {
    const { desk, finger, heard, twin } = opened;
    heard.splice(0);
    matchFinger(finger, false);
    desk.runFor(500);
    if (hasLight) expect(twin.light).toBe("on");
    twin.place(seed, quality);
    desk.runFor(1500);
    twin.lift();
    desk.runFor(500);
    expect(twin.light).toBe("off");
    return heard;
  }

  test("fingers are enrolled and told apart", () => {
    expect(opened.heard).toEqual(["Ready"]);
    for (let slot = 0; slot < 5; slot++) expect(enrol(slot, 100 + slot)).toEqual(["Lift", "Again", "Enrolled"]);
    for (let slot = 0; slot < 5; slot++) expect(match(100 + slot)).toEqual([`Matched ${slot}`]);
    for (let seed = 0; seed < 50; seed++) expect(match(seed)).toEqual(["NoMatch"]);
  });

  test("a deleted finger is known no more, the others are", () => {
    enrol(1, 11);
    enrol(2, 22);
    const { desk, finger, heard } = opened;
    deleteFinger(finger, 1);
    desk.runFor(200);
    countFingers(finger);
    desk.runFor(200);
    expect(heard.slice(-2)).toEqual(["Deleted", "Counted"]);
    expect(finger.count).toBe(1);
    expect(match(11)).toEqual(["NoMatch"]);
    expect(match(22)).toEqual(["Matched 2"]);
    deleteFingers(finger);
    desk.runFor(200);
    expect(match(22)).toEqual(["NoMatch"]);
  });

  test("each outcome has its name", () => {
    expect(enrol(5, 1)).toEqual(["Lift", "Again", "Full"]);
    expect(enrol(1, 1, 2)).toEqual(["Lift", "Again", "NotSame"]);
    expect(enrol(1, 1, 1, 0.2)).toEqual(["BadImage"]);
    expect(match(1, 0)).toEqual(["BadImage"]);
    expect(match(1)).toEqual(["NoMatch"]);
    opened.twin.isWorn = true;
    expect(enrol(1, 1)).toEqual(["Lift", "Again", "Fault"]);
    expect(opened.finger.code).toBe(0x18);
    deleteFinger(opened.finger, 1);
    opened.desk.runFor(200);
    expect(opened.heard.slice(-1)).toEqual(["Fault"]);
    expect(opened.finger.code).toBe(0x10);
    opened.twin.isWorn = false;
    expect(enrol(1, 1)).toEqual(["Lift", "Again", "Enrolled"]);
  });

  test("nobody puts a finger down, or takes it away: ended in time", () => {
    const { desk, finger, heard, twin } = opened;
    matchFinger(finger, false);
    desk.runFor(TOUCH_MS_MAX - 1);
    expect(heard).toEqual(["Ready"]);
    desk.runFor(1000);
    expect(heard).toEqual(["Ready", "NoFinger"]);
    enrolFinger(finger, 1, false);
    twin.place(1);
    desk.runFor(TOUCH_MS_MAX);
    expect(heard.slice(2)).toEqual(["Lift"]);
    desk.runFor(1500);
    expect(heard.slice(2)).toEqual(["Lift", "NoFinger"]);
    expect(desk.board.timers.has(TIMER)).toBe(true);
  });

  test("a cancelled task says nothing, and the next one begins", () => {
    const { desk, finger, heard, twin } = opened;
    matchFinger(finger, false);
    desk.runFor(700);
    cancelFinger(finger);
    desk.runFor(700);
    expect(twin.light).toBe("off");
    twin.place(1);
    desk.runFor(20_000);
    expect(heard).toEqual(["Ready"]);
    countFingers(finger);
    desk.runFor(200);
    expect(heard).toEqual(["Ready", "Counted"]);
  });

  test("a task that is asked for in the middle of another one comes after it", () => {
    const { desk, finger, heard, twin } = opened;
    twin.place(3);
    matchFinger(finger, false);
    countFingers(finger);
    desk.runFor(2000);
    expect(heard).toEqual(["Ready", "NoMatch", "Counted"]);
  });

  test("unplugged at any moment of any task: a named end in time, Ready when it is back, and what was stored is there", () => {
    enrol(2, 7);
    for (const task of [
      (finger: Finger) => matchFinger(finger, false),
      (finger: Finger) => enrolFinger(finger, 3, false),
      countFingers,
      deleteNothing,
    ]) {
      for (let unplugMs = 0; unplugMs < 1800; unplugMs += 75) {
        const { desk, finger, heard, twin } = opened;
        heard.splice(0);
        twin.place(7);
        task(finger);
        desk.runFor(unplugMs);
        twin.plug(false);
        const ended = heard.filter((each) => each !== "Lift").length;
        desk.runFor(POLL_MS + 4 * SETUP_MS_MAX + ANSWER_MS_MAX);
        expect(heard.filter((each) => each !== "Lift").length).toBe(ended + 1);
        expect(heard.at(-1)).toBe("Silent");
        twin.plug(true);
        desk.runFor(POLL_MS + 4 * SETUP_MS_MAX);
        expect(heard.at(-1)).toBe("Ready");
        twin.lift();
      }
    }
    expect(match(7)).toEqual(["Matched 2"]);
  });

  test("asked of a dead module: Silent in 2 s at most; nothing else is said until it is back", () => {
    const { desk, finger, heard, twin } = opened;
    twin.plug(false);
    desk.runFor(10_000);
    expect(heard).toEqual(["Ready", "Silent"]);
    matchFinger(finger, false);
    desk.runFor(ANSWER_MS_MAX + 4 * SETUP_MS_MAX);
    expect(heard).toEqual(["Ready", "Silent", "Silent"]);
    desk.runFor(60_000);
    expect(heard).toEqual(["Ready", "Silent", "Silent"]);
  });
});

function deleteNothing(finger: Finger): void {
  deleteFinger(finger, 4);
}

describe("passwords", () => {
  test("another one is Locked, once", () => {
    const { desk, heard, finger } = openWithTwin({ password: "1234" });
    desk.runFor(60_000);
    expect(heard).toEqual(["Locked"]);
    matchFinger(finger, false);
    desk.runFor(5000);
    expect(heard).toEqual(["Locked", "Fault"]);
  });
});
