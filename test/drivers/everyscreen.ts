/** The screens that a terminal can show, each once. */
import type { Screen } from "../../src/drivers/screen";
import { screen } from "../../src/txn/screens";
import { everyTerminal } from "../txn/terminals";

export function everyScreen(language: string): Screen[] {
  return [...new Map(everyTerminal(language).map((t) => [JSON.stringify(screen(t)), screen(t)])).values()];
}

/** Text of a screen as a person reads it. */
export function unicode(text: string): string {
  return new TextDecoder("gb2312").decode(Buffer.from(text, "latin1"));
}
