/** A transaction is all or nothing, runs again when the database asks for that, and outlives a lost connection. */
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store, withRetries } from "../../src/host/store";
import { describeEach, describeOn, type Place, runOn, SERVER } from "./stores";

const failure = (code: string) => Object.assign(new Error(`database error ${code}`), { code });

describe("retries", () => {
  test.each(["40001", "40P01", "23505"])("after %s it runs again from the start", async (code) => {
    let tries = 0;
    const result = await withRetries(async () => {
      tries++;
      if (tries < 5) throw failure(code);
      return "done";
    });
    expect([result, tries]).toEqual(["done", 5]);
  });

  test.each([
    ["40001", 5],
    ["23514", 1],
    ["", 1],
  ])("error %s is thrown after %i tries", async (code, wanted) => {
    let tries = 0;
    const work = withRetries(async () => {
      tries++;
      throw failure(code);
    });
    await expect(work).rejects.toThrow("database error");
    expect(tries).toBe(wanted);
  });
});

describeEach("store", (kind) => {
  let place: Place;
  let store: Store;
  const numbers = async () => (await store.query("select n from number order by n")).map(({ n }) => n);

  beforeAll(async () => {
    place = await kind.openPlace();
    store = await openStore(place.databaseUrl, join(place.folder, "db"));
    await store.query("create table number (n bigint primary key)");
  });
  afterAll(async () => {
    await store.close();
    await place.remove();
  });
  beforeEach(() => store.query("delete from number"));

  test("what throws leaves nothing, and what it threw comes out", async () => {
    const work = store.transact(async (session) => {
      await session.query("insert into number values (1)");
      throw new Error("changed my mind");
    });
    await expect(work).rejects.toThrow("changed my mind");
    expect(await numbers()).toEqual([]);
    await store.transact((session) => session.query("insert into number values (2)"));
    expect(await numbers()).toEqual([2]);
  });

  test("work that goes on after a failed statement is not taken for committed", async () => {
    const work = store.transact(async (session) => {
      await session.query("insert into number values (1)");
      await session.query("insert into nowhere values (1)").catch(() => undefined);
      return "done";
    });
    await expect(work).rejects.toThrow();
    expect(await numbers()).toEqual([]);
  });

  test("whole numbers are numbers, bytes are bytes", async () => {
    const [row] = await store.query(
      "select 9007199254740991::bigint as big, (1.0::numeric + 1) as sum, count(*) as count, $1::bytea as bytes from number",
      [new Uint8Array([0, 255])],
    );
    expect([row?.big, row?.sum, row?.count]).toEqual([9007199254740991, 2, 0]);
    expect([...(row?.bytes as Uint8Array)]).toEqual([0, 255]);
  });

  test("transactions that come at once all end", async () => {
    const all = Array.from({ length: 40 }, (_, n) =>
      store.transact((session) => session.query("insert into number values ($1)", [n])),
    );
    await Promise.all(all);
    expect(await numbers()).toHaveLength(40);
  });
});

describeOn(SERVER, "other connections", () => {
  let place: Place;
  let store: Store;
  const pidOf = async (session: Pick<Store, "query">) =>
    Number((await session.query("select pg_backend_pid() as pid"))[0]?.pid);
  const cut = (pid: number) => runOn(String(place.databaseUrl), `select pg_terminate_backend(${pid})`);

  beforeAll(async () => {
    place = await SERVER.openPlace();
    store = await openStore(place.databaseUrl, "");
    await store.query("create table number (n bigint primary key)");
  });
  afterAll(async () => {
    await store.close();
    await place.remove();
  });

  test("a key that another transaction took makes it run again, and then it sees the row", async () => {
    let tries = 0;
    const seen = await store.transact(async (session) => {
      tries++;
      const [row] = await session.query("select n from number where n = 3");
      if (row) return row.n;
      await store.query("insert into number values (3)");
      await session.query("insert into number values (3)");
      return "inserted twice";
    });
    expect([seen, tries]).toEqual([3, 2]);
  });

  test("lost between two transactions it is replaced, and the host stays up", async () => {
    const pid = await pidOf(store);
    await cut(pid);
    // The pool may or may not have heard of it by now.
    await store.query("select 1").catch(() => undefined);
    expect(await pidOf(store)).not.toBe(pid);
  });

  test("lost inside a transaction it books nothing, and the host stays up", async () => {
    const work = store.transact(async (session) => {
      await session.query("insert into number values (1)");
      await cut(await pidOf(session));
      await session.query("insert into number values (2)");
    });
    await expect(work).rejects.toThrow();
    expect(await store.query("select n from number where n < 3")).toEqual([]);
  });
});
