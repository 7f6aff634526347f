/** Every fuzz target with 100,000 inputs, the same ones in each run; `npm run fuzz -- --minutes N` plays others for longer. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../guards/tool";
import { report } from "../report";
import { FOLDER, loadTarget, play, replayCommand, targetNames } from "./runner";

const INPUTS = 100_000;
const SEED = 1;

const lines: string[] = [];
afterAll(() => report("fuzz", ["Fuzzed (target: inputs, exceptions)", ...lines]));

describe("each of 100,000 inputs is taken or refused, and nothing else happens", () => {
  test.each(targetNames())("%s", async (name) => {
    const { inputs, failure } = play(await loadTarget(name), SEED, INPUTS);
    lines.push(`  ${name}: ${inputs}, ${failure ? 1 : 0}`);
    expect(failure && `${replayCommand(name, failure.seed)}\n${failure.message}`).toBeNull();
    expect(inputs).toBe(INPUTS);
  });
});

describe("the long run", () => {
  const SAMPLES = join(FOLDER, "samples");
  const run = (...args: string[]) => {
    const command = [join(ROOT, "tools", "fuzz.mjs"), "--folder", SAMPLES, ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: "utf8" });
    return { status, out: stdout, err: stderr };
  };

  test("plays every target, and says how to play a failing input again", () => {
    const { status, out, err } = run("--inputs", "20000", "--seed", "5", "--only", "throws");
    expect(status).toBe(1);
    expect(out).toMatch(/Fuzzed from seed 5:\n {2}throws +\d+ inputs, 1 failed\n/);
    const [, seed] = /Again: npm run fuzz -- --only throws --seed (\d+) --inputs 1\n/.exec(err) ?? [];
    const again = run("--inputs", "1", "--seed", seed ?? "", "--only", "throws");
    expect(again.status).toBe(1);
    expect(again.err).toContain(`throws failed on seed ${seed}: Error: one in a thousand`);
    const next = run("--inputs", "1", "--seed", `${Number(seed) + 1}`, "--only", "throws");
    expect(next.status).toBe(0);
  });

  test("notices an input that does not end", () => {
    const { status, err } = run("--minutes", "0.05", "--seed", "5", "--only", "hangs", "--patience", "1");
    expect(status).toBe(1);
    expect(err).toMatch(
      /hangs failed on seed \d+: no end within 1 s\nAgain: npm run fuzz -- --only hangs --seed \d+ --inputs 1\n/,
    );
  });

  test("ends in its time, and counts for machines", () => {
    const { status, out } = run("--minutes", "0.01", "--only", "fine", "--json");
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { what: string; value: number });
    expect(status).toBe(0);
    expect(lines.map(({ what }) => what)).toEqual(["fuzz fine: inputs", "fuzz fine: uncaught"]);
    expect(lines[0]).toMatchObject({ id: "Q4", unit: "inputs", goal: 10_000_000, engine: "node" });
    expect(lines[0]?.value).toBeGreaterThan(1000);
    expect(lines[1]?.value).toBe(0);
  });

  test("knows no target of another name, and no word for a number", () => {
    expect(run("--only", "nothing").err).toContain("no fuzz target nothing");
    expect(run("--minutes", "long").err).toContain("--minutes takes a number, not long");
  });
});
