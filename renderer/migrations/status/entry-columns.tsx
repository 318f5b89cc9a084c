import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { duration, milliseconds } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { AppliedTime } from '../applied-time.tsx';
import { GraphGutter, gutterWidth } from '../graph-gutter.tsx';
import styles from '../migrations.module.css';
import { StateMark } from '../state-mark.tsx';
import { stateWords, visible } from '../words.ts';
import type { EntryRow } from './rows.ts';

export type { EntryRow } from './rows.ts';

/**
 * The columns of a track. What its tool does not record has none: that is said once, above the list.
 *
 * @param lanes of the graph beside the names; 0 for none
 */
export function entryColumns(
  { entries }: Pick<MigrationTrack, 'entries'>,
  lanes: number,
): readonly DataColumn<EntryRow>[] {
  const has = {
    when: entries.some(({ appliedAt }) => appliedAt !== null),
    who: entries.some(({ appliedBy }) => appliedBy !== null),
    long: entries.some(({ durationMs }) => durationMs !== null),
    labels: entries.some(({ labels }) => labels.length > 0),
    notes: entries.some(({ notes }) => notes.length > 0),
    ids: entries.some(({ id, name }) => !name.includes(id) && !id.startsWith(name)),
  };
  const none = <span className={styles.none}>–</span>;
  const columns: (DataColumn<EntryRow> | false)[] = [
    {
      id: 'number',
      header: '#',
      hint: 'Place in the order in which the tool runs them.',
      width: 52,
      align: 'end',
      value: ({ number }) => number,
    },
    {
      id: 'state',
      header: 'State',
      width: 116,
      always: true,
      value: ({ entry }) => stateWords[entry.state].word,
      cell: ({ entry }) => <StateMark state={entry.state} />,
    },
    {
      id: 'name',
      header: 'Migration',
      width: 260 + (lanes > 0 ? gutterWidth(lanes) : 0),
      grow: true,
      always: true,
      mono: true,
      value: ({ entry }) => entry.name,
      cell: ({ entry, graph }) => (
        <span className={styles.name}>
          {lanes > 0 && graph && <GraphGutter row={graph} lanes={lanes} />}
          <bdi className={styles.nameText} title={visible(entry.name)}>
            {visible(entry.name)}
          </bdi>
        </span>
      ),
    },
    has.ids && {
      id: 'id',
      header: 'Id',
      width: 120,
      most: 160,
      mono: true,
      value: ({ entry }) => entry.id,
      cell: ({ entry }) => <bdi title={visible(entry.id)}>{visible(entry.id)}</bdi>,
    },
    has.when && {
      id: 'when',
      header: 'Applied',
      width: 150,
      value: ({ entry }) => entry.appliedAt,
      cell: ({ entry }) => <AppliedTime at={entry.appliedAt} />,
    },
    has.who && {
      id: 'who',
      header: 'By',
      width: 96,
      most: 160,
      value: ({ entry }) => entry.appliedBy,
      cell: ({ entry }) => (entry.appliedBy === null ? none : <bdi>{visible(entry.appliedBy)}</bdi>),
    },
    has.long && {
      id: 'long',
      header: 'Took',
      width: 84,
      align: 'end',
      value: ({ entry }) => entry.durationMs,
      cell: ({ entry }) =>
        entry.durationMs === null ? (
          none
        ) : (
          <span title={milliseconds(entry.durationMs)}>{duration(entry.durationMs)}</span>
        ),
    },
    has.labels && {
      id: 'labels',
      header: 'Labels',
      width: 112,
      most: 200,
      value: ({ entry }) => entry.labels.join(', ') || null,
      cell: ({ entry }) => <bdi>{visible(entry.labels.join(', '))}</bdi>,
    },
    has.notes && {
      id: 'notes',
      header: 'Notes',
      width: 220,
      grow: true,
      value: ({ entry }) => entry.notes.join(' ') || null,
      cell: ({ entry }) =>
        entry.notes.length > 0 && (
          <span className={styles.notes} title={visible(entry.notes.join('\n'))}>
            {visible(entry.notes.join(' '))}
          </span>
        ),
    },
  ];
  return columns.filter((column): column is DataColumn<EntryRow> => column !== false);
}
