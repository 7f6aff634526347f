/**
 * `tillet flasher`: the page that flashes boards from a browser, and what it needs of this machine: bundles, and what a key file becomes.
 * It listens on this machine only and answers to its own page only, since key files pass through.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { rollup } from "rollup";
import ts from "typescript";
import { AREAS } from "../sim/twins/flash";
import { wiresOf } from "./doctor";
import { judgeJournal, packageVersion } from "./flash";
import { imageOf, parseKeyFile } from "./provision";
import { UsageError } from "./values";
import { ROOT } from "./world";

const WEB = join(ROOT, "flash", "web");
const ESPTOOL = join(ROOT, "node_modules", "esptool-js", "bundle.js");
const PORT = 7584;
/** More than the image of all areas. */
const BODY_BYTES_MAX = 1 << 20;

export async function flasher(): Promise<number> {
  const server = await serveFlasher(PORT);
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/ in Chrome or Edge; Ctrl-C ends.\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
  });
  server.closeAllConnections();
  server.close();
  return 0;
}

/** The whole page in one file: it works from any place that serves it with the rest. */
export async function flasherPage(): Promise<string> {
  const bundle = await rollup({
    input: join(WEB, "page.ts"),
    plugins: [
      {
        name: "typescript",
        resolveId: (id, from) => {
          if (id === "esptool-js") return ESPTOOL;
          return from && id.startsWith(".") ? `${join(from, "..", id)}.ts` : null;
        },
        transform: (code, id) =>
          id.endsWith(".ts")
            ? ts.transpileModule(code, {
                compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
              }).outputText
            : null,
      },
    ],
    onwarn: () => undefined,
  });
  const { output } = await bundle.generate({ format: "es", inlineDynamicImports: true });
  await bundle.close();
  // A function: the code is full of dollar signs. The end of a script must not stand in it.
  const code = output[0].code.replaceAll("</script", "<\\/script");
  return readFileSync(join(WEB, "index.html"), "utf8").replace("/* script */", () => code);
}

export async function serveFlasher(port: number): Promise<Server> {
  const page = await flasherPage();
  const server = createServer((request, response) => {
    const say = (status: number, body: string | Uint8Array, type = "text/plain; charset=utf-8") => {
      response.writeHead(status, {
        "content-type": type,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
      });
      response.end(body);
    };
    if (!isOwn(request)) return say(403, "This page is for this machine only.");
    answer(request, page).then(
      ({ body, type }) => say(200, body, type),
      (error: Error) => say(400, error.message),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", () => reject(new Error(`Port ${port} is in use: is the flasher running already?`)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

/** Another name for this machine, or a page of another's, is somebody else's doing. */
function isOwn({ headers, socket }: IncomingMessage): boolean {
  const hosts = ["127.0.0.1", "localhost"].map((name) => `${name}:${socket.localPort}`);
  const isHost = headers.host !== undefined && hosts.includes(headers.host);
  return isHost && (headers.origin === undefined || headers.origin === `http://${headers.host}`);
}

interface Answer {
  body: string | Uint8Array;
  type?: string;
}

async function answer(request: IncomingMessage, page: string): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const [, what = "", name = ""] = pathname.split("/");
  const body = request.method === "POST" ? await bodyOf(request) : null;
  if (what === "" && body === null) return { body: page, type: "text/html; charset=utf-8" };
  if (what === "boards") {
    const served = { boards: boards(), areas: AREAS, version: packageVersion() };
    return { body: JSON.stringify(served), type: "application/json" };
  }
  if (what === "bundle" && boards().includes(name)) return { body: readFileSync(bundleFile(name)) };
  if (what === "wires") return { body: JSON.stringify(await wiresOf(name)), type: "application/json" };
  if (what === "image" && body) {
    return { body: imageOf(parseKeyFile(body.toString("utf8"), "The file")), type: "application/octet-stream" };
  }
  if (what === "judge" && body) return { body: judgeJournal(body, searchParams.get("replaced") === "1") ?? "" };
  throw new UsageError(`There is no ${pathname}.`);
}

const bundleFile = (name: string) => join(ROOT, "dist", `tillet-${name}.js`);

/** Those that are built. */
function boards(): string[] {
  if (!existsSync(join(ROOT, "dist"))) return [];
  return readdirSync(join(ROOT, "dist")).flatMap((file) => /^tillet-([a-z0-9-]+)\.js$/.exec(file)?.[1] ?? []);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let byteCount = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    byteCount += piece.length;
    if (byteCount > BODY_BYTES_MAX) throw new Error("That is too long.");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
