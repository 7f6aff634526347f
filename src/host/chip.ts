/**
 * Chips at the issuer: which keys a card signs with, the check of what it signed, and its transaction counter. Whatever becomes of the
 * sale, a counter that was seen in a good cryptogram is never good again; it is kept in the sale's own database transaction.
 */
import { verifyArqc, type Verdict } from "./emv";
import { openKey } from "./keys";
import type { Sale } from "./ledger";
import type { Session } from "./store";
import { tlv } from "../proto/tlv";

/** What came with a chip: PAN sequence number ("" when the card has none) and field 55. */
export interface ChipOrder {
  sequence: string;
  data: Uint8Array;
  /**
   * Of an advice: its sale may be older than others of its card that came before it. Its counter need not be the highest, but must be
   * one that was not seen in a transaction that stands.
   */
  isLate?: boolean;
}

/** "no chip": the issuer gave no card of this number and sequence a chip. */
export type ChipVerdict = Verdict | "no chip";

export interface ChipCheck {
  verdict: ChipVerdict;
  /** Field 55 of the answer; "" unless the cryptogram was good. */
  answer: (responseCode: string) => string;
}

const ISSUER_DATA = 0x91;

export async function checkChip(
  session: Session,
  hostKey: Uint8Array,
  sale: Sale,
  pan: string,
  panHash: string,
  { sequence, data, isLate = false }: ChipOrder,
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
      lastAtc: isLate ? -1 : Number(chip.last_atc),
    });
  const atc = verified?.atc ?? -1;
  const isUsed = isLate && verified?.verdict === "valid" && (await wasSeen(session, panHash, atc));
  const verdict = isUsed ? "replayed" : (verified?.verdict ?? "no chip");
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
    Math.max(atc, Number(chip.last_atc)),
  ]);
  return {
    verdict,
    answer: (responseCode) => tlv(ISSUER_DATA, Buffer.from(verified.issuerData(responseCode)).toString("latin1")),
  };
}

async function wasSeen(session: Session, panHash: string, atc: number): Promise<boolean> {
  const seen = await session.query(
    `select 1 as seen from chip_sale s join txn t on t.tid = s.tid and t.batch = s.batch and t.stan = s.stan
     where t.pan_hash = $1 and s.atc = $2 and s.verdict = 'valid' and t.status <> 'reversed' limit 1`,
    [panHash, atc],
  );
  return seen.length > 0;
}
