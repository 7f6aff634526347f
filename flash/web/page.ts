/** The page: the same steps as `tillet flash` and `tillet doctor`, over the browser's serial port. */
import { examine, type Finding } from "../doctor";
import { examineNetwork } from "../doctor-net";
import { Espruino } from "../espruino";
import { install, type Order, SLOT_PAGES, STORE } from "../install";
import { type Line, Talk } from "../line";
import { packBundle } from "../slots";
import { type BoardWires, checksOf } from "../wiring";

interface WebSerial {
  requestPort(): Promise<Line & EventTarget>;
}

/** What the command serves besides the page. */
interface Served {
  boards: string[];
  areas: Order["areas"];
  version: number;
}

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const form = byId<HTMLFormElement>("form");
const bar = byId<HTMLProgressElement>("bar");
const board = byId<HTMLSelectElement>("board");
const serial = (navigator as unknown as { serial?: WebSerial }).serial;

function tell(text: string, kind = ""): void {
  const item = document.createElement("li");
  item.textContent = text;
  item.className = kind;
  byId("log").append(item);
  item.scrollIntoView({ block: "nearest" });
}

async function served(path: string, body?: BodyInit): Promise<Response> {
  const response = await fetch(path, body === undefined ? {} : { method: "POST", body });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

const files = (id: string) => Array.from(byId<HTMLInputElement>(id).files ?? []);

async function orderOf({ areas, version }: Served): Promise<Order> {
  const [keyFile] = files("keys");
  const erasesJournal = byId<HTMLInputElement>("erase").checked;
  if (erasesJournal && !keyFile)
    throw new Error("Give the new key file too: giving up the journal takes the keys with it.");
  const engine = files("engine").map(async (file) => ({
    name: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
    address: null,
  }));
  return {
    port: "the port",
    engine: await Promise.all(engine),
    bundle: packBundle(await (await served(`bundle/${board.value}`)).text(), board.value, version),
    store: STORE,
    slotPages: SLOT_PAGES,
    image: keyFile ? new Uint8Array(await (await served("image", await keyFile.text())).arrayBuffer()) : null,
    areas,
    wifi: null,
    erasesJournal,
    erasesStorage: false,
  };
}

/** The browser's port, which tells of its loss by an event. */
async function choose(): Promise<Line> {
  if (!serial) throw new Error("This browser has no Web Serial: use Chrome or Edge, or tillet flash.");
  const port = await serial.requestPort();
  port.onLost = (act) => port.addEventListener("disconnect", act, { once: true });
  return port;
}

async function flash(all: Served): Promise<void> {
  const line = await choose();
  const order = await orderOf(all);
  let last = "";
  const done = await install(line, order, {
    judge: async (image, isReplaced) =>
      (await (await served(`judge?replaced=${isReplaced ? 1 : 0}`, image as BlobPart as Blob)).text()) || null,
    onProgress: (step, doneBytes, totalBytes) => {
      if (step !== last) tell(`${step} ...`);
      last = step;
      bar.value = doneBytes / totalBytes;
    },
  });
  tell(`Espruino on ${done.engine}: the firmware (${done.bundleBytes} bytes) runs.`, "ok");
  if (done.isProvisioned) tell("Keys and settings are in its journal.", "ok");
}

async function doctor(): Promise<void> {
  const line = await choose();
  const wires = (await (await served(`wires/${board.value}`)).json()) as BoardWires;
  const talk = await Talk.open(line);
  try {
    const espruino = new Espruino(talk, "the port");
    await espruino.enter();
    await espruino.clear();
    const say = ({ device, verdict, text }: Finding) => tell(`${device}: ${text}`, verdict);
    await examine(espruino, checksOf(wires), say);
    await examineNetwork(espruino, say);
    await talk.send("\x10load();\n");
  } finally {
    await talk.close();
  }
}

/** One thing at a time; what went wrong is said in the sentence that it comes with. */
async function during(work: () => Promise<void>): Promise<void> {
  byId("log").replaceChildren();
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  bar.value = 0;
  bar.hidden = false;
  try {
    await work();
  } catch (error) {
    const isCancelled = (error as Error).name === "NotFoundError";
    tell(isCancelled ? "No port was chosen." : (error as Error).message, "bad");
  } finally {
    bar.hidden = true;
    buttons.forEach((button) => (button.disabled = false));
  }
}

async function open(): Promise<void> {
  const all = (await (await served("boards")).json()) as Served;
  for (const name of all.boards) board.append(new Option(name, name));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void during(() => flash(all));
  });
  byId("doctor").addEventListener("click", () => void during(doctor));
  if (!serial) tell("This browser has no Web Serial: use Chrome or Edge, or tillet flash.", "bad");
}

void open();
