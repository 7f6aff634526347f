/** The flasher's page and what this machine gives it, which nobody else gets. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveFlasher } from "../../src/cli/flasher";
import { imageOf, provision, readKeyFile } from "../../src/cli/provision";
import { readBook } from "../../src/sim/journal-image";

let server: Server;
let port = 0;
beforeAll(async () => {
  server = await serveFlasher(0);
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

interface Asked {
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

function ask(path: string, { headers = {}, body }: Asked = {}): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const call = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces) }));
    });
    call.on("error", reject);
    call.end(body);
  });
}

test("the page is one file with the same code in it, and asks nobody else", async () => {
  const { status, body } = await ask("/");
  const page = body.toString("utf8");
  expect(status).toBe(200);
  // A sentence of each of its parts: the console, the engine images, the doctor.
  for (const part of ["is not Espruino", "is no ESP image", "RX and TX are swapped"]) expect(page).toContain(part);
  expect(page.match(/<\/script/g)).toHaveLength(1);
  expect(page).not.toMatch(/(src|href)="|import *\(? *["']/);
});

test("a key file becomes the journal's image, the same as on the command line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tillet-flasher-"));
  const out = join(folder, "keys.json");
  const order = {
    tid: "00000042",
    mid: "000000000000042",
    host: "pos.example",
    currency: "EUR",
    name: "Corner",
    place: "Here",
  };
  await provision({
    ...order,
    folder,
    databaseUrl: undefined,
    isRenewal: false,
    rekeys: true,
    out,
    pin: "off",
    isClosedLoop: false,
  });
  const { status, body } = await ask("/image", { body: readFileSync(out) });
  expect(status).toBe(200);
  expect(body.equals(Buffer.from(imageOf(readKeyFile(out))))).toBe(true);
  expect(readBook(body)).toMatchObject({ nextStan: 1, count: 0, keyCount: 1 });
  expect((await ask("/judge?replaced=1", { body })).body.toString()).toBe("");
  rmSync(folder, { recursive: true });
});

test.each<[string, string, Asked, number, RegExp]>([
  ["a damaged key file", "/image", { body: "{}" }, 400, /is not a whole key file/],
  ["a body without end", "/image", { body: new Uint8Array(2 << 20) }, 400, /too long/],
  ["a bundle that is none", "/bundle/..%2fconsole", {}, 400, /There is no/],
  ["a board that is none", "/wires/..%2f..%2fboard", {}, 400, /there is no such board/],
  ["a name that was bent to this machine", "/boards", { headers: { host: "evil.example" } }, 403, /this machine only/],
  [
    "another site's page",
    "/image",
    { headers: { origin: "http://evil.example" }, body: "{}" },
    403,
    /this machine only/,
  ],
])("%s is refused", async (_, path, asked, status, why) => {
  const answer = await ask(path, asked).catch(() => null);
  // A body that is cut off may end the connection before the answer is read.
  if (answer === null) return expect(asked.body?.length).toBeGreaterThan(1 << 20);
  expect([answer.status, why.test(answer.body.toString())]).toEqual([status, true]);
});
