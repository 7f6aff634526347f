/** Natives as Espruino has them, on Node. */
import type { Dot } from "../src/crypto/powers";
import { plain } from "../src/proto/plain";

/** In doubles, too. */
export const dot: Dot = (a, b, offset) => a.reduce((sum, each, i) => sum + each * (b[i + offset] as number), 0);

export const NATIVES = { ...plain, dot };
