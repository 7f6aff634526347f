/** What the terminal packs by joining is what the host's strict codec takes, field by field, whatever the amounts and numbers are. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fields, unpack } from "../../src/host/iso8583";
import { MESSAGE_TYPES, REVERSAL_FIELDS, SALE_FIELDS } from "../../src/proto/fields.table";
import { reversalRequest, saleRequest } from "../../src/txn/messages";
import { openTerminal } from "../../src/txn/state";
import { settings, transaction } from "./samples";

const digits = (value: number, count: number) => String(value).padStart(count, "0");

const anySale = fc.record({
  stan: fc.integer({ min: 1, max: 999999 }),
  amountMinor: fc.integer({ min: 1, max: 999999999999 }),
  batchNumber: fc.integer({ min: 1, max: 999999 }),
  track2: fc.stringMatching(/^[0-9]{12,19}=[0-9]{7,17}$/),
});

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

test("sale and reversal", () => {
  fc.assert(
    fc.property(anySale, ({ stan, amountMinor, batchNumber, track2 }) => {
      const t = { ...openTerminal(), settings: settings(), batchNumber, track2 };
      const txn = transaction({ stan, amountMinor });
      const values = common(stan, amountMinor, batchNumber);
      expect(unpack(saleRequest(t, settings(), txn))).toEqual(
        Object.assign(["0200"] as Fields, { ...values, 35: track2 }),
      );
      expect(unpack(reversalRequest(t, settings(), txn))).toEqual(
        Object.assign(["0400"] as Fields, { ...values, 39: "98" }),
      );
    }),
  );
});

test.each([
  ["0200", SALE_FIELDS],
  ["0400", REVERSAL_FIELDS],
])("%s has the fields that the table demands, and none that it does not allow", (mti, fields) => {
  const type = MESSAGE_TYPES.find((each) => each.mti === mti);
  const allowed = [...(type?.must ?? []), ...(type?.may ?? []).flatMap((each) => each.fields)];
  expect(fields).toEqual(expect.arrayContaining([...(type?.must ?? [])]));
  expect(allowed).toEqual(expect.arrayContaining([...fields]));
});
