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

/** Where the name of the other address ends, 0 where there is none. */
function colonAt(settings: Settings): number {
  const backup = settings.backupHost;
  const at = backup.indexOf(":");
  const digits = backup.substr(at + 1);
  return at > 0 && digits.length < 6 && isDigits(digits) ? at : 0;
}

/** A connection failed. True when the next one goes to the other address. */
export function failed(link: Link): boolean {
  link.failures++;
  if (link.failures < FAILURES_MAX || !link.settings || colonAt(link.settings) === 0) return false;
  link.backAtMs = link.backAtMs > 0 ? 0 : link.board.nowMs() + BACK_MS;
  link.failures = 0;
  return true;
}

/** The next connection goes to the first address; when it fails, there is a better one. */
export function goBack(link: Link): void {
  link.backAtMs = 0;
  link.failures = FAILURES_MAX - 1;
}

export function openBackup(link: Link, settings: Settings): void {
  const backup = settings.backupHost;
  const at = colonAt(settings);
  link.board.netOpen(backup.substr(0, at), fromDigits(backup.substr(at + 1)));
}
