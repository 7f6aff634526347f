/** A host on one kind of store, with a line to it and as many terminals as a test wants. */
import { expect } from "vitest";
import { type Host, openHost } from "../../src/host/host";
import type { Change } from "../../src/host/issuer";
import { testKey } from "../../src/host/keys";
import { addTerminal } from "../../src/host/seed";
import type { Refusal } from "../../src/host/service";
import { snapshot } from "./books";
import { Link } from "./link";
import type { Place, StoreKind } from "./stores";
import { TestTerminal } from "./terminal";

export class Bench {
  place!: Place;
  host!: Host;
  link!: Link;
  readonly errors: unknown[] = [];
  readonly changes: Change[] = [];
  localTime = "20260105120000";
  private lastTid = 0;

  async open(kind: StoreKind): Promise<void> {
    this.place = await kind.openPlace();
    await this.openHost();
  }

  async openHost(): Promise<void> {
    this.host = await openHost({
      ...this.place,
      testTids: [],
      localTime: () => this.localTime,
      digits: () => "918273",
      onChange: (change) => this.changes.push(change),
      onError: (error) => this.errors.push(error),
    });
    this.link = await Link.open(this.host.gateway);
  }

  async closeHost(): Promise<void> {
    await this.link.close();
    await this.host.close();
  }

  async close(): Promise<void> {
    await this.closeHost();
    await this.place.remove();
  }

  async newTerminal(): Promise<TestTerminal> {
    // Odd, so that one bit turns some into others.
    const tid = String((this.lastTid += 2) - 1).padStart(8, "0");
    await this.host.store.transact((session) => addTerminal(session, this.host.hostKey, tid, testKey(tid), true));
    return new TestTerminal(tid, testKey(tid));
  }

  send(line: string): Promise<string> {
    return this.link.send(`${line}\n`);
  }

  /** Sends a line that must get silence, be counted under `reason`, and change nothing. */
  async expectSilence(line: string, reason: Refusal): Promise<void> {
    const before = await snapshot(this.host.store);
    const count = this.host.refusals.get(reason) ?? 0;
    expect(await this.send(line)).toBe("");
    expect(this.host.refusals.get(reason)).toBe(count + 1);
    expect(await snapshot(this.host.store)).toEqual(before);
  }
}
