/** A store whose host dies: at a statement, or when everything is done and nothing is committed. */
import type { Session, Store } from "../../src/host/store";

export class Died extends Error {}

export interface FaultyStore extends Store {
  /** Dies at this statement of the next transaction, 1 for the first; when it has fewer, before its commit. */
  dieAt: number;
  /** Statements of the last transaction. */
  statements: number;
}

export function faulty(store: Store): FaultyStore {
  const made: FaultyStore = {
    dieAt: 0,
    statements: 0,
    query: (sql, values) => store.query(sql, values),
    close: () => store.close(),
    transact: (work) =>
      store.transact(async (session) => {
        made.statements = 0;
        const at = made.dieAt;
        made.dieAt = 0;
        const counted: Session = {
          query: (sql, values) => {
            if (++made.statements === at) throw new Died();
            return session.query(sql, values);
          },
        };
        const result = await work(counted);
        if (at > 0) throw new Died();
        return result;
      }),
  };
  return made;
}
