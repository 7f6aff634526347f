/**
 * The SQL that the host speaks, read for its memory store (`memory`): one statement, one plan. Small on purpose: what it does not know it
 * names and refuses, so that a statement never means something else here than at PostgreSQL.
 */
import { COLUMN_TYPES, type Condition, type Expression, SqlReader } from "./sql-reader";
import type { Value } from "./store";

export interface Source {
  table: string;
  alias: string;
  on: Condition | null;
}

export interface Item {
  name: string;
  value: Expression;
  isAll: boolean;
}

export type Statement =
  | {
      kind: "select";
      items: Item[];
      sources: Source[];
      where: Condition | null;
      groupBy: Expression[];
      isGrouped: boolean;
      orderBy: { value: Expression; isDown: boolean }[];
      limit: number;
    }
  | {
      kind: "insert";
      table: string;
      columns: string[];
      rows: Expression[][];
      conflict: { set: [string, Expression][] } | null;
    }
  | {
      kind: "update";
      table: string;
      set: [string, Expression][];
      from: { alias: string; columns: string[]; rows: Expression[][] } | null;
      where: Condition | null;
      returning: Item[];
    }
  | { kind: "delete"; table: string; where: Condition | null }
  | { kind: "create"; table: string; defaults: [string, Value][]; key: string[] }
  | { kind: "alter"; table: string; defaults: [string, Value][] }
  | { kind: "nothing" };

export function parse(sql: string): Statement {
  return new Parser(sql).statement();
}

class Parser extends SqlReader {
  statement(): Statement {
    const read: Record<string, () => Statement> = {
      select: () => this.select(),
      insert: () => this.insert(),
      update: () => this.update(),
      delete: () => this.delete(),
      create: () => this.create(),
      alter: () => this.alter(),
      set: () => this.nothing(),
      checkpoint: () => this.nothing(),
    };
    const statement = read[this.next()];
    if (!statement) this.refuse();
    const made = (statement as () => Statement)();
    if (this.at < this.tokens.length) this.refuse();
    return made;
  }

  private nothing(): Statement {
    this.at = this.tokens.length;
    return { kind: "nothing" };
  }

  // ---- statements

  private select(): Statement {
    const itemsAt = this.at;
    // Names of tables come behind what is selected: they are read first.
    while (this.at < this.tokens.length && !this.takes("from")) this.at++;
    const sources = this.sources();
    const behind = this.at;
    this.at = itemsAt;
    const items = this.list(() => this.item());
    if (sources.length > 0) this.want("from");
    const isGrouped = this.hasAggregate;
    this.at = behind;
    const where = this.takes("where") ? this.condition() : null;
    const groupBy = this.takes("group", "by") ? this.list(() => this.expression()) : [];
    const orderBy = this.takes("order", "by")
      ? this.list(() => ({ value: this.expression(), isDown: this.takes("desc") }))
      : [];
    const limit = this.takes("limit") ? Number(this.next()) : Infinity;
    if (this.takes("for", "update") && this.takes("of")) this.next();
    return {
      kind: "select",
      items,
      sources,
      where,
      groupBy,
      isGrouped: isGrouped || groupBy.length > 0,
      orderBy,
      limit,
    };
  }

  private sources(): Source[] {
    if (this.at >= this.tokens.length) return [];
    const sources = [this.source()];
    while (this.takes("join")) {
      const source = this.source();
      this.want("on");
      sources.push({ ...source, on: this.condition() });
    }
    return sources;
  }

  private source(): Source {
    const table = this.next();
    const isNamed = /^[a-z]$/.test(this.tokens[this.at] ?? "");
    const alias = isNamed ? this.next() : table;
    this.aliases.push(alias);
    return { table, alias, on: null };
  }

  private item(): Item {
    const first = this.tokens[this.at] ?? "";
    if (this.takes("*")) return { name: "", value: () => null, isAll: true };
    if (this.takes(first, ".", "*")) return { name: first, value: () => null, isAll: true };
    const start = this.at;
    const value = this.expression();
    const last = this.tokens.slice(start, this.at).at(-1) as string;
    return { name: this.takes("as") ? this.next() : last, value, isAll: false };
  }

  private insert(): Statement {
    this.want("into");
    const table = this.next();
    this.aliases = [table, "excluded"];
    const columns = this.inBrackets(() => this.list(() => this.next()));
    this.want("values");
    const rows = this.list(() => this.inBrackets(() => this.list(() => this.expression())));
    let conflict: { set: [string, Expression][] } | null = null;
    if (this.takes("on", "conflict")) {
      this.inBrackets(() => this.list(() => this.next()));
      this.want("do");
      conflict = { set: this.takes("nothing") ? [] : this.assignments("update", "set") };
    }
    return { kind: "insert", table, columns, rows, conflict };
  }

  private update(): Statement {
    const table = this.next();
    this.aliases = [table];
    const setAt = this.at;
    // The values that it is joined with have a name behind `set`.
    while (this.at < this.tokens.length && !this.takes("from")) this.at++;
    const from = this.at < this.tokens.length ? this.valuesTable() : null;
    const behind = this.at;
    this.at = setAt;
    const set = this.assignments("set");
    if (from) this.at = behind;
    const where = this.takes("where") ? this.condition() : null;
    const returning = this.takes("returning") ? this.list(() => this.item()) : [];
    return { kind: "update", table, set, from, where, returning };
  }

  private valuesTable(): { alias: string; columns: string[]; rows: Expression[][] } {
    const rows = this.inBrackets(() => {
      this.want("values");
      return this.list(() => this.inBrackets(() => this.list(() => this.expression())));
    });
    this.want("as");
    const alias = this.next();
    this.aliases.push(alias);
    return { alias, columns: this.inBrackets(() => this.list(() => this.next())), rows };
  }

  private assignments(...words: string[]): [string, Expression][] {
    this.want(...words);
    return this.list(() => {
      const column = this.next();
      this.want("=");
      return [column, this.expression()];
    });
  }

  private delete(): Statement {
    this.want("from");
    const table = this.next();
    this.aliases = [table];
    return { kind: "delete", table, where: this.takes("where") ? this.condition() : null };
  }

  private create(): Statement {
    if (this.takes("index")) return this.nothing();
    this.want("table", "if", "not", "exists");
    const table = this.next();
    const key: string[] = [];
    const defaults: [string, Value][] = [];
    this.inBrackets(() =>
      this.list(() => {
        if (this.takes("primary", "key")) key.push(...this.inBrackets(() => this.list(() => this.next())));
        else if (this.takes("check")) this.skipBrackets();
        else defaults.push(this.column(key));
      }),
    );
    return { kind: "create", table, defaults, key };
  }

  private alter(): Statement {
    this.want("table");
    const table = this.next();
    const defaults = this.list(() => {
      this.want("add", "column", "if", "not", "exists");
      return this.column([]);
    });
    return { kind: "alter", table, defaults };
  }

  /** A column and its default. Foreign keys are not looked after here. */
  private column(key: string[]): [string, Value] {
    const name = this.next();
    if (!COLUMN_TYPES.includes(this.next())) this.refuse();
    let value: Value = null;
    for (;;) {
      if (this.takes("not", "null")) continue;
      if (this.takes("primary", "key")) key.push(name);
      else if (this.takes("default")) value = this.expression()({ rows: {}, values: [] });
      else if (this.takes("references")) {
        this.next();
        this.skipBrackets();
      } else return [name, value];
    }
  }

  private skipBrackets(): void {
    this.want("(");
    for (let depth = 1; depth > 0;) {
      const token = this.next();
      depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    }
  }
}
