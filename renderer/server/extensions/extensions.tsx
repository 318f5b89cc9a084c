import { ActionIcon, SegmentedControl, TextInput } from '@mantine/core';
import { IconArrowUp, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { ExtensionRow } from '../../../preload/contract/server.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { count } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Code } from '../parts.tsx';
import { useServer } from '../use-server.ts';
import styles from '../view.module.css';

const columns: readonly DataColumn<ExtensionRow>[] = [
  { id: 'name', header: 'Extension', width: 208, always: true, value: ({ name }) => name },
  {
    id: 'version',
    header: 'Installed',
    width: 96,
    align: 'end',
    value: ({ version }) => version,
    text: ({ version }) => version ?? '–',
  },
  {
    id: 'available',
    header: 'Available',
    width: 104,
    align: 'end',
    value: ({ available }) => available,
    text: ({ available }) => available ?? '–',
    cell: ({ available, canUpdate }) =>
      canUpdate ? (
        <span className={styles.mark}>
          <IconArrowUp size={14} aria-label="An update is there" />
          <b>{available}</b>
        </span>
      ) : (
        (available ?? <span title="Its files are not on the server any more">files gone</span>)
      ),
  },
  { id: 'schema', header: 'Schema', width: 128, value: ({ schema }) => schema },
  { id: 'owner', header: 'Owner', width: 112, value: ({ owner }) => owner },
  {
    id: 'objects',
    header: 'Brings',
    hint: 'Objects that belong to it',
    width: 72,
    align: 'end',
    value: ({ objects }) => objects,
    text: ({ objects }) => (objects === null ? '' : count(objects)),
  },
  { id: 'comment', header: 'What it is', width: 240, grow: true, value: ({ comment }) => comment },
];
const keyOf = ({ name }: ExtensionRow): string => name;

/** The extensions of the environment's database, with updates, and collations that changed under indexes. */
export default function Extensions({ environment, status, choice }: ViewProps) {
  const { data, problem, isAsking, ask } = useServer(status, ['extensions'], (options) =>
    client.server.extensions({ environment: environment.id }, options),
  );
  const [which, setWhich] = useState<'installed' | 'updates' | 'all'>('installed');
  const [words, setWords] = useState('');
  const [opened, setOpened] = useState<string>();
  const rows = useMemo(
    () =>
      (data?.extensions ?? []).filter(
        ({ name, comment, version, canUpdate }) =>
          (which === 'all' || (which === 'updates' ? canUpdate : version !== null)) &&
          `${name} ${comment ?? ''}`.toLowerCase().includes(words.toLowerCase()),
      ),
    [data, which, words],
  );
  const open = useCallback((one: ExtensionRow) => setOpened(one.name), []);
  const shown = data?.extensions.find(({ name }) => name === opened);
  usePaletteActions(
    useMemo(
      () => [
        {
          id: 'server extensions updates',
          label: 'Show extensions with updates',
          detail: 'Server',
          icon: IconArrowUp,
          run: () => setWhich('updates'),
        },
      ],
      [],
    ),
  );
  return (
    <div className={styles.view}>
      <div className={styles.head}>
        {choice}
        <TextInput
          data-filter
          className={styles.search ?? ''}
          placeholder="Search"
          aria-label="Search in names and descriptions"
          leftSection={<IconSearch size={14} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="Which extensions"
          value={which}
          onChange={(next) => setWhich(next as typeof which)}
          data={[
            { value: 'installed', label: 'Installed' },
            { value: 'updates', label: 'With updates' },
            { value: 'all', label: 'All there are' },
          ]}
        />
        {data && <span className={styles.soft}>in database {data.database}</span>}
        <span className={styles.space} />
        <ActionIcon
          variant="default"
          aria-label="Look again"
          title="Look again"
          onClick={ask}
          loading={isAsking}
        >
          <IconRefresh size={14} />
        </ActionIcon>
      </div>
      {problem && (
        <div className={styles.limits}>
          <Explanation explanation={problem} severity={data ? 'warning' : 'bad'} compact />
        </div>
      )}
      {data && data.collations.length > 0 && (
        <div className={styles.limits}>
          {data.collations.map(({ kind, name, recorded, actual, statement }) => (
            <Explanation
              key={`${kind} ${name}`}
              severity="bad"
              compact
              explanation={{
                cause: 'collation-mismatch',
                what: `The sort order of ${kind} ${name} changed with a library: ${recorded} is recorded, ${actual} is there.`,
                why: 'Indexes on text may be in the old order: rows are not found, and unique ones may let duplicates in.',
                next: 'Rebuild the indexes that depend on it first, then refresh the recorded version.',
                command: statement,
              }}
            />
          ))}
        </div>
      )}
      {!data && !problem && <Loading label="Loading the extensions" rows={10} />}
      {data && (
        <div className={styles.table}>
          <DataTable
            name="server-extensions"
            label="Extensions"
            noun="extension"
            columns={columns}
            rows={rows}
            keyOf={keyOf}
            filterSignature={`${which} ${words}`}
            onOpen={open}
            onActive={(row) => row && shown && open(row)}
            empty={
              <Empty
                title={
                  which === 'updates'
                    ? 'All are at the version that the server has'
                    : 'No extension is like that'
                }
              />
            }
          />
        </div>
      )}
      {shown && (
        <Inspector title={shown.name} onClose={() => setOpened(undefined)}>
          <div className={styles.sections}>
            <p>{shown.comment}</p>
            <Facts>
              <Fact label="Installed">{shown.version ?? 'not in this database'}</Fact>
              <Fact label="Available">{shown.available ?? 'its files are not on the server any more'}</Fact>
              {shown.schema && <Fact label="Schema">{shown.schema}</Fact>}
              {shown.owner && <Fact label="Owner">{shown.owner}</Fact>}
              {shown.objects !== null && <Fact label="Brings">{count(shown.objects)} objects</Fact>}
            </Facts>
            {shown.statement && (
              <Section title="Update">
                <Code text={shown.statement} label="Copy the statement" />
                <p className={styles.soft}>In each database that has it. Howdah does not run it by itself.</p>
              </Section>
            )}
          </div>
        </Inspector>
      )}
    </div>
  );
}
