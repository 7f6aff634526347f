/** The chain is renewed by X25519 while nothing else happens: in slices, never in anybody's way, and nothing of the secret is left. */
import nacl from "tweetnacl";
import { beforeEach, describe, expect, test } from "vitest";
import { factorySettings } from "../../src/cli/world";
import { testKey } from "../../src/host/keys";
import { plain } from "../../src/proto/plain";
import { factoryImage } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { openRekey, type Rekey, RekeyStage, workRekey } from "../../src/txn/rekey";
import { Timer } from "../../src/txn/timers";
import { fakeBoard } from "../drivers/fake-board";
import { HOST_PAIR, keysOf, TID, WorksBench } from "./works";

const QUIET_MS = 30_000;
const SLICE_MS = 5;
/** 16 draws, and two products as `test/crypto/x25519.test.ts` counts their slices. */
const SLICES_MAX = 16 + 2 * 18_000;
const random = seededBytes(20260109);
const fresh = () => Buffer.from(random(32), "latin1");

describe("the work", () => {
  const SECRET = fresh();
  let r: Rekey;

  /** Works to the end with this secret as the board's randomness: the slices it took. */
  function work(hostKey: Uint8Array): number {
    r = openRekey(Buffer.from(hostKey).toString("latin1"));
    let draws = 0;
    const board = { ...fakeBoard(), random: () => SECRET.readUInt16LE(2 * draws++) };
    let slices = 1;
    while (workRekey(r, board, plain)) slices++;
    expect(draws).toBe(16);
    return slices;
  }

  test("gives the public key and the secret that NaCl gives, in a bounded number of slices", () => {
    expect(work(HOST_PAIR.publicKey)).toBeLessThan(SLICES_MAX);
    expect(r.stage).toBe(RekeyStage.Ready);
    const { publicKey, secretKey } = nacl.box.keyPair.fromSecretKey(SECRET);
    expect(Buffer.from(r.publicKey, "latin1")).toEqual(Buffer.from(publicKey));
    expect(Buffer.from(r.shared.buffer)).toEqual(Buffer.from(nacl.scalarMult(secretKey, HOST_PAIR.publicKey)));
  });

  test("leaves nothing of the terminal's secret", () => {
    work(HOST_PAIR.publicKey);
    expect(r.secret.every((byte) => byte === 0)).toBe(true);
    expect(r.x).toBeNull();
  });

  test.each([Buffer.alloc(32), Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])])(
    "with a host's key of small order comes to nothing",
    (hostKey) => {
      work(hostKey);
      expect(r.stage).toBe(RekeyStage.Useless);
      expect(workRekey(r, fakeBoard(), plain)).toBe(false);
    },
  );
});

describe("at the terminal", () => {
  let bench: WorksBench;
  beforeEach(() => {
    bench = new WorksBench();
    bench.signOn(fresh());
  });

  const pauseMs = () => bench.board.timers.get(Timer.Rekey);

  function workToTheEnd(): void {
    while (pauseMs() !== undefined) bench.fire(Timer.Rekey);
  }

  test("begins when all has been quiet, and goes on by slices", () => {
    expect(pauseMs()).toBe(QUIET_MS);
    bench.fire(Timer.Rekey);
    expect(pauseMs()).toBe(SLICE_MS);
  });

  test("stands still from the first key until all has been quiet again", () => {
    bench.fire(Timer.Rekey);
    bench.press("1");
    expect(pauseMs()).toBe(QUIET_MS);
    // Somebody types slowly.
    const before = bench.works.signOn.rekey?.drawnBytes;
    bench.fire(Timer.Rekey);
    expect([pauseMs(), bench.works.signOn.rekey?.drawnBytes]).toEqual([QUIET_MS, before]);
    bench.press("C");
    bench.fire(Timer.Rekey);
    expect(pauseMs()).toBe(SLICE_MS);
  });

  test("stands still for a card, and while the host is asked", () => {
    bench.fire(Timer.Rekey);
    bench.swipe();
    expect(pauseMs()).toBe(QUIET_MS);
    bench.fire(Timer.Rekey);
    expect(pauseMs()).toBe(SLICE_MS);
    bench.fire(Timer.SignOn);
    expect(bench.asked()).toHaveLength(1);
    bench.fire(Timer.Rekey);
    expect(pauseMs()).toBe(QUIET_MS);
  });

  test("makes a chain that takes both keys, which the terminal then uses and the host has", () => {
    workToTheEnd();
    const { request, fields } = bench.opened(bench.asked()[0] as string);
    const keys = Buffer.from(fields[62] ?? "", "latin1");
    expect([fields[60], keys.length]).toEqual(["00000001001000001000001000000", 64]);
    expect(keys.subarray(32)).toEqual(Buffer.from(HOST_PAIR.publicKey));
    const bytes = fresh();
    bench.hear(bench.networkAnswer(request, { 62: bytes.toString("latin1") }));
    bench.rotate();
    // The host's half of the same agreement.
    bench.known.rotate(bytes, { secret: HOST_PAIR.secretKey, hostPublic: keys.subarray(0, 32) });
    expect(bench.works.signOn.rekey).toBeNull();
    expect(pauseMs()).toBeUndefined();
    // The host is told at once, under the new chain.
    const echo = bench.opened(bench.asked()[0] as string);
    expect(echo.fields[60]).toBe("00000001301000001000001000000");
    bench.hear(bench.networkAnswer(echo.request, {}, "301"));
    expect(bench.asked()).toEqual([]);
    bench.press("1250E");
    bench.swipe();
    expect(bench.opened(bench.asked()[0] as string).fields[0]).toBe("0200");
  });

  test("begins anew when the host has another key by then", () => {
    workToTheEnd();
    const { request } = bench.opened(bench.asked()[0] as string);
    const other = nacl.box.keyPair.fromSecretKey(fresh()).publicKey;
    const bytes = fresh();
    bench.hear(bench.networkAnswer(request, keysOf(bytes, other)));
    bench.rotate();
    bench.known.rotate(bytes);
    expect(bench.works.signOn.hostKey).toBe(Buffer.from(other).toString("latin1"));
    expect(pauseMs()).toBe(QUIET_MS);
    bench.press("1250E");
    bench.swipe();
    expect(bench.opened(bench.asked()[0] as string).fields[0]).toBe("0200");
  });

  test("is not begun where the settings say so", () => {
    bench = new WorksBench(factoryImage({ ...factorySettings(TID), rekey: "off" }, testKey(TID)));
    bench.signOn(fresh());
    expect([bench.works.signOn.hostKey, pauseMs()]).toEqual(["", undefined]);
  });
});
