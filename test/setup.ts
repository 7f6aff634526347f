/** Once before all tests: the bundle is built, the empty database is there, and no report of an older run is left. */
import { mkdirSync, rmSync } from "node:fs";
import { ensureBuilt } from "../tools/build.mjs";
import { makeTemplate } from "../src/host/pglite";
import { REPORT_FOLDER } from "./report";

export default async function setup(): Promise<void> {
  rmSync(REPORT_FOLDER, { recursive: true, force: true });
  mkdirSync(REPORT_FOLDER, { recursive: true });
  await ensureBuilt();
  await makeTemplate();
}
