/** As `main`, with a colour panel of 240 x 320 dots and keys on its touch glass, as on the board `cyd`. */
import { board } from "./board/console";
import { nativeExpand } from "./board/pixels";
import { glass } from "./board/profiles/cyd";
import { openTft, TftChip } from "./drivers/tft";
import { openTouchPad } from "./drivers/touch-pad";
import { TFT_GLYPHS } from "./glyphs/tft";
import { plainPart } from "./proto/plain.lazy";
import { qrPart } from "./proto/qr.lazy";
import { plainExpand } from "./proto/pixels";
import { touched } from "./txn/devices";
import { powerOnPart } from "./txn/power-on.lazy";
import { onHappening } from "./txn/terminal";
import { Timer } from "./txn/timers";

const natives = board.natives || plainPart().plain;
const pad = openTouchPad(board, Timer.Touch, glass, (key) => touched(works.devices, key));
const options = { chip: TftChip.Ili9341, timer: Timer.Panel, pad: pad };
const panel = openTft(board, natives, nativeExpand() || plainExpand, TFT_GLYPHS, options);
const works = powerOnPart().openWorks(board, natives, panel, (text) => qrPart().qrSteps(natives, text));
board.start((happening, value, text) => onHappening(works, happening, value, text));
