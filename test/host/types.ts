/** The kinds of transactions by their names, for tests. */
import { TRANSACTION_TYPES, type TransactionType } from "../../src/proto/types.table";

export function typeNamed(name: string): TransactionType {
  const type = TRANSACTION_TYPES.find((each) => each.name === name);
  if (!type) throw new Error(`no type ${name}`);
  return type;
}

export const SALE = typeNamed("sale");
