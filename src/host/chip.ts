/**
 * Chips at the issuer: which keys a card signs with, the check of what it signed, and its transaction counter. Whatever becomes of the
 * sale, a counter that was seen in a good cryptogram is never good again; it is kept in the sale's own database transaction.
 */
import { verifyArqc, type Verdict } from "./emv";
import { openKey } from "./keys";
import type { Sale } from "./ledger";
import type { Session } from "./store";
import { tlv } from "../proto/tlv-write";

/** What came with a chip: PAN sequence number ("" when the card has none) and field 55. */
export interface ChipOrder {
  sequence: string;
  data: Uint8Array;
}

/** "no chip": the issuer gave no card of this number and sequence a chip. */
export type ChipVerdict = Verdict | "no chip";

export interface ChipCheck {
  verdict: ChipVerdict;
  /** Field 55 of the answer; "" unless the cryptogram was good. */
  answer: (responseCode: string) => string;
}

const ISSUER_DATA = "\0\x91";

export async function checkChip(
  session: Session,
  hostKey: Uint8Array,
  sale: Sale,
  pan: string,
  panHash: string,
  { sequence, data }: ChipOrder,
): Promise<ChipCheck> {
  const digits = (sequence || "0").slice(-2).padStart(2, "0");
  const [chip] = await session.query(
    `select c.last_atc, k.key_box from card_chip c join issuer_key k on k.issuer = c.issuer
     where c.pan_hash = $1 and c.sequence = $2 for update of c`,
    [panHash, digits],
  );
  const verified =
    chip &&
    verifyArqc({
      issuerKey: openKey(hostKey, chip.key_box as Uint8Array),
      pan,
      sequence,
      chip: data,
      amountMinor: sale.amountMinor,
      currency: sale.currency,
      lastAtc: Number(chip.last_atc),
    });
  const verdict = verified?.verdict ?? "no chip";
  const atc = verified?.atc ?? -1;
  await session.query("insert into chip_sale (tid, batch, stan, verdict, atc) values ($1, $2, $3, $4, $5)", [
    sale.tid,
    sale.batch,
    sale.stan,
    verdict,
    atc,
  ]);
  if (verdict !== "valid" || !verified) return { verdict, answer: () => "" };
  await session.query("update card_chip set last_atc = $3 where pan_hash = $1 and sequence = $2", [
    panHash,
    digits,
    atc,
  ]);
  return {
    verdict,
    answer: (responseCode) => tlv(ISSUER_DATA, Buffer.from(verified.issuerData(responseCode)).toString("latin1")),
  };
}
