import type { LockMode, MigrationStatement } from '../../../preload/contract/schema-diff.ts';
import { count, plural } from '../../components/format.ts';

/** What a lock keeps others from, in a phrase (PostgreSQL manual, "Explicit Locking"). */
export const lockMeaning: Record<LockMode, string> = {
  'ACCESS SHARE': 'others read and write; only what changes the table’s structure waits',
  'ROW SHARE': 'others read and write; only what changes the table’s structure waits',
  'ROW EXCLUSIVE': 'others read and write; only what changes the table’s structure waits',
  'SHARE UPDATE EXCLUSIVE': 'others read and write; vacuum and changes of the structure wait',
  SHARE: 'others read, and whoever writes waits',
  'SHARE ROW EXCLUSIVE': 'others read, and whoever writes waits',
  EXCLUSIVE: 'others read, and whoever writes or locks rows waits',
  'ACCESS EXCLUSIVE': 'nobody else reads or writes it until the transaction ends',
};

/** What a script does as a whole. */
export interface ScriptCounts {
  all: number;
  destroy: number;
  rewrite: number;
  /** Those that may write a table anew, depending on something not known here. */
  perhaps: number;
  scan: number;
  outside: number;
  exclusive: number;
}

export function countScript(statements: readonly MigrationStatement[]): ScriptCounts {
  const counts: ScriptCounts = {
    all: statements.length,
    destroy: 0,
    rewrite: 0,
    perhaps: 0,
    scan: 0,
    outside: 0,
    exclusive: 0,
  };
  for (const statement of statements) {
    if (statement.risk === 'destroy') counts.destroy += 1;
    if (statement.rewrites === 'yes') counts.rewrite += 1;
    if (statement.rewrites === 'perhaps') counts.perhaps += 1;
    if (statement.scans) counts.scan += 1;
    if (!statement.inTransaction) counts.outside += 1;
    if (isExclusive(statement)) counts.exclusive += 1;
  }
  return counts;
}

/** Whether it keeps everybody else from a table. */
export const isExclusive = ({ locks }: MigrationStatement): boolean =>
  locks.some(({ mode }) => mode === 'ACCESS EXCLUSIVE');

/** The head of the script: `18 statements: 3 destroy data or objects, 2 rewrite a table`. */
export function scriptWords(counts: ScriptCounts): string {
  if (counts.all === 0) return 'No statements';
  const verb = (many: number, one: string, more: string): string =>
    `${count(many)} ${many === 1 ? one : more}`;
  const parts = [
    counts.destroy > 0 && verb(counts.destroy, 'destroys data or an object', 'destroy data or objects'),
    counts.rewrite > 0 && verb(counts.rewrite, 'rewrites a table', 'rewrite a table'),
    counts.perhaps > 0 && `${count(counts.perhaps)} may rewrite a table`,
    counts.scan > 0 && verb(counts.scan, 'reads every row of a table', 'read every row of a table'),
    counts.outside > 0 && `${count(counts.outside)} can’t share a transaction with what follows`,
  ].filter((part) => part !== false);
  const head = plural(counts.all, 'statement');
  return parts.length > 0 ? `${head}: ${parts.join(', ')}` : `${head}, none of which destroys anything`;
}

/** Which statements are listed. */
export type ScriptFilter = 'all' | 'destroy' | 'exclusive' | 'rewrite';

export function passes(statement: MigrationStatement, filter: ScriptFilter): boolean {
  if (filter === 'destroy') return statement.risk === 'destroy';
  if (filter === 'exclusive') return isExclusive(statement);
  return filter === 'all' || statement.rewrites !== 'no';
}

/** A file's name from two names, without what file systems refuse. */
export function scriptFileName(wanted: string, actual: string): string {
  const safe = (text: string): string =>
    text
      .normalize('NFKD')
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 60) || 'structure';
  return `${safe(actual)}-to-${safe(wanted)}.sql`;
}
