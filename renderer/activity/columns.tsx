import type { Backend } from '../../preload/contract/activity.ts';
import { plural } from '../components/format.ts';
import type { DataColumn } from '../components/table/columns.ts';
import { sessionStateWords } from '../theme/colors.ts';
import styles from './activity.module.css';
import { Age } from './age.tsx';
import { SessionState, urgency } from './session-state.tsx';

/** A backend with how many wait for it. */
export interface SessionRow extends Backend {
  /** Backends that wait for this one directly. */
  blocks: number;
}

const minute = 60_000;

/** Since when its statement runs; null when none does. */
export function runningSince(backend: Backend): number | null {
  return backend.state === 'active' || backend.state === 'waiting' ? backend.queryAt : null;
}

/** Transactions that hold on while their client does nothing are marked sooner than working ones. */
function transactionLimits(backend: Backend): { warnAfter?: number; badAfter?: number } {
  const idles = backend.state === 'idle in transaction' || backend.state === 'aborted';
  return idles
    ? { warnAfter: minute, badAfter: 10 * minute }
    : { warnAfter: 10 * minute, badAfter: 60 * minute };
}

/** Older first means a lower instant, so that "descending age" is an ascending instant: the sign is turned. */
const byAge = (since: number | null): number | null => (since === null ? null : -since);

/** The most urgent state first, and within it what has lasted longest: the order in which one wants to look. */
function urgencyThenAge(row: Backend): number {
  const since = runningSince(row) ?? row.transactionAt ?? row.stateAt ?? 0;
  return urgency[row.state] * 1e14 + since;
}

const iso = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

/** A query on one line. */
export function oneLine(query: string): string {
  return visible(query.replaceAll(/\s+/g, ' ').trim());
}

/** Shows characters that would turn the direction of the text or not be seen at all: a client chooses its own name. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

function Dash() {
  return <span className={styles.none}>–</span>;
}

function Named({ name }: { name: string | null }) {
  if (name === null || name === '') return <Dash />;
  const shown = visible(name);
  return (
    <span dir="auto" title={shown.length > 12 ? shown : undefined}>
      {shown}
    </span>
  );
}

/** The columns of the list of sessions. */
export const sessionColumns: readonly DataColumn<SessionRow>[] = [
  { id: 'pid', header: 'PID', width: 64, align: 'end', always: true, value: (row) => row.pid },
  {
    id: 'state',
    header: 'State',
    width: 160,
    value: urgencyThenAge,
    text: (row) => sessionStateWords[row.state],
    cell: (row) => <SessionState state={row.state} />,
  },
  {
    id: 'query-age',
    header: 'Query',
    hint: 'How long the statement has run. A dash: none runs.',
    width: 76,
    align: 'end',
    descendingFirst: true,
    value: (row) => byAge(runningSince(row)),
    text: (row) => iso(runningSince(row)),
    cell: (row) => <Age since={runningSince(row)} warnAfter={5 * minute} badAfter={60 * minute} />,
  },
  {
    id: 'transaction-age',
    header: 'Transaction',
    hint: 'How long the transaction has been open.',
    width: 104,
    align: 'end',
    descendingFirst: true,
    value: (row) => byAge(row.transactionAt),
    text: (row) => iso(row.transactionAt),
    cell: (row) => <Age since={row.transactionAt} {...transactionLimits(row)} />,
  },
  {
    id: 'state-age',
    header: 'In state',
    hint: 'How long it has been in its present state.',
    width: 76,
    hiddenAtFirst: 'narrow',
    align: 'end',
    descendingFirst: true,
    value: (row) => byAge(row.stateAt),
    text: (row) => iso(row.stateAt),
    cell: (row) => <Age since={row.stateAt} />,
  },
  {
    id: 'blocking',
    header: 'Blocking',
    hint: 'Who stands in its way, and how many wait for it.',
    width: 120,
    descendingFirst: true,
    value: (row) => row.blocks * 1000 + row.blockedBy.length || null,
    text: (row) => `blocked by ${row.blockedBy.join(', ') || 'none'}; blocks ${row.blocks}`,
    cell: (row) => <BlockingMark row={row} />,
  },
  {
    id: 'wait',
    header: 'Wait event',
    width: 136,
    value: (row) => (row.waitType === null ? null : `${row.waitType}: ${row.wait ?? ''}`),
    cell: (row) =>
      row.waitType === null ? (
        <Dash />
      ) : (
        <span title={`${row.waitType}: ${row.wait ?? ''}`}>
          <span className={styles.waitType}>{row.waitType}</span> {row.wait}
        </span>
      ),
  },
  {
    id: 'user',
    header: 'User',
    width: 88,
    value: (row) => row.user,
    cell: (row) => <Named name={row.user} />,
  },
  {
    id: 'database',
    header: 'Database',
    width: 96,
    value: (row) => row.database,
    cell: (row) => <Named name={row.database} />,
  },
  {
    id: 'query',
    header: 'Statement',
    hint: 'The running statement, or the last one of an idle session. Enter shows it whole.',
    width: 280,
    grow: true,
    mono: true,
    value: (row) => row.query,
    cell: (row) => <QueryText row={row} />,
  },
  {
    id: 'application',
    header: 'Application',
    width: 128,
    value: (row) => row.application || null,
    cell: (row) => <Named name={row.application} />,
  },
  {
    id: 'client',
    header: 'Client',
    width: 140,
    hiddenAtFirst: 'narrow',
    value: (row) => row.client,
    cell: (row) => <Named name={row.client} />,
  },
  {
    id: 'type',
    header: 'Type',
    width: 128,
    hiddenAtFirst: true,
    value: (row) => row.type,
    cell: (row) => <Named name={row.type} />,
  },
];

function BlockingMark({ row }: { row: SessionRow }) {
  if (row.blockedBy.length === 0 && row.blocks === 0) return <Dash />;
  return (
    <span className={styles.blocking}>
      {row.blockedBy.length > 0 && (
        <span className={styles.blocked} title={`Blocked by ${row.blockedBy.map(pidWord).join(', ')}`}>
          by {row.blockedBy.length === 1 ? row.blockedBy[0] || 'prepared' : row.blockedBy.length}
        </span>
      )}
      {row.blocks > 0 && (
        <span
          className={styles.blocks}
          title={`${plural(row.blocks, 'backend waits', 'backends wait')} for it`}
        >
          +{row.blocks}
        </span>
      )}
    </span>
  );
}

/** What a pid is called; 0 stands for a prepared transaction. */
export function pidWord(pid: number): string {
  return pid === 0 ? 'prepared transaction' : String(pid);
}

function QueryText({ row }: { row: SessionRow }) {
  if (row.state === 'hidden') return <span className={styles.none}>not visible to this role</span>;
  if (row.query === null || row.query === '') return <Dash />;
  const running = row.state === 'active' || row.state === 'waiting';
  return (
    <span className={running ? undefined : styles.past} dir="auto">
      {oneLine(row.query)}
    </span>
  );
}
