/** What a doctor says of a board whose wires are wrong in one place; each sentence names the wire. */
import { beforeEach, afterEach, describe, expect, test, vi } from "vitest";
import { examine } from "../../flash/doctor";
import { type BoardWires, checksOf } from "../../flash/wiring";
import { hasEspruino } from "../engines";
import { EspruinoBoard } from "./board";
import { atPrompt, ProbeBoard } from "./probe-board";
import { wiring as CYD } from "../../src/board/profiles/cyd";
import { TouchTwin } from "../../src/sim/twins/xpt2046";

/** A DevKit with the usual parts, as a profile has it. */
const WIRES: BoardWires = {
  profile: { clockChip: 1, batteryPerVolt: 2000 },
  uarts: [
    { port: 2, serial: 2, baud: 9600, tx: "D17", rx: "D16" },
    { port: 4, serial: 3, baud: 115200, tx: "D25", rx: "D26" },
  ],
  i2c: { sda: "D21", scl: "D22" },
  spis: [],
  groups: [
    { group: 0, pins: ["D13", "D14"] },
    { group: 1, pins: ["D34", "D35"] },
    { group: 3, pins: ["D23", "", ""], isActiveLow: true },
  ],
  stripes: [{ track: 2, clock: "D18", data: "D19" }],
  battery: "D32",
  fullScaleMillivolt: 3300,
  buzzer: "D4",
};

const printer = { tx: "D17", rx: "D16", answer: (question: string) => (question === "\x10\x04\x01" ? "\x16" : "") };
/** UM0701-02, 6.2.1.3: ACK, then the answer. */
const reader = {
  tx: "D25",
  rx: "D26",
  answer: (question: string) =>
    question.includes("\xd4\x02") ? "\0\0\xff\0\xff\0\0\0\xff\x06\xfa\xd5\x03\x32\x01\x06\x07\xe8\0" : "",
};

function healthy(): ProbeBoard {
  const board = new ProbeBoard();
  board.devices = [printer, reader];
  for (const pin of ["D16", "D26"]) board.held.set(pin, 1);
  return board;
}

async function said(board: ProbeBoard, wires: BoardWires): Promise<Record<string, string>> {
  const { espruino } = await atPrompt(board.line);
  const findings = await examine(espruino, checksOf(wires), () => undefined);
  return Object.fromEntries(findings.map(({ device, verdict, text }) => [device, `${verdict}: ${text}`]));
}

/** In virtual time. */
async function examined(board: ProbeBoard, wires = WIRES): Promise<Record<string, string>> {
  let result: Record<string, string> | null = null;
  let failure: unknown = null;
  said(board, wires).then(
    (findings) => (result = findings),
    (error: unknown) => (failure = error),
  );
  while (!result && failure === null) await vi.advanceTimersByTimeAsync(50);
  if (failure instanceof Error) throw failure;
  return result as unknown as Record<string, string>;
}

describe("on a board of wires", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  test("a touch glass that does not convert names its wires", async () => {
    const wires = "SCK (D25), MOSI (D32), MISO (D39) or select (D33)";
    expect((await examined(new ProbeBoard(), CYD))["touch glass"]).toBe(
      `bad: It does not convert: no power, or ${wires}.`,
    );
  });

  test("a touch glass that converts wants a finger", async () => {
    const board = new ProbeBoard();
    const twin = new TouchTwin(() => board.held.set("D36", twin.level() === "1" ? 1 : 0));
    twin.noise = [0];
    board.spi2 = (question) => twin.exchange(question);
    twin.release();
    expect((await examined(board, CYD))["touch glass"]).toMatch(/^look: It converts\. Run this again with a finger/);
  });

  test("a touch glass says what it reads where a finger is", async () => {
    const board = new ProbeBoard();
    const twin = new TouchTwin(() => board.held.set("D36", twin.level() === "1" ? 1 : 0));
    twin.noise = [0];
    board.spi2 = (question) => twin.exchange(question);
    twin.press(120, 160);
    // Halfway between its edges.
    expect((await examined(board, CYD))["touch glass"]).toBe(
      "ok: It converts; where it is touched, it reads 2020 across, 1950 down.",
    );
  });

  test("all is well", async () => {
    const board = healthy();
    const findings = await examined(board);
    expect(Object.keys(findings)).toEqual([
      "display (SSD1306)",
      "clock (DS3231)",
      "keypad",
      "printer",
      "contactless reader",
      "magnetic stripe reader, track 2",
      "battery",
      "lamps and buzzer",
    ]);
    expect(Object.values(findings).filter((text) => text.startsWith("bad"))).toEqual([]);
    expect(findings.printer).toBe("ok: It answers at 9600 baud.");
    expect(findings.battery).toBe("ok: 3800 mV.");
    expect(board.driven.slice(-4)).toEqual(["D23=0", "D23=1", "D4=1", "D4=0"]);
  });

  test.each<[string, (board: ProbeBoard) => void, string, RegExp]>([
    [
      "no printer",
      (b) => (b.devices = [reader]) && b.held.delete("D16"),
      "printer",
      /^bad: Silent: no power, or .* D16/,
    ],
    [
      "printer hears nothing",
      (b) => (b.devices = [reader]),
      "printer",
      /^bad: It is there but hears nothing: the wire from D17/,
    ],
    [
      "printer's wires swapped",
      (b) => {
        b.devices = [reader, { ...printer, tx: "D16", rx: "D17" }];
        b.held.delete("D16");
        b.held.set("D17", 1);
      },
      "printer",
      /^bad: RX and TX are swapped: its TX goes to D16, its RX to D17/,
    ],
    [
      "wrong baud rate",
      (b) => (b.devices = [reader, { ...printer, answer: () => "\xf8\x80" }]),
      "printer",
      /^bad: .* garbled: .*9600/,
    ],
    ["no reader", (b) => (b.devices = [printer]) && b.held.delete("D26"), "contactless reader", /^bad: Silent.* D26/],
    [
      "no I2C at all",
      (b) => (b.i2c.addresses = []),
      "I2C bus",
      /^bad: Nothing acknowledges: .*SDA \(D21\) and SCL \(D22\)/,
    ],
    ["no display", (b) => (b.i2c.addresses = [0x68]), "display (SSD1306)", /^bad: No acknowledgement at 3Ch/],
    ["no clock", (b) => (b.i2c.addresses = [0x3c]), "clock (DS3231)", /^bad: No acknowledgement at 68h/],
    [
      "SDA and SCL swapped",
      (b) => (b.i2c = { sda: "D22", scl: "D21", addresses: [0x3c, 0x68] }),
      "I2C bus",
      /^bad: SDA and SCL are swapped: SDA goes to D21, SCL to D22/,
    ],
    ["SCL at ground", (b) => b.held.set("D22", 0), "I2C bus", /^bad: D22 held low/],
    ["a column at ground", (b) => b.held.set("D35", 0), "keypad", /^bad: D35 held low with no row driven/],
    ["a key pressed", (b) => (b.joined = [["D14", "D34"]]), "keypad", /^bad: Joined: D14 and D34/],
    ["the head's data at ground", (b) => b.held.set("D19", 0), "magnetic stripe reader, track 2", /^bad: D19 held low/],
    ["no cell", (b) => (b.millivoltAtPin = 10), "battery", /^bad: No voltage at D32/],
    ["wrong resistors", (b) => (b.millivoltAtPin = 3000), "battery", /^bad: 6000 mV is no lithium-ion cell/],
  ])("%s", async (_, spoil, device, text) => {
    const board = healthy();
    spoil(board);
    const findings = await examined(board);
    expect(findings[device]).toMatch(text);
    expect(Object.values(findings).filter((each) => each.startsWith("bad"))).toHaveLength(1);
  });
});

describe.skipIf(!hasEspruino)("on the real engine", () => {
  test("every probe runs, on buses that are made up there", async () => {
    const board = new EspruinoBoard();
    try {
      board.powerOn();
      const { talk, espruino } = await atPrompt(board.line);
      // Names of pins are texts; what is pulled up is high, all else low.
      await espruino.ask(
        '(global.m={},[4,13,14,16,17,18,19,21,22,23,25,26,32,34,35].forEach(function(n){global["D"+n]="D"+n}),' +
          'global.pinMode=function(p,x){m[p]=x},global.digitalRead=function(p){return m[p]=="input_pullup"?1:0},' +
          "global.digitalWrite=function(){},global.analogRead=function(){return 0.58}," +
          "I2C1.setup=function(){},I2C1.readFrom=function(a){if(a!=104)throw 1}," +
          "[Serial2,Serial3].forEach(function(s){var f;s.setup=function(){};s.on=function(e,g){f=g};" +
          's.removeAllListeners=function(){};s.write=function(){f("\\x16")}}),1)',
      );
      const findings = await examine(espruino, checksOf(WIRES), () => undefined);
      expect(findings.map(({ device, verdict }) => `${verdict} ${device}`)).toEqual([
        "bad display (SSD1306)",
        "ok clock (DS3231)",
        "look keypad",
        "ok printer",
        "bad contactless reader",
        "look magnetic stripe reader, track 2",
        "ok battery",
        "look lamps and buzzer",
      ]);
      await talk.close();
    } finally {
      board.close();
    }
  });
});
