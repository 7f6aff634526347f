/** The whole way onto a board, with the real Espruino: what was flashed starts, trades and outlives a power cut. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { bootCode, install, type Order, type Ways } from "../../flash/install";
import { BUNDLE, testImage } from "../../src/cli/world";
import { hasEspruino } from "../engines";
import { BOARD_AREAS, EspruinoBoard } from "./board";

const boards: EspruinoBoard[] = [];
afterEach(() => boards.splice(0).forEach((board) => board.close()));

function newBoard(): EspruinoBoard {
  const board = new EspruinoBoard();
  boards.push(board);
  board.powerOn();
  return board;
}

/** The console board's bundle: its transport says each line on the console. */
const bundle = () => `var io={tx:function(l){print(l)}};${readFileSync(BUNDLE, "latin1")}`;
const order = (extras: Partial<Order> = {}): Order => ({
  port: "the board",
  engine: [],
  bundle: bundle(),
  image: testImage("00000001"),
  areas: BOARD_AREAS,
  erasesJournal: false,
  erasesStorage: false,
  ...extras,
});
const ways = (extras: Partial<Ways> = {}): Ways => ({ judge: () => null, onProgress: () => undefined, ...extras });

describe.skipIf(!hasEspruino)("on the real engine", () => {
  test("bundle and keys are written, and the firmware greets", async () => {
    const board = newBoard();
    const done = await install(board.line, order(), ways()).catch((e) => {
      console.error(JSON.stringify(board.said.slice(-900)));
      throw e;
    });
    expect(done).toMatchObject({ engine: expect.stringMatching(/^LINUX/) as string, isProvisioned: true });
    expect(Buffer.from(board.areas()).equals(Buffer.from(testImage("00000001")))).toBe(true);
    expect(board.said).toContain(/print\("(.*)"\)/.exec(bootCode(bundle()))?.[1]);
  });
});
