/** As `main`, with a panel of 128 x 64 dots. */
import { board } from "./board/console";
import { Controller, openOled } from "./drivers/ssd1306";
import { OLED_GLYPHS } from "./glyphs/oled";
import { plainPart } from "./proto/plain.lazy";
import { onHappening } from "./txn/terminal";
import { Timer } from "./txn/timers";
import { openWorks } from "./txn/works";

const natives = board.natives || plainPart().plain;
const works = openWorks(board, natives, openOled(board, natives, Controller.Ssd1306, OLED_GLYPHS, Timer.Panel));
board.start((happening, value, text) => onHappening(works, happening, value, text));
