/** Chinese words, and screens made of them. In memory while a screen is made. */
import type { Screen } from "../drivers/screen";
import { CHINESE } from "./chinese.table";

export { ZH } from "./chinese.table";

/** Bytes of GB 2312 for the letters that stand for them (`chinese.table`). */
function chinese(letters: string): string {
  const bytes = CHINESE;
  let out = "";
  for (let i = 0; i < letters.length; i++) {
    const at = letters.charCodeAt(i) - 32;
    // Not `charAt`: of a byte above 127 Espruino makes two, its UTF-8.
    out += at >= 0 && at < 95 ? bytes.substr(at, 1) : letters.substr(i, 1);
  }
  return out;
}

/** All words of a screen that is made of these texts. */
export function sayChinese(screen: Screen): void {
  screen.status = chinese(screen.status);
  screen.alert = chinese(screen.alert);
  screen.title = chinese(screen.title);
  screen.lines = chinese(screen.lines);
  screen.hint = chinese(screen.hint);
}
