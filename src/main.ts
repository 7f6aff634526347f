/** The only place that wires board and terminal together. */
import { board } from "./board/console";
import { plain } from "./proto/bytes";
import { onHappening } from "./txn/terminal";
import { openWorks } from "./txn/works";

const works = openWorks(board, board.natives || plain);
board.start((happening, value, text) => onHappening(works, happening, value, text));
