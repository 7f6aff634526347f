import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts"],
    testTimeout: 170_000,
    hookTimeout: 60_000,
    reporters: ["./tools/reporter.mjs"],
    pool: "forks",
    // All cores: nothing else runs meanwhile.
    maxWorkers: "100%",
  },
});
