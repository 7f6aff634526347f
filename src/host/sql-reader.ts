/** The words and expressions of the SQL that `sql` reads: each expression becomes a function of the rows that are in hand. */
import type { Row, Value } from "./store";

/** Rows by the name that the statement has for each table; `group`: those that an aggregate is over. */
export interface Scope {
  rows: Record<string, Row>;
  values: readonly Value[];
  group?: Scope[];
}

export type Expression = (scope: Scope) => Value;

/** `column = expression` at the top of a condition, with no column on the right: what an index can find. */
export interface Match {
  table: string;
  column: string;
  value: Expression;
}

export interface Condition {
  holds: Expression;
  matches: Match[];
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\$[0-9]+)|([0-9]+)|([a-z_][a-z0-9_]*)|(<>|<=|>=|::|[-+*=<>(),.]))/iy;
export const COLUMN_TYPES = ["text", "integer", "bigint", "bytea", "boolean"];
const AGGREGATES = ["count", "sum", "max", "min"];

const COMPARE: Record<string, (a: never, b: never) => boolean> = {
  "=": (a, b) => a === b,
  "<>": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

export class SqlReader {
  protected readonly tokens: string[] = [];
  protected at = 0;
  /** Of the condition that is being read; null inside `or` and `not`. */
  protected matches: Match[] | null = null;
  protected hasAggregate = false;
  /** Names that stand for tables, in the order of the statement. */
  protected aliases: string[] = [];

  constructor(private readonly sql: string) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < sql.trimEnd().length) {
      const found = TOKEN.exec(sql);
      if (!found) throw new Error(`memory store: cannot read ${sql}`);
      this.tokens.push(found[1] ?? (found[0] as string).trim().toLowerCase());
    }
  }

  // ---- words

  protected refuse(): never {
    throw new Error(`memory store: what is ${this.tokens[this.at - 1] ?? "missing"} in ${this.sql}`);
  }

  protected next(): string {
    return this.tokens[this.at++] ?? this.refuse();
  }

  /** Takes these words when they are next. */
  protected takes(...words: string[]): boolean {
    const isNext = words.every((word, index) => this.tokens[this.at + index] === word);
    if (isNext) this.at += words.length;
    return isNext;
  }

  protected want(...words: string[]): void {
    if (!this.takes(...words)) {
      this.at++;
      this.refuse();
    }
  }

  protected list<T>(read: () => T): T[] {
    const all = [read()];
    while (this.takes(",")) all.push(read());
    return all;
  }

  protected inBrackets<T>(read: () => T): T {
    this.want("(");
    const value = read();
    this.want(")");
    return value;
  }

  // ---- expressions

  protected condition(): Condition {
    const matches: Match[] = [];
    this.matches = matches;
    const holds = this.expression();
    this.matches = null;
    return { holds, matches };
  }

  protected expression(): Expression {
    const from = this.matches?.length ?? 0;
    const parts = [this.conjunction()];
    while (this.takes("or")) parts.push(this.conjunction());
    if (parts.length === 1) return parts[0] as Expression;
    this.matches?.splice(from);
    return (scope) => parts.some((part) => part(scope) === true);
  }

  protected conjunction(): Expression {
    const parts = [this.negation()];
    while (this.takes("and")) parts.push(this.negation());
    return parts.length === 1 ? (parts[0] as Expression) : (scope) => parts.every((part) => part(scope) === true);
  }

  protected negation(): Expression {
    if (!this.takes("not")) return this.comparison();
    const from = this.matches?.length ?? 0;
    const value = this.negation();
    this.matches?.splice(from);
    return (scope) => value(scope) === false;
  }

  protected comparison(): Expression {
    const start = this.at;
    const left = this.sum();
    if (this.takes("is", "null")) return (scope) => left(scope) === null;
    if (this.takes("is", "not", "null")) return (scope) => left(scope) !== null;
    if (this.takes("in")) {
      const values = this.inBrackets(() => this.list(() => this.sum()));
      return (scope) => values.some((value) => value(scope) === left(scope));
    }
    const operator = this.tokens[this.at] ?? "";
    const compare = Object.hasOwn(COMPARE, operator) ? COMPARE[operator] : undefined;
    if (!compare) return left;
    this.at++;
    const rightAt = this.at;
    const right = this.sum();
    if (operator === "=") this.note(start, rightAt, right);
    return (scope) => {
      const [a, b] = [left(scope), right(scope)];
      return a !== null && b !== null && compare(a as never, b as never);
    };
  }

  /** A column on the left of `=`, and something on the right that is known before the row is. */
  protected note(start: number, rightAt: number, value: Expression): void {
    const [first = "", dot, second = ""] = this.tokens.slice(start, rightAt - 1);
    const isQualified = dot === "." && rightAt - 1 - start === 3;
    if (!isQualified && rightAt - 1 - start !== 1) return;
    const right = this.tokens.slice(rightAt, this.at);
    const alias = isQualified ? first : (this.aliases[0] as string);
    const isOfAnother = right[1] === "." && right[0] !== alias;
    if (!isOfAnother && right.some((token) => /^[a-z_]/.test(token) && !COLUMN_TYPES.includes(token))) return;
    this.matches?.push({ table: alias, column: isQualified ? second : first, value });
  }

  protected sum(): Expression {
    let left = this.primary();
    for (;;) {
      const sign = this.takes("+") ? 1 : this.takes("-") ? -1 : 0;
      if (sign === 0) return left;
      const [a, b] = [left, this.primary()];
      left = (scope) => Number(a(scope)) + sign * Number(b(scope));
    }
  }

  protected primary(): Expression {
    const token = this.next();
    if (token === "(") {
      const value = this.expression();
      this.want(")");
      return value;
    }
    if (token === "-") {
      const value = this.primary();
      return (scope) => -Number(value(scope));
    }
    if (token.startsWith("$")) {
      const index = Number(token.slice(1)) - 1;
      if (this.takes("::")) this.next();
      return ({ values }) => values[index] ?? null;
    }
    if (token.startsWith("'")) return this.literal(token.slice(1, -1).replaceAll("''", "'"));
    if (/^[0-9]/.test(token)) return this.literal(Number(token));
    if (token === "true" || token === "false") return this.literal(token === "true");
    if (token === "null") return this.literal(null);
    if (!/^[a-z_]/.test(token)) this.refuse();
    return this.takes("(") ? this.call(token) : this.columnOf(token);
  }

  protected literal(value: Value): Expression {
    return () => value;
  }

  protected call(name: string): Expression {
    if (name === "coalesce") {
      const all = this.list(() => this.expression());
      this.want(")");
      return (scope) => {
        for (const each of all) {
          const value = each(scope);
          if (value !== null) return value;
        }
        return null;
      };
    }
    if (!AGGREGATES.includes(name)) this.refuse();
    this.hasAggregate = true;
    const of = name === "count" && this.takes("*") ? this.literal(1) : this.expression();
    this.want(")");
    return ({ group = [] }) => {
      const values = group.map(of).filter((value) => value !== null) as number[];
      if (name === "count") return values.length;
      if (values.length === 0) return null;
      if (name === "sum") return values.reduce((sum, value) => sum + value, 0);
      return name === "max" ? Math.max(...values) : Math.min(...values);
    };
  }

  protected columnOf(first: string): Expression {
    if (this.takes(".")) {
      const column = this.next();
      return ({ rows }) => rows[first]?.[column] ?? null;
    }
    const aliases = this.aliases;
    return ({ rows }) => {
      for (const alias of aliases) {
        const value = rows[alias]?.[first];
        if (value !== undefined) return value;
      }
      return null;
    };
  }
}
