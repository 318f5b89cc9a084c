import type { TrackProblem } from '../../preload/contract/migrations.ts';
import { serverWords } from '../servers/index.ts';
import type { Pair } from './pairing.ts';
import type { MigrationTool, StateTable } from './tool.ts';

/** Two tools keep the same columns, and no folder tells which it is. */
export function ambiguous(
  { tool, table }: Pair,
  others: readonly StateTable[],
  tools: ReadonlyMap<string, MigrationTool>,
): TrackProblem {
  const names = others.map((other) => tools.get(other.tool)?.title ?? other.tool).join(' or ');
  return {
    severity: 'notice',
    cause: 'tool-ambiguous',
    what: `"${table?.schema}.${table?.name}" may be a table of ${tool.title} or of ${names}.`,
    why: 'They keep the same columns.',
    next: 'Link the project’s folder: its files tell which.',
  };
}

/**
 * Why a state table can't be read.
 * @throws the error itself where it isn't about the table
 */
export function unreadable(error: unknown, { schema, name }: StateTable): TrackProblem {
  const server = serverWords(error);
  const words = server ? { server } : {};
  if (server?.sqlstate === '42501')
    return {
      severity: 'warning',
      cause: 'state-table-forbidden',
      what: `This role may not read "${schema}.${name}".`,
      why: 'It lacks the SELECT privilege on it, or USAGE on its schema.',
      next: 'Ask its owner for GRANT SELECT, or connect with another role.',
      ...words,
    };
  if (server?.sqlstate === '55P03')
    return {
      severity: 'warning',
      cause: 'state-table-locked',
      what: `"${schema}.${name}" is locked.`,
      why: 'A session holds it, perhaps a migration that is running; Howdah did not wait longer than half a second.',
      next: 'See on the activity screen who holds it, and look again when it is gone.',
      ...words,
    };
  if (server?.sqlstate === '42P01' || server?.sqlstate === '42703')
    return {
      severity: 'notice',
      cause: 'state-table-changed',
      what: `"${schema}.${name}" changed while it was read.`,
      why: 'It was dropped or altered meanwhile.',
      next: 'Look again.',
      ...words,
    };
  throw error;
}
