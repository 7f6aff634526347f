/** An engine that is not there, or dies, is an error that says what to do; nothing waits for it. */
import { describe, expect, test } from "vitest";
import { BUNDLE } from "../../src/cli/world";
import { openEspruino } from "../../src/sim/engines/espruino";
import { openJerryscript } from "../../src/sim/engines/jerryscript";

describe.each([
  ["espruino", openEspruino],
  ["jerry", openJerryscript],
])("%s", (name, open) => {
  /** Power on, and a first turn. */
  const use = async (command: string) => {
    const engine = open(BUNDLE, command);
    try {
      await engine.start();
      await engine.turn(0, 0, 0, "");
    } finally {
      await engine.stop();
    }
  };

  test("that is not there", async () => {
    await expect(use("no-such-engine")).rejects.toThrow(
      `${name} cannot be started (spawn no-such-engine ENOENT): put it on the PATH, or name it in ${name.toUpperCase()}`,
    );
  });

  test("that ends at once", async () => {
    await expect(use("true")).rejects.toThrow(`${name} ended (status 0)`);
  });
});
