/** Lines from an engine's process, gathered into turns. */
import type { ChildProcess } from "node:child_process";
import { END_OF_TURN, type Order, TURN_MS_MAX } from "./engine";

export class Turns {
  private orders: Order[] = [];
  private done: { resolve: (orders: Order[]) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;
  private failed: ((error: Error) => void) | null = null;
  private noise = "";

  /** Watches the process: its death ends a turn that waits. */
  constructor(private readonly name: string) {}

  watch(child: ChildProcess): void {
    const variable = this.name.toUpperCase();
    child.on("error", ({ message }) =>
      this.fail(`cannot be started (${message}): put it on the PATH, or name it in ${variable}`),
    );
    child.on("exit", (code, signal) => this.fail(`ended (${signal ?? `status ${code}`})`));
  }

  /** A feeder for one stream; each has its own unfinished line. */
  stream(): (text: string) => void {
    let rest = "";
    return (text) => {
      const pieces = (rest + text).split("\n");
      rest = pieces.pop() ?? "";
      for (const piece of pieces) this.take(piece.replace(/\r$/, ""));
    };
  }

  private take(line: string): void {
    if (line === END_OF_TURN) {
      const orders = this.orders;
      this.orders = [];
      this.done?.resolve(orders);
      this.done = null;
    } else if (line.startsWith("[")) {
      this.order(line);
    } else if (/Uncaught|Unhandled|Execution Interrupted|rror:/.test(line)) {
      this.fail(line);
    } else {
      this.noise = `${this.noise}\n${line}`.slice(-400);
    }
  }

  private order(line: string): void {
    try {
      this.orders.push(JSON.parse(line) as Order);
    } catch {
      this.fail(`sent a line that is not JSON: ${line}`);
    }
  }

  fail(why: string): void {
    this.failure = new Error(`${this.name} ${why}${this.noise}`);
    this.done?.reject(this.failure);
    this.done = null;
    this.failed?.(this.failure);
  }

  /** Rejects when the process fails, for those who wait for something else than a turn. */
  whenFailed(): Promise<never> {
    return new Promise((_, reject) => {
      this.failed = reject;
      if (this.failure) reject(this.failure);
    });
  }

  /** The orders of the turn that `send` begins. */
  next(send: () => void): Promise<Order[]> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(`gave no end of turn in ${TURN_MS_MAX} ms`), TURN_MS_MAX);
      const settle = (act: () => void) => {
        clearTimeout(timer);
        act();
      };
      this.done = {
        resolve: (orders) => settle(() => resolve(orders)),
        reject: (error) => settle(() => reject(error)),
      };
      send();
    });
  }
}
