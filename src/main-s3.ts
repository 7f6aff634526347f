/** The terminal on an ESP32-S3 with PSRAM, with a colour panel of 240 x 320 dots. */
import { chipNoise, chipWires } from "./board/chip";
import { openBoard } from "./board/espruino";
import { openRawFlash } from "./board/flash-raw";
import { nativeExpand } from "./board/pixels";
import { wiring } from "./board/profiles/s3";
import { startRadio } from "./board/radio";
import { openTft, TftChip } from "./drivers/tft";
import { TFT_GLYPHS } from "./glyphs/tft";
import { plainExpand } from "./proto/pixels";
import { plainPart } from "./proto/plain.lazy";
import { qrPart } from "./proto/qr.lazy";
import { powerOnPart } from "./txn/power-on.lazy";
import { onHappening } from "./txn/terminal";
import { Timer } from "./txn/timers";

const board = openBoard(wiring.profile, chipWires(wiring), openRawFlash(), () => chipNoise(wiring));
const natives = board.natives || plainPart().plain;
const options = { chip: TftChip.Ili9341, timer: Timer.Panel, pad: null };
const panel = openTft(board, natives, nativeExpand() || plainExpand, TFT_GLYPHS, options);
const works = powerOnPart().openWorks(board, natives, panel, (text) => qrPart().qrSteps(natives, text));
startRadio();
board.start((happening, value, text) => onHappening(works, happening, value, text));
