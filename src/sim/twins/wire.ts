/**
 * A network without sockets: lines go straight to a host in the same process, and each meets its fate on the way: lost, doubled, late,
 * damaged. What left the handheld before its power went may still reach the host.
 */
import { ANSWER_MS, CONNECT_MS, type Later, type Net, NetChange, refusalOf } from "./net";

/** What becomes of one line: when each copy of it arrives, ms, none when it is lost; and how it is damaged. */
export interface Fate {
  copiesMs: readonly number[];
  damage?: ((line: string) => string) | undefined;
}

export interface WireHost {
  /** The reply with its line end, or null for silence. */
  answer(line: string): Promise<string | null>;
}

export interface Weather {
  /** A connection can be made. */
  connects(): boolean;
  outward(): Fate;
  inward(): Fate;
  /** The power went while a line was on its way out: it comes to the host all the same. */
  arrivesAlone(): boolean;
}

/** Nothing happens to a line. */
export const FAIR: Weather = {
  connects: () => true,
  outward: () => ({ copiesMs: [0] }),
  inward: () => ({ copiesMs: [0] }),
  arrivesAlone: () => true,
};

export class WireTwin implements Net {
  isUp = true;
  answerMs = ANSWER_MS;
  readonly pending = new Set<Promise<void>>();
  missing: ReadonlySet<string> = new Set();
  /** Counts connections; what belongs to an earlier one is not heard. 0: there is none. */
  private connection = 0;
  private connections = 0;
  private name = "";
  private rest = "";
  private underway = new Set<{ line: string }>();

  constructor(
    private readonly host: WireHost,
    private readonly weather: Weather,
    private readonly later: Later,
    private readonly happen: (change: NetChange, bytes: string) => void,
  ) {}

  setUp(isUp: boolean): void {
    this.isUp = isUp;
    this.lose();
  }

  setMissing(missing: Iterable<string>): void {
    this.missing = new Set(missing);
    this.lose();
  }

  private lose(): void {
    const refusal = refusalOf(this, this.name);
    if (this.connection === 0 || refusal === null) return;
    this.drop();
    this.later(0, () => this.happen(NetChange.Closed, refusal));
  }

  open(host: string): void {
    this.drop();
    this.name = host;
    const refusal = refusalOf(this, host) ?? (this.weather.connects() ? null : "");
    if (refusal !== null) {
      this.later(CONNECT_MS, () => this.happen(NetChange.Closed, refusal));
      return;
    }
    this.connections++;
    this.connection = this.connections;
    this.rest = "";
    const { connection } = this;
    this.later(CONNECT_MS, () => this.tell(connection, NetChange.Open, ""));
  }

  write(bytes: string): void {
    const { connection } = this;
    if (connection === 0 || this.missing.has("answers")) return;
    const lines = (this.rest + bytes).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const { copiesMs, damage } = this.weather.outward();
      for (const delayMs of copiesMs) this.send(connection, damage ? damage(line) : line, delayMs);
    }
  }

  /** The host's end closes. */
  hangUp(): void {
    const { connection } = this;
    if (connection !== 0) this.later(0, () => this.tell(connection, NetChange.Closed, ""));
  }

  drop(): void {
    this.connection = 0;
    for (const each of this.underway) if (this.weather.arrivesAlone()) this.serve(0, each.line);
    this.underway.clear();
  }

  private send(connection: number, line: string, delayMs: number): void {
    if (delayMs === 0) {
      this.serve(connection, line);
      return;
    }
    const each = { line };
    this.underway.add(each);
    this.later(delayMs, () => {
      if (this.underway.delete(each)) this.serve(connection, line);
    });
  }

  private serve(connection: number, line: string): void {
    const work = this.host.answer(line).then((reply) => {
      if (reply === null) return;
      const { copiesMs, damage } = this.weather.inward();
      const bytes = damage ? damage(reply) : reply;
      for (const delayMs of copiesMs)
        this.later(this.answerMs + delayMs, () => this.tell(connection, NetChange.Bytes, bytes));
    });
    this.pending.add(work);
    void work.finally(() => this.pending.delete(work));
  }

  private tell(connection: number, change: NetChange, bytes: string): void {
    if (connection === 0 || connection !== this.connection) return;
    if (change === NetChange.Closed) this.connection = 0;
    this.happen(change, bytes);
  }
}
