import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Minutes of work each: begun last, they would run on when every other core has nothing left to do. */
const LONG = [
  "torture",
  "cuts-stories",
  "scripts",
  "flash/install",
  "secrets",
  "panels",
  "cuts",
  "guards/size",
  "cli/peek",
  "board/linux",
].map((name) => `/test/${name}.test.ts`);

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts"],
    testTimeout: 170_000,
    hookTimeout: 60_000,
    reporters: ["./tools/reporter.mjs"],
    sequence: { sequencer: LongFirst },
    pool: "forks",
    // A worker reads what it shares with the next file once.
    isolate: false,
    // All cores, and some that wait: an engine's console answers every 50 ms.
    maxWorkers: "150%",
  },
});
