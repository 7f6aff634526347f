/** `tillet flash`: engine, firmware and keys onto a board. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { EngineFile } from "../../flash/engine";
import { install, isBundle, type Order, SLOT_PAGES, STORE } from "../../flash/install";
import { chooseLine } from "../../flash/node";
import { packBundle, type Update, versionNumber } from "../../flash/slots";
import { readBook, type StoredBook } from "../sim/journal-image";
import { AREAS } from "../sim/twins/flash";
import { imageOf, readKeyFile } from "./provision";
import { UsageError } from "./values";
import { ROOT } from "./world";

export interface FlashCommand {
  port: string | undefined;
  board: string | undefined;
  bundle: string | undefined;
  engine: readonly string[];
  keys: string | undefined;
  wifi: string | undefined;
  erasesJournal: boolean;
  erasesStorage: boolean;
}

export async function flash(command: FlashCommand): Promise<number> {
  // Everything that can be wrong with files is said before a board is touched.
  const order = orderOf(command);
  const { port, line } = await chooseLine(command.port);
  const bar = progressBar();
  const done = await install(line, { ...order, port }, { judge: judgeJournal, onProgress: bar.show });
  bar.end();
  const parts = [
    ...(order.bundle === null ? [] : [`the firmware (${done.bundleBytes} bytes) runs`]),
    ...(order.wifi === null ? [] : ["it knows its Wi-Fi"]),
    ...(done.isProvisioned ? ["keys and settings are in its journal"] : []),
  ];
  process.stdout.write(`${port}: ${[`Espruino on ${done.engine}`, ...parts].join(", ")}.\n`);
  return 0;
}

function orderOf(command: FlashCommand): Omit<Order, "port"> {
  if (command.board !== undefined && command.bundle !== undefined) throw new UsageError("Give --board or --bundle.");
  if (command.erasesJournal && command.keys === undefined) {
    throw new UsageError("--erase-journal takes the device's keys with it: give new ones with --keys FILE.");
  }
  const order = {
    engine: command.engine.map(engineFileOf),
    bundle: bundleOf(command),
    store: STORE,
    slotPages: SLOT_PAGES,
    image: command.keys === undefined ? null : imageOf(readKeyFile(command.keys)),
    areas: AREAS,
    wifi: command.wifi === undefined ? null : wifiOf(command.wifi),
    erasesJournal: command.erasesJournal,
    erasesStorage: command.erasesStorage,
  };
  if (order.engine.length === 0 && order.bundle === null && order.image === null && order.wifi === null) {
    throw new UsageError("flash needs --board NAME, --bundle FILE, --engine IMAGE.bin, --keys FILE or --wifi FILE.");
  }
  return order;
}

/**
 * Network and password out of a file, a line each: an argument would stand in the shell's history and in everybody's list of processes. IEEE
 * 802.11: a network's name has 1 to 32 bytes, a pass phrase 8 to 63 characters of ASCII; without one the network is open. No message says
 * what is in the file.
 */
export function wifiOf(file: string): string {
  if (!existsSync(file)) throw new UsageError(`--wifi ${file}: there is no such file.`);
  const text = readFileSync(file, "latin1");
  const [network = "", password = "", ...rest] = text.replace(/(\r?\n)+$/, "").split(/\r?\n/);
  const isNetwork = network.length >= 1 && network.length <= 32;
  const isPassword = password === "" || /^[ -~]{8,63}$/.test(password);
  if (!isNetwork || !isPassword || rest.length > 0) {
    throw new UsageError(
      `--wifi ${file}: two lines wanted, the network's name (at most 32 bytes) and its password (8 to 63 plain characters, or none).`,
    );
  }
  return `${network}\n${password}`;
}

/** `IMAGE.bin`, or `IMAGE.bin@0x1000`. */
function engineFileOf(text: string): EngineFile {
  const [, file = "", at] = /^(.+?)(?:@(0x[0-9a-fA-F]{1,7}|[0-9]{1,8}))?$/.exec(text) ?? [];
  if (!existsSync(file)) throw new UsageError(`--engine ${file}: there is no such file.`);
  return {
    name: basename(file),
    bytes: new Uint8Array(readFileSync(file)),
    address: at === undefined ? null : Number(at),
  };
}

function bundleOf({ board, bundle }: FlashCommand): Update | null {
  if (board === undefined && bundle === undefined) return null;
  if (board !== undefined && !/^[a-z0-9-]+$/.test(board))
    throw new UsageError(`--board ${board}: there is no such board.`);
  const file = bundle ?? join(ROOT, "dist", `tillet-${board}.js`);
  if (!existsSync(file)) {
    throw new UsageError(
      bundle ? `--bundle ${file}: there is no such file.` : `--board ${board}: there is no such board.`,
    );
  }
  return bundleIn(file);
}

/** A bundle's file, for the board that its name says. */
export function bundleIn(file: string, version = packageVersion()): Update {
  const text = readFileSync(file, "latin1");
  if (!isBundle(text)) throw new UsageError(`${file} is no bundle of Tillet: npm run build makes them in dist.`);
  const name = basename(file, ".js").replace(/^tillet-/, "");
  return packBundle(text, name, version);
}

/** The project's version, as terminals compare it. */
export function packageVersion(): number {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return versionNumber(version);
}

/** Why the journal on a board must not be put at risk, or overwritten. What cannot be read holds no money that could be saved. */
export function judgeJournal(image: Uint8Array, isReplaced: boolean): string | null {
  let book: StoredBook;
  try {
    book = readBook(image);
  } catch {
    return null;
  }
  const waiting = book.transactions.filter(({ status }) => status === "open" || status === "owed").length;
  if (waiting > 0) {
    return "The board holds a sale that is not finished: let it finish near its host, or give the sale up with --erase-journal.";
  }
  const count = book.count + book.creditCount;
  if (isReplaced && count > 0) {
    return `The board holds ${count} ${count === 1 ? "transaction" : "transactions"} of the open batch ${book.batch}: settle first, or give them up with --erase-journal.`;
  }
  return null;
}

/** One line that grows where somebody looks, a line a step elsewhere. */
function progressBar() {
  let last = "";
  const isLive = process.stderr.isTTY;
  return {
    show: (step: string, doneBytes: number, totalBytes: number) => {
      if (isLive) {
        const share = Math.floor((100 * doneBytes) / totalBytes);
        process.stderr.write(`\r${`${step} ${share} %`.padEnd(40)}`);
      } else if (step !== last) process.stderr.write(`${step} ...\n`);
      last = step;
    },
    end: () => {
      if (isLive && last) process.stderr.write("\n");
    },
  };
}
