/** `tillet tap`: one card at the simulated handheld's reader, a sale with it, and what passed between reader and card. */
import { existsSync } from "node:fs";
import { EmvCard } from "../sim/emv-card";
import type { EngineName } from "../sim/engines/engine";
import { BOOT_MS, play, type Player, settle } from "../sim/script";
import { blockAt } from "./block";
import { type Exchange, traceLines } from "./trace";
import { openScriptWorld } from "./world";

export interface TapCommand {
  card: string;
  /** Minor units. */
  amountMinor: number;
  engine: EngineName;
  seed: number;
  isVerbose: boolean;
}

/** For a customer to type, where one is asked for. */
const TEST_PIN = ["1", "2", "3", "4", "E"];
const READ_MS = 1500;

export async function tap({ card, amountMinor, engine, seed, isVerbose }: TapCommand): Promise<number> {
  if (!existsSync(card)) throw new Error(`--card ${card}: there is no such file.`);
  const { name, pan, expiry, serviceCode, discretionary = "00000000" } = EmvCard.fromFile(card).data;
  let displayed: string[] = [];
  const said: string[] = [];
  const world = await openScriptWorld({
    engine,
    seed,
    onEvent: (t, event) => {
      if ("display" in event) said.push(`${t} ms  display: ${(displayed = event.display).slice(1).join(" | ")}`);
      if ("beep" in event && event.beep !== "key") said.push(`${t} ms  beep: ${event.beep}`);
    },
    onChange: (t, { status, responseCode, chip }) => {
      said.push(`${t} ms  host: ${status}, response code ${responseCode}, cryptogram: ${chip ?? "none"}`);
    },
  });
  try {
    const { handheld, flash } = world;
    const exchanges = watch(handheld.nfc.chip, () => handheld.nowMs);
    const player: Player = { handheld, flash, printed: [], displayed: () => displayed, block: blockAt(world.host) };
    await handheld.powerOn();
    await handheld.runFor(BOOT_MS);
    await play(player, { keys: [...String(amountMinor), "E"] });
    const before = said.length;
    await play(player, { tap: card });
    await handheld.runFor(READ_MS);
    if (displayed.includes("PIN")) await play(player, { keys: TEST_PIN });
    await handheld.runFor(READ_MS);
    await settle(player);
    const isApproved = displayed.includes("APPROVED");
    const lines = isVerbose ? traceLines(exchanges, { pan, trackTail: expiry + serviceCode + discretionary }) : [];
    const head = `${name}, ${(amountMinor / 100).toFixed(2)} EUR, on ${engine}`;
    process.stdout.write(`${[head, "", ...lines, ...(isVerbose ? [""] : []), ...said.slice(before)].join("\n")}\n`);
    return isApproved ? 0 : 1;
  } finally {
    await world.close();
  }
}

/** Pairs what the reader's chip hears with what it says. */
function watch(chip: { watch: ((data: string) => void) | null }, nowMs: () => number): Exchange[] {
  const exchanges: Exchange[] = [];
  let asked: { data: string; fromMs: number } | null = null;
  chip.watch = (data) => {
    const code = data.charCodeAt(0);
    if (asked && code === asked.data.charCodeAt(0) + 1) {
      const { data: command, fromMs } = asked;
      exchanges.push({
        code: command.charCodeAt(0),
        command: command.slice(1),
        answer: data,
        fromMs,
        toMs: nowMs(),
      });
      asked = null;
    } else asked = { data, fromMs: nowMs() };
  };
  return exchanges;
}
