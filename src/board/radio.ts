/**
 * Wi-Fi as a station, by Espruino's module "Wifi". Network and password are two lines of the file `tillet.wifi` in the engine's store, put
 * there once by provisioning and only read here. A connection that fails, is lost, or gives no answer in ANSWER_MS is tried again after a
 * second, then after twice as long each time, up to WAIT_MS_MAX.
 */
import { Happening } from "./board";
import { setAsk, setReachable } from "./net";
import { later, tell } from "./post";

interface Wifi {
  getStatus(): { station: string; rssi: number };
  getIP(): { ip: string };
  getHostByName(host: string, done: (address: string | null) => void): void;
  connect(network: string, options: { password: string }, done: (error: unknown) => void): void;
  on(event: "connected" | "disconnected", hear: () => void): void;
}
declare function require(name: "Wifi"): Wifi;
declare function require(name: "Storage"): { read(name: string): string | undefined };
declare function setTimeout(run: () => void, delayMs: number): number;
declare function clearTimeout(timeout: number): void;

const FILE = "tillet.wifi";
const WAIT_MS = 1000;
const WAIT_MS_MAX = 60000;
const ANSWER_MS = 30000;
/** A name that has to be looked up is told as unknown at once by engines that drop the resolver's answer; it has it when asked again. */
const NAME_MS = 4000;

let waitMs = WAIT_MS;
let timeout = 0;

function again(): void {
  setReachable(false);
  if (timeout) clearTimeout(timeout);
  timeout = setTimeout(join, waitMs);
  waitMs = waitMs * 2 < WAIT_MS_MAX ? waitMs * 2 : WAIT_MS_MAX;
}

function joined(): void {
  if (timeout) clearTimeout(timeout);
  timeout = 0;
  waitMs = WAIT_MS;
  setReachable(true);
}

function join(): void {
  const lines = (require("Storage").read(FILE) || "").split("\n");
  timeout = setTimeout(again, ANSWER_MS);
  // Its events tell how it ends; what it calls back says the same again.
  if (lines.length > 1) require("Wifi").connect(lines[0], { password: lines[1] }, () => undefined);
}

/** The address is none where the network gave none in time. */
function askLayers(host: string): void {
  const wifi = require("Wifi");
  const status = wifi.getStatus();
  const isJoined = status.station === "connected";
  const ip = isJoined ? wifi.getIP().ip : "";
  const own = ip && ip !== "0.0.0.0" ? status.rssi + "|" + ip + "|" : "";
  if (own === "") {
    later(Happening.Layers, 0, (isJoined ? status.rssi : "") + "||");
    return;
  }
  const found = (address: string | null) => tell(Happening.Layers, 0, own + (address || ""));
  wifi.getHostByName(host, (address) => {
    if (address) found(address);
    else setTimeout(() => wifi.getHostByName(host, found), NAME_MS);
  });
}

export function startRadio(): void {
  setAsk(askLayers);
  const wifi = require("Wifi");
  wifi.on("connected", joined);
  wifi.on("disconnected", again);
  setReachable(false);
  join();
}
