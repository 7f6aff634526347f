/**
 * Whoever has a copy of a terminal's flash from before its chain was rotated: who only listens loses it with the first agreement of keys;
 * who stands in between cannot hold the terminal back unseen; and a second terminal of that name charges nobody.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FACTORY_TID, factorySettings } from "../../src/cli/world";
import { testKey } from "../../src/host/keys";
import { factoryImage } from "../../src/sim/journal-image";
import { type Fields, packMessage, type SealedRequest, TestTerminal, unpackMessage } from "../host/terminal";
import { type Attacker, newImage, Scene } from "./scene";

const TID = FACTORY_TID;
/** For a receipt, the time until all is quiet, and both products of X25519. */
const REKEY_MS = 300_000;
const FRESH_BYTES = 32;

/** Has the terminal's first chain, and goes along with it as far as what he hears allows. */
class Thief {
  private readonly own = new TestTerminal(TID, testKey(TID));

  /** The request that he opened, or null. */
  open(line: string): { request: SealedRequest; fields: Fields } | null {
    const next = this.own.copy();
    next.skip(Buffer.from(line, "base64").readUInt32BE(9) - next.counter);
    const request = next.seal("");
    try {
      const fields = unpackMessage(this.own.openRequest(line, request));
      Object.assign(this.own, { chain: next.chain, counter: next.counter });
      return { request, fields };
    } catch {
      return null;
    }
  }

  /** The fields of the answer to a request that he opened; after a sign-on he goes on with the new chain, as far as he knows it. */
  hear(request: SealedRequest, answer: string): Fields {
    const fields = unpackMessage(this.own.open(request, `${answer.trimEnd()}\n`));
    if (fields[62]) this.own.rotate(Buffer.from(fields[62], "latin1").subarray(0, FRESH_BYTES));
    return fields;
  }

  answer(request: SealedRequest, { 0: mti, ...fields }: Fields): string {
    return `${this.own.answerTo(request, packMessage(String(mti), fields))}\n`;
  }
}

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

describe("who only listens", () => {
  /** Kinds of the requests that the thief opens, in the order in which they were sent; "-" where he does not. */
  function heard(): string[] {
    const thief = new Thief();
    return scene.requests.map((line, index) => {
      const opened = thief.open(line);
      if (opened) thief.hear(opened.request, scene.answers[index] as string);
      return opened?.fields[0] ?? "-";
    });
  }

  test("goes along with every rotation that takes fresh bytes alone", async () => {
    const { image } = await scene.sale(
      factoryImage({ ...factorySettings(TID), rekey: "off" }, testKey(TID)),
      undefined,
      {
        quietMs: REKEY_MS,
      },
    );
    await scene.sale(image);
    expect(heard()).toEqual(["0800", "0200", "0800", "0200"]);
  });

  test("opens nothing more once keys have been agreed on", async () => {
    const { image } = await scene.sale(newImage(), undefined, { quietMs: REKEY_MS });
    const { shown } = await scene.sale(image);
    expect(shown).toContain("APPROVED");
    expect(heard()).toEqual(["0800", "0200", "0800", "-", "-", "-"]);
  });
});

describe("who stands in between and has the chain", () => {
  /** Changes the host's answer to the sign-on with the terminal's key; everything before goes through. */
  function changing(change: (fields: Fields, hostKey: string) => Fields | null): Attacker {
    const thief = new Thief();
    let hostKey = "";
    const told = new Map<string, string>();
    return async (line, ask) => {
      const reply = await ask(line);
      const before = told.get(line);
      if (before !== undefined) return before;
      const opened = thief.open(line);
      if (!opened) return reply;
      const fields = thief.hear(opened.request, reply);
      if (opened.fields[62] === undefined) {
        hostKey = fields[62]?.slice(FRESH_BYTES) || hostKey;
        return reply;
      }
      const changed = change(fields, hostKey);
      told.set(line, changed ? thief.answer(opened.request, changed) : "");
      return told.get(line) as string;
    };
  }

  test.each<[string, (fields: Fields, hostKey: string) => Fields | null]>([
    ["no keys at all", ({ 62: _, ...fields }) => fields],
    ["silence", () => null],
  ])("%s for an answer: the terminal keeps asking, and goes on once it is let", async (_, change) => {
    const { image } = await scene.sale(newImage(), changing(change), { quietMs: REKEY_MS });
    const asked = new Set(scene.requests.slice(2));
    expect(scene.requests.length).toBeGreaterThan(3);
    expect(asked.size).toBe(1);
    const { shown, approved } = await scene.sale(image, undefined, { seed: 8 });
    expect(shown).toContain("APPROVED");
    expect(approved).toBe(2);
  });

  test("as if the host had not taken the key: the host hears nothing of that terminal any more", async () => {
    const change = (fields: Fields, hostKey: string) => ({ ...fields, 62: `${fields[62]}${hostKey}` });
    const { image } = await scene.sale(newImage(), changing(change), { quietMs: REKEY_MS });
    const ledger = await scene.ledger();
    const { shown, approved } = await scene.sale(image);
    expect(shown).not.toContain("APPROVED");
    expect(approved).toBe(1);
    expect(await scene.ledger()).toBe(ledger);
    expect(scene.host.refusals.get("seal")).toBeGreaterThan(0);
  });
});

describe("a second terminal of that name", () => {
  test("after the keys were agreed on: it hears nothing, charges nobody, and the first goes on", async () => {
    const stolen = newImage();
    const { image } = await scene.sale(stolen, undefined, { quietMs: REKEY_MS });
    const ledger = await scene.ledger();
    const clone = await scene.sale(stolen, undefined, { seed: 8, quietMs: REKEY_MS });
    // It repeats what the first one said, down to the sign-on with a key: that is not the first one's.
    expect(scene.host.refusals.get("old counter")).toBeGreaterThan(0);
    expect(await scene.ledger()).toBe(ledger);
    const again = await scene.sale(clone.image, undefined, { seed: 8 });
    expect(again.approved).toBe(1);
    expect(await scene.ledger()).toBe(ledger);
    expect((await scene.sale(image)).approved).toBe(2);
  });
});
