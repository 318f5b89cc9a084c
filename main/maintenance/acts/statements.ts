import type { MaintenanceAct, RelationName } from '../../../preload/contract/maintenance.ts';
import { qualified } from '../names.ts';

/** One statement of an act, for one object. VACUUM and REINDEX CONCURRENTLY run in no transaction block. */
export function statementOf(act: MaintenanceAct, relation: RelationName): string {
  const name = qualified(relation);
  switch (act.kind) {
    case 'vacuum':
      return `VACUUM (${['VERBOSE', act.freeze && 'FREEZE', act.analyze && 'ANALYZE'].filter(Boolean).join(', ')}) ${name}`;
    case 'vacuum-full':
      return `VACUUM (FULL, VERBOSE${act.analyze ? ', ANALYZE' : ''}) ${name}`;
    case 'analyze':
      return `ANALYZE (VERBOSE) ${name}`;
    case 'reindex':
      return `REINDEX (VERBOSE) ${act.of === 'index' ? 'INDEX' : 'TABLE'} CONCURRENTLY ${name}`;
  }
}

/** What an act is called. */
export function actWords(act: Pick<MaintenanceAct, 'kind'>): string {
  return {
    vacuum: 'VACUUM',
    'vacuum-full': 'VACUUM FULL',
    analyze: 'ANALYZE',
    reindex: 'REINDEX CONCURRENTLY',
  }[act.kind];
}
