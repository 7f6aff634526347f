/** The rows of `npm run bench`: each goal of PERF.md that is about the wire, with what was measured now. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildProbe } from "../engine/bench";
import { ROOT } from "../guards/tool";
import { codecRates } from "./codec-rates";
import { type BareEngine, Meter, UNIT } from "./meter";
import { saleCosts } from "./sale";
import { tapPhases } from "./tap";

export interface Row {
  id: string;
  what: string;
  value: number;
  unit: string;
  /** Null where there is none: the figure explains another. */
  goal: number | null;
  /** The value is to be at least the goal, or at most. */
  better: "more" | "less";
  engine: "espruino" | "jerryscript" | "node";
}

const MESSAGE_BYTES = 128;
/** Of the frame that P6 counts: its sealed message. */
const SEALED_BYTES = 200;
const HOSTILE_BYTES = 1024;

/** What is sealed is as long for both; tweetnacl's tag stands before its cipher text too. */
const TWEETNACL_CASES = `
var nacl = module.exports, key = new Uint8Array(32), nonce = new Uint8Array(24), message = new Uint8Array(${MESSAGE_BYTES});
for (var i = 0; i < 32; i++) key[i] = i * 7 + 1;
for (i = 0; i < ${MESSAGE_BYTES}; i++) message[i] = i * 5 + 3;
var box = nacl.secretbox(message, nonce, key);
function seal(times) { for (; times--;) nacl.secretbox(message, nonce, key); }
function open(times) { for (; times--;) nacl.secretbox.open(box, nonce, key); }`;

async function probe(engine: BareEngine, name: string): Promise<Meter> {
  const bundle = await buildProbe(`test/bench/${name}.probe.ts`);
  return new Meter(engine, `var io = {};\n${readFileSync(bundle, "latin1")}`);
}

async function tweetnacl(engine: BareEngine): Promise<{ seal: number; open: number }> {
  const source = readFileSync(join(ROOT, "node_modules", "tweetnacl", "nacl-fast.min.js"), "latin1");
  const meter = new Meter(engine, `var module = { exports: {} };\n${source}\n${TWEETNACL_CASES}`);
  try {
    return { seal: meter.cost((times) => `seal(${times})`, 2), open: meter.cost((times) => `open(${times})`, 2) };
  } finally {
    meter.close();
  }
}

/** Costs of a probe's cases by their place; `times` how often each is played. */
async function costs(engine: BareEngine, name: string, times: readonly number[]): Promise<number[]> {
  const meter = await probe(engine, name);
  try {
    return times.map((count, place) => meter.cost((played) => `io.cases[${place}](${played})`, count));
  } finally {
    meter.close();
  }
}

export async function sealRows(engine: BareEngine): Promise<Row[]> {
  const isEspruino = engine === "espruino";
  const other = await tweetnacl(engine);
  const [seal = 0, open = 0, sealText = 0, openText = 0, ahead = 0, wholeSeal = 0, wholeOpen = 0, subkeySeal = 0] =
    await costs(engine, "seal", [20, 20, 20, 20, 2, 2, 2, 2]);
  const ratio = (id: string, what: string, value: number, goal: number | null): Row => ({
    id,
    what,
    value,
    unit: "times tweetnacl's speed",
    goal,
    better: "more",
    engine,
  });
  const share = (what: string, value: number, goal: number): Row => ({
    id: "P2",
    what,
    value,
    unit: "ratio",
    goal,
    better: "less",
    engine,
  });
  const figure = (id: string, what: string, value: number): Row => ({
    id,
    what,
    value,
    unit: UNIT,
    goal: null,
    better: "less",
    engine,
  });
  return [
    figure("P1", "tweetnacl secretbox, 128 bytes", other.seal),
    figure("P1", "tweetnacl secretbox.open", other.open),
    figure("P1", "seal, all made ahead", seal),
    figure("P1", "open, all made ahead", open),
    ratio("P1", "seal path: message there to box", other.seal / seal, isEspruino ? 40 : 12),
    ratio("P1", "the same from string to string", other.seal / sealText, null),
    ratio("P1", "opening, string to string", other.open / openText, null),
    figure("P2", "seal, nothing made ahead", wholeSeal),
    figure("P2", "open, nothing made ahead", wholeOpen),
    ratio("P2", "seal, nothing made ahead", other.seal / wholeSeal, isEspruino ? 2.5 : 2),
    ratio(
      "P2",
      "seal and open, nothing made ahead",
      (other.seal + other.open) / (wholeSeal + wholeOpen),
      isEspruino ? 2.5 : 2,
    ),
    ratio("P2", "seal, nothing made ahead but the subkey", other.seal / subkeySeal, null),
    share("made ahead and sealing together, of tweetnacl's seal", (ahead + seal) / other.seal, 0.8),
    share("open, of seal, nothing made ahead", wholeOpen / wholeSeal, 1.15),
  ];
}

export async function messageRows(engine: BareEngine): Promise<Row[]> {
  const [pack = 0, unpack = 0] = await costs(engine, "request", [20, 20]);
  const isEspruino = engine === "espruino";
  const row = (what: string, value: number, goal: number): Row => ({
    id: "P5",
    what,
    value,
    unit: UNIT,
    // The goals are counts of instructions.
    goal: UNIT === "instructions" ? goal : null,
    better: "less",
    engine,
  });
  return [
    row("ISO 8583 pack, 17 fields", pack, isEspruino ? 400_000 : 45_000),
    row("ISO 8583 unpack", unpack, isEspruino ? 1_600_000 : 180_000),
  ];
}

const STREAMS = ["no end of line", "ends of line only", "lines too short for a frame", "garbage as short as a frame"];

export async function frameRows(engine: BareEngine): Promise<Row[]> {
  const [encode = 0, decode = 0, encodeZeros = 0, decodeZeros = 0, decodePieces = 0, ...streams] = await costs(
    engine,
    "frame",
    [20, 20, 20, 20, 20, 4, 4, 4, 4],
  );
  // The goals are for an engine with natives for base64.
  const goal = engine === "espruino" && UNIT === "instructions" ? 5_500 : null;
  const row = (what: string, value: number, limit: number | null): Row => ({
    id: "P6",
    what,
    value,
    unit: `${UNIT} a byte`,
    goal: limit,
    better: "less",
    engine,
  });
  return [
    row("frame, both ways", (encode + decode) / SEALED_BYTES, goal),
    row("frame full of zeros, both ways", (encodeZeros + decodeZeros) / SEALED_BYTES, goal),
    row("frame that arrives in pieces of 64 bytes, both ways", (encode + decodePieces) / SEALED_BYTES, null),
    ...streams.map((cost, place) => row(`hostile stream, ${STREAMS[place]}`, cost / HOSTILE_BYTES, null)),
  ];
}

/** Of a card whose cryptogram comes with the options, and of one that is asked for it after its records. */
const CARDS = ["visa", "mastercard"];
const FIELD_MS = 500;

/** Times on a board, modelled from what its interpreter executes and from the wires. */
export async function tapRows(engine: BareEngine): Promise<Row[]> {
  if (engine !== "espruino") return [];
  const rows: Row[] = [];
  for (const card of CARDS) {
    const phases = await tapPhases(`${card}.json`);
    const row = (what: string, value: number, goal: number | null): Row => ({
      ...{ id: "T1", what: `tap, ${card}: ${what}`, value, goal },
      ...{ unit: "ms on a board", better: "less", engine },
    });
    const sum = (part: (phase: (typeof phases)[number]) => number) => phases.reduce((all, each) => all + part(each), 0);
    rows.push(
      ...phases.map(({ name, wireMs, engineMs }) => row(name, wireMs + engineMs, null)),
      row(
        "of all that wires and card",
        sum(({ wireMs }) => wireMs),
        null,
      ),
      row(
        "in the field",
        sum(({ wireMs, engineMs }) => wireMs + engineMs),
        FIELD_MS,
      ),
    );
  }
  return rows;
}

/** Of a whole sale by the shipped bundle. The engine's own start (5.9 M) is not in that of power-on. The goals are for Espruino. */
export async function saleRows(engine: BareEngine): Promise<Row[]> {
  // JerryScript has no clock.
  if (engine === "jerryscript" && UNIT !== "instructions") return [];
  const costs = await saleCosts(engine);
  const row = (id: string, what: string, value: number, goal: number | null): Row => ({
    ...{ id, what, value, engine, unit: UNIT, better: "less" },
    goal: UNIT === "instructions" && engine === "espruino" ? goal : null,
  });
  return [
    row("P8", "answer there to first byte of the receipt", costs.receipt, 3_500_000),
    row("P8", "card data there to request out, nothing made ahead", costs.request, null),
    row("P9", "key to screen, the dearest", costs.key, 1_000_000),
    row("P9", "the dearest turn", costs.turn, 6_000_000),
    row("P10", "bundle from flash to first screen", costs.boot, 19_100_000),
    row("P11", "receipt done to its record on the way to flash", costs.append, 500_000),
  ];
}

function rateRows(): Row[] {
  const { ours, theirs } = codecRates();
  const row = (what: string, value: number, unit: string, goal: number | null): Row => ({
    id: "P4",
    what,
    value,
    unit,
    goal,
    better: "more",
    engine: "node",
  });
  return [
    row("pack and unpack, 17 fields, every content check", ours, "a second", 400_000),
    row("the same by npm iso_8583", theirs, "a second", null),
    row("the same, against npm iso_8583", ours / theirs, "times its speed", 25),
  ];
}

/** Everything, a part at a time: `onRows` hears of each as soon as it is there. */
export async function bench(engines: readonly BareEngine[], onRows: (rows: readonly Row[]) => void): Promise<void> {
  onRows(rateRows());
  for (const engine of engines) {
    for (const part of [sealRows, messageRows, frameRows, saleRows, tapRows]) onRows(await part(engine));
  }
}
