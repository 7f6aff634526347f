/** A plain summary: what failed and why, the reports that tests left behind, then the counts. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

export default class PlainReporter {
  counts = { passed: 0, failed: 0, skipped: 0 };

  onTestRunStart(files) {
    if (files.length === 0) this.print("No test file has such a name.");
  }

  onTestModuleEnd(module) {
    const tests = [...module.children.allTests()];
    const failed = tests.filter((test) => test.result().state === "failed");
    for (const test of tests) this.counts[test.result().state === "pending" ? "skipped" : test.result().state]++;
    const milliseconds = Math.round(module.diagnostic().duration);
    const mark = failed.length > 0 || module.state() === "failed" ? "FAIL" : "ok  ";
    this.print(`${mark} ${module.relativeModuleId ?? module.moduleId} (${tests.length} tests, ${milliseconds} ms)`);
    for (const test of failed) this.fail(test.fullName, test.result().errors);
    // A hook that failed: its suite's tests count as skipped, the suite as failed.
    const suites = [...module.children.allSuites()].map((suite) => ({ name: suite.fullName, errors: suite.errors() }));
    for (const { name, errors } of [{ name: module.moduleId, errors: module.errors() }, ...suites]) {
      if (errors.length === 0) continue;
      this.counts.failed++;
      this.fail(name, errors);
    }
  }

  onTestRunEnd(_, unhandled) {
    for (const error of unhandled) {
      this.counts.failed++;
      this.fail("outside any test", [error]);
    }
    const folder = join(ROOT, ".cache", "report");
    const reports = existsSync(folder) ? readdirSync(folder).sort() : [];
    for (const name of reports) this.print(`\n${readFileSync(join(folder, name), "utf8").trimEnd()}`);
    const { passed, failed, skipped } = this.counts;
    this.print(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  }

  fail(name, errors) {
    this.print(`\n  ${name}`);
    for (const error of errors) {
      const place = error.stacks?.find(({ file }) => !file.includes("node_modules"));
      const text = `${error.message}${error.diff ? `\n${error.diff}` : ""}${place ? `\nat ${place.file}:${place.line}` : ""}`;
      this.print(text.replace(/^/gm, "    "));
    }
    this.print("");
  }

  print(text) {
    process.stdout.write(`${text}\n`);
  }
}
