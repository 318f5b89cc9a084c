import type { Implementer } from '../rpc.ts';
import type { SqlNeeds } from './needs.ts';
import { openResults } from './results/index.ts';
import { openWorkbench, sessionProcedures } from './sessions/index.ts';

/** What a person types: sessions of their own, and the rows that come. */
export function sqlRoom(os: Implementer, needs: SqlNeeds) {
  const results = openResults(needs.dataFolder);
  const workbench = openWorkbench(needs, results);
  const router = os.sql.router(sessionProcedures(os, workbench, results));
  return { router, close: workbench.close };
}
