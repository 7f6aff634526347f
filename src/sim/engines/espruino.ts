/** The bundle in Espruino's Linux build: lines over a TCP socket, since its console answers only every 50 ms. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAIN, splitParts } from "../../../flash/parts";
import { callText, type Engine } from "./engine";
import { Turns } from "./lines";

/**
 * What stands before and around the bundle. The bundle goes into the engine's file store, file by file and a piece at a time, and runs from
 * there, as on a board: its functions stay in flash. The interval keeps the process alive while nothing but the socket is open.
 */
function program(port: number, names: readonly string[], measured: string): string {
  return `var io={p:0};setInterval(function(){},60000);
${storing(names)}
eval(require("Storage").read("${MAIN}"));
require("net").connect({host:"127.0.0.1",port:${port}},function(s){
var b="";io.tx=function(l){${measured}s.write(l+"\\n")};
s.on("data",function(d){b+=d;var i;while((i=b.indexOf("\\n"))>=0){var l=b.substr(0,i);b=b.substr(i+1);eval(l)}});
s.on("close",function(){quit()});
});
`;
}

/** The bundle in files, in `folder`: their names. */
export function storeFiles(folder: string, bundleFile: string): string[] {
  const files = splitParts(readFileSync(bundleFile, "latin1"));
  for (const [name, text] of files) writeFileSync(join(folder, name), text, "latin1");
  return [...files.keys()];
}

/** A program's beginning that puts files of the working directory into the engine's file store. */
export function storing(names: readonly string[]): string {
  return `${JSON.stringify(names)}.forEach(function(f){var c=require("fs").readFileSync(f),n=c.length,i;
for(i=0;i<n;i+=512)require("Storage").write(f,E.toString(c.substr(i,512)),i,n)});`;
}

/** The most variables in use at any line that leaves. Garbage is collected first, as the engine does by itself when it runs out. */
const MEASURED = "var u=process.memory().usage;if(u>io.p)io.p=u;";
const ASK_MEMORY = 'var m=process.memory();io.tx(JSON.stringify(["m",m.usage,io.p,m.blocksize]));io.tx(".")';

/** `hasPeak`: false where only memory at rest is asked for; collecting garbage at each line is half of the work. */
export function openEspruino(bundleFile: string, command = process.env.ESPRUINO ?? "espruino", hasPeak = true): Engine {
  let child: ChildProcess | null = null;
  let server: Server | null = null;
  let socket: Socket | null = null;
  let folder = "";
  let turns = new Turns("espruino");
  const start = async () => {
    turns = new Turns("espruino");
    // The engine keeps its own flash file in the working directory; ours is elsewhere.
    folder = mkdtempSync(join(tmpdir(), "tillet-espruino-"));
    const connected = new Promise<Socket>((resolve) => {
      server = createServer(resolve);
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = (server as unknown as Server).address() as { port: number };
    writeFileSync(join(folder, "run.js"), program(port, storeFiles(folder, bundleFile), hasPeak ? MEASURED : ""));
    child = spawn(command, ["run.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    turns.watch(child);
    child.stdout?.setEncoding("latin1").on("data", turns.stream());
    socket = await Promise.race([connected, turns.whenFailed()]);
    socket.setNoDelay(true);
    socket.setEncoding("latin1").on("data", turns.stream());
    socket.on("error", () => undefined);
  };
  const stop = async () => {
    child?.removeAllListeners("exit");
    child?.kill("SIGKILL");
    socket?.destroy();
    server?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
    child = null;
    folder = "";
  };
  return {
    start: () =>
      start().catch(async (error: unknown) => {
        await stop();
        throw error;
      }),
    turn: (nowMs, happening, value, text) =>
      turns.next(() => socket?.write(`${callText(nowMs, happening, value, text)}\n`, "latin1")),
    memory: async () => {
      const [order] = await turns.next(() => socket?.write(`${ASK_MEMORY}\n`, "latin1"));
      return order ? { atRest: Number(order[1]), peak: Number(order[2]), unit: `JsVars of ${order[3]} bytes` } : null;
    },
    stop,
  };
}
