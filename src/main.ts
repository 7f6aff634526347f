/** The only place that wires board and terminal together. This one has the serial display; the panels have mains of their own. */
import { board } from "./board/console";
import { openDisplay } from "./drivers/display";
import { plainPart } from "./proto/plain.lazy";
import { qrPart } from "./proto/qr.lazy";
import { onHappening } from "./txn/terminal";
import { powerOnPart } from "./txn/power-on.lazy";

const natives = board.natives || plainPart().plain;
const works = powerOnPart().openWorks(board, natives, openDisplay(board), (text) => qrPart().qrSteps(natives, text));
board.start((happening, value, text) => onHappening(works, happening, value, text));
