/** `tillet run`: plays a script and writes its events, one JSON object a line. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Engine, EngineName, Memory } from "../sim/engines/engine";
import type { HandheldEvent } from "../sim/handheld-options";
import { type FactorySettings, isBookAtRest, readBook } from "../sim/journal-image";
import { dotsPng, picturePng } from "../sim/png";
import {
  BOOT_MS,
  parseScript,
  play,
  scriptSettings,
  type Player,
  type ScriptEvent,
  ScriptError,
  settle,
  Unmet,
} from "../sim/script";
import type { FlashOperation, PlannedCut } from "../sim/twins/flash";
import type { PanelName } from "../sim/twins/panel";
import type { Slip } from "../sim/twins/printer";
import { blockAt } from "./block";
import { textPng } from "./picture";
import { renderScreen, SCREEN_COLUMNS } from "./screen";
import { openScriptWorld, type World } from "./world";

export interface RunOptions {
  script: string;
  /** Where the script is: its card files are looked for there first, then in the working directory. */
  scriptFolder?: string | undefined;
  engine: EngineName | Engine;
  seed: number;
  /** Power goes in this flash operation; then it comes back, the terminal settles, and the script is over. */
  cut?: PlannedCut | undefined;
  panel?: PanelName | undefined;
  /** What differs from the factory's settings. */
  settings?: Partial<FactorySettings> | undefined;
  /** Folder for the host's files and the flash image; kept. */
  keep?: string | undefined;
  /** Folder for PNGs of the slips. */
  pngFolder?: string | undefined;
  /** Ask the engine for its memory at the end. */
  withMemory?: boolean;
  onEvent: (event: ScriptEvent) => void;
  onSent?: (bytes: string) => void;
}

export interface RunResult {
  /** "" when everything was as expected. */
  failure: string;
  agree: boolean;
  slips: Slip[];
  /** Flash writes and erases since the first power-on. */
  flashOperations: readonly FlashOperation[];
  /** The flash at the end. */
  image: Uint8Array;
  memory: Memory | null;
}

/** Plays a script in a world of its own; tests hand in others. */
export async function runScript(options: RunOptions, openWorld = openScriptWorld): Promise<RunResult> {
  const inputs = parseScript(options.script);
  const settings = { ...options.settings, ...scriptSettings(inputs) };
  const slips: Slip[] = [];
  const printed: string[] = [];
  let displayed: string[] = [];
  let isOver = false;
  const onEvent = (t: number, event: HandheldEvent) => {
    if (isOver) return;
    if ("display" in event) displayed = event.display;
    if ("printed" in event) {
      slips.push(event.slip);
      printed.push(...event.printed);
      options.onEvent({ t, printed: event.printed });
    } else {
      options.onEvent({ t, ...event });
    }
  };
  const world = await openWorld({
    engine: options.engine,
    panel: options.panel,
    seed: options.seed,
    folder: options.keep,
    settings,
    onEvent,
    onChange: (t, { type, stan, amount, status, chip }) =>
      options.onEvent({ t, host: { type, stan, amount, status, ...(chip && { chip }) } }),
    ...(options.onSent ? { onSent: options.onSent } : {}),
  });
  try {
    if (options.scriptFolder) world.handheld.wallet.folders.unshift(options.scriptFolder);
    const { handheld, flash, host } = world;
    const player = { handheld, flash, printed, displayed: () => displayed, block: blockAt(host) };
    if (options.cut) world.flash.plan(options.cut);
    const failure = await playAll(player, inputs, options.cut !== undefined);
    const agree = await end(world, options);
    isOver = true;
    const memory = options.withMemory ? await world.handheld.memory() : null;
    if (options.keep) writeFileSync(join(options.keep, "handheld.flash"), world.flash.image);
    if (options.pngFolder) savePngs(options.pngFolder, world, slips);
    return { failure, agree, slips, flashOperations: world.flash.operations, image: world.flash.image, memory };
  } finally {
    await world.close();
  }
}

async function playAll(player: Player, inputs: ReturnType<typeof parseScript>, endsAtCut: boolean): Promise<string> {
  await player.handheld.powerOn();
  await player.handheld.runFor(BOOT_MS);
  for (const { line, input } of inputs) {
    if (endsAtCut && !player.handheld.isOn) break;
    try {
      await play(player, input);
    } catch (error) {
      if (!(error instanceof ScriptError || error instanceof Unmet)) throw error;
      if (endsAtCut && !player.handheld.isOn) break;
      const message = `line ${line}: ${error.message}`;
      if (error instanceof ScriptError) throw new ScriptError(message);
      return message;
    }
  }
  if (!endsAtCut) return "";
  // What the script pulled would stay so.
  player.handheld.net.setMissing([]);
  if (!player.handheld.net.isUp) await play(player, { link: "up" });
  await player.handheld.powerOn();
  await player.handheld.runFor(BOOT_MS);
  return settle(player).then(
    () => "",
    (error: unknown) => {
      if (error instanceof Unmet) return error.message;
      throw error;
    },
  );
}

/** The last event: what terminal and host say of the batch, each from its own book. */
async function end(world: World, options: RunOptions): Promise<boolean> {
  const book = readBook(world.flash.image);
  const { count, total, creditCount, creditTotal } = book;
  const terminal = { batch: book.batch, count, total, creditCount, creditTotal };
  const sides = await world.host.sides(world.tid, book.batch);
  const host = {
    batch: await world.host.openBatch(world.tid),
    count: sides.debitCount,
    total: sides.debitMinor,
    creditCount: sides.creditCount,
    creditTotal: sides.creditMinor,
  };
  const agree = isBookAtRest(book) && JSON.stringify(terminal) === JSON.stringify(host);
  options.onEvent({ t: world.handheld.nowMs, end: { terminal, host, agree } });
  return agree;
}

/** Each slip as it came out of the printer, and the handheld as it lies there at the end. */
function savePngs(folder: string, { handheld }: World, slips: Slip[]): void {
  mkdirSync(folder, { recursive: true });
  const view = {
    display: handheld.panel.rows(),
    paper: [...slips.flatMap(({ lines }) => lines), ...handheld.printer.hanging().lines],
    beep: "",
    isOn: handheld.isOn,
    isLinkUp: handheld.net.isUp,
    hasPaper: handheld.printer.paper !== "out",
    note: "",
  };
  writeFileSync(join(folder, "handheld.png"), textPng(renderScreen(view), SCREEN_COLUMNS));
  const picture = handheld.panel.picture?.();
  if (picture) writeFileSync(join(folder, "display.png"), picturePng(picture, 4));
  slips.forEach((slip, index) => {
    writeFileSync(join(folder, `slip-${index + 1}.png`), dotsPng(slip.rows, slip.widthDots));
  });
}

export async function runFile(file: string, options: Omit<RunOptions, "script" | "onEvent">): Promise<number> {
  const onEvent = (event: ScriptEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);
  const script = readFileSync(file, "utf8");
  const { failure, memory } = await runScript({ ...options, script, scriptFolder: dirname(file), onEvent }).catch(
    (error: unknown) => {
      throw error instanceof ScriptError ? new ScriptError(`${file}: ${error.message}`) : error;
    },
  );
  if (memory)
    process.stderr.write(`memory: ${memory.atRest ?? "-"} at rest, ${memory.peak} at the peak (${memory.unit})\n`);
  if (!failure) return 0;
  process.stderr.write(`${file}: ${failure}\n`);
  return 1;
}
