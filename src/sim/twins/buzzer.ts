/** Names for what the buzzer plays, by ear: short is a key, high is good, low is an error. */
export function toneName(frequencyHz: number, durationMs: number): "key" | "ok" | "error" {
  if (durationMs < 50) return "key";
  return frequencyHz > 1000 ? "ok" : "error";
}
