/** As `main`, with a colour panel of 240 x 320 dots. */
import { board } from "./board/console";
import { openTft, TftChip } from "./drivers/tft";
import { TFT_GLYPHS } from "./glyphs/tft";
import { plain } from "./proto/bytes";
import { onHappening, openWorks, Timer } from "./txn/terminal";

const natives = board.natives || plain;
const works = openWorks(board, natives, openTft(board, natives, TftChip.Ili9341, TFT_GLYPHS, Timer.Panel));
board.start((happening, value, text) => onHappening(works, happening, value, text));
