/** The gateway finds its lines in whatever arrives, in order, within bounds, and nobody who connects can bring the host down. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../src/host/gateway";
import { type Host, openHost } from "../../src/host/host";
import { testKey } from "../../src/host/keys";
import { seededBytes } from "../../src/sim/random";
import { checkBooks } from "./books";
import { Link } from "./link";
import { PGLITE, type Place } from "./stores";
import { packMessage, saleFields, TestTerminal, unpackMessage } from "./terminal";

const LINE_BYTES_MAX = 508;
const WAITING_MAX = 16;

describe("lines", () => {
  let gateway: Gateway;
  let link: Link;
  let answer: (line: string) => Promise<string | null>;
  const heard: string[] = [];
  const errors: unknown[] = [];

  beforeEach(async () => {
    heard.length = 0;
    answer = async (line) => `got ${line.length}\n`;
    const listen = (line: string) => {
      heard.push(line);
      return answer(line);
    };
    gateway = await openGateway(0, "127.0.0.1", listen, (error) => errors.push(error));
    link = await Link.open(gateway);
  });
  afterEach(async () => {
    await link.close();
    await gateway.close();
    expect(errors.splice(0)).toEqual([]);
  });

  test("cut into single bytes", async () => {
    for (const byte of "first\nsecond") expect(await link.send(byte)).toBe(byte === "\n" ? "got 5\n" : "");
    expect(await link.send("\n")).toBe("got 6\n");
    expect(heard).toEqual(["first", "second"]);
  });

  test("several in one packet, answered in order, the last one still open", async () => {
    expect(await link.send("a\nbb\n\n\nccc\ndd")).toBe("got 1\ngot 2\ngot 3\n");
    expect(await link.send("dd\n")).toBe("got 4\n");
    expect(heard).toEqual(["a", "bb", "ccc", "dddd"]);
  });

  test("slow answers keep the order of their lines", async () => {
    const release: (() => void)[] = [];
    answer = (line) => new Promise((resolve) => release.push(() => resolve(`${line}!\n`)));
    link.write("a\nb\n");
    const done = link.quiet();
    for (let turn = 0; turn < 2; turn++) {
      while (release.length === 0) await new Promise(setImmediate);
      expect(heard).toHaveLength(turn + 1);
      release.pop()?.();
    }
    expect(await done).toBe("a!\nb!\n");
  });

  test.each([LINE_BYTES_MAX, LINE_BYTES_MAX + 1, 2 * LINE_BYTES_MAX, 3 * LINE_BYTES_MAX])(
    "of %i bytes, cut anywhere, and the next line after it",
    async (length) => {
      for (const cut of [1, 100, LINE_BYTES_MAX, LINE_BYTES_MAX + 1, length]) {
        const line = "x".repeat(length);
        const first = await link.send(line.slice(0, cut));
        const rest = await link.send(`${line.slice(cut)}\nnext\n`);
        expect(first + rest).toBe(length > LINE_BYTES_MAX ? "got 4\n" : `got ${length}\ngot 4\n`);
      }
    },
  );

  test("an overlong one of 1 MB, then a good one", async () => {
    expect(await link.send("x".repeat(1_000_000))).toBe("");
    expect(await link.send("still the same line\ngood\n")).toBe("got 4\n");
    expect(heard).toEqual(["good"]);
  });

  test("binary garbage, then a good one", async () => {
    const garbage = Buffer.from(seededBytes(3)(5000), "latin1").filter((byte) => byte !== 10);
    expect(await link.send(garbage)).toBe("");
    expect(await link.send("\ngood\n")).toBe("got 4\n");
  });

  test("bytes are what they were", async () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte)).replace("\n", "");
    await link.send(`${all}\n`);
    expect(heard).toEqual([all]);
  });

  test(`${WAITING_MAX} may wait, one more and the connection is closed`, async () => {
    let release = () => undefined as void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer = async () => {
      await gate;
      return "done\n";
    };
    const other = await Link.open(gateway);
    other.write("a\n".repeat(WAITING_MAX + 1));
    await other.closed;
    link.write("a\n".repeat(WAITING_MAX));
    release();
    expect(await link.quiet()).toBe("done\n".repeat(WAITING_MAX));
    // Those that were answered make room for more.
    expect(await link.send("a\n".repeat(WAITING_MAX))).toBe("done\n".repeat(WAITING_MAX));
  });

  test("an answer that throws is silence, and the next line is answered", async () => {
    answer = async (line) => {
      if (line === "bad") throw new Error("no answer to this");
      return "fine\n";
    };
    expect(await link.send("bad\ngood\n")).toBe("fine\n");
    expect(errors.splice(0)).toEqual([new Error("no answer to this")]);
  });

  test("one that says nothing is silence", async () => {
    answer = async (line) => (line === "wrong" ? null : "fine\n");
    expect(await link.send("wrong\ngood\n")).toBe("fine\n");
  });

  test.each(["destroy", "end", "resetAndDestroy"] as const)(
    "a connection gone by %s while its answer is under way",
    async (way) => {
      let release = () => undefined as void;
      const isAsked = new Promise<void>((asked) => {
        answer = () => {
          asked();
          return new Promise((resolve) => {
            release = () => resolve("too late\n");
          });
        };
      });
      link.write("a\n");
      await isAsked;
      const work = gateway.quiet(link.localPort, 2);
      link.socket[way]();
      if (way !== "end") await link.closed;
      release();
      await work;
      answer = async () => "fine\n";
      const other = await Link.open(gateway);
      expect(await other.send("b\n")).toBe("fine\n");
      await other.close();
    },
  );

  test("one who asks and never reads is cut off before it fills the memory", async () => {
    answer = async () => `${"x".repeat(10_000)}\n`;
    link.socket.pause();
    // The system's own buffers hold some megabytes.
    const ASKED_MAX = 4000;
    let asked = 0;
    for (; asked < ASKED_MAX && !link.isClosed; asked++) {
      link.write("a\n");
      await gateway.quiet(link.localPort, 2 * (asked + 1));
      await new Promise(setImmediate);
    }
    expect(asked).toBeLessThan(ASKED_MAX);
  });

  test("two who come from one port of two addresses do not disturb each other, and closing ends both", async () => {
    const other = await Link.open(gateway, { localAddress: "127.0.0.2", localPort: link.localPort });
    other.socket.write("b\n");
    link.socket.write("a\n");
    while (heard.length < 2) await new Promise(setImmediate);
    await other.close();
    const third = await Link.open(gateway);
    await third.send("c\n");
    await third.close();
    await gateway.close();
    await link.closed;
    expect(heard.sort()).toEqual(["a", "b", "c"]);
  });
});

describe("host behind the gateway", () => {
  let place: Place;
  let host: Host;
  let terminal: TestTerminal;
  const errors: unknown[] = [];

  beforeAll(async () => {
    place = await PGLITE.openPlace();
    host = await openHost({ ...place, testTids: ["00000001"], onError: (error) => errors.push(error) });
    terminal = new TestTerminal("00000001", testKey("00000001"));
  });
  afterEach(async () => {
    expect(errors.splice(0)).toEqual([]);
    await checkBooks(host.store);
  });
  afterAll(async () => {
    await host.close();
    await place.remove();
  });

  const nextSale = () => terminal.seal(packMessage("0200", saleFields(terminal.tid, terminal.counter, 100)));

  async function expectAnswer(link: Link, before = ""): Promise<void> {
    const request = nextSale();
    const reply = await link.send(`${before}${request.line}\n`);
    expect(unpackMessage(terminal.open(request, reply))[39]).toBe("00");
  }

  test("a frame cut into single bytes is answered", async () => {
    const link = await Link.open(host.gateway);
    const request = nextSale();
    let reply = "";
    for (const byte of `${request.line}\n`) reply += await link.send(byte);
    expect(unpackMessage(terminal.open(request, reply))[39]).toBe("00");
    await link.close();
  });

  test("a frame after garbage, after an overlong line and after frames of others is answered", async () => {
    const link = await Link.open(host.gateway);
    await expectAnswer(link, `${seededBytes(4)(300)}\n`);
    await expectAnswer(link, `${"A".repeat(1_000_000)}\n`);
    await expectAnswer(link, `${new TestTerminal("00000009", testKey("00000009")).seal("x").line}\n`);
    await link.close();
  });

  test("20,000 chunks of random bytes, half frames and damaged frames: no error, then a good frame is answered", async () => {
    const random = seededBytes(20_000);
    const byte = () => random(1).charCodeAt(0);
    const good = nextSale();
    const chunk = (): string => {
      const kind = byte();
      if (kind < 200) return random(1 + (byte() % 48));
      if (kind < 220) return "\n";
      const head = Buffer.from(
        `\x01${kind < 230 ? terminal.tid : random(8)}\0\0\0${random(1)}${random(17 + (byte() % 60))}`,
        "latin1",
      );
      if (kind < 240) return `\n${head.toString("base64")}\n`;
      const damaged = Buffer.from(good.bytes);
      damaged[byte() % damaged.length] ^= 1 << (byte() % 8);
      return kind < 250 ? `\n${damaged.toString("base64")}\n` : good.line.slice(byte() % good.line.length);
    };
    let link = await Link.open(host.gateway);
    for (let count = 0; count < 20_000; count += 20) {
      let lines = 0;
      const chunks = Array.from({ length: 20 }, chunk).join("");
      for (const each of chunks) if (each === "\n") lines++;
      // With more lines than may wait the connection is closed, and another one made.
      expect(await link.send(chunks)).toBe("");
      if (lines > WAITING_MAX && link.isClosed) link = await Link.open(host.gateway);
    }
    expect([...host.refusals.keys()].sort()).toEqual(
      expect.arrayContaining(["not a frame", "old counter", "seal", "unknown terminal"]),
    );
    const reply = await link.send(`\n${good.line}\n`);
    expect(unpackMessage(terminal.open(good, reply))[39]).toBe("00");
    await link.close();
  });

  test("closing with requests under way ends them, and all that was booked stays whole", async () => {
    const links = await Promise.all(Array.from({ length: 8 }, () => Link.open(host.gateway)));
    const { line } = nextSale();
    for (const link of links) link.write(`${line}\n`.repeat(4));
    await host.gateway.quiet(links[0]?.localPort ?? 0, line.length + 1);
    await host.close();
    await Promise.all(links.map((link) => link.closed));
    errors.length = 0;
    host = await openHost({ ...place, testTids: ["00000001"], onError: (error) => errors.push(error) });
    const link = await Link.open(host.gateway);
    expect(await link.send(`${line}\n`)).not.toBe("");
    await expectAnswer(link);
    await link.close();
  });
});
