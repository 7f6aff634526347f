/** The terminal on Espruino's Linux build, with the serial display. */
import { openBoard } from "./board/espruino";
import { fileNoise, openFileFlash } from "./board/flash-file";
import { FLASH_FILE, profile, wiring } from "./board/profiles/linux";
import { socketWires } from "./board/sockets";
import { openDisplay } from "./drivers/display";
import { plainPart } from "./proto/plain.lazy";
import { onHappening } from "./txn/terminal";
import { openWorks } from "./txn/works";

const board = openBoard(profile, socketWires(wiring), openFileFlash(FLASH_FILE), fileNoise);
const works = openWorks(board, board.natives || plainPart().plain, openDisplay(board));
board.start((happening, value, text) => onHappening(works, happening, value, text));
