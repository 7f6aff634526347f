/**
 * Tests the way from a board to its host, layer by layer, by small probes in the engine's memory: Wi-Fi, the board's own address, the host's name,
 * the connection. The first layer that is missing is said in the words of the terminal's own line test (F 8), and what to do about it; those behind
 * it cannot be told. Whether the host answers only a terminal can ask: it has the keys. Nothing is written to flash.
 *
 * Network and password are those that `tillet flash --wifi` left on the board, the host's addresses those of its settings (`docs/journal.md`).
 * Slowest: joining, JOIN_MS; a name, twice NAME_MS; a connection, OPEN_MS.
 */
import { crc32 } from "./crc32";
import type { Finding } from "./doctor";
import type { Espruino } from "./espruino";

const SETTINGS_PAGES = [0xe000, 0xf000] as const;
const SETTINGS_BYTES = 256;
const HOST_AT = 5;
const WIFI_FILE = "tillet.wifi";
const JOIN_MS = 20_000;
const NAME_MS = 4_000;
const OPEN_MS = 10_000;
/** For the answer's way through the cable. */
const CABLE_MS = 5_000;

/** What is missing, and what to do about it: as `DeskText.Missing` of the terminal has them. */
export const MISSING = [
  "Wi-Fi is not joined. Go nearer the router.",
  "No IP address. Restart the router.",
  "Host name not found. Check the internet.",
  "Host is not reached. Call for service.",
] as const;
/** And what only somebody with a cable can do. */
const ADVICE = [
  "Or give network and password again, with tillet flash --wifi FILE.",
  "It must give addresses by itself (DHCP).",
  "Or the name in the settings is wrong: tillet provision.",
  "Is tillet host running there, and does its firewall let that port through?",
] as const;
const NAMES = ["Wi-Fi", "IP", "DNS", "TCP", "Host"] as const;

export interface HostAddress {
  name: string;
  port: number;
}

/** The host's addresses, the first one first; none where there are no settings. */
export async function hostsOf(board: Pick<Espruino, "hasFlash" | "readBytes">): Promise<HostAddress[]> {
  if (!(await board.hasFlash(SETTINGS_PAGES[0]))) return [];
  for (const page of SETTINGS_PAGES) {
    const parts = settingsIn(await board.readBytes(page, SETTINGS_BYTES));
    if (!parts) continue;
    const backup = parts.find((part) => part.startsWith("host2="))?.slice("host2=".length);
    const [name = "", port = ""] = backup?.split(":") ?? [];
    const first = { name: parts[HOST_AT] ?? "", port: Number(parts[HOST_AT + 1]) };
    return backup ? [first, { name, port: Number(port) }] : [first];
  }
  return [];
}

/** The parts of a settings record, null for none that is whole. */
function settingsIn(bytes: string): string[] | null {
  const code = (at: number) => bytes.charCodeAt(at);
  const end = 4 + code(1) * 256 + code(2);
  if (!bytes.startsWith("C") || end + 4 > bytes.length) return null;
  const check = [0, 1, 2, 3].reduce((sum, index) => sum * 256 + code(end + index), 0);
  return check === crc32(bytes.slice(0, end)) ? bytes.slice(4, end).split("|") : null;
}

export async function examineNetwork(
  board: Pick<Espruino, "askLater" | "hasFlash" | "readBytes">,
  onFinding: (finding: Finding) => void,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const say = (layer: number, verdict: Finding["verdict"], text: string, where = "") => {
    const finding = { device: `${NAMES[layer]}${where && ` (${where})`}`, verdict, text };
    findings.push(finding);
    onFinding(finding);
    return verdict !== "bad";
  };
  const missing = (layer: number, where?: string) => say(layer, "bad", `${MISSING[layer]} ${ADVICE[layer]}`, where);

  const joined = await board.askLater(joinProbe(), JOIN_MS + CABLE_MS);
  if (joined === "-") return (say(0, "look", "No network is set up: tillet flash --wifi FILE does it."), findings);
  if (joined.startsWith("!"))
    return (say(0, "bad", `The engine has no Wi-Fi (${joined.slice(1)}): take one for this board.`), findings);
  const [signal = "", own = ""] = joined.split("|");
  if (signal === "") return (missing(0), findings);
  say(0, "ok", `Joined, ${signal} dBm.`);
  if (own === "") return (missing(1), findings);
  say(1, "ok", `${own}.`);

  const hosts = await hostsOf(board);
  if (hosts.length === 0) say(2, "look", "No settings, so no host to look for: tillet flash --keys FILE writes them.");
  let isReached = false;
  for (const { name, port } of hosts) {
    const address = await board.askLater(nameProbe(name), 2 * NAME_MS + CABLE_MS);
    if (address === "") missing(2, name);
    else {
      say(2, "ok", `${address}.`, name);
      const isOpen = (await board.askLater(openProbe(name, port), OPEN_MS + CABLE_MS)) === "1";
      if (isOpen) isReached = say(3, "ok", "It takes connections.", `${name}:${port}`);
      else missing(3, `${name}:${port}`);
    }
  }
  if (isReached) say(4, "look", "Only the terminal has keys to ask it with: F 8 there says whether it answers.");
  return findings;
}

const quoted = (text: string) => `atob("${btoa(text)}")`;

/** Signal and own address; "-" when no network is set up, "!" and why when there is no radio. An address may come a moment after joining. */
function joinProbe(): string {
  return (
    `var w,e=0,f=(require("Storage").read("${WIFI_FILE}")||"").split("\\n");if(f.length<2)return done("-");` +
    'try{w=require("Wifi")}catch(x){return done("!"+x)}' +
    "function end(){if(e)return;e=1;var s=w.getStatus(),j=s.station==='connected',i=j?w.getIP().ip:'';" +
    "done((j?s.rssi:'')+'|'+(i&&i!='0.0.0.0'?i:''))}" +
    `setTimeout(end,${JOIN_MS});if(w.getStatus().station==="connected")return end();` +
    `w.connect(f[0],{password:f[1]},function(){setTimeout(end,${NAME_MS / 2})})`
  );
}

/** Engines that drop the resolver's answer say at once that a name is unknown, and have it when asked again. */
function nameProbe(name: string): string {
  return (
    `var w=require("Wifi"),n=${quoted(name)},e=0;function end(a){if(!e){e=1;done(a||"")}}` +
    `setTimeout(end,${2 * NAME_MS});` +
    `w.getHostByName(n,function(a){if(a)end(a);else setTimeout(function(){w.getHostByName(n,end)},${NAME_MS})})`
  );
}

function openProbe(name: string, port: number): string {
  return (
    'var c,e=0;function end(v){if(e)return;e=1;try{c.end()}catch(x){}done(v||"0")}' +
    `setTimeout(end,${OPEN_MS});try{c=require("net").connect({host:${quoted(name)},port:${port}},function(){end("1")});` +
    'c.on("error",function(){end("0")});c.on("close",function(){end("0")})}catch(x){end("0")}'
  );
}
