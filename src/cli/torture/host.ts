/** The reference host in memory: its own code from the sealed line to the ledger, without sockets and without a disk. */
import { createHash } from "node:crypto";
import { type Host, openHost } from "../../host/host";
import type { Change } from "../../host/issuer";
import { HostCrash, MemoryStore } from "../../host/memory";
import type { WireHost } from "../../sim/twins/wire";

export interface SimulatedHost extends WireHost {
  host: Host;
  store: MemoryStore;
}

export interface SimulatedHostOptions {
  tids: readonly string[];
  localTime: () => string;
  randomBytes: (count: number) => string;
  onChange?: ((change: Change) => void) | undefined;
}

/** Of test hosts alone: nothing that it seals leaves the process. */
const HOST_KEY = createHash("sha256").update("tillet simulated host").digest();

export async function openSimulatedHost(options: SimulatedHostOptions): Promise<SimulatedHost> {
  const store = new MemoryStore();
  const host = await openHost({
    folder: "",
    simulated: { store, hostKey: HOST_KEY },
    testTids: options.tids,
    localTime: options.localTime,
    digits: (count) => Array.from(options.randomBytes(count), (char) => char.charCodeAt(0) % 10).join(""),
    randomBytes: (count) => Buffer.from(options.randomBytes(count), "latin1"),
    ...(options.onChange && { onChange: options.onChange }),
  });
  return {
    host,
    store,
    answer: (line) =>
      host.answer(line).catch((error: unknown) => {
        // It went down before it had committed: nobody answers.
        if (error instanceof HostCrash) return null;
        throw error;
      }),
  };
}
