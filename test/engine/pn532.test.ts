/** The PN532's driver as it is shipped, on every engine and every bus: the same bytes, the same reports, at the same time. */
import { beforeAll, describe, expect, test } from "vitest";
import { NfcReport } from "../../src/drivers/pn532-report";
import { typeACard, typeBCard } from "../../src/sim/twins/pn532-card";
import { Pn532Hsu, Pn532I2c, Pn532Spi } from "../../src/sim/twins/pn532-port";
import { BARE_ENGINES } from "../engines";
import { Bench, buildProbe, openProbeEngine } from "./bench";
import type { EngineName } from "../../src/sim/engines/engine";

const BUSES = ["HSU", "I2C", "SPI"];
const WIRED = { port: 4, address: 0x24, device: 1 };
/** All byte values come in. */
const text = (length: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode(255 - (i & 255))).join("");

let probe = "";
beforeAll(async () => {
  probe = await buildProbe("test/engine/pn532.probe.ts");
});

/** Every report of a day at the reader. */
async function play(name: EngineName, bus: number) {
  const bench = new Bench(openProbeEngine(name, probe));
  const later = (delayMs: number, run: () => void) => void bench.later(delayMs, run);
  const now = () => bench.nowMs;
  const hsu = new Pn532Hsu(later, now, (bytes) => bench.buses.say(WIRED.port, bytes));
  const device = [hsu, new Pn532I2c(later, now), new Pn532Spi(later, now)][bus] ?? hsu;
  if (device instanceof Pn532Hsu) bench.buses.uarts.set(WIRED.port, device);
  if (device instanceof Pn532I2c) bench.buses.i2cs.set(WIRED.address, device);
  if (device instanceof Pn532Spi) bench.buses.spis.set(WIRED.device, device);
  await bench.open();
  const { field } = device.chip;
  const reports: (string | number)[][] = [];
  const ask = async (command: string, forMs = 1500) => {
    const said = await bench.command(0, command, forMs);
    reports.push(...said);
    return said;
  };

  await ask(`o${bus}`);
  await ask("p");
  const card = typeACard();
  field.tap(card);
  await ask("p");
  for (const length of [24, 64, 250, 260, 264, 600]) {
    const [answer] = await ask(`x${text(length)}`);
    expect(answer?.[0]).toBe(NfcReport.Answer);
    expect(answer?.[2]).toBe(text(length));
  }
  const other = typeBCard();
  field.tap(other);
  await ask("p");
  field.untap(card);
  await ask("p");
  await ask(`x${text(100)}`);
  // A bit of the answer is wrong: it comes again.
  let bytes = 0;
  device.toHost = (heard) => {
    bytes += heard.length;
    return bytes === heard.length ? heard : heard.replace("\x41", "\x43");
  };
  await ask(`x${text(20)}`, 3000);
  device.toHost = (heard) => heard;
  await ask("p");
  field.untap(other);
  await ask("xlost");
  await ask("r");
  device.unplug();
  await ask("p");
  device.plug();
  await bench.runFor(3000);
  reports.push(...bench.reports.splice(0));
  field.tap(card);
  await ask("p");
  await ask("xback");
  await bench.close();
  return reports;
}

describe.each(BUSES.map((name, bus) => ({ name, bus })))("on $name", ({ bus }) => {
  let onNode: (string | number)[][] = [];
  beforeAll(async () => {
    onNode = await play("node", bus);
  });

  test("every job has its report", () => {
    expect(onNode.map(([report]) => report)).toEqual([
      NfcReport.Ready,
      NfcReport.NoCard,
      NfcReport.Card,
      ...Array.from({ length: 6 }, () => NfcReport.Answer),
      NfcReport.TwoCards,
      NfcReport.Card,
      NfcReport.Answer,
      NfcReport.CardGarbled,
      NfcReport.Card,
      NfcReport.CardLost,
      NfcReport.Released,
      NfcReport.Silent,
      NfcReport.Ready,
      NfcReport.Card,
      NfcReport.Answer,
    ]);
  });

  describe.each(BARE_ENGINES)("$name", ({ name, isHere }) => {
    test.skipIf(!isHere)("reports the same", async () => expect(await play(name, bus)).toEqual(onNode));
  });
});
