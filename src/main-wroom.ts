/** The terminal on an ESP32 DevKit, with a panel of 128 x 64 dots. */
import { chipNoise, chipWires } from "./board/chip";
import { openBoard } from "./board/espruino";
import { openRawFlash } from "./board/flash-raw";
import { wiring } from "./board/profiles/wroom";
import { startRadio } from "./board/radio";
import { Controller, openOled } from "./drivers/ssd1306";
import { OLED_GLYPHS } from "./glyphs/oled";
import { plainPart } from "./proto/plain.lazy";
import { qrPart } from "./proto/qr.lazy";
import { powerOnPart } from "./txn/power-on.lazy";
import { onHappening } from "./txn/terminal";
import { Timer } from "./txn/timers";

const board = openBoard(wiring.profile, chipWires(wiring), openRawFlash(), () => chipNoise(wiring));
const natives = board.natives || plainPart().plain;
const panel = openOled(board, natives, Controller.Ssd1306, OLED_GLYPHS, Timer.Panel);
const works = powerOnPart().openWorks(board, natives, panel, (text) => qrPart().qrSteps(natives, text));
startRadio();
board.start((happening, value, text) => onHappening(works, happening, value, text));
