/** All TypeScript projects compile: everything for Node, the firmware for an engine that has the language only, the page for a browser. */
import { expect, test } from "vitest";
import { complaints } from "./tool";

test.concurrent.each(["tsconfig.json", "tsconfig.firmware.json", "flash/web/tsconfig.json"])(
  "%s has no errors",
  async (project) => {
    expect(await complaints("typescript/bin/tsc", ["--project", project, "--pretty", "false"])).toBe("");
  },
);
