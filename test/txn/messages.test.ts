/** What the terminal packs with generated code is what the host's strict codec takes, field by field, whatever the amounts and numbers are. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fields, unpack } from "../../src/host/iso8583";
import { MESSAGE_TYPES } from "../../src/proto/fields.table";
import { reversalRequest, saleRequest } from "../../src/txn/messages";
import { openTerminal } from "../../src/txn/state";
import { settings, transaction } from "./samples";

const digits = (value: number, count: number) => String(value).padStart(count, "0");
const bytes = (count: number) =>
  fc.uint8Array({ minLength: count, maxLength: count }).map((all) => Buffer.from(all).toString("latin1"));

const anySale = fc.record({
  stan: fc.integer({ min: 1, max: 999999 }),
  amountMinor: fc.integer({ min: 1, max: 999999999999 }),
  batchNumber: fc.integer({ min: 1, max: 999999 }),
  track2: fc.stringMatching(/^[0-9]{12,19}=[0-9]{7,17}$/),
});

const anyPin = fc.oneof(
  fc.constant({ pinFormat: "" as const, pinSerial: "", pinBlock: "" }),
  fc.record({ pinFormat: fc.constant("0" as const), pinSerial: bytes(12), pinBlock: bytes(8) }),
  fc.record({ pinFormat: fc.constant("4" as const), pinSerial: bytes(12), pinBlock: bytes(16) }),
);

function common(stan: number, amountMinor: number, batchNumber: number): Record<number, string> {
  return {
    3: "000000",
    4: digits(amountMinor, 12),
    11: digits(stan, 6),
    22: "022",
    25: "00",
    41: "00000001",
    42: "000000000000001",
    49: "978",
    60: `22${digits(batchNumber, 6)}`,
  };
}

function pinFields({ pinFormat, pinSerial, pinBlock }: Record<string, string>): Record<number, string | undefined> {
  if (pinFormat === "") return {};
  const isAes = pinFormat === "4";
  return {
    22: "021",
    26: "12",
    53: isAes ? "2800000000000000" : "2600000000000000",
    59: pinSerial + (isAes ? pinBlock : ""),
    ...(!isAes && { 52: pinBlock }),
  };
}

/** The table demands these, and allows no others. */
function expectAsInTable(fields: Fields | null): void {
  const type = MESSAGE_TYPES.find(({ mti }) => mti === fields?.[0]);
  const present = Object.keys(fields ?? []).map(Number);
  const allowed = [0, ...(type?.must ?? []), ...(type?.may ?? []).flatMap((each) => each.fields)];
  expect(present).toEqual(expect.arrayContaining([...(type?.must ?? [])]));
  expect(allowed).toEqual(expect.arrayContaining(present));
}

test("sale and reversal", () => {
  fc.assert(
    fc.property(anySale, anyPin, ({ stan, amountMinor, batchNumber, track2 }, pin) => {
      const { pinFormat, ...pinData } = pin;
      const known = { ...settings(), pinFormat };
      const t = { ...openTerminal(), settings: known, batchNumber, track2, ...pinData };
      const txn = transaction({ stan, amountMinor });
      const values = common(stan, amountMinor, batchNumber);
      const sale = unpack(saleRequest(t, known, txn));
      expect(sale).toEqual(Object.assign(["0200"] as Fields, { ...values, 35: track2, ...pinFields(pin) }));
      expectAsInTable(sale);
      const reversal = unpack(reversalRequest(t, known, txn));
      const entry = pinFormat === "" ? "022" : "021";
      expect(reversal).toEqual(Object.assign(["0400"] as Fields, { ...values, 22: entry, 39: "98" }));
      expectAsInTable(reversal);
    }),
    { seed: 200 },
  );
});
