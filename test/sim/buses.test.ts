/** The I2C bus of the simulator: one transaction after the other, and each end says whose it was. */
import { expect, test } from "vitest";
import { Buses, type I2cDevice, textNow } from "../../src/sim/buses";

const I2C = 8;

function bench() {
  const planned: { atMs: number; run: () => void }[] = [];
  const log: string[] = [];
  let nowMs = 0;
  const buses = new Buses((delayMs, happening, value, text) => {
    const run = () => {
      expect(happening).toBe(I2C);
      log.push(`${nowMs}: ended ${value} ${textNow(text)}`);
    };
    planned.push({ atMs: nowMs + delayMs, run });
  });
  const device = (name: string, isDeaf = false): I2cDevice => ({
    write: (bytes) => {
      log.push(`${nowMs}: ${name} takes ${bytes.length}`);
      return !isDeaf;
    },
    read: (byteCount) => name.repeat(byteCount),
  });
  buses.i2cs.set(0x3c, device("p"));
  buses.i2cs.set(0x68, device("c"));
  buses.i2cs.set(0x24, device("n", true));
  const run = () => {
    for (;;) {
      const next = planned.sort((a, b) => a.atMs - b.atMs).shift();
      if (!next) return;
      nowMs = next.atMs;
      next.run();
    }
  };
  return { buses, log, run };
}

test("what is asked for while it is busy waits, and ends in the order of the calls", () => {
  const { buses, log, run } = bench();
  buses.perform(["i", 0x3c, "x".repeat(128), 0]);
  buses.perform(["i", 0x68, "\0", 2]);
  expect(log).toEqual(["0: p takes 128"]);
  run();
  expect(log).toEqual(["0: p takes 128", "3: c takes 1", "3: ended 60 ", "4: ended 104 cc"]);
});

test("no acknowledgement is the address below zero, of a device that does not take its bytes and of none", () => {
  const { buses, log, run } = bench();
  buses.perform(["i", 0x24, "x", 0]);
  buses.perform(["i", 0x50, "", 1]);
  run();
  expect(log.filter((line) => line.includes("ended"))).toEqual(["1: ended -36 ", "2: ended -80 "]);
});

test("what waited when the power went does not come after it", () => {
  const { buses, log } = bench();
  buses.perform(["i", 0x3c, "x", 0]);
  buses.perform(["i", 0x68, "\0", 2]);
  buses.reset();
  buses.perform(["i", 0x68, "\0", 1]);
  expect(log).toEqual(["0: p takes 1", "0: c takes 1"]);
});
