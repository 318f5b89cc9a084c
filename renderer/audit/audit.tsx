import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBook2, IconFilter } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { Loading } from '../components/loading.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { useEnvironments } from '../shell/environments-provider.tsx';
import styles from './audit.module.css';
import { type AuditRow, auditColumns } from './audit-columns.tsx';
import { AuditInspector } from './audit-inspector.tsx';

const pageSize = 200;
/** ms between looks for new entries, while only the newest are in sight. */
const beat = 5000;

const newestFirst = [{ id: 'at', desc: true }];
const keyOf = (row: AuditRow): string => String(row.id);

/** Every change and every destructive act, newest first: who did what where, and what came of it. */
export default function Audit() {
  const { environments } = useEnvironments();
  const [environment, setEnvironment] = useState('');
  const [text, setText] = useState('');
  const [words] = useDebouncedValue(text.trim(), 200);
  const [openId, setOpenId] = useState<number>();
  const entries = useEntries(environment, words);
  const colors = useMemo(() => new Map(environments?.map(({ id, color }) => [id, color])), [environments]);
  const rows = useMemo<AuditRow[]>(
    () => entries.rows.map((entry) => ({ ...entry, color: colors.get(entry.environment ?? '') })),
    [entries.rows, colors],
  );
  const opened = rows.find(({ id }) => id === openId);
  const narrowed = environment !== '' || words !== '';

  return (
    <>
      <div className={styles.toolbar}>
        <TextInput
          data-filter
          type="search"
          aria-label="Filter the audit log"
          placeholder="Filter (/)"
          leftSection={<IconFilter size={14} />}
          className={styles.filter ?? ''}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label="Environment"
          className={styles.select ?? ''}
          value={environment}
          onChange={(event) => setEnvironment(event.currentTarget.value)}
          data={[
            { value: '', label: 'All environments' },
            ...(environments ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <p className={styles.hint}>Written before and after each act; secrets are left out.</p>
      </div>
      {entries.problem && (
        <div className={styles.problem}>
          <Explanation
            explanation={entries.problem}
            actions={<Button onClick={entries.again}>Try again</Button>}
          />
        </div>
      )}
      {entries.isPending ? (
        <Loading label="Loading the audit log" rows={14} />
      ) : (
        <DataTable
          name="audit"
          label="Audit log"
          noun="act"
          columns={auditColumns}
          rows={rows}
          keyOf={keyOf}
          sorting={newestFirst}
          filterSignature={`${environment}|${words}`}
          onOpen={({ id }) => setOpenId(id)}
          onActive={(row) => row && opened && setOpenId(row.id)}
          note={
            entries.more && (
              <Button variant="subtle" loading={entries.fetchingMore} onClick={entries.loadMore}>
                Load older acts
              </Button>
            )
          }
          empty={
            narrowed ? (
              <Empty
                icon={IconFilter}
                title="No act matches"
                actions={
                  <Button
                    onClick={() => {
                      setText('');
                      setEnvironment('');
                    }}
                  >
                    Clear the filter
                  </Button>
                }
              />
            ) : (
              <Empty icon={IconBook2} title="Nothing has been changed yet">
                Whatever Howdah changes, cancels, terminates or removes is written here, with who did it and
                what came of it.
              </Empty>
            )
          }
        />
      )}
      {opened && <AuditInspector entry={opened} onClose={() => setOpenId(undefined)} />}
    </>
  );
}

function useEntries(environment: string, text: string) {
  const query = useInfiniteQuery({
    queryKey: ['audit', environment, text],
    queryFn: ({ pageParam, signal }) =>
      client.audit.list(
        {
          ...(environment ? { environment } : {}),
          ...(text ? { text } : {}),
          ...(pageParam === undefined ? {} : { before: pageParam }),
          limit: pageSize,
        },
        { signal },
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.more ? last.entries.at(-1)?.id : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: (state) => ((state.state.data?.pages.length ?? 1) > 1 ? false : beat),
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ entries }) => entries) ?? [], [query.data]);
  return {
    rows,
    isPending: query.isPending && !query.error,
    problem: query.error ? explain(query.error) : undefined,
    again: () => void query.refetch(),
    more: query.hasNextPage,
    fetchingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  };
}
