/** Only bytes that a keypad has are keys. */
import { expect, test } from "vitest";
import { keyAt } from "../../src/drivers/keypad";

test("every byte is a key or nothing", () => {
  const keys = Array.from({ length: 256 }, (_, byte) => keyAt(String.fromCharCode(byte), 0)).filter(
    (key) => key !== "",
  );
  expect(keys.join("")).toBe(".0123456789:BCDEFU");
  expect(keyAt("1", 1)).toBe("");
});
