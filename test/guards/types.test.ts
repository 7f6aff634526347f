/** Both TypeScript projects compile: everything for Node, and the firmware for an engine that has the language only. */
import { expect, test } from "vitest";
import { complaints } from "./tool";

test.concurrent.each(["tsconfig.json", "tsconfig.firmware.json"])("%s has no errors", async (project) => {
  expect(await complaints("typescript/bin/tsc", ["--project", project, "--pretty", "false"])).toBe("");
});
