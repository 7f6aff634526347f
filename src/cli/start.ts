/** `tillet start`: the handheld in a terminal, its host beside it, in real time. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openHost } from "../host/host";
import type { Change } from "../host/issuer";
import { CARDS, TAPS } from "../sim/cards";
import type { FingerModel } from "../sim/factory-settings";
import type { EngineName } from "../sim/engines/engine";
import type { Handheld } from "../sim/handheld";
import type { Language } from "../sim/journal-image";
import { FlashTwin } from "../sim/twins/flash";
import type { PanelName } from "../sim/twins/panel";
import { imageOf, readKeyFile } from "./provision";
import { renderScreen, SCREEN_COLUMNS, SCREEN_ROWS } from "./screen";
import { FACTORY_TID, openHandheld, ROOT, testImage } from "./world";

const FRAME_MS = 40;
/** A card is held to the reader for so long, or until another capital letter. */
const HOLD_MS = 2000;
/** Lines of old slips that stay to be seen. */
const PAPER_LINES_MAX = 200;

/** Terminal input to keypad bytes. */
const KEYS: Record<string, string> = {
  "\r": "E",
  "\n": "E",
  "\x1b": "C",
  "\x7f": "B",
  "\b": "B",
  "+": ":",
  "\x1bOP": "F",
  "\x1b[11~": "F",
  "\x1b[A": "U",
  "\x1b[B": "D",
};

export interface StartOptions {
  engine: EngineName;
  panel: PanelName;
  /** Of a new handheld; as provisioned unless given. */
  language?: Language;
  folder: string;
  /** Without one it is the factory's test terminal, and the host is in test mode. */
  keyFile: string | undefined;
}

export async function start({ engine, panel, language, folder, keyFile }: StartOptions): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Error("start needs a terminal. Without one: tillet run --script FILE");
  }
  process.stderr.write("Starting the host ...\n");
  const state = openFolder(folder, keyFile, language);
  const paper: string[] = [];
  const view = { beep: "", note: "Type an amount, press Enter, then a card's letter: small swipes it, capital taps." };
  const host = await openHost({
    folder,
    databaseUrl: process.env.DATABASE_URL,
    testTids: keyFile === undefined ? [FACTORY_TID] : undefined,
    onChange: (change) => {
      view.note = describe(change);
    },
    onError: (error) => {
      view.note = `host: ${error instanceof Error ? error.message : error}`;
    },
  });
  const flash = new FlashTwin(state.image, state.flashFile);
  const handheld: Handheld = openHandheld(
    {
      engine,
      panel,
      ...(state.finger && { settings: { finger: state.finger } }),
      onEvent: (_, event) => {
        if ("beep" in event) view.beep = event.beep;
        if ("printed" in event) paper.push(...event.slip.lines, "", "- - - - - - - - - - - - - - - -");
        paper.splice(0, Math.max(0, paper.length - PAPER_LINES_MAX));
      },
    },
    flash,
    host,
    (count) => randomBytes(count).toString("latin1"),
    true,
  );
  try {
    await play(handheld, () =>
      renderScreen({
        ...view,
        display: handheld.panel.rows(),
        paper: [...paper, ...handheld.printer.hanging().lines],
        isOn: handheld.isOn,
        isLinkUp: handheld.net.isUp,
        hasPaper: handheld.printer.paper !== "out",
        hasSensor: handheld.finger !== null,
      }),
    );
  } finally {
    await handheld.powerCut();
    flash.close();
    await host.close();
  }
  return 0;
}

/** Host and handheld belong together: each knows how far the other's keys have moved. */
function openFolder(
  folder: string,
  keyFile: string | undefined,
  language: Language | undefined,
): { image: Uint8Array | null; flashFile: string; finger: FingerModel | undefined } {
  const keys = keyFile === undefined ? null : readKeyFile(keyFile);
  const finger = keys?.settings.finger;
  const tid = keys?.settings.tid ?? FACTORY_TID;
  const flashFile = join(folder, keys ? `handheld-${tid}.flash` : "handheld.flash");
  if (existsSync(flashFile)) {
    if (!process.env.DATABASE_URL && !existsSync(join(folder, "db"))) {
      throw new Error(`${folder}: the host's database (db) is missing. Move the folder away to start afresh.`);
    }
    return { image: null, flashFile, finger };
  }
  if (!keys && existsSync(join(folder, "db"))) {
    throw new Error(
      `${folder}: the handheld's flash (handheld.flash) is missing. Move the folder away to start afresh.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  const extras = language && { language };
  if (!keys) return { image: testImage(FACTORY_TID, extras), flashFile, finger };
  return { image: imageOf({ ...keys, settings: { ...keys.settings, ...extras } }), flashFile, finger };
}

function describe({ type, stan, amount, status }: Change): string {
  return `Host: ${type} ${String(stan).padStart(6, "0")}, ${(amount / 100).toFixed(2)} EUR: ${status}`;
}

/** Runs until Ctrl-C. Input and time take turns: the handheld does one thing at a time. */
async function play(handheld: Handheld, render: () => string[]): Promise<void> {
  const beganMs = Date.now();
  const waiting: string[] = [];
  const held: Held = { untilMs: Infinity };
  let isEnding = false;
  const onInput = (bytes: Buffer) => {
    if (bytes.includes(3)) isEnding = true;
    else waiting.push(...splitKeys(bytes.toString("latin1")));
  };
  const onSignal = () => {
    isEnding = true;
  };
  process.stdin.setRawMode(true).on("data", onInput).resume();
  process.on("SIGTERM", onSignal);
  process.stdout.write("\x1b[?1049h\x1b[?25l");
  try {
    let shown = "";
    await handheld.powerOn();
    while (!isEnding) {
      await handheld.runUntil(Date.now() - beganMs);
      if (held.untilMs <= handheld.nowMs) release(handheld, held);
      for (const key of waiting.splice(0)) if (!hold(handheld, held, key)) await press(handheld, key);
      const frame = frameText(render());
      if (frame !== shown) process.stdout.write(frame);
      shown = frame;
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
  } finally {
    process.stdout.write("\x1b[?25h\x1b[?1049l");
    process.stdin.setRawMode(false).off("data", onInput).pause();
    process.off("SIGTERM", onSignal);
  }
}

/** Escape sequences stay whole, everything else is a key a character. */
function splitKeys(text: string): string[] {
  return text.match(/\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|[\s\S]/g) ?? [];
}

function frameText(rows: string[]): string {
  const { columns, rows: height } = process.stdout;
  if (columns < SCREEN_COLUMNS || height < SCREEN_ROWS) {
    return `\x1b[2J\x1b[HThe handheld needs ${SCREEN_COLUMNS} x ${SCREEN_ROWS} characters; this is ${columns} x ${height}.`;
  }
  return `\x1b[H${rows.map((row) => `${row}\x1b[K`).join("\r\n")}\x1b[J`;
}

async function press(handheld: Handheld, key: string): Promise<void> {
  const card = CARDS[key.charCodeAt(0) - 97];
  const byte = KEYS[key] ?? (/^[0-9.]$/.test(key) ? key : undefined);
  if (byte) await handheld.press(byte);
  else if (key.length === 1 && card) await handheld.swipe(card);
  else if (key === "l") await handheld.setLink(!handheld.net.isUp);
  else if (key === "p") await handheld.setPaper(handheld.printer.paper === "out" ? "ok" : "out");
  else if (key === "t") touch(handheld);
  else if (key === "o" && handheld.isOn) await handheld.powerCut();
  else if (key === "o") await handheld.powerOn();
}

/** A person's own finger on the sensor, until the next time. */
function touch({ finger }: Handheld): void {
  if (finger?.isTouched) finger.lift();
  else finger?.place(1);
}

/** A card at the reader. */
interface Held {
  untilMs: number;
}

function release(handheld: Handheld, held: Held): void {
  handheld.wallet.untap();
  held.untilMs = Infinity;
}

/** A capital letter holds a card to the reader, or takes away the one that is there. False: it is no such letter. */
function hold(handheld: Handheld, held: Held, key: string): boolean {
  const card = key.length === 1 ? TAPS[key.charCodeAt(0) - 65] : undefined;
  if (!card) return false;
  const isHeld = held.untilMs !== Infinity;
  release(handheld, held);
  if (isHeld) return true;
  handheld.wallet.tap(join(ROOT, "test", "cards", card.file));
  held.untilMs = handheld.nowMs + HOLD_MS;
  return true;
}
