import { escapeLiteral } from 'pg';
import type { XminHolder } from '../../../preload/contract/maintenance.ts';

export interface HolderRow extends Record<string, unknown> {
  kind: XminHolder['kind'];
  name: string;
  pid: number | null;
  database: string | null;
  user: string | null;
  application: string | null;
  state: string | null;
  since: number | null;
  age: number;
  catalogOnly: boolean;
  type: string | null;
}

/** Puts what to do beside who it is. */
export function xminHolder({ type, ...row }: HolderRow): XminHolder {
  return { ...row, ...remedyOf({ type, ...row }) };
}

function remedyOf(row: HolderRow): Pick<XminHolder, 'remedy' | 'statement'> {
  switch (row.kind) {
    case 'session':
      return ofSession(row);
    case 'prepared transaction':
      return {
        remedy: `Ask whoever manages it whether to commit or roll it back; it stays for ever otherwise. It has to be done in ${row.database ?? 'its database'}, by ${row.user ?? 'its owner'} or a superuser.`,
        statement: `ROLLBACK PREPARED ${literal(row.name)}`,
      };
    case 'replication slot':
      return row.state === 'active'
        ? {
            remedy: 'Its consumer is connected and behind: see what keeps it, on its own side.',
            statement: null,
          }
        : {
            remedy: 'Nobody reads from it. Start its consumer again, or drop it if it will never come back.',
            statement: `SELECT pg_drop_replication_slot(${literal(row.name)})`,
          };
    case 'standby':
      return {
        remedy:
          'A query on the standby needs these rows (hot_standby_feedback). End that query there, or turn the feedback off if such queries may be cancelled.',
        statement: null,
      };
  }
}

function ofSession({
  pid,
  state,
  type,
}: Pick<HolderRow, 'pid' | 'state' | 'type'>): Pick<XminHolder, 'remedy' | 'statement'> {
  if (type !== null && type !== 'client backend')
    return { remedy: `It is the server's own ${type}: it ends by itself.`, statement: null };
  if (state?.startsWith('idle in transaction'))
    return {
      remedy:
        'Its client holds a transaction open and does nothing. Have it commit, or end the session; idle_in_transaction_session_timeout does so by itself.',
      statement: `SELECT pg_terminate_backend(${pid})`,
    };
  if (state === null)
    return {
      remedy: 'What it does is hidden from this role; pg_monitor would show it.',
      statement: null,
    };
  return {
    remedy: 'Its statement goes on. Let it end, or cancel it if nobody waits for it.',
    statement: `SELECT pg_cancel_backend(${pid})`,
  };
}

const literal = (text: string): string => escapeLiteral(text).trim();

/** Who it is, for a sentence. */
export function holderWords({ kind, name, user, application, database }: XminHolder): string {
  if (kind !== 'session') return `${kind} "${name}"`;
  const who = [user, application && `(${application})`].filter(Boolean).join(' ');
  return `process ${name}${who ? `, ${who}` : ''}${database === null ? '' : `, in ${database}`}`;
}
