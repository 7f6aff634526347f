/** The page for a port of JerryScript is what `npm run tables` would write now, and speaks of every order that the simulator obeys. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PORT_FILE, renderPort } from "../../tools/jerryscript-port.mjs";
import { ROOT } from "./tool";

test("docs/jerryscript-port.md is fresh: `npm run tables` would change nothing", async () => {
  expect(readFileSync(PORT_FILE, "utf8")).toBe(await renderPort());
});

test("every order is in it, with what to do", async () => {
  const page = await renderPort();
  const simulator = ["buses.ts", "handheld.ts"].map((file) => readFileSync(join(ROOT, "src", "sim", file), "utf8"));
  const orders = [...simulator.join("").matchAll(/\bname === "(\w+)"/g)].map(([, name]) => name);
  expect(orders.length).toBeGreaterThan(12);
  for (const order of orders) expect(page, order).toMatch(new RegExp(`^\\| \`\\[${order}[,\\]].*\\w.? \\|$`, "m"));
});
