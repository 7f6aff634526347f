/** Once before all tests: the bundle is built, a database and its server are there, and no report is left but what will be skipped. */
import { mkdirSync, rmSync } from "node:fs";
import { ensureBuilt } from "../tools/build.mjs";
import { makeTemplate } from "../src/host/pglite";
import type { TestProject } from "vitest/node";
import { SKIPPED_ENGINES } from "./engines";
import { report, REPORT_FOLDER } from "./report";
import { openServer } from "./server";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  rmSync(REPORT_FOLDER, { recursive: true, force: true });
  mkdirSync(REPORT_FOLDER, { recursive: true });
  const [{ url, whyNot, stop }] = await Promise.all([openServer(), ensureBuilt(), makeTemplate()]);
  const skipped = [...SKIPPED_ENGINES, ...(whyNot ? [`PostgreSQL: ${whyNot}, its tests skipped`] : [])];
  if (skipped.length > 0) report("9-skipped", skipped);
  project.provide("postgres", { url, whyNot });
  return stop;
}
