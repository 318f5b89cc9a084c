import type { AuditEntry } from '../../preload/contract/audit.ts';
import type { EnvironmentColor } from '../../preload/contract/environments.ts';
import { dateTime, milliseconds } from '../components/format.ts';
import { Swatch } from '../components/swatch.tsx';
import type { DataColumn } from '../components/table/columns.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import styles from './audit.module.css';
import { isJson, outcomeOf, outcomeWords, procedureWords, riskWords } from './entries.ts';
import { OutcomeMark } from './outcome-mark.tsx';

/** An entry with the present colour of its environment; none when the environment is gone. */
export interface AuditRow extends AuditEntry {
  color: EnvironmentColor | undefined;
}

export const auditColumns: readonly DataColumn<AuditRow>[] = [
  {
    id: 'at',
    header: 'When',
    width: 168,
    always: true,
    descendingFirst: true,
    value: ({ at }) => at,
    text: ({ at }) => dateTime(at),
  },
  {
    id: 'age',
    header: 'Age',
    width: 96,
    hiddenAtFirst: 'narrow',
    align: 'end',
    value: ({ at }) => -at,
    cell: ({ at }) => <TimeAgo at={at} as="age" />,
  },
  {
    id: 'environment',
    header: 'Environment',
    width: 144,
    value: ({ environmentName }) => environmentName,
    cell: ({ environmentName, color }) =>
      environmentName ? (
        <span className={styles.environment}>
          {color && <Swatch color={color} height={14} />}
          <bdi>{environmentName}</bdi>
        </span>
      ) : (
        <span className={styles.none}>Howdah itself</span>
      ),
  },
  {
    id: 'procedure',
    header: 'Act',
    width: 176,
    value: ({ procedure }) => procedureWords(procedure),
  },
  { id: 'who', header: 'Who', width: 152, value: ({ who }) => who },
  {
    id: 'risk',
    header: 'Risk',
    hint: 'What kind of act it was: a change, or one that ends or removes something.',
    width: 72,
    value: ({ risk }) => riskWords[risk],
    cell: ({ risk }) => (
      <span className={styles.risk} data-risk={risk}>
        {riskWords[risk]}
      </span>
    ),
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 144,
    value: (row) => outcomeWords[outcomeOf(row, Date.now())],
    cell: (row) => <OutcomeMark outcome={outcomeOf(row, Date.now())} />,
  },
  {
    id: 'result',
    header: 'What came of it',
    width: 160,
    grow: true,
    value: ({ result }) => result,
    cell: ({ result }) => (result && isJson(result) ? <code className={styles.none}>{result}</code> : result),
  },
  {
    id: 'took',
    header: 'Took',
    width: 80,
    align: 'end',
    hiddenAtFirst: 'narrow',
    descendingFirst: true,
    value: ({ tookMs }) => tookMs,
    text: ({ tookMs }) => (tookMs === null ? '' : milliseconds(tookMs)),
  },
];
