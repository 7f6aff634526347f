/** The sale that `sell` repeats; the test knows it too. */
import { authorise } from "../../../src/host/issuer";
import type { Session } from "../../../src/host/store";
import { GOOD_TRACK2 } from "../terminal";
import { SALE } from "../types";

export const TID = "00000001";
export const HOST_KEY = Buffer.alloc(32, 7);

export async function sell(session: Session, hostKey: Uint8Array, stan: number): Promise<string> {
  const world = { hostKey, localTime: () => "20260105120000", digits: () => "123456" };
  const order = { type: SALE, tid: TID, batch: 1, stan, amountMinor: 1, currency: "978", track2: GOOD_TRACK2 };
  return (await authorise(session, world, order, 1)).decision.responseCode;
}
