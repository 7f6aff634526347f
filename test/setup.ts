/** Once before all tests: the bundle is built, the empty database is there, and no report is left but what will be skipped. */
import { mkdirSync, rmSync } from "node:fs";
import { ensureBuilt } from "../tools/build.mjs";
import { makeTemplate } from "../src/host/pglite";
import { SKIPPED_ENGINES } from "./engines";
import { report, REPORT_FOLDER } from "./report";

export default async function setup(): Promise<void> {
  rmSync(REPORT_FOLDER, { recursive: true, force: true });
  mkdirSync(REPORT_FOLDER, { recursive: true });
  if (SKIPPED_ENGINES.length > 0) report("9-skipped", SKIPPED_ENGINES);
  await ensureBuilt();
  await makeTemplate();
}
