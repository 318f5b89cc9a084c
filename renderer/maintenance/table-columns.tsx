import type { MaintainedTable, Toward } from '../../preload/contract/maintenance.ts';
import { bytes, count, dateTime, exactBytes, percent } from '../components/format.ts';
import { SeverityIcon } from '../components/severity-icon.tsx';
import type { DataColumn } from '../components/table/columns.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import { useNow } from '../components/use-now.ts';
import { visible } from '../migrations/words.ts';
import styles from './maintenance.module.css';
import { dueTitle, dueWords, latest, nextVacuum, rowsWords, stateWords } from './words.ts';

const ranks = ['danger', 'wraparound', 'overdue', 'due', 'analyze-due', 'healthy'];

/** Tables with what autovacuum counts of them. */
export const tableColumns: readonly DataColumn<MaintainedTable>[] = [
  {
    id: 'name',
    header: 'Table',
    width: 220,
    grow: true,
    always: true,
    value: ({ schema, name }) => `${schema}.${name}`,
    cell: ({ schema, name, kind }) => (
      <bdi title={`${schema}.${name}${kind === 'table' ? '' : `, ${kind}`}`}>
        <span className={styles.soft}>{visible(schema)}.</span>
        {visible(name)}
      </bdi>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 112,
    value: ({ state }) => ranks.indexOf(state),
    text: ({ state }) => stateWords[state].word,
    cell: ({ state }) => {
      const { word, means, severity } = stateWords[state];
      return (
        <span className={styles.state} title={means}>
          {severity && <SeverityIcon severity={severity} />}
          <span className={severity ? undefined : styles.soft}>{word}</span>
        </span>
      );
    },
  },
  {
    id: 'dead',
    header: 'Dead rows',
    hint: 'How many of them autovacuum waits for: the bar is full where it comes.',
    width: 136,
    align: 'end',
    descendingFirst: true,
    value: ({ dead }) => dead.counted,
    cell: ({ dead }) => <TowardBar toward={dead} />,
  },
  {
    id: 'dead-share',
    header: 'Dead',
    hint: 'Of all its rows.',
    width: 68,
    align: 'end',
    descendingFirst: true,
    value: ({ dead, live }) => share(dead.counted, live),
    cell: ({ dead, live }) => {
      const dead_ = share(dead.counted, live);
      return dead_ === null ? <span className={styles.soft}>–</span> : percent(dead_);
    },
  },
  {
    id: 'due',
    header: 'Vacuum due',
    hint: 'At the pace of late, as this console measured it.',
    width: 92,
    align: 'end',
    value: (table) => {
      const next = nextVacuum(table);
      return next.due ? 0 : next.dueAt;
    },
    cell: (table) => <Due toward={nextVacuum(table)} />,
  },
  {
    id: 'inserted',
    header: 'Inserted',
    hint: 'Rows inserted since the last vacuum (13 and later).',
    width: 128,
    align: 'end',
    descendingFirst: true,
    hiddenAtFirst: 'narrow',
    value: ({ inserted }) => inserted.counted,
    cell: ({ inserted }) => <TowardBar toward={inserted} />,
  },
  {
    id: 'changed',
    header: 'Changed',
    hint: 'Rows changed since the last analyze.',
    width: 128,
    align: 'end',
    descendingFirst: true,
    value: ({ changed }) => changed.counted,
    cell: ({ changed }) => <TowardBar toward={changed} />,
  },
  {
    id: 'vacuumed',
    header: 'Vacuumed',
    width: 104,
    align: 'end',
    value: ({ lastVacuum, lastAutovacuum }) => negative(latest(lastVacuum, lastAutovacuum)),
    text: ({ lastVacuum, lastAutovacuum }) => timeText(latest(lastVacuum, lastAutovacuum)),
    cell: ({ lastVacuum, lastAutovacuum }) => <Last at={latest(lastVacuum, lastAutovacuum)} />,
  },
  {
    id: 'analyzed',
    header: 'Analysed',
    width: 104,
    align: 'end',
    hiddenAtFirst: 'narrow',
    value: ({ lastAnalyze, lastAutoanalyze }) => negative(latest(lastAnalyze, lastAutoanalyze)),
    text: ({ lastAnalyze, lastAutoanalyze }) => timeText(latest(lastAnalyze, lastAutoanalyze)),
    cell: ({ lastAnalyze, lastAutoanalyze }) => <Last at={latest(lastAnalyze, lastAutoanalyze)} />,
  },
  {
    id: 'age',
    header: 'Age',
    hint: 'Transactions since the oldest that is not frozen, its TOAST table’s counted too.',
    width: 84,
    align: 'end',
    descendingFirst: true,
    value: ageOf,
    cell: (table) => {
      const age = ageOf(table);
      return <span title={age === null ? undefined : count(age)}>{rowsWords(age)}</span>;
    },
  },
  {
    id: 'bytes',
    header: 'Size',
    hint: 'Without indexes, when it was last vacuumed or analysed.',
    width: 84,
    align: 'end',
    descendingFirst: true,
    hiddenAtFirst: 'narrow',
    value: (table) => table.bytes,
    cell: (table) => <span title={exactBytes(table.bytes)}>{bytes(table.bytes)}</span>,
  },
];

const share = (dead: number | null, live: number | null): number | null =>
  dead === null || live === null || dead + live === 0 ? null : dead / (dead + live);

function ageOf({ xidAge, toast }: MaintainedTable): number | null {
  const toastAge = toast?.xidAge ?? null;
  return xidAge === null || toastAge === null ? (xidAge ?? toastAge) : Math.max(xidAge, toastAge);
}

const negative = (at: number | null): number | null => (at === null ? null : -at);
const timeText = (at: number | null): string => (at === null ? 'never' : dateTime(at));

function Last({ at }: { at: number | null }) {
  return at === null ? <span className={styles.soft}>never</span> : <TimeAgo at={at} as="age" />;
}

/** A counter with how far it is to its threshold. */
export function TowardBar({ toward: { counted, threshold } }: { toward: Toward }) {
  if (counted === null) return <span className={styles.soft}>–</span>;
  const far = threshold === null ? 0 : threshold === 0 ? 1 : Math.min(1, counted / threshold);
  const severity = threshold !== null && counted > 2 * threshold ? 'warning' : undefined;
  const title =
    threshold === null
      ? `${count(Math.round(counted))}; autovacuum does not come because of these`
      : `${count(Math.round(counted))} of ${count(Math.ceil(threshold))}`;
  return (
    <span className={styles.toward} title={title}>
      <span className={styles.bar} data-severity={severity} aria-hidden>
        <span style={{ width: `${far * 100}%` }} />
      </span>
      <b>{rowsWords(counted)}</b>
    </span>
  );
}

export function Due({ toward }: { toward: Toward }) {
  const now = useNow();
  const words = dueWords(toward, now);
  return (
    <span title={dueTitle(toward)} className={words === '–' || words === 'never' ? styles.soft : undefined}>
      {words}
    </span>
  );
}
