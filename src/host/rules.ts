/**
 * What each kind of transaction does to money and to the transaction that it is about, and when it is refused. One plan serves both ways: a
 * void, a cancel and a reversal do the plan of what they undo the other way round.
 */
import type { Kind } from "../proto/types.table";
import { doneStatus, type Status, type Txn, wholeMinor } from "./book";

/** What comes to a card, to what is on hold, and to what the merchant is owed; zero in all. */
export interface Effect {
  card: number;
  hold: number;
  due: number;
}

/** What becomes of an earlier transaction. */
export interface Mark {
  txn: Txn;
  from: Status;
  to: Status;
  refundedMinor: number;
  addedMinor: number;
}

export interface Plan {
  effect: Effect;
  marks: Mark[];
}

/** A completion may be so much of its pre-authorisation, in hundredths. */
const COMPLETION_PERCENT_MAX = 115;

const NOTHING: Effect = { card: 0, hold: 0, due: 0 };
const mark = (txn: Txn, changes: Partial<Mark>): Mark => ({
  txn,
  from: "captured",
  to: "captured",
  refundedMinor: 0,
  addedMinor: 0,
  ...changes,
});

/** A number and not a negative zero. */
const negative = (minor: number) => (minor === 0 ? 0 : -minor);

export function inverse({ effect, marks }: Plan): Plan {
  return {
    effect: { card: negative(effect.card), hold: negative(effect.hold), due: negative(effect.due) },
    marks: marks.map(({ txn, from, to, refundedMinor, addedMinor }) => ({
      txn,
      from: to,
      to: from,
      refundedMinor: negative(refundedMinor),
      addedMinor: negative(addedMinor),
    })),
  };
}

/** The plan of `txn`, which is about `original`, which may be about `root`: those are there when its kind needs them. */
export function planOf(txn: Txn, original?: Txn, root?: Txn): Plan {
  const minor = wholeMinor(txn);
  if (!original) {
    if (txn.kind === "preauth") return { effect: { card: -minor, hold: minor, due: 0 }, marks: [] };
    const isOfCard = txn.kind === "sale" || txn.kind === "offline";
    return { effect: isOfCard ? { card: -minor, hold: 0, due: minor } : NOTHING, marks: [] };
  }
  if (txn.kind === "refund") {
    return { effect: { card: minor, hold: 0, due: -minor }, marks: [mark(original, { refundedMinor: minor })] };
  }
  if (txn.kind === "tip") {
    const addedMinor = txn.amountMinor - txn.beforeMinor;
    return { effect: { card: -addedMinor, hold: 0, due: addedMinor }, marks: [mark(original, { addedMinor })] };
  }
  if (txn.kind === "completion") {
    const held = original.amountMinor;
    const marks = [mark(original, { from: "held", to: "completed" })];
    return { effect: { card: held - minor, hold: -held, due: minor }, marks };
  }
  const undone = inverse(planOf(original, root));
  const own: Partial<Mark> = txn.kind === "cancel" ? { from: "held", to: "cancelled" } : { to: "voided" };
  return { effect: undone.effect, marks: [mark(original, own), ...undone.marks] };
}

/** False when what it is about has moved on; nothing may be given back twice. */
export function isPossible({ marks }: Plan): boolean {
  return marks.every(({ txn, from, refundedMinor, addedMinor }) => {
    const refunded = txn.refundedMinor + refundedMinor;
    const whole = wholeMinor(txn) + addedMinor;
    return txn.status === from && refunded >= 0 && refunded <= whole && whole > 0;
  });
}

export function applyMarks({ marks }: Plan): void {
  for (const { txn, to, refundedMinor, addedMinor } of marks) {
    txn.status = to;
    txn.refundedMinor += refundedMinor;
    txn.addedMinor += addedMinor;
  }
}

/** What a kind may be about, whether in the batch that is open only, and what its amount may be: "" or the answer. */
interface About {
  kinds: readonly Kind[];
  sameBatch: boolean;
  refuse: (txn: Txn, original: Txn) => string;
}

/** Nothing that was given back in part is voided; all of it is. */
const wholeOnly = (txn: Txn, original: Txn) => {
  if (original.refundedMinor > 0) return "12";
  return txn.amountMinor === wholeMinor(original) ? "" : "13";
};

const ABOUT: Partial<Record<Kind, About>> = {
  void: { kinds: ["sale", "offline", "refund"], sameBatch: true, refuse: wholeOnly },
  "completion-void": { kinds: ["completion"], sameBatch: true, refuse: wholeOnly },
  cancel: { kinds: ["preauth"], sameBatch: false, refuse: wholeOnly },
  completion: {
    kinds: ["preauth"],
    sameBatch: false,
    refuse: (txn, { amountMinor }) => (txn.amountMinor * 100 <= amountMinor * COMPLETION_PERCENT_MAX ? "" : "13"),
  },
  refund: {
    kinds: ["sale", "offline", "completion"],
    sameBatch: false,
    refuse: (txn, original) => (txn.amountMinor <= wholeMinor(original) - original.refundedMinor ? "" : "61"),
  },
  tip: {
    kinds: ["sale", "offline"],
    sameBatch: true,
    refuse: (txn, original) => {
      if (original.refundedMinor > 0) return "12";
      const goods = txn.amountMinor - txn.partMinor;
      return goods > 0 && goods <= original.amountMinor ? "" : "13";
    },
  },
};

/** What a request says of its original besides the name. */
export interface Named {
  rrn: string | undefined;
  approvalCode: string | undefined;
}

/** The answer to a transaction that cannot be done, or "". */
export function refusalOf(txn: Txn, original: Txn | undefined, named: Named): string {
  const about = ABOUT[txn.kind];
  if (!about) {
    if (txn.kind === "balance") return txn.amountMinor === 0 ? "" : "13";
    return txn.amountMinor > 0 && txn.partMinor <= txn.amountMinor ? "" : "13";
  }
  if (!original || !isNamed(original, named)) return "25";
  if (!about.kinds.includes(original.kind) || (about.sameBatch && original.batch !== txn.batch)) return "12";
  const isOfAnother = txn.panHash !== null && txn.panHash !== original.panHash;
  if (isOfAnother || original.currency !== txn.currency || original.status !== doneStatus(original.kind)) return "12";
  return txn.amountMinor > 0 ? about.refuse(txn, original) : "13";
}

function isNamed(original: Txn, { rrn, approvalCode = original.approvalCode }: Named): boolean {
  return original.rrn === rrn && original.approvalCode === approvalCode;
}
