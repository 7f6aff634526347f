/** Everything that leaves a terminal or a host in a run, gathered so that it can be searched. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openEngine } from "../src/cli/world";
import type { Store } from "../src/host/store";
import type { Engine, EngineName, Order } from "../src/sim/engines/engine";
import type { FactorySettings } from "../src/sim/factory-settings";
import { readPixels, readSlip } from "./pixels";
import { playOn, type SharedHost } from "./world";

/** As the board numbers them: a card's bits, bytes from flash. */
const BITS = 3;
const FLASH = 5;
const UART = 2;
/** The ports of a stripe reader that decodes by itself, and of the contactless reader. */
const READERS = [6, 4];
/** White around the pictures, dots. */
const SLIP_MARGIN = 24;
const SCREEN_MARGIN = 16;

export interface Output {
  where: string;
  data: Buffer;
}

interface Turn {
  happening: number;
  value: number;
  text: string;
  orders: Order[];
}

export interface Heard {
  /** "" when the script was played to its end as it expects. */
  failure: string;
  /** All but what reader and flash have to do with. */
  outputs: Output[];
  /** What the readers said of every card. */
  swiped: Buffer;
  /** Bytes to and from flash. */
  flashBus: Buffer;
  /** What flash holds at the end. */
  image: Uint8Array;
  /** Lines to the host. */
  sent: string[];
}

/** Plays a script and keeps all there is to hear and see of it; pictures too when there is a new folder for them. */
export async function hear(
  shared: SharedHost,
  script: string,
  engine: EngineName,
  pngFolder?: string,
  settings?: Partial<FactorySettings>,
): Promise<Heard> {
  const turns: Turn[] = [];
  const options = { settings, ...(pngFolder === undefined ? {} : { pngFolder }) };
  const played = await playOn(shared, script, { engine: listen(openEngine(engine), turns), ...options });
  const events = played.events.map((event) => JSON.stringify(event));
  const orders = turns.flatMap((turn) => turn.orders);
  const isCard = ({ happening, value }: Turn) => happening === BITS || (happening === UART && READERS.includes(value));
  const isFlash = ({ happening }: Turn) => happening === FLASH;
  const heard = (is: (turn: Turn) => boolean) => turns.filter(is).map(({ text }) => text);
  const buses = busesOf(orders);
  const written = buses.filter(({ where }) => where.startsWith("fw"));
  return {
    failure: played.failure,
    outputs: [
      asText("events", events),
      asText(
        "paper",
        played.slips.flatMap(({ lines }) => lines),
      ),
      ...(pngFolder === undefined ? [] : picturesOf(pngFolder)),
      ...buses.filter((bus) => !written.includes(bus)),
      asBytes("to the host", played.sent),
      asBytes(
        "to the firmware",
        heard((turn) => !isCard(turn) && !isFlash(turn)),
      ),
      ...(await dumpOf(shared.host.store)),
    ],
    swiped: asBytes("", heard(isCard)).data,
    flashBus: Buffer.concat([...written, asBytes("", heard(isFlash))].map(({ data }) => data)),
    image: played.image,
    sent: played.sent,
  };
}

export function asText(where: string, lines: readonly string[]): Output {
  return { where, data: Buffer.from(lines.join("\n")) };
}

/** Byte strings as they follow one another. */
export function asBytes(where: string, texts: readonly string[]): Output {
  return { where, data: Buffer.from(texts.join(""), "latin1") };
}

export function asFile(path: string): Output {
  return { where: path, data: readFileSync(path) };
}

export function filesIn(place: string): string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The same engine, and every turn of it is heard. */
function listen(engine: Engine, turns: Turn[]): Engine {
  return {
    ...engine,
    turn: async (nowMs, happening, value, text) => {
      const orders = await engine.turn(nowMs, happening, value, text);
      turns.push({ happening, value, text, orders });
      return orders;
    },
  };
}

/** The bytes of each bus without a gap, and its orders as they came, numbers too. */
function busesOf(orders: readonly Order[]): Output[] {
  const busOf = ([name, port]: Order) => (name === "u" ? `uart ${port}` : name);
  return [...new Set(orders.map(busOf))].flatMap((bus) => {
    const own = orders.filter((order) => busOf(order) === bus);
    const texts = own.flatMap((order) => order.slice(1).filter((each) => typeof each === "string"));
    const lines = own.map((order) => JSON.stringify(order));
    return [asBytes(`${bus}, bytes`, texts), asText(`${bus}, lines`, lines)];
  });
}

/** Every row of every table: as the database writes it out, and what lies there as bytes. */
export async function dumpOf(store: Store): Promise<Output[]> {
  const tables = await store.query("select table_name from information_schema.tables where table_schema = 'public'");
  const outputs: Output[] = [];
  for (const { table_name: table } of tables) {
    const rows = await store.query(`select each::text as line from "${table}" each`);
    const lines = rows.map(({ line }) => String(line));
    const values = (await store.query(`select * from "${table}"`)).flatMap(Object.values);
    outputs.push(asText(`table ${table}`, lines));
    const bytes = values.filter((value) => value instanceof Uint8Array);
    outputs.push({ where: `table ${table}, bytes`, data: Buffer.concat(bytes) });
  }
  return outputs;
}

/** The PNGs of a run, and the text that can be read off them. */
export function picturesOf(place: string): Output[] {
  return filesIn(place).flatMap((path) => {
    const file = asFile(path);
    const isSlip = basename(path).startsWith("slip-");
    const rows = isSlip ? readSlip(file.data, SLIP_MARGIN) : readPixels(file.data, SCREEN_MARGIN, SCREEN_MARGIN);
    return [file, asText(`pixels of ${basename(path)}`, rows)];
  });
}
