/**
 * Two addresses of one host: after FAILURES_MAX failures in a row at one, the next connection goes to the other. After BACK_MS at the backup
 * the host itself is tried again, once. A failure is a connection that was refused or did not come about, one that was lost under a request,
 * and a request without an answer. Whatever answers has the same ledger and the same keys: a request goes to both with the same bytes.
 */
import { fromDigits, isDigits } from "../proto/bytes";
import type { Link } from "./link";
import type { Settings } from "./state";

const FAILURES_MAX = 2;
const BACK_MS = 300000;

/** True when the next connection goes to the other address. */
export function failed(link: Link, settings: Settings): boolean {
  link.failures++;
  if (link.failures < FAILURES_MAX) return false;
  if (link.backAtMs > 0) goBack(link, settings);
  else {
    const backup = settings.backupHost;
    const at = backup.indexOf(":");
    const digits = backup.substr(at + 1);
    if (at < 1 || digits.length > 5 || !isDigits(digits)) return false;
    link.host = backup.substr(0, at);
    link.port = fromDigits(digits);
    link.backAtMs = link.board.nowMs() + BACK_MS;
  }
  link.failures = 0;
  return true;
}

/** The next connection goes to the host itself; when it fails, there is a better one. */
export function goBack(link: Link, settings: Settings): void {
  link.host = settings.host;
  link.port = settings.hostPort;
  link.backAtMs = 0;
  link.failures = FAILURES_MAX - 1;
}
