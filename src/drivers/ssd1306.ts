/**
 * Panels of 128 x 64 dots on I2C, address 3Ch: SSD1306 (Solomon Systech, rev 1.5: commands section 9, I2C section 8.1.5) and SH1106
 * (Sino Wealth, v2.3). Both are driven in page addressing, the only way that the SH1106 has; its memory is 132 columns wide and the
 * glass begins at the third. Only pages that changed are sent, one of 128 bytes (3 ms at 400 kHz) a turn.
 *
 * Every transfer is acknowledged or the panel is gone: no answer within ANSWER_MS counts as that too. Then it is tried again every
 * RETRY_MS for ever, set up anew and drawn whole. At rest its status is read every POLL_MS: a panel that lost power in between
 * says that it is dark (status bit 6). One that was told to be dark (AEh) is set up anew to be lit.
 *
 * Part: 128 x 64 dots, Solomon Systech SSD1306 or Sino Wealth SH1106
 * Bus: I2C, address 3Ch
 * Document: SSD1306 rev 1.5, sections 8.1.5 and 9; SH1106 v2.3
 * Pins: SDA, SCL, 3.3 V, GND
 * Slowest: 1.5 s, a bus that does not come back
 */
import { type Board, Happening, type Natives } from "../board/board";
import { OLED_COLUMNS, OLED_PAGES, oledColumns, type OledGlyphs, oledPages } from "./oled-rows";
import { type Panel, Role } from "./screen";

export const enum Controller {
  Ssd1306 = 0,
  Sh1106 = 1,
}

const ADDRESS = 0x3c;
/** An ESP32's I2C gives up after a second at most. */
const ANSWER_MS = 1500;
const RETRY_MS = 1000;
const POLL_MS = 5000;
/** Bit 6 of the status byte: the display is off. */
const IS_DARK = 0x40;

/**
 * Display off; clock D5h 80h; 64 rows A8h 3Fh; no offset D3h 00h; first line 40h; columns and rows turned A1h C8h; COM pins DAh 12h;
 * contrast 81h CFh; pre-charge D9h F1h; VCOMH DBh 40h; from RAM A4h; not inverse A6h. It is lit (AFh) once it is drawn.
 */
const SETUP = "\0\xae\xd5\x80\xa8\x3f\xd3\0\x40\xa1\xc8\xda\x12\x81\xcf\xd9\xf1\xdb\x40\xa4\xa6";
/** SSD1306: page addressing 20h 02h, charge pump on 8Dh 14h. */
const SETUP_SSD1306 = "\x20\x02\x8d\x14";
/** SH1106: DC-DC converter on ADh 8Bh. */
const SETUP_SH1106 = "\xad\x8b";
const LIGHT_UP = "\0\xaf";
const GO_DARK = "\0\xae";
/** Does nothing (E3h), but says that what is read next is the status and not the memory. */
const ASK = "\0\xe3";

const enum Phase {
  /** Nothing shown yet. */
  New = 0,
  Gone = 1,
  Setup = 2,
  Page = 3,
  Light = 4,
  Rest = 5,
  Poll = 6,
  Dark = 7,
}

interface Oled {
  board: Board;
  natives: Natives;
  glyphs: OledGlyphs;
  controller: Controller;
  timer: number;
  phase: Phase;
  isLit: boolean;
  /** It is to be dark; and it was told so. */
  isDark: boolean;
  isOff: boolean;
  /** Words for the pages as they should be, and as they stand on the glass; null is not known. */
  wanted: string[];
  qr: string;
  shown: (string | null)[];
  /** The page on its way and its word. */
  page: number;
  word: string;
}

function send(o: Oled, phase: Phase, text: string, readBytes: number): void {
  o.phase = phase;
  o.board.timer(o.timer, ANSWER_MS);
  o.board.i2c(ADDRESS, text, readBytes);
}

function forget(o: Oled): void {
  for (let i = 0; i < OLED_PAGES; i++) o.shown[i] = null;
  // What is on its way is not known either: no page has this word.
  o.word = "?";
}

function setUp(o: Oled): void {
  o.isLit = false;
  o.isOff = false;
  forget(o);
  send(o, Phase.Setup, SETUP + (o.controller === Controller.Sh1106 ? SETUP_SH1106 : SETUP_SSD1306), 0);
}

/** Each command byte with a control byte of its own (80h), then data to the end (40h). */
function sendPage(o: Oled, page: number): void {
  o.page = page;
  o.word = o.wanted[page];
  const column = o.controller === Controller.Sh1106 ? "\x02" : "\0";
  const place = "\x80" + String.fromCharCode(0xb0 + page) + "\x80" + column + "\x80\x10\x40";
  send(o, Phase.Page, place + oledColumns(o.natives, o.glyphs, o.word, o.qr).substr(0, OLED_COLUMNS), 0);
}

/** The bus is free: what is there to do? */
function next(o: Oled): void {
  if (o.isDark && !o.isOff) {
    o.isOff = true;
    send(o, Phase.Dark, GO_DARK, 0);
    return;
  }
  // Whether one that is dark has lost power nobody can tell.
  if (o.isOff && !o.isDark) {
    setUp(o);
    return;
  }
  for (let i = 0; i < OLED_PAGES; i++) {
    if (o.shown[i] !== o.wanted[i] && !o.isOff) {
      sendPage(o, i);
      return;
    }
  }
  if (!o.isLit && !o.isOff) {
    send(o, Phase.Light, LIGHT_UP, 0);
    return;
  }
  o.phase = Phase.Rest;
  o.board.timer(o.timer, POLL_MS);
}

function lose(o: Oled): void {
  o.phase = Phase.Gone;
  o.board.timer(o.timer, RETRY_MS);
}

function onAnswer(o: Oled, isTaken: boolean, text: string): void {
  const phase = o.phase;
  if (phase === Phase.New || phase === Phase.Gone || phase === Phase.Rest) return;
  if (!isTaken) {
    lose(o);
  } else if (phase === Phase.Poll && !o.isOff && text.charCodeAt(0) & IS_DARK) {
    setUp(o);
  } else {
    if (phase === Phase.Page) o.shown[o.page] = o.word;
    if (phase === Phase.Light) o.isLit = true;
    next(o);
  }
}

function onTimer(o: Oled): void {
  if (o.phase === Phase.Rest) send(o, Phase.Poll, ASK, 1);
  else if (o.phase === Phase.Gone) setUp(o);
  else if (o.phase !== Phase.New) lose(o);
}

export function openOled(
  board: Board,
  natives: Natives,
  controller: Controller,
  glyphs: OledGlyphs,
  timer: number,
): Panel {
  const o: Oled = {
    board: board,
    natives: natives,
    glyphs: glyphs,
    controller: controller,
    timer: timer,
    phase: Phase.New,
    isLit: false,
    isDark: false,
    isOff: false,
    wanted: [],
    qr: "",
    shown: [],
    page: 0,
    word: "",
  };
  return {
    show: (screen) => {
      o.isDark = screen.role === Role.Dark;
      // What it shows then is drawn when it is lit again.
      if (!o.isDark) o.wanted = oledPages(screen);
      // A page's word does not say which symbol it is of.
      if (o.qr !== screen.qr) forget(o);
      o.qr = screen.qr;
      if (o.phase === Phase.New) setUp(o);
      else if (o.phase === Phase.Rest) next(o);
    },
    on: (happening, value, text) => {
      if (happening === Happening.I2c && (value === ADDRESS || value === -ADDRESS)) onAnswer(o, value > 0, text);
      else if (happening === Happening.Timer && value === timer) onTimer(o);
      else return false;
      return true;
    },
  };
}
