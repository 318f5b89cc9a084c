import { IconRefreshAlert } from '@tabler/icons-react';
import { plural } from '../components/format.ts';
import type { DataColumn } from '../components/table/columns.ts';
import { sessionStateWords } from '../theme/colors.ts';
import { Age } from './age.tsx';
import styles from './blocking.module.css';
import { type BlockingRow, drawnGuides } from './blocking-rows.ts';
import { noSession, oneLine, pidWord } from './columns.tsx';
import { LockTarget } from './lock-target.tsx';
import { SessionState } from './session-state.tsx';

const minute = 60_000;

/** The columns of the blocking tree. */
export function blockingColumns(): readonly DataColumn<BlockingRow>[] {
  return [
    {
      id: 'backend',
      header: 'Backend',
      width: 200,
      always: true,
      value: ({ line }) => line.pid,
      text: ({ line, prepared }) => `${'  '.repeat(line.depth)}${prepared?.gid ?? pidWord(line.pid)}`,
      cell: (row) => <Branch row={row} />,
    },
    {
      id: 'state',
      header: 'State',
      width: 128,
      value: ({ backend }) => (backend ? sessionStateWords[backend.state] : null),
      cell: ({ backend, line, prepared }) =>
        backend ? (
          <SessionState state={backend.state} short />
        ) : (
          <span className={styles.none} title={noSession(line.pid, prepared)}>
            {line.pid <= 0 ? 'prepared' : 'not in the sample'}
          </span>
        ),
    },
    {
      id: 'waits',
      header: 'Waits',
      hint: 'How long it has waited for its lock.',
      width: 68,
      align: 'end',
      value: ({ backend }) => backend?.waitingSince ?? null,
      text: ({ backend }) => (backend?.waitingSince ? new Date(backend.waitingSince).toISOString() : ''),
      cell: ({ backend, line }) =>
        line.waits ? (
          <Age since={backend?.waitingSince ?? null} warnAfter={10_000} badAfter={minute} />
        ) : (
          <span className={styles.none}>–</span>
        ),
    },
    {
      id: 'lock',
      header: 'For lock',
      hint: 'What it waits for, and in which mode.',
      width: 236,
      value: ({ backend }) => backend?.wait ?? null,
      cell: ({ backend, line }) =>
        line.waits && backend ? <LockTarget backend={backend} /> : <span className={styles.none}>–</span>,
    },
    {
      id: 'frees',
      header: 'Frees',
      hint: 'Backends that go on once this one is ended: those with nothing else in their way.',
      width: 68,
      align: 'end',
      value: ({ line }) => line.frees,
      text: ({ line }) => `${line.frees} of ${line.behind}`,
      cell: ({ line }) => <Frees behind={line.behind} frees={line.frees} />,
    },
    {
      id: 'transaction-age',
      header: 'Transaction',
      hint: 'How long its transaction has been open.',
      width: 92,
      align: 'end',
      value: ({ backend, prepared }) => backend?.transactionAt ?? prepared?.preparedAt ?? null,
      cell: ({ backend, prepared }) => <Age since={backend?.transactionAt ?? prepared?.preparedAt ?? null} />,
    },
    {
      id: 'query',
      header: 'Statement',
      width: 280,
      grow: true,
      mono: true,
      value: ({ backend }) => backend?.query,
      text: ({ backend, line, prepared }) =>
        backend ? (backend.query ?? '') : noSession(line.pid, prepared),
      cell: ({ backend, line, prepared }) =>
        backend ? (
          <span dir="auto">{backend.query && oneLine(backend.query)}</span>
        ) : (
          <span className={styles.told} title={noSession(line.pid, prepared)}>
            {noSession(line.pid, prepared)}
          </span>
        ),
    },
    {
      id: 'user',
      header: 'User',
      width: 104,
      value: ({ backend, prepared }) => backend?.user ?? prepared?.owner,
    },
    {
      id: 'database',
      header: 'Database',
      width: 112,
      value: ({ backend, prepared }) => backend?.database ?? prepared?.database,
    },
    { id: 'application', header: 'Application', width: 128, value: ({ backend }) => backend?.application },
    {
      id: 'client',
      header: 'Client',
      width: 128,
      hiddenAtFirst: true,
      value: ({ backend }) => backend?.client,
    },
  ];
}

function Branch({ row: { line, guides, backend, prepared } }: { row: BlockingRow }) {
  const drawn = drawnGuides(guides);
  return (
    <span className={styles.branch}>
      {drawn.map((runsOn, level) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a guide is its level.
          key={level}
          className={styles.guide}
          data-runs-on={runsOn || undefined}
          data-own={level === drawn.length - 1 || undefined}
          data-narrow={level >= 4 || undefined}
          aria-hidden
        />
      ))}
      <span
        className={styles.pid}
        data-root={line.depth === 0 || undefined}
        data-no-session={!backend || undefined}
        title={backend ? undefined : noSession(line.pid, prepared)}
      >
        {prepared?.gid ?? pidWord(line.pid)}
      </span>
      {drawn.length < guides.length && (
        <span className={styles.level} title={`Level ${line.depth} of the tree`}>
          {line.depth}
          <span className="visually-hidden"> levels deep</span>
        </span>
      )}
      {line.inCycle && (
        <span
          className={styles.ring}
          title="It waits in a ring: the server ends one of them after deadlock_timeout."
        >
          <IconRefreshAlert size={12} aria-hidden />
          {line.repeated ? 'ring closes here' : 'ring'}
        </span>
      )}
      {line.alsoBehind.length > 0 && (
        <span
          className={styles.also}
          title={`Also blocked by ${line.alsoBehind.map(pidWord).join(', ')}: ending one of them does not set it free.`}
        >
          {line.repeated && !line.inCycle ? 'shown above' : `+ ${plural(line.alsoBehind.length, 'blocker')}`}
        </span>
      )}
    </span>
  );
}

function Frees({ behind, frees }: { behind: number; frees: number }) {
  if (behind === 0) return <span className={styles.none}>–</span>;
  return (
    <span
      title={`${plural(behind, 'backend waits', 'backends wait')} behind it; ${frees} with nothing else in their way.`}
    >
      <strong className={styles.frees}>{frees}</strong>
      {frees === behind ? '' : ` of ${behind}`}
    </span>
  );
}
