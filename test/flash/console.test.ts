/** What a console shows of secrets (nothing), which port is taken, and the commands over a TCP port that stands for a board. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { masked, MaskedLines } from "../../flash/mask";
import { chooseLine, listPorts } from "../../flash/node";
import { watch } from "../../src/cli/console";
import { main } from "../../src/cli/main";
import { BUNDLE } from "../../src/cli/world";
import { hasEspruino } from "../engines";
import { EspruinoBoard } from "./board";

describe("masked", () => {
  test.each([
    ["card 4761739001010010 read", "card 476173******0010 read"],
    ["4761 7390 0101 0010", "476173******0010"],
    ["4761-7390-0101-0010.", "476173******0010."],
    ["pan=6250947000000014,amount=1250", "pan=625094******0014,amount=1250"],
    [";4761739001010010=28122011143800000000?", "(track)"],
    ["t2 ;4761739001010010=2812201114380000", "t2 (track)"],
    ["%B4761739001010010^DOE/JOHN^28122011143800000000?x", "(track)x"],
    ["57 4761739001010010D28122011143800000000F", "57 (track)"],
    ["key 0123456789abcdef0123456789abcdef", "key (16 bytes)"],
    [`k ${"0a".repeat(32)} end`, "k (32 bytes) end"],
    [`k ${Array.from({ length: 16 }, () => "0A").join(" ")}`, "k (16 bytes)"],
    ["12345678901234567890123456789012", "(32 digits)"],
    ["STAN 000001, 12.50 EUR, RRN 012345678901", "STAN 000001, 12.50 EUR, RRN 012345678901"],
    [
      `{ "ssid": "shop", "password": "top secret, \\"really\\"", "x": 1 }`,
      `{ "ssid": "shop", "password": (password), "x": 1 }`,
    ],
    ["password=hunter22 end", "password=(password) end"],
    [`"password": "cut off`, `"password": (password)`],
    ["0x3ff75144 D21 115200", "0x3ff75144 D21 115200"],
  ])("%s", (line, shown) => expect(masked(line)).toBe(shown));

  test("of every card number at every place in a line, cut anywhere on its way", () => {
    for (let digits = 13; digits <= 19; digits++) {
      const pan = "4761739001010010123".slice(0, digits);
      const text = `x${pan}y\r\n`;
      for (let cut = 0; cut <= text.length; cut++) {
        let out = "";
        const lines = new MaskedLines((line) => (out += `${line}\n`));
        lines.take(text.slice(0, cut));
        lines.take(text.slice(cut));
        lines.end();
        expect(out).toBe(`x${pan.slice(0, 6)}${"*".repeat(digits - 10)}${pan.slice(-4)}y\n`);
      }
    }
  });

  test("nothing is shown that a terminal would obey", () => {
    const out: string[] = [];
    new MaskedLines((line) => out.push(line)).take("\x1b]0;mine\x07\n");
    expect(out).toEqual(["\\x1b]0;mine\\x07"]);
  });
});

describe("ports", () => {
  const usb = { path: "ttyUSB0", manufacturer: "Silicon Labs", vendorId: "10c4", productId: "ea60" };
  const fields = { serialNumber: undefined, pnpId: undefined, locationId: undefined };
  const found = (...paths: string[]) =>
    chooseLine(undefined, async () => paths.map((path) => ({ path, what: "USB serial" }))).then(
      ({ port }) => port,
      (error: Error) => error.message,
    );

  test("none, one, several", async () => {
    expect(await found()).toMatch(/^No board on USB: plug it in with a cable that carries data/);
    expect(await found("ttyUSB0")).toBe("ttyUSB0");
    expect(await found("ttyUSB0", "ttyUSB1")).toBe(
      "Which board? Give --port: ttyUSB0 (USB serial), ttyUSB1 (USB serial).",
    );
  });

  test("those without USB are no boards", async () => {
    const builtIn = { path: "ttyS0", manufacturer: undefined, vendorId: undefined, productId: undefined };
    expect(
      await listPorts(async () => [
        { ...usb, ...fields },
        { ...builtIn, ...fields },
      ]),
    ).toEqual([{ path: "ttyUSB0", what: "Silicon Labs" }]);
  });

  test("without udev they are found in its place", async () => {
    const root = mkdtempSync(join(tmpdir(), "tillet-ports-"));
    const fails = async () => Promise.reject(new Error("udevadm is missing"));
    expect(await listPorts(fails, root)).toEqual([]);
    for (const folder of [
      "dev/serial/by-id",
      "sys/class/tty/ttyS0",
      "sys/class/tty/ttyUSB0",
      "sys/class/tty/ttyACM1",
    ]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, "dev/ttyUSB0"), "");
    symlinkSync(join(root, "dev/ttyUSB0"), join(root, "dev/serial/by-id/usb-CP2102"));
    expect(await listPorts(fails, root)).toEqual([
      { path: join(root, "dev/ttyUSB0"), what: "usb-CP2102" },
      { path: join(root, "dev/ttyACM1"), what: "USB serial" },
    ]);
    rmSync(root, { recursive: true });
  });

  test("one that cannot be opened is told in a sentence", async () => {
    const { line } = await chooseLine("no-such-port");
    await expect(line.open({ baudRate: 115200 })).rejects.toThrow(/^no-such-port cannot be opened: plug the board in/);
    const { line: tcp } = await chooseLine("127.0.0.1:1");
    await expect(tcp.open({ baudRate: 115200 })).rejects.toThrow(/^127.0.0.1:1 takes no connection/);
  });
});

/** A serial server: who connects talks to `serve`. */
async function serialServer(serve: (socket: Socket) => void): Promise<{ port: string; server: Server }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe("over a serial server", () => {
  const said = { out: "", err: "" };
  const servers: Server[] = [];
  beforeEach(() => {
    said.out = said.err = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => ((said.out += String(text)), true));
    vi.spyOn(process.stderr, "write").mockImplementation((text) => ((said.err += String(text)), true));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    servers.splice(0).forEach((server) => server.close());
  });

  test("console: masked lines, until the board goes away", async () => {
    const { port, server } = await serialServer((socket) => {
      socket.write("sale 4761739001");
      socket.end("010010\r\nkey 00112233445566778899aabbccddeeff\r\n> ");
    });
    servers.push(server);
    expect(await watch(port, new Promise(() => undefined))).toBe(1);
    expect(said.out).toBe("sale 476173******0010\nkey (16 bytes)\n> \n");
    expect(said.err).toContain(`${port} is gone.`);
  });

  test("console: Ctrl-C leaves", async () => {
    const { port, server } = await serialServer((socket) => void socket.write("hello\r\n"));
    servers.push(server);
    let leave = () => undefined as void;
    const left = watch(port, new Promise<void>((resolve) => (leave = resolve)));
    await vi.waitFor(() => expect(said.out).toBe("hello\n"));
    leave();
    expect(await left).toBe(0);
  });

  test.each([
    ["nothing", "", /^tillet: Nothing answers at 127/],
    ["another device", "$GPGGA,123519,4807.038,N\r\n", /^tillet: What is at 127.* talks, but is not Espruino/],
    [
      "a chip in download mode",
      "waiting for download\r\n",
      /^tillet: The board at 127.* waits in download mode: let go of BOOT/,
    ],
  ])("flash: what is at the port is %s", async (_, greeting, sentence) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { port, server } = await serialServer((socket) => void socket.write(greeting));
    servers.push(server);
    let status: number | null = null;
    void main(["flash", "--port", port, "--bundle", BUNDLE]).then((result) => (status = result));
    while (status === null) {
      await vi.advanceTimersByTimeAsync(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    vi.useRealTimers();
    expect(status).toBe(1);
    expect(said.err).toMatch(sentence);
    expect(said.err.trim().split("\n")).toHaveLength(1);
  });

  test.each([
    [["flash"], "flash needs --board NAME"],
    [["flash", "--board", "../x"], "--board ../x: there is no such board."],
    [["flash", "--board", "toaster"], "--board toaster: there is no such board."],
    [["flash", "--board", "a", "--bundle", "b"], "Give --board or --bundle."],
    [["flash", "--bundle", "package.json"], "package.json is no bundle of Tillet"],
    [["flash", "--bundle", "none.js"], "--bundle none.js: there is no such file."],
    [["flash", "--engine", "none.bin@0x1000"], "--engine none.bin: there is no such file."],
    [["flash", "--bundle", BUNDLE, "--erase-journal"], "--erase-journal takes the device's keys with it"],
    [["flash", "--keys", "none.json"], "--keys none.json: there is no such file."],
    [["doctor"], "doctor needs --board NAME."],
    [["doctor", "--board", "toaster"], "--board toaster: there is no such board."],
  ])("%j is refused before a port is opened", async (words, sentence) => {
    expect(await main(words)).toBeGreaterThan(0);
    expect(said.err).toContain(sentence);
  });

  test.skipIf(!hasEspruino)("flash, of a board that has no room for two slots", async () => {
    const board = new EspruinoBoard();
    const bundle = join(board.folder, "bundle.js");
    // Enough of a bundle to be taken for one, and a transport.
    writeFileSync(bundle, `var io={tx:print},areas=[57344,3211264];\n`);
    board.powerOn();
    const { port, server } = await serialServer((socket) => void pipe(board, socket));
    servers.push(server);
    try {
      expect(await main(["flash", "--port", port, "--bundle", bundle])).toBe(1);
      expect(said.err).toMatch(/room for 262144 bytes and 602240 are needed: add --erase-storage/);
      // It has not written anything.
      expect(existsSync(join(board.folder, "espruino.flash"))).toBe(false);
    } finally {
      board.close();
    }
  });
});

/** The board's console on a socket. */
async function pipe(board: EspruinoBoard, socket: Socket): Promise<void> {
  await board.line.open({ baudRate: 115200 });
  const writer = board.line.writable?.getWriter();
  socket.on("data", (bytes: Buffer) => void writer?.write(bytes));
  for await (const bytes of board.line.readable as ReadableStream<Uint8Array>) socket.write(bytes);
}
