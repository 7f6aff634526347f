/** Amounts as text: exact for every exponent, as far as a batch's total goes. */
import { expect, test } from "vitest";
import { AMOUNT_MINOR_MAX, formatAmount } from "../../src/txn/money";

test.each([
  [0, 2, "0.00"],
  [7, 2, "0.07"],
  [70, 2, "0.70"],
  [1250, 2, "12.50"],
  [AMOUNT_MINOR_MAX, 2, "9999999.99"],
  [999999999999, 2, "9999999999.99"],
  [0, 0, "0"],
  [1250, 0, "1250"],
  [AMOUNT_MINOR_MAX, 0, "999999999"],
  [0, 3, "0.000"],
  [7, 3, "0.007"],
  [1250, 3, "1.250"],
  [AMOUNT_MINOR_MAX, 3, "999999.999"],
])("%i with exponent %i is %s", (amountMinor, exponent, text) => {
  expect(formatAmount(amountMinor, exponent)).toBe(text);
});

test("every digit stays, up to the greatest whole number that is exact", () => {
  for (let amountMinor = 1; amountMinor < Number.MAX_SAFE_INTEGER; amountMinor = amountMinor * 7 + 3) {
    for (const exponent of [0, 2, 3]) {
      const text = formatAmount(amountMinor, exponent);
      expect(BigInt(text.replace(".", ""))).toBe(BigInt(amountMinor));
      expect(exponent === 0 ? text.indexOf(".") : text.length - 1 - text.indexOf(".")).toBe(
        exponent === 0 ? -1 : exponent,
      );
    }
  }
});
