/** What stands on slips, as a person would read it: a receipt, or the report of a batch that was closed. */

export interface Receipt {
  kind: string;
  batch: number;
  stan: number;
  amountMinor: number;
  rrn: string;
  lastFour: string;
  isDuplicate: boolean;
}

/** Below the numbers of merchant and terminal. */
const TITLE = /^MID .*\n *([A-Z][A-Z -]*?)( - DUPLICATE)? *$/m;

/** Pieces that begin with the merchant's name; a printer that was disturbed begins again on the same paper. */
export function piecesOf(lines: readonly string[], merchant: string): string[][] {
  const pieces: string[][] = [];
  for (const line of lines) {
    if (line.includes(merchant) || pieces.length === 0) pieces.push([]);
    pieces.at(-1)?.push(line);
  }
  return pieces;
}

/** Null when it is no receipt, or not all of one. */
export function readReceipt(lines: readonly string[]): Receipt | null {
  const text = lines.join("\n");
  const [, batch, stan] = /Batch ([0-9]{6}) +STAN ([0-9]{6})/.exec(text) ?? [];
  const [, whole, cents] = /TOTAL +EUR ([0-9]+)\.([0-9]{2})/.exec(text) ?? [];
  const [, rrn = ""] = /RRN +([0-9]{12})/.exec(text) ?? [];
  const [, lastFour = ""] = /Card +\*{12}([0-9]{4})/.exec(text) ?? [];
  const title = TITLE.exec(text);
  if (!batch || !stan || !whole || !cents || !title || !/^ *APPROVED *$/m.test(text)) return null;
  return {
    kind: title[1] as string,
    batch: Number(batch),
    stan: Number(stan),
    amountMinor: Number(whole + cents),
    rrn,
    lastFour,
    isDuplicate: title[2] !== undefined,
  };
}

export interface Closing {
  batch: number;
  agrees: boolean;
  /** Terminal's debits and credits, each as count and sum. */
  debits: [count: number, minor: number];
  credits: [count: number, minor: number];
}

export function readClosing(lines: readonly string[]): Closing | null {
  const text = lines.join("\n");
  const [, batch] = /Batch +([0-9]{6})/.exec(text) ?? [];
  const side = (name: string): [number, number] | null => {
    const [, count, whole, cents] = new RegExp(`^${name} ([0-9]+) +EUR ([0-9]+)\\.([0-9]{2})$`, "m").exec(text) ?? [];
    return count ? [Number(count), Number(`${whole}${cents}`)] : null;
  };
  const [debits, credits] = [side("Debits"), side("Credits")];
  const isWhole = text.includes("SETTLEMENT (Z)") && /Batch closed/.test(text);
  if (!isWhole || !batch || !debits || !credits) return null;
  return { batch: Number(batch), agrees: text.includes("HOST AGREES"), debits, credits };
}
