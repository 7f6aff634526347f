/** The embedded database has one owner, is on disk when it says so, and comes back whole from a killed process or a broken disk. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openPglite, syncs } from "../../src/host/pglite";
import { migrate } from "../../src/host/schema";
import { seedTest } from "../../src/host/seed";
import { openStore } from "../../src/host/store";
import { seededBytes } from "../../src/sim/random";
import { checkBooks } from "./books";
import { killChildren, startChild } from "./children/child";
import { HOST_KEY, TID } from "./children/sale";

const IN_USE = /db is in use by another Tillet host\. Stop it, or name another folder\./;
const KILLS = 5;

// One database through all of this: every test leaves it to be opened by the next.
const folder = mkdtempSync(join(tmpdir(), "tillet-test-"));
const db = join(folder, "db");
afterEach(killChildren);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("each commit reaches the disk before it is acknowledged", async () => {
  const store = await openStore(undefined, db);
  await store.query("create table number (n integer)");
  for (let n = 0; n < 20; n++) {
    const before = syncs.count;
    await store.transact((session) => session.query("insert into number values ($1)", [n]));
    expect(syncs.count).toBeGreaterThan(before);
  }
  const [durable] = await store.query(
    "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit",
  );
  expect(durable).toEqual({ fsync: "on", commit: "on" });
  await store.close();
});

describe("one owner", () => {
  test("until it has closed, nobody else in this process or in another", async () => {
    const { db: first, release } = await openPglite(db);
    await expect(openPglite(db)).rejects.toThrow(IN_USE);
    // Another name of the same folder is the same folder.
    symlinkSync(db, join(folder, "other-db"));
    await expect(openPglite(join(folder, "other-db"))).rejects.toThrow(IN_USE);
    expect(await startChild("own", [db]).nextLine()).toMatch(IN_USE);
    await first.close();
    await release();
  });

  test("in another process too, and when that is killed, one of many that come at once", async () => {
    const owner = startChild("own", [db]);
    expect(await owner.nextLine()).toBe("open");
    await expect(openPglite(db)).rejects.toThrow(IN_USE);
    owner.process.kill("SIGKILL");
    await owner.ended;
    const opens = await Promise.allSettled([openPglite(db), openPglite(db), openPglite(db)]);
    const opened = opens.filter((each) => each.status === "fulfilled");
    expect(opened).toHaveLength(1);
    for (const { value } of opened) {
      await value.db.close();
      await value.release();
    }
  });
});

describe("sales on a host that ends badly", () => {
  const acknowledged: number[] = [];
  const startSelling = (...fault: string[]) =>
    startChild("sell", [folder, String((acknowledged.at(-1) ?? 0) + 1), ...fault]);

  beforeAll(async () => {
    const store = await openStore(undefined, db);
    await store.transact(async (session) => {
      await migrate(session);
      await seedTest(session, HOST_KEY, [TID]);
    });
    await store.close();
  });

  /** All that was acknowledged is booked; at most one more, whose acknowledgement was cut off. The next child repeats that one. */
  async function checkNothingLost(): Promise<void> {
    const store = await openStore(undefined, db);
    await checkBooks(store);
    const rows = await store.query("select stan from txn where status = 'captured' order by stan");
    await store.close();
    const booked = rows.map(({ stan }) => Number(stan));
    expect(booked.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(booked.length - acknowledged.length).toBeLessThanOrEqual(1);
  }

  test(`killed ${KILLS} times in the middle of committing: no acknowledged sale is lost, none is booked by half`, async () => {
    const random = seededBytes(5);
    for (let kill = 0; kill < KILLS; kill++) {
      const count = acknowledged.length + 1 + (random(1).charCodeAt(0) % 40);
      const child = startSelling();
      while (acknowledged.length < count) acknowledged.push(Number(await child.nextLine()));
      child.process.kill("SIGKILL");
      acknowledged.push(...(await child.rest()).map(Number));
      expect(await child.ended).toBe("SIGKILL");
    }
    // Whatever a child lost its successors would not sell again.
    expect(acknowledged).toEqual(acknowledged.map((_, index) => index + 1));
    await checkNothingLost();
  });

  test.each(["sync", "write"])(
    "a disk that fails to %s: nothing is acknowledged any more and the process ends",
    async (fault) => {
      const child = startSelling(fault, "3");
      const sold = (await child.rest()).map(Number);
      expect(sold).toHaveLength(3);
      expect(await child.ended).toBe(1);
      acknowledged.push(...sold);
      await checkNothingLost();
    },
  );
});
