/** Both panels, with happenings in any order and a bus that answers anything: a timer is always armed, and what leaves is bounded. */
import { Device, Happening } from "../../src/board/board";
import { Role } from "../../src/drivers/screen";
import { Controller, openOled } from "../../src/drivers/ssd1306";
import { openTft, TftChip } from "../../src/drivers/tft";
import { OLED_GLYPHS } from "../../src/glyphs/oled";
import { TFT_GLYPHS } from "../../src/glyphs/tft";
import { plain } from "../../src/proto/plain";
import { plainExpand } from "../../src/proto/pixels";
import { fakeBoard } from "../drivers/fake-board";
import { screenOf } from "../drivers/screens";
import { assert, bytes, noise, pick } from "./inputs";
import type { Random } from "./runner";

const TIMER = 4;
const OLED_ADDRESS = 0x3c;
/** A row of the colour panel, 240 dots of 2 bytes, 34 high. */
const PIECE_BYTES_MAX = 16384;

let isArmed = false;
let sentBytes = 0;
const board = {
  ...fakeBoard(),
  timer: (_: number, delayMs: number) => {
    isArmed = delayMs >= 0;
  },
  i2c: (_: number, text: string) => void (sentBytes += text.length),
  spi: (_: Device, text: string) => void (sentBytes += text.length),
  pins: () => undefined,
};

/** What a terminal may show, and what no terminal would: the glyphs have not all of it. */
function screen(random: Random) {
  const words = () =>
    random(4) === 0 ? noise(random, 30) : pick(random, ["", "SALE", "E pay  C stop", "a\nb\nc\nd", "\xd6\xd0\xce\xc4"]);
  return screenOf({
    role: pick(random, [Role.Plain, Role.Good, Role.Bad, Role.Unsure]),
    status: words(),
    alert: words(),
    title: words(),
    amount: pick(random, ["", "0.01", "12.50", "9999999.99"]),
    currency: pick(random, ["", "EUR"]),
    lines: words(),
    hint: words(),
  });
}

export function fuzz(random: Random): void {
  const isOled = random(2) === 0;
  isArmed = false;
  const panel = isOled
    ? openOled(board, plain, pick(random, [Controller.Ssd1306, Controller.Sh1106]), OLED_GLYPHS, TIMER)
    : openTft(board, plain, plainExpand, TFT_GLYPHS, {
        chip: pick(random, [TftChip.Ili9341, TftChip.St7789]),
        timer: TIMER,
        pad: null,
      });
  panel.show(screen(random));
  for (let step = random(8) === 0 ? 40 : random(4) + 1; step > 0; step--) {
    sentBytes = 0;
    const kind = random(8);
    if (kind === 0) panel.show(screen(random));
    else if (kind === 1) {
      isArmed = false;
      panel.on(Happening.Timer, TIMER, "");
    } else if (isOled) panel.on(Happening.I2c, random(16) === 0 ? -OLED_ADDRESS : OLED_ADDRESS, noise(random, 3));
    else panel.on(Happening.Spi, Device.Panel, random(4) === 0 ? "\0\0" : bytes(random, random(3)));
    assert(isArmed, "no timer", isOled, step, kind);
    assert(sentBytes <= PIECE_BYTES_MAX, "a piece too long", isOled, sentBytes);
  }
}
