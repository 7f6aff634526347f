/** Every board profile can be built, is data of below 60 lines, and each rule of the checker turns a wiring red. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkWiring } from "../../src/board/check";
import * as cyd from "../../src/board/profiles/cyd";
import * as s3 from "../../src/board/profiles/s3";
import * as wroom from "../../src/board/profiles/wroom";
import { Device, Group, Port } from "../../src/board/board";
import type { Wiring } from "../../src/board/wiring";
import { ROOT } from "../guards/tool";

const FOLDER = join(ROOT, "src", "board", "profiles");
const LINES_MAX = 60;
const BOARDS = { cyd, s3, wroom };

test("every profile is checked here, but that of a machine without pins", () => {
  const files = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ""));
  expect(files.sort()).toEqual([...Object.keys(BOARDS), "linux"].sort());
});

test.each(readdirSync(FOLDER))("%s has fewer than 60 lines", (file) => {
  expect(readFileSync(join(FOLDER, file), "utf8").split("\n").length - 1).toBeLessThan(LINES_MAX);
});

test.each(Object.entries(BOARDS))("%s can be built", (_, { wiring, kit }) => {
  expect(checkWiring(wiring, kit)).toEqual([]);
});

test("a touch glass reads between its edges, 12 bits", () => {
  const { left, right, top, bottom } = cyd.glass;
  for (const each of [left, right, top, bottom]) expect(each).toSatisfy((value: number) => value > 0 && value < 4096);
  expect(Math.min(Math.abs(right - left), Math.abs(bottom - top))).toBeGreaterThan(2048);
});

test.each(Object.entries(BOARDS))("%s has the keys that a sale needs", (_, { wiring }) => {
  const { keys } = wiring.profile;
  if (keys !== "") for (const key of "0123456789ECB") expect(keys).toContain(key);
  else expect(wiring.groups.some(({ group }) => group === Group.Touch)).toBe(true);
});

const NOTHING = { soldered: [] };
const { wiring } = wroom;
const withGroup = (group: Group, pins: string[]): Wiring => ({
  ...wiring,
  groups: [...wiring.groups.filter((each) => each.group !== group), { group, pins }],
});

describe("refused is", () => {
  test.each<[string, Wiring, string]>([
    ["a pin used twice", { ...wiring, buzzer: "D17" }, "D17 is used twice: printer RX, buzzer +"],
    ["an input that is driven", { ...wiring, buzzer: "D34" }, "D34 (buzzer +): is an input only and cannot be driven"],
    ["a strapping pin", { ...wiring, buzzer: "D12" }, "D12 (buzzer +): is a strapping pin"],
    ["a strapping pin of the S3", { ...s3.wiring, buzzer: "D45" }, "D45 (buzzer +): is a strapping pin"],
    ["a pin of the flash", { ...wiring, buzzer: "D9" }, "D9 (buzzer +): belongs to the flash"],
    ["a pin of the S3's flash", { ...s3.wiring, buzzer: "D27" }, "D27 (buzzer +): belongs to the flash"],
    ["a pin of the PSRAM", { ...s3.wiring, buzzer: "D36" }, "D36 (buzzer +): belongs to the octal PSRAM"],
    ["the console's pin", { ...wiring, buzzer: "D1" }, "D1 (buzzer +): belongs to the console"],
    ["a pin that is not there", { ...wiring, buzzer: "D24" }, "D24 (buzzer +): the chip has no such pin"],
    ["a pin beyond the last", { ...s3.wiring, buzzer: "D49" }, "D49 (buzzer +): the chip has no such pin"],
    ["a word for a pin", { ...wiring, buzzer: "GPIO4" }, "GPIO4 (buzzer +): the chip has no such pin"],
    ["ADC2", { ...withGroup(Group.Led, []), battery: "D14" }, "D14 (battery divider): ADC2 does not work beside Wi-Fi"],
    ["ADC2 of the S3", { ...s3.wiring, battery: "D14" }, "D14 (battery divider): ADC2 does not work beside Wi-Fi"],
    ["a pin without converter", { ...wiring, battery: "D22" }, "D22 (battery divider): has no converter"],
    ["a divider without a pin", { ...wiring, battery: "" }, "battery: a divider without a pin"],
    [
      "two devices on one UART",
      { ...wiring, uarts: wiring.uarts.map((uart) => ({ ...uart, serial: 2 as const })) },
      "Serial2 has two devices",
    ],
    [
      "more UARTs than there are",
      { ...wiring, uarts: [...wiring.uarts, { port: Port.Scanner, serial: 4 as 3, baud: 9600, tx: "D5", rx: "D2" }] },
      "scanner: the chip has no Serial4 to spare",
    ],
    [
      "one device on two UARTs",
      { ...wiring, uarts: wiring.uarts.map((uart) => ({ ...uart, port: Port.Nfc })) },
      "PN532 is on two UARTs",
    ],
    ["a missing column", withGroup(Group.KeypadColumns, ["D34", "D35", "D36"]), "keypad: 4 rows and 3 columns"],
    [
      "one bus with two sets of wires",
      {
        ...s3.wiring,
        spis: [
          ...s3.wiring.spis,
          { device: Device.Nfc, bus: 1, sck: "D12", mosi: "D48", miso: "D13", select: "D3", baud: 1 },
        ],
      },
      "SPI1: panel and PN532 have other wires",
    ],
  ])("%s", (_, wrong, finding) => {
    const found = checkWiring(wrong, NOTHING);
    expect(found.some((each) => each.startsWith(finding))).toBe(true);
  });

  test("not a strapping pin that the board's maker has wired", () => {
    const wrong = { ...wiring, buzzer: "D12" };
    expect(checkWiring(wrong, { soldered: ["D12"] })).toEqual([]);
  });
});
