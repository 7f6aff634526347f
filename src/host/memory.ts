/**
 * The host's store in memory, for simulations: the same statements as at PostgreSQL (`sql`), nothing kept on disk. Transactions come one
 * after the other and are undone when their work throws. What is there can be taken as a picture and put back, so that thousands of runs
 * begin where one has come to.
 *
 * Not looked after, since the host never relies on it: foreign keys, checks, types.
 */
import { type Item, parse, type Source, type Statement } from "./sql";
import type { Expression, Scope } from "./sql-reader";
import { type Row, type Session, type Store, type Value, withRetries } from "./store";

export type Picture = ReadonlyMap<string, ReadonlyMap<string, Row>>;

type Of<Kind extends Statement["kind"]> = Extract<Statement, { kind: Kind }>;

interface Table {
  key: string[];
  defaults: [string, Value][];
  /** By primary key. A row is never changed: another takes its place. */
  rows: Map<string, Row>;
  /** By the columns that a condition names: values to primary keys. Made when first asked for. */
  indexes: Map<string, { columns: string[]; found: Map<string, Set<string>> }>;
}

/** As the server says it. */
class Conflict extends Error {
  readonly code = "23505";
}

/** The simulated end of a host before it has committed. */
export class HostCrash extends Error {}

const plans = new Map<string, Statement>();

function planOf(sql: string): Statement {
  let plan = plans.get(sql);
  if (!plan) {
    plan = parse(sql);
    plans.set(sql, plan);
  }
  return plan;
}

const keyOf = (columns: readonly string[], row: Row) => columns.map((column) => String(row[column])).join("\u0001");

export class MemoryStore implements Store {
  private readonly tables = new Map<string, Table>();
  private undo: (() => void)[] | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private isFailing = false;

  async query(sql: string, values: readonly Value[] = []): Promise<Row[]> {
    return this.run(sql, values);
  }

  transact<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const result = this.last.then(() => withRetries(() => this.attempt(work)));
    this.last = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.last;
  }

  /** What is committed. */
  picture(): Picture {
    return new Map([...this.tables].map(([name, { rows }]) => [name, new Map(rows)]));
  }

  restore(picture: Picture): void {
    for (const [name, table] of this.tables) {
      table.rows = new Map(picture.get(name));
      table.indexes.clear();
    }
  }

  /** Rows of a table, for those who check. */
  rows(name: string): Row[] {
    return [...this.tableOf(name).rows.values()];
  }

  /** The next transaction that is about to be committed is undone instead, and its work throws. */
  failNext(): void {
    this.isFailing = true;
  }

  private tableOf(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw new Error(`memory store: no table ${name}`);
    return table;
  }

  /** Puts a row in the place of another; null for none. */
  private put(table: Table, key: string, row: Row | null): void {
    const before = table.rows.get(key);
    for (const { columns, found } of table.indexes.values()) {
      if (before) found.get(keyOf(columns, before))?.delete(key);
      if (!row) continue;
      const value = keyOf(columns, row);
      const keys = found.get(value);
      if (keys) keys.add(key);
      else found.set(value, new Set([key]));
    }
    if (row) table.rows.set(key, row);
    else table.rows.delete(key);
  }

  private change(table: Table, key: string, row: Row | null): void {
    const before = table.rows.get(key) ?? null;
    this.undo?.push(() => this.put(table, key, before));
    this.put(table, key, row);
  }

  /** Rows that may match, by an index over all columns that are known. */
  private candidates({ table: name, alias, on }: Source, where: Of<"select">["where"], scope: Scope): Iterable<Row> {
    const table = this.tableOf(name);
    const known = new Map<string, Value>();
    for (const match of [...(on?.matches ?? []), ...(where?.matches ?? [])]) {
      if (match.table === alias && !known.has(match.column)) known.set(match.column, match.value(scope));
    }
    const columns = [...known.keys()].filter((column) => known.get(column) !== null).sort();
    if (columns.length === 0) return [...table.rows.values()];
    const value = columns.map((column) => String(known.get(column))).join("\u0001");
    return [...(this.indexOf(table, columns).get(value) ?? [])].map((key) => table.rows.get(key) as Row);
  }

  private indexOf(table: Table, columns: string[]): Map<string, Set<string>> {
    const name = columns.join();
    const known = table.indexes.get(name);
    if (known) return known.found;
    const found = new Map<string, Set<string>>();
    for (const [key, row] of table.rows) {
      const value = keyOf(columns, row);
      const keys = found.get(value);
      if (keys) keys.add(key);
      else found.set(value, new Set([key]));
    }
    table.indexes.set(name, { columns, found });
    return found;
  }

  private scopes({ sources, where }: Pick<Of<"select">, "sources" | "where">, values: readonly Value[]): Scope[] {
    let all: Scope[] = [{ rows: {}, values }];
    sources.forEach((source, index) => {
      // What another table's row has to say comes to its table last.
      const isLast = index === sources.length - 1;
      all = all.flatMap((scope) =>
        [...this.candidates(source, where, scope)]
          .map((row): Scope => ({ values, rows: { ...scope.rows, [source.alias]: row } }))
          .filter((each) => !source.on || source.on.holds(each) === true)
          .filter((each) => !isLast || !where || where.holds(each) === true),
      );
    });
    return all;
  }

  private select(plan: Of<"select">, values: readonly Value[]): Row[] {
    let found = this.scopes(plan, values);
    if (plan.isGrouped) found = grouped(plan.groupBy, found, values);
    for (const { value, isDown } of [...plan.orderBy].reverse()) {
      const sign = isDown ? -1 : 1;
      const order = (a: Value, b: Value) => ((a as number) < (b as number) ? -sign : a === b ? 0 : sign);
      found.sort((a, b) => order(value(a), value(b)));
    }
    return found.slice(0, plan.limit).map((scope) => rowOf(plan.items, scope));
  }

  private insert({ table: name, columns, rows, conflict }: Of<"insert">, values: readonly Value[]): void {
    const table = this.tableOf(name);
    for (const expressions of rows) {
      const row: Row = Object.fromEntries(table.defaults);
      expressions.forEach((each, index) => (row[columns[index] as string] = each({ rows: {}, values })));
      const key = keyOf(table.key, row);
      const known = table.rows.get(key);
      if (known && !conflict) throw new Conflict(`a row of ${name} is there already`);
      if (!known) this.change(table, key, row);
      else if (conflict && conflict.set.length > 0)
        this.change(table, key, assigned(known, conflict.set, { values, rows: { [name]: known, excluded: row } }));
    }
  }

  private update(plan: Of<"update">, values: readonly Value[]): Row[] {
    const table = this.tableOf(plan.table);
    const source = { table: plan.table, alias: plan.table, on: null };
    const joined = plan.from?.rows.map((expressions) => {
      const { columns } = plan.from as { columns: string[] };
      return Object.fromEntries(columns.map((column, i) => [column, expressions[i]?.({ rows: {}, values }) ?? null]));
    });
    const changed: Row[] = [];
    for (const other of joined ?? [null]) {
      const around = { values, rows: plan.from && other ? { [plan.from.alias]: other as Row } : {} };
      for (const row of this.candidates(source, plan.where, around)) {
        const scope = { values, rows: { ...around.rows, [plan.table]: row } };
        if (plan.where && plan.where.holds(scope) !== true) continue;
        const made = assigned(row, plan.set, scope);
        const [from, to] = [keyOf(table.key, row), keyOf(table.key, made)];
        if (from !== to) this.change(table, from, null);
        this.change(table, to, made);
        changed.push(rowOf(plan.returning, { values, rows: { [plan.table]: made } }));
      }
    }
    return changed;
  }

  private run(sql: string, values: readonly Value[]): Row[] {
    const plan = planOf(sql);
    if (plan.kind === "select") return this.select(plan, values);
    if (plan.kind === "update") return this.update(plan, values);
    if (plan.kind === "insert") this.insert(plan, values);
    else if (plan.kind === "delete") {
      const table = this.tableOf(plan.table);
      const sources = [{ table: plan.table, alias: plan.table, on: null }];
      for (const { rows } of this.scopes({ sources, where: plan.where }, values))
        this.change(table, keyOf(table.key, rows[plan.table] as Row), null);
    } else if (plan.kind === "create" && !this.tables.has(plan.table)) {
      const { key, defaults } = plan;
      this.tables.set(plan.table, { key, defaults, rows: new Map(), indexes: new Map() });
    } else if (plan.kind === "alter") {
      this.tableOf(plan.table).defaults.push(...plan.defaults);
    }
    return [];
  }

  private async attempt<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const done: (() => void)[] = [];
    this.undo = done;
    try {
      const result = await work({ query: async (sql, values = []) => this.run(sql, values) });
      if (this.isFailing) {
        this.isFailing = false;
        throw new HostCrash("the host went down before it committed");
      }
      return result;
    } catch (error) {
      for (const back of done.reverse()) back();
      throw error;
    } finally {
      this.undo = null;
    }
  }
}

function assigned(row: Row, set: readonly (readonly [string, Expression])[], scope: Scope): Row {
  const made = { ...row };
  for (const [column, value] of set) made[column] = value(scope);
  return made;
}

function rowOf(items: readonly Item[], scope: Scope): Row {
  const row: Row = {};
  for (const { name, value, isAll } of items) {
    if (!isAll) row[name] = value(scope);
    else Object.assign(row, ...(name ? [scope.rows[name]] : Object.values(scope.rows)));
  }
  return row;
}

/** One scope a group, with the first of its rows; without columns to group by there is always one. */
function grouped(by: readonly Expression[], all: Scope[], values: readonly Value[]): Scope[] {
  const groups = new Map<string, Scope[]>();
  if (by.length === 0) groups.set("", []);
  for (const scope of all) {
    const name = by.map((each) => String(each(scope))).join("\u0001");
    const group = groups.get(name);
    if (group) group.push(scope);
    else groups.set(name, [scope]);
  }
  return [...groups.values()].map((group) => ({ values, rows: group[0]?.rows ?? {}, group }));
}
