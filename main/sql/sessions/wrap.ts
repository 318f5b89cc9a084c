import type { Protection } from '../../../preload/contract/environments.ts';
import type { StatementRisk, TabMode } from '../../../preload/contract/sql.ts';
import type { Judged } from '../script/index.ts';

/** How the server stands: no transaction, in one, in a failed one (PostgreSQL manual, "ReadyForQuery"). */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface Circumstances {
  status: TransactionStatus;
  mode: TabMode;
  protection: Protection;
  /** What the caller was allowed to do. */
  allowed: StatementRisk;
  pooled: boolean;
  /** For one transaction, behind a pooler. */
  settings: string;
}

/** What is sent around a statement; each of them is one simple query. */
export interface Wrap {
  before: string | undefined;
  /** After it went well, if the transaction still stands. */
  after: string | undefined;
  /** After it failed. */
  failed: string | undefined;
}

const nothing: Wrap = { before: undefined, after: undefined, failed: undefined };
/** The query takes the snapshot: from then on the server refuses to make the transaction writable again. */
const readOnly = 'SET TRANSACTION READ ONLY; SELECT 1';

/**
 * What keeps a statement to what its environment allows. In a read-only environment, and for what was sent as reading in
 * a guarded one, the server itself refuses to write: no lexer of ours decides. Within a transaction that may write, a
 * savepoint carries the refusal, and ends with the statement.
 */
export function wrapOf(judged: Judged, at: Circumstances): Wrap {
  const isReadOnly = at.protection === 'read-only';
  const refusing = isReadOnly || (at.protection === 'guarded' && at.allowed === 'read');
  if (at.status === 'E') return nothing;
  if (judged.control) {
    // Whatever it began or chained has to be made read-only anew.
    return isReadOnly ? { ...nothing, after: readOnly } : nothing;
  }
  if (at.status === 'T') {
    if (isReadOnly || !refusing) return nothing;
    return {
      before: 'SAVEPOINT howdah_read; SET LOCAL transaction_read_only = on',
      after: 'RELEASE howdah_read',
      failed: 'ROLLBACK TO howdah_read; RELEASE howdah_read',
    };
  }
  if (judged.outsideTransaction) return nothing;
  if (at.mode === 'transaction') {
    const begin = `BEGIN; ${at.pooled ? `${at.settings}; ` : ''}${isReadOnly ? readOnly : ''}`;
    if (isReadOnly || !refusing) return { ...nothing, before: begin };
    return {
      before: `${begin} SAVEPOINT howdah_read; SET LOCAL transaction_read_only = on`,
      after: 'RELEASE howdah_read',
      failed: 'ROLLBACK TO howdah_read; RELEASE howdah_read',
    };
  }
  if (!refusing && !at.pooled) return nothing;
  const settings = at.pooled ? `${at.settings}; ` : '';
  return {
    before: `BEGIN; ${settings}${refusing ? readOnly : ''}`,
    after: 'COMMIT',
    failed: 'ROLLBACK',
  };
}
