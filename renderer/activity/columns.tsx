import type { Backend, PreparedTransaction } from '../../preload/contract/activity.ts';
import { plural } from '../components/format.ts';
import type { DataColumn } from '../components/table/columns.ts';
import { sessionStateWords } from '../theme/colors.ts';
import styles from './activity.module.css';
import { Age } from './age.tsx';
import { SessionState, urgency } from './session-state.tsx';

/** A backend with how many wait for it. */
export interface SessionRow {
  /** See backendKey. */
  key: string;
  backend: Backend;
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
  { id: 'pid', header: 'PID', width: 64, align: 'end', always: true, value: ({ backend }) => backend.pid },
  {
    id: 'state',
    header: 'State',
    width: 128,
    value: ({ backend }) => urgencyThenAge(backend),
    text: ({ backend }) => sessionStateWords[backend.state],
    cell: ({ backend }) => <SessionState state={backend.state} short />,
  },
  {
    id: 'query-age',
    header: 'Query',
    hint: 'How long the statement has run. A dash: none runs.',
    width: 76,
    align: 'end',
    descendingFirst: true,
    value: ({ backend }) => byAge(runningSince(backend)),
    text: ({ backend }) => iso(runningSince(backend)),
    cell: ({ backend }) => (
      <Age since={runningSince(backend)} warnAfter={5 * minute} badAfter={60 * minute} />
    ),
  },
  {
    id: 'transaction-age',
    header: 'Transaction',
    hint: 'How long the transaction has been open.',
    width: 96,
    align: 'end',
    descendingFirst: true,
    value: ({ backend }) => byAge(backend.transactionAt),
    text: ({ backend }) => iso(backend.transactionAt),
    cell: ({ backend }) => <Age since={backend.transactionAt} {...transactionLimits(backend)} />,
  },
  {
    id: 'state-age',
    header: 'In state',
    hint: 'How long it has been in its present state.',
    width: 76,
    hiddenAtFirst: 'narrow',
    align: 'end',
    descendingFirst: true,
    value: ({ backend }) => byAge(backend.stateAt),
    text: ({ backend }) => iso(backend.stateAt),
    cell: ({ backend }) => <Age since={backend.stateAt} />,
  },
  {
    id: 'blocking',
    header: 'Blocking',
    hint: 'Who stands in its way, and how many wait for it.',
    width: 112,
    descendingFirst: true,
    value: ({ backend, blocks }) => blocks * 1000 + backend.blockedBy.length || null,
    text: ({ backend, blocks }) => `blocked by ${backend.blockedBy.join(', ') || 'none'}; blocks ${blocks}`,
    cell: (row) => <BlockingMark row={row} />,
  },
  {
    id: 'wait',
    header: 'Wait event',
    width: 144,
    value: ({ backend }) => (backend.waitType === null ? null : `${backend.waitType}: ${backend.wait ?? ''}`),
    cell: ({ backend }) =>
      backend.waitType === null ? (
        <Dash />
      ) : (
        <span title={`${backend.waitType}: ${backend.wait ?? ''}`}>
          <span className={styles.waitType}>{backend.waitType}</span> {backend.wait}
        </span>
      ),
  },
  {
    id: 'user',
    header: 'User',
    width: 84,
    most: 140,
    value: ({ backend }) => backend.user,
    cell: ({ backend }) => <Named name={backend.user} />,
  },
  {
    id: 'database',
    header: 'Database',
    width: 96,
    most: 180,
    value: ({ backend }) => backend.database,
    cell: ({ backend }) => <Named name={backend.database} />,
  },
  {
    id: 'query',
    header: 'Statement',
    hint: 'The running statement, or the last one of an idle session. Enter shows it whole.',
    width: 280,
    grow: true,
    mono: true,
    value: ({ backend }) => backend.query,
    cell: ({ backend }) => <QueryText backend={backend} />,
  },
  {
    id: 'application',
    header: 'Application',
    width: 128,
    most: 180,
    value: ({ backend }) => backend.application || null,
    cell: ({ backend }) => <Named name={backend.application} />,
  },
  {
    id: 'client',
    header: 'Client',
    width: 140,
    hiddenAtFirst: 'narrow',
    value: ({ backend }) => backend.client,
    cell: ({ backend }) => <Named name={backend.client} />,
  },
  {
    id: 'type',
    header: 'Type',
    width: 128,
    hiddenAtFirst: true,
    value: ({ backend }) => backend.type,
    cell: ({ backend }) => <Named name={backend.type} />,
  },
];

function BlockingMark({ row }: { row: SessionRow }) {
  if (row.backend.blockedBy.length === 0 && row.blocks === 0) return <Dash />;
  return (
    <span className={styles.blocking}>
      {row.backend.blockedBy.length > 0 && (
        <span
          className={styles.blocked}
          title={`Blocked by ${row.backend.blockedBy.map(pidWord).join(', ')}`}
        >
          by{' '}
          {row.backend.blockedBy.length === 1
            ? (row.backend.blockedBy[0] ?? 0) > 0
              ? row.backend.blockedBy[0]
              : 'prep.'
            : row.backend.blockedBy.length}
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

/** What a pid is called; those of prepared transactions are not above 0. */
export function pidWord(pid: number): string {
  return pid > 0 ? String(pid) : pid === 0 ? 'prepared transaction' : `prepared ${-pid}`;
}

/** Why a line of the tree without a backend offers nothing to end. */
export function noSession(pid: number, prepared?: PreparedTransaction): string {
  if (pid > 0) return 'Not in the sample: it has ended meanwhile, or came after it';
  if (!prepared)
    return 'Prepared transaction: it has no session to end; pg_prepared_xacts names it, ROLLBACK PREPARED ends it';
  const { gid, owner } = prepared;
  return `Prepared transaction of ${owner}: it has no session to end; ROLLBACK PREPARED '${gid.replaceAll("'", "''")}' ends it`;
}

function QueryText({ backend }: { backend: Backend }) {
  if (backend.state === 'hidden') return <span className={styles.none}>not visible to this role</span>;
  if (backend.query === null || backend.query === '') return <Dash />;
  const running = backend.state === 'active' || backend.state === 'waiting';
  return (
    <span className={running ? undefined : styles.past} dir="auto">
      {oneLine(backend.query)}
    </span>
  );
}
