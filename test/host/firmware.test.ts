/** Updates at the host: files that are taken or refused, versions, and the pieces that terminals are sent. */
import { createPrivateKey, sign as signEd25519 } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headOf, packBundle } from "../../flash/slots";
import { keyIn, newUpdateKey, readUpdateKey, signUpdate } from "../../flash/update";
import { keepFirmware, offerFirmware, readUpdate } from "../../src/host/firmware";
import type { Row } from "../../src/host/store";
import { openSharedHost, type SharedHost } from "../world";

const KEY = newUpdateKey();
const UPDATE = packBundle(`let a="${"\\xe9".repeat(300)}";//${"x".repeat(5000)}`, "wroom", 10203);
const FILE = signUpdate(UPDATE, KEY);
const HEAD = Buffer.from(headOf(UPDATE, 0).slice(8, 72), "latin1");

describe("a file", () => {
  test("is what its description says, signed as another's Ed25519 signs", () => {
    const signed = Buffer.concat([Buffer.from("TILLET UPDATE 1\n"), HEAD, Buffer.from(UPDATE.content, "latin1")]);
    // PKCS #8 around the seed (RFC 8410).
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), KEY.secretKey.subarray(0, 32)]);
    const signature = signEd25519(null, signed, createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
    expect(Buffer.from(FILE).equals(Buffer.concat([signed, signature]))).toBe(true);
    expect(readUpdate(FILE, KEY.publicKey)).toMatchObject({ profile: "wroom", version: 10203 });
  });

  test("is refused with another key, with any byte changed, or cut off anywhere", () => {
    expect(() => readUpdate(FILE, newUpdateKey().publicKey)).toThrow(/^The signature is not good/);
    for (let at = 0; at < FILE.length; at += at < 200 || at > FILE.length - 70 ? 1 : 97) {
      const changed = Uint8Array.from(FILE);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(() => readUpdate(changed, KEY.publicKey), `byte ${at}`).toThrow(/^(This is no update|The signature)/);
      expect(() => readUpdate(FILE.subarray(0, at), KEY.publicKey)).toThrow(/^(This is no update|The signature)/);
    }
  });

  test.each([
    ["another content", { ...UPDATE, content: `${UPDATE.content} ` }],
    ["no board", { ...UPDATE, profile: "" }],
    ["version 0", { ...UPDATE, version: 0 }],
    ["a main part beyond its end", { ...UPDATE, mainBytes: UPDATE.content.length + 1 }],
  ])("that is signed with %s is refused", (_, update) => {
    expect(() => readUpdate(signUpdate(update, KEY), KEY.publicKey)).toThrow(/^The update is signed, but/);
  });
});

test("a key is hexadecimal digits, as many as it should have", () => {
  const hex = Buffer.from(KEY.secretKey).toString("hex");
  expect(readUpdateKey(`${hex}\n`).publicKey).toEqual(KEY.publicKey);
  for (const text of ["", "x", hex.slice(2), `${hex}00`])
    expect(() => keyIn(text, 64)).toThrow(/^This is not such a key/);
});

describe("at the host", () => {
  let shared: SharedHost;
  beforeAll(async () => {
    shared = await openSharedHost();
    await shared.host.store.transact((session) => keepFirmware(session, readUpdate(FILE, KEY.publicKey)));
  });
  afterAll(() => shared.close());

  const keep = (version: number, profile = "wroom") =>
    shared.host.store.transact((session) =>
      keepFirmware(session, readUpdate(signUpdate(packBundle("1", profile, version), KEY), KEY.publicKey)),
    );
  const asked = (profile: string, version: number, place: number) => {
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32BE(version);
    numbers.writeUInt32BE(place, 4);
    return profile.padEnd(16) + numbers.toString("latin1");
  };
  const offer = async (field60: string, field62?: string) => {
    const fields = [];
    fields[60] = field60;
    if (field62 !== undefined) fields[62] = field62;
    const terminal: Row = { tid: "00000001", firmware: null, firmware_state: null };
    return offerFirmware(shared.host.store, terminal, fields);
  };
  const ABOUT = "00000001381000001000001" + "000100" + "0";

  test("an older version, or the same again, is refused; another board has its own", async () => {
    await expect(keep(10203)).rejects.toThrow("version 10203: a higher one is wanted, there is already version 10203");
    await expect(keep(10202)).rejects.toThrow("a higher one is wanted");
    await keep(1, "s3");
    await keep(10204, "s3");
    expect(await offer(ABOUT)).toEqual({ version: 10204, piece: null });
  });

  test("a terminal that names no firmware is offered none", async () => {
    expect(await offer("00000001001000001000001")).toBeNull();
    expect(await offer("00000001001000001000001" + "0001003")).toBeNull();
  });

  test("pieces are those of the slot: the head, then the content up to each page's end", async () => {
    expect(Buffer.from((await offer(ABOUT, asked("wroom", 0, 0)))?.piece ?? []).equals(HEAD)).toBe(true);
    let content = "";
    while (content.length < UPDATE.content.length) {
      const place = 4096 + content.length;
      const piece = (await offer(ABOUT, asked("wroom", 10203, place)))?.piece ?? new Uint8Array();
      expect(piece.length).toBe(Math.min(228, 4096 - (place % 4096), UPDATE.content.length - content.length));
      content += Buffer.from(piece).toString("latin1");
    }
    expect(content).toBe(UPDATE.content);
  });

  test.each([
    ["another board", asked("none", 0, 0)],
    ["another version", asked("wroom", 10204, 4096)],
    ["a place in the head page", asked("wroom", 10203, 4095)],
    ["a place behind the end", asked("wroom", 10203, 0xffffffff)],
    ["a version that no table holds", asked("wroom", 0xffffffff, 4096)],
    ["half a question", asked("wroom", 0, 0).slice(1)],
  ])("there is no piece of %s", async (_, field62) => {
    expect((await offer(ABOUT, field62))?.piece ?? null).toBeNull();
  });
});
