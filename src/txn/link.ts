/**
 * The link to the host: one request outstanding at a time, sent again unchanged until it is answered or its tries are used up. A
 * request that never left the terminal is told apart from one that may have arrived.
 */
import type { Board, Natives } from "../board/board";
import type { Powers } from "../crypto/powers";
import { fillPad, open, openPad, type Pad, restartPad, wipePad } from "../crypto/secretbox";
import { feedLines, frameCounter, HEADER_BYTES, type LineReader, nextLine, openLines } from "../proto/frame";
import { backupPart } from "./backup.lazy";
import { Event, type Settings } from "./state";

/** A host's answer takes below 2 s; after 10 s the frame or its answer is lost. */
const ANSWER_WAIT_MS = 10000;
/** Between a refused connection and the next try. */
const RETRY_WAIT_MS = 2000;
const TRIES_MAX = 3;
/** A request that may never be given up is repeated at least this often. */
const ENDLESS_WAIT_MS_MAX = 60000;
/** Without a request the link is opened again at this pace, so that the status row is true. */
const IDLE_WAIT_MS = 15000;

export const enum NetState {
  Closed = 0,
  Open = 1,
  Bytes = 2,
}

export interface Link {
  board: Board;
  natives: Natives;
  timer: number;
  settings: Settings | null;
  lines: LineReader;
  isOpen: boolean;
  isOpening: boolean;
  /** Connections go to the host's other address until then; 0: to the first. */
  backAtMs: number;
  /** How often in a row it could not be reached there, or gave no answer. */
  failures: number;
  /** The outstanding request as it goes over the wire, "" for none. */
  line: string;
  /** Its header, and that of its answer. */
  header: string;
  /** What opens its answer. */
  answer: Pad;
  tries: number;
  isEndless: boolean;
  /** The request was handed to an open connection at least once. */
  wasSent: boolean;
}

/** `powers`: room that nobody else needs while an answer is awaited. */
export function openLink(board: Board, natives: Natives, timer: number, powers: Powers | null): Link {
  return {
    board: board,
    natives: natives,
    timer: timer,
    settings: null,
    lines: openLines(),
    isOpen: false,
    isOpening: false,
    backAtMs: 0,
    failures: 0,
    line: "",
    header: "",
    answer: openPad(powers),
    tries: 0,
    isEndless: false,
    wasSent: false,
  };
}

export function startLink(link: Link, settings: Settings): void {
  link.settings = settings;
  connect(link);
}

function connect(link: Link): void {
  link.isOpen = false;
  link.isOpening = true;
  const settings = link.settings;
  if (settings && link.backAtMs > 0) backupPart().openBackup(link, settings);
  else if (settings) link.board.netOpen(settings.host, settings.hostPort);
  link.board.timer(link.timer, ANSWER_WAIT_MS);
}

/**
 * The request is `frame` from now on; `link.answer.sub` must be what opens its answer. `attempt` is to follow, at once or when what the
 * answer needs has been made. An endless request is never given up.
 */
export function load(link: Link, frame: string, isEndless: boolean): void {
  link.line = link.natives.base64(frame) + "\n";
  link.header = frame.substr(0, HEADER_BYTES);
  restartPad(link.answer, frameCounter(frame), 0);
  link.isEndless = isEndless;
  link.wasSent = false;
  link.tries = 1;
}

/** Sends the request, as soon as there is a connection; from then on it repeats by itself. */
export function attempt(link: Link): void {
  if (!link.isOpen) {
    if (!link.isOpening) connect(link);
    return;
  }
  link.wasSent = true;
  link.board.netWrite(link.line);
  wait(link, ANSWER_WAIT_MS);
}

/** Arms the timer; an endless request waits longer each time. */
function wait(link: Link, waitMs: number): void {
  const longerMs = link.isEndless ? waitMs * link.tries : waitMs;
  link.board.timer(link.timer, longerMs < ENDLESS_WAIT_MS_MAX ? longerMs : ENDLESS_WAIT_MS_MAX);
}

/** A pause before a new connection: up to a quarter longer by chance, so that after a fault not all terminals come at once. */
function spread(link: Link, waitMs: number): number {
  return waitMs + ((waitMs * (link.board.random() & 255)) >> 10);
}

/** The answer said what was to be known, or the request is given up: it is not repeated any more. */
export function endRequest(link: Link): void {
  link.line = "";
  wipePad(link.answer);
  link.board.timer(link.timer, link.isOpen && link.backAtMs === 0 ? -1 : IDLE_WAIT_MS);
}

/** One step towards the opening of the answer that is awaited; false when all is made. */
export function prepareAnswer(link: Link): boolean {
  return fillPad(link.answer, link.natives.dot);
}

/** The link's timer ran out. NoAnswer or Unsent when the request is given up. */
export function onLinkTimer(link: Link): Event {
  if (link.isOpening || (link.isOpen && link.line !== "")) backupPart().failed(link);
  if (link.line === "") {
    if (!link.isOpen) connect(link);
    else if (link.board.nowMs() < link.backAtMs) link.board.timer(link.timer, IDLE_WAIT_MS);
    else if (link.backAtMs > 0) {
      backupPart().goBack(link);
      connect(link);
    }
    return Event.None;
  }
  if (link.tries >= TRIES_MAX && !link.isEndless) {
    endRequest(link);
    return link.wasSent ? Event.NoAnswer : Event.Unsent;
  }
  // A connection that gave no answer may be dead at the other end: a new one cannot be.
  link.tries++;
  connect(link);
  return Event.None;
}

/**
 * The connection changed, or brought bytes. Gives the opened answer to the outstanding request, else "". The request is repeated all
 * the same until `endRequest`: a host in trouble may answer that it can do nothing now.
 */
export function onNet(link: Link, state: NetState, bytes: string): string {
  if (state === NetState.Bytes) {
    return feedLines(link.lines, bytes) ? takeAnswer(link) : "";
  }
  const wasWanted = link.isOpening || link.line !== "";
  link.isOpen = state === NetState.Open;
  link.isOpening = false;
  link.lines = openLines();
  // Where there is no network, no address is to blame.
  const isOther = !link.isOpen && wasWanted && bytes === "" && backupPart().failed(link);
  if (link.line === "" && link.isOpen) endRequest(link);
  else if (link.line === "") link.board.timer(link.timer, spread(link, isOther ? RETRY_WAIT_MS : IDLE_WAIT_MS));
  else if (link.isOpen) attempt(link);
  else wait(link, spread(link, RETRY_WAIT_MS));
  return "";
}

/** Any number of lines may have come; at most one of them is the answer. The rest is late, foreign or forged: passed over. */
function takeAnswer(link: Link): string {
  let answer = "";
  let line = nextLine(link.lines);
  while (line !== "") {
    const frame = link.natives.unbase64(line);
    if (answer === "" && link.line !== "" && frame.substr(0, HEADER_BYTES) === link.header) {
      answer = open(link.answer, frame.substr(HEADER_BYTES), link.natives);
    }
    line = nextLine(link.lines);
  }
  if (answer !== "") link.failures = 0;
  return answer;
}
