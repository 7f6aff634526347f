/** The terminal on an ESP32-2432S028R, whose colour panel of 240 x 320 dots is soldered, with its keys on the touch glass. */
import { chipNoise, chipWires } from "./board/chip";
import { openBoard } from "./board/espruino";
import { openRawFlash } from "./board/flash-raw";
import { nativeExpand } from "./board/pixels";
import { glass, wiring } from "./board/profiles/cyd";
import { startRadio } from "./board/radio";
import { openTft, TftChip } from "./drivers/tft";
import { openTouchPad } from "./drivers/touch-pad";
import { TFT_GLYPHS } from "./glyphs/tft";
import { plainExpand } from "./proto/pixels";
import { plainPart } from "./proto/plain.lazy";
import { qrPart } from "./proto/qr.lazy";
import { touched } from "./txn/devices";
import { powerOnPart } from "./txn/power-on.lazy";
import { onHappening } from "./txn/terminal";
import { Timer } from "./txn/timers";

const board = openBoard(wiring.profile, chipWires(wiring), openRawFlash(), () => chipNoise(wiring));
const natives = board.natives || plainPart().plain;
const pad = openTouchPad(board, Timer.Touch, glass, (key) => touched(works.devices, key));
const options = { chip: TftChip.Ili9341, timer: Timer.Panel, pad: pad };
const panel = openTft(board, natives, nativeExpand() || plainExpand, TFT_GLYPHS, options);
const works = powerOnPart().openWorks(board, natives, panel, (text) => qrPart().qrSteps(natives, text));
startRadio();
board.start((happening, value, text) => onHappening(works, happening, value, text));
