/** Screens for tests of panels. */
import { Role, type Screen } from "../../src/drivers/screen";

export function screenOf(changes: Partial<Screen>): Screen {
  return {
    role: Role.Plain,
    status: "Online",
    alert: "",
    title: "",
    amount: "",
    currency: "",
    lines: "",
    hint: "",
    qr: "",
    ...changes,
  };
}
