/** The only place that wires board and terminal together. This one has the serial display; the panels have mains of their own. */
import { board } from "./board/console";
import { openDisplay } from "./drivers/display";
import { plainPart } from "./proto/plain.lazy";
import { onHappening } from "./txn/terminal";
import { openWorks } from "./txn/works";

const works = openWorks(board, board.natives || plainPart().plain, openDisplay(board));
board.start((happening, value, text) => onHappening(works, happening, value, text));
