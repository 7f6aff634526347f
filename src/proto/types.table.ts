/**
 * The transactions, said once: what makes a message one of them (type, processing code, condition, first two digits of field 60), what
 * it must have besides the fields of every request, what the terminal does when no answer comes, and on which side of the settlement it
 * counts. The host's dispatch, its log and `docs/protocol.md` come from here.
 */

export type Kind =
  | "sale"
  | "void"
  | "refund"
  | "preauth"
  | "cancel"
  | "completion"
  | "completion-void"
  | "balance"
  | "offline"
  | "tip"
  | "cash";

export interface TransactionType {
  /** In words. */
  readonly name: string;
  /** In the book and in events. */
  readonly kind: Kind;
  readonly mti: "0100" | "0200" | "0220";
  /** Field 3. */
  readonly processing: string;
  /** Field 25. */
  readonly condition: string;
  /** Field 60.1. */
  readonly code: string;
  /** It needs a card: field 35, or 2 and 14. */
  readonly card: boolean;
  /** Fields that must be there besides those of every request and the card. */
  readonly needs: readonly number[];
  /** When no answer comes: 0400 undoes it; the same again until there is one; "" nothing. */
  readonly unanswered: "reversal" | "again" | "";
  /** Of the settlement. */
  readonly side: "debit" | "credit" | "";
}

type Rest = Pick<TransactionType, "card" | "needs" | "unanswered" | "side">;

/** Without a card, about nothing, undone by a reversal, on no side, unless `rest` says otherwise. */
function type(
  name: string,
  kind: Kind,
  [mti, processing, condition, code]: readonly [TransactionType["mti"], string, string, string],
  rest: Partial<Rest>,
): TransactionType {
  const usual: Rest = { card: false, needs: [], unanswered: "reversal", side: "" };
  return { name, kind, mti, processing, condition, code, ...usual, ...rest };
}

/** RRN of the original, and its batch, STAN and date; with the approval code too. */
const ORIGINAL = [37, 61];
const APPROVED = [37, 38, 61];

// prettier-ignore
export const TRANSACTION_TYPES: readonly TransactionType[] = [
  type("sale", "sale", ["0200", "000000", "00", "22"], { card: true, side: "debit" }),
  type("sale with cash-back", "sale", ["0200", "090000", "00", "22"], { card: true, needs: [54], side: "debit" }),
  type("void", "void", ["0200", "200000", "00", "23"], { needs: ORIGINAL, side: "credit" }),
  type("refund", "refund", ["0220", "200000", "00", "25"], { card: true, needs: ORIGINAL, unanswered: "again", side: "credit" }),
  type("pre-authorisation", "preauth", ["0100", "030000", "06", "10"], { card: true }),
  type("cancel of a pre-authorisation", "cancel", ["0100", "200000", "06", "11"], { needs: APPROVED }),
  type("completion", "completion", ["0200", "000000", "06", "20"], { needs: APPROVED, side: "debit" }),
  type("completion, advice", "completion", ["0220", "000000", "06", "24"], { needs: APPROVED, unanswered: "again", side: "debit" }),
  type("void of a completion", "completion-void", ["0200", "200000", "06", "21"], { needs: ORIGINAL, side: "credit" }),
  type("balance", "balance", ["0200", "310000", "00", "01"], { card: true, unanswered: "" }),
  type("offline sale", "offline", ["0220", "000000", "00", "30"], { card: true, unanswered: "again", side: "debit" }),
  type("tip adjust", "tip", ["0220", "000000", "00", "34"], { needs: [37, 48, 61], unanswered: "again" }),
  type("cash sale", "cash", ["0220", "000000", "00", "36"], { unanswered: "again" }),
];

/** What is asked in field 60 of a message that is no transaction, behind the batch. */
export const ASKED = {
  query: "000",
  signOff: "002",
  settle: "201",
  settleUploaded: "202",
  echo: "301",
} as const;

/** First two digits of field 60 of management and settlement, and of a query. */
export const KIND_MANAGEMENT = "00";
export const KIND_QUERY = "61";
