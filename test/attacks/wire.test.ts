/** Whoever holds the wire: what he repeats, turns, cuts, joins or invents does nothing to the money, and the host counts it. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testKey } from "../../src/host/keys";
import { TestTerminal } from "../host/terminal";
import { bitsOf, newImage, Scene, TID, turned } from "./scene";

const HEADER_BITS = 13 * 8;
const OTHER_TID = "00000002";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open([TID, OTHER_TID]);
});
afterEach(() => scene.close());

describe.each([
  ["a sign-on", 0],
  ["a sale", 1],
])("towards the host, with the frames of %s", (_, index) => {
  let ledger: string;
  let request: string;
  let reply: string;
  beforeEach(async () => {
    const { shown } = await scene.sale(newImage());
    expect(shown).toContain("APPROVED");
    ledger = await scene.ledger();
    [request, reply] = [scene.requests[index] as string, scene.answers[index] as string];
  });
  afterEach(async () => expect(await scene.ledger()).toBe(ledger));

  test("a replay gets the stored answer, byte for byte", async () => {
    for (let times = 0; times < 3; times++) expect(await scene.ask(request)).toBe(`${reply}\n`);
  });

  test("one bit turned anywhere gets nothing", async () => {
    for (let bit = 0; bit < bitsOf(request); bit++) expect(await scene.refused(turned(request, bit))).not.toBe("");
  });

  test("one bit turned in a frame that was held back gets nothing, and the frame itself still counts", async () => {
    const held = new TestTerminal(OTHER_TID, testKey(OTHER_TID)).seal("0200nothing that any table knows");
    for (let bit = 0; bit < bitsOf(held.line); bit++) {
      const reason = await scene.refused(turned(held.line, bit));
      expect(reason).not.toBe("");
      if (bit >= HEADER_BITS) expect(reason).toBe("seal");
    }
    expect(await scene.refused(held.line)).toBe("message");
  });

  test("every truncation, and bytes more, get nothing", async () => {
    const bytes = Buffer.from(request, "base64");
    for (let length = 0; length < bytes.length; length++) {
      expect(await scene.refused(bytes.subarray(0, length).toString("base64") || "A")).not.toBe("");
    }
    expect(await scene.refused(Buffer.concat([bytes, Buffer.from([0])]).toString("base64"))).not.toBe("");
  });

  test("its own answer, reflected, gets nothing", async () => {
    expect(await scene.refused(reply)).toBe("old counter");
  });

  test("the head of one frame on the box of another gets nothing", async () => {
    const other = new TestTerminal(OTHER_TID, testKey(OTHER_TID)).seal("0200");
    const join = (head: string, box: string) =>
      Buffer.concat([Buffer.from(head, "base64").subarray(0, 13), Buffer.from(box, "base64").subarray(13)]).toString(
        "base64",
      );
    expect(await scene.refused(join(other.line, request))).toBe("seal");
    expect(await scene.refused(join(request, other.line))).toBe("old counter");
  });

  test("another version gets nothing: there is none to go down to", async () => {
    for (let version = 0; version < 256; version++) {
      if (version === 1) continue;
      const bytes = Buffer.from(request, "base64");
      bytes[0] = version;
      expect(await scene.refused(bytes.toString("base64"))).toBe("not a frame");
    }
  });

  test("a frame of another terminal, of a terminal that is none, or sealed with a guessed key gets nothing", async () => {
    expect(await scene.refused(new TestTerminal(OTHER_TID, testKey(TID)).seal("0200").line)).toBe("seal");
    expect(await scene.refused(new TestTerminal("99999999", testKey(TID)).seal("0200").line)).toBe("unknown terminal");
    const guess = new TestTerminal(TID, randomBytes(32));
    guess.skip(9);
    expect(await scene.refused(guess.seal("0200").line)).toBe("seal");
  });
});

test("frames out of order: the later one counts, the one before it gets nothing any more", async () => {
  const terminal = new TestTerminal(TID, testKey(TID));
  const first = terminal.seal("0200 first");
  const second = terminal.seal("0200 second");
  expect(await scene.refused(second.line)).toBe("message");
  // Nothing was answered, so nothing has moved: the first may still come.
  expect(await scene.refused(first.line)).toBe("message");
});

describe("towards the terminal", () => {
  test("an answer with any one bit turned is not heard, and the good one after it is", async () => {
    const { shown, approved } = await scene.sale(newImage(), async (line, ask) => {
      const reply = (await ask(line)).trimEnd();
      const spoiled = Array.from({ length: bitsOf(reply) }, (_, bit) => `${turned(reply, bit)}\n`);
      return `${spoiled.join("")}${reply}\n`;
    });
    expect(shown).toContain("APPROVED");
    expect(shown).toContain("Online");
    expect(approved).toBe(1);
    expect(scene.requests).toHaveLength(2);
  });

  test.each([
    ["its own request, reflected", (line: string) => `${line}\n`],
    ["noise", () => `${randomBytes(120).toString("base64")}\n${randomBytes(400).toString("latin1")}\n`],
    [
      "every truncation",
      (line: string) => Array.from({ length: line.length }, (_, end) => line.slice(0, end)).join("\n"),
    ],
  ])("%s in place of each answer: no approval is shown, and the sale is not charged", async (_, answer) => {
    let isOver = false;
    const { shown, image, approved } = await scene.sale(newImage(), async (line, ask) => {
      await ask(line);
      return isOver ? "" : answer(line);
    });
    expect(shown).toContain("NOT KNOWN");
    expect(shown).not.toContain("APPROVED");
    expect(approved).toBe(0);
    // With the wire honest again the reversal comes through.
    isOver = true;
    const { approved: after } = await scene.sale(image);
    expect(after).toBeLessThanOrEqual(1);
    expect(await scene.ledger()).toContain('"stan":1,"amount_minor":1250,"status":"reversed"');
  });

  test("a host with another key for this terminal cannot answer", async () => {
    const impostor = new TestTerminal(TID, randomBytes(32));
    const { shown, approved } = await scene.sale(newImage(), async () => `${impostor.seal("0210", "A").line}\n`);
    expect(shown).toContain("NOT KNOWN");
    expect(shown).not.toContain("APPROVED");
    expect(approved).toBe(0);
  });

  test("the answers to older requests are not heard: no approval, no sign-on", async () => {
    const { image } = await scene.sale(newImage());
    const old = scene.answers.join("\n");
    const { shown, approved } = await scene.sale(image, async () => `${old}\n`);
    expect(shown).toContain("NOT KNOWN");
    expect(shown).not.toContain("Online");
    expect(shown).not.toContain("APPROVED");
    expect(approved).toBe(1);
  });
});
