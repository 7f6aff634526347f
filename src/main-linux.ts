/** The terminal on Espruino's Linux build, with the serial display. */
import { openBoard } from "./board/espruino";
import { fileNoise, openFileFlash } from "./board/flash-file";
import { FLASH_FILE, profile, wiring } from "./board/profiles/linux";
import { socketWires } from "./board/sockets";
import { openDisplay } from "./drivers/display";
import { plainPart } from "./proto/plain.lazy";
import { qrPart } from "./proto/qr.lazy";
import { powerOnPart } from "./txn/power-on.lazy";
import { onHappening } from "./txn/terminal";

const board = openBoard(profile, socketWires(wiring), openFileFlash(FLASH_FILE), fileNoise);
const natives = board.natives || plainPart().plain;
const works = powerOnPart().openWorks(board, natives, openDisplay(board), (text) => qrPart().qrSteps(natives, text));
board.start((happening, value, text) => onHappening(works, happening, value, text));
