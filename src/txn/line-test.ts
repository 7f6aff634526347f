/**
 * The way to the host, layer by layer: Wi-Fi, the board's own address, the host's name, the connection, the host's answer. The board says how far
 * it knows the way; when that is all of it, the host is asked. The first layer that is missing is said in words, with one thing to do.
 */
import type { Board } from "../board/board";
import type { Desk } from "./desk";
import { Event, Notice, State, type Terminal } from "./state";
import { entry, text } from "./texts";
import { DeskText } from "./texts-desk";
import type { Works } from "./works";

/** In place of a signal, where the board cannot tell about layers: what it says of them is not shown. */
const UNKNOWN = "?";
/** Those that the board knows about: from here on the host is asked. */
const BOARD_LAYERS = 3;
/** All that the row has room for; a request is repeated, and its answer may take longer. */
const TOOK_MS_MAX = 9999;

export interface LineTest {
  board: Board;
  /** How many layers are there. */
  layers: number;
  /** Of the Wi-Fi, dBm. */
  signal: string;
  /** When the host was asked; then how long its answer took. */
  atMs: number;
  tookMs: number;
}

/** Asks the board. */
export function beginLineTest(works: Works, desk: Desk): void {
  const t = works.t;
  const settings = t.settings;
  if (!settings) return;
  t.notice = Notice.None;
  desk.lineTest = { board: works.board, layers: 0, signal: "", atMs: 0, tookMs: 0 };
  works.board.netAsk(t.isOnBackup ? settings.backupHost.split(":")[0] : settings.host);
}

/** The board knows so much: the host is to be asked, or that was all. What nobody asked for, or not now, is passed over. */
export function onLayers(works: Works, said: string): Event {
  const desk = works.t.desk;
  const test = desk ? desk.lineTest : null;
  if (!test || works.t.state !== State.Ask || test.signal !== "" || test.atMs > 0) return Event.None;
  const parts = said.split("|");
  while (test.layers < BOARD_LAYERS && parts[test.layers]) test.layers++;
  test.signal = parts[0];
  test.atMs = works.board.nowMs();
  return test.layers < BOARD_LAYERS ? Event.Answered : Event.Query;
}

/** The host has answered. */
export function lineTestAnswered(test: LineTest): void {
  test.layers = BOARD_LAYERS + 1;
  const tookMs = test.board.nowMs() - test.atMs;
  test.tookMs = tookMs < TOOK_MS_MAX ? tookMs : TOOK_MS_MAX;
}

/** How well the whole way is: behind the bar what the radio adds. */
function reached(test: LineTest, own: string): string {
  const parts = text(own, DeskText.Reached).split("|");
  const host = parts[0].replace("#", "" + test.tookMs);
  return test.signal === UNKNOWN ? host : host + parts[1].replace("$", test.signal);
}

/** What is there, then what is not, or how well the whole way is. `answer`: what the host says instead, in words. */
export function lineTestLines(t: Terminal, test: LineTest, own: string, answer: string, isGood: boolean): string {
  const isOver = t.state === State.Info;
  // The link says of a request that nobody answered whether it ever left.
  const isConnected = test.layers === BOARD_LAYERS && isOver && t.notice !== Notice.NoLink;
  const layers = isConnected ? BOARD_LAYERS + 1 : test.layers;
  const names = text(own, DeskText.Layers);
  let there = "";
  for (let i = test.signal === UNKNOWN ? BOARD_LAYERS : 0; i < layers; i++) there += " " + entry(names, "" + i);
  const lines = there === "" ? "" : entry(names, "+") + there;
  if (!isOver) return lines;
  const missing = isGood ? reached(test, own) : answer || entry(text(own, DeskText.Missing), "" + layers);
  return lines === "" ? missing : lines + "\n" + missing;
}
