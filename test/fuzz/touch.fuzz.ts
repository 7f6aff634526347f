/** The keys of a touch glass, with happenings in any order and a chip that answers anything: a timer runs or the pen line is awaited. */
import { Device, Group, Happening } from "../../src/board/board";
import { glass } from "../../src/board/profiles/cyd";
import { openTouchPad } from "../../src/drivers/touch-pad";
import { TouchTwin } from "../../src/sim/twins/xpt2046";
import { fakeBoard } from "../drivers/fake-board";
import { assert, bytes, noise } from "./inputs";
import type { Random } from "./runner";

const TIMER = 4;
const KEYS = ["", ..."0123456789:.ECBFUD"];

let isArmed = false;
let nowMs = 0;
let asked = "";
const board = {
  ...fakeBoard(),
  nowMs: () => nowMs,
  timer: (_: number, delayMs: number) => {
    isArmed = delayMs >= 0;
  },
  spi: (_: Device, text: string) => {
    asked = text;
  },
  readPins: () => undefined,
};

export function fuzz(random: Random): void {
  const twin = new TouchTwin(() => undefined);
  const pressed: string[] = [];
  const pad = openTouchPad(board, TIMER, glass, (key) => pressed.push(key));
  pad.on(Happening.PowerOn, 0, "");
  let isSeen = true;
  for (let step = random(30) + 1; step > 0; step--) {
    nowMs += random(random(8) === 0 ? 600 : 20);
    const kind = random(8);
    if (kind === 0) twin.press(random(260) - 10, random(340) - 10, random(2000));
    else if (kind === 1) twin.release();
    else if (kind === 2) pad.on(Happening.Pins, Group.Touch, random(8) === 0 ? noise(random, 3) : twin.level());
    else if (kind < 5) {
      isArmed = false;
      pad.on(Happening.Timer, TIMER, "");
      assert(isArmed, "no timer", step);
    } else {
      const read = twin.exchange(asked);
      pad.on(Happening.Spi, Device.Touch, random(8) === 0 ? bytes(random, random(30)) : read);
    }
    const inverted = pad.wanted.filter((palette) => palette > ":").length;
    assert(inverted <= 1, "two keys are pressed", inverted);
    isSeen = isSeen && pressed.every((key) => KEYS.includes(key));
  }
  assert(isSeen, "no such key", pressed);
}
