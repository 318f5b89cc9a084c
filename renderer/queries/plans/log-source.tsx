import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { LoggedPlan } from '../../../preload/contract/plans.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, duration, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { OpenFile } from './open-file.tsx';
import styles from './plans.module.css';

interface LogSourceProps {
  environment: string;
  onRead: (json: string) => void;
}

const columns: DataColumn<LoggedPlan>[] = [
  { id: 'at', header: 'At', width: 200, value: ({ at }) => at },
  {
    id: 'took',
    header: 'Took',
    width: 88,
    align: 'end',
    descendingFirst: true,
    value: ({ durationMs }) => durationMs,
    text: ({ durationMs }) => duration(durationMs),
  },
  {
    id: 'text',
    header: 'Statement',
    width: 400,
    grow: true,
    mono: true,
    value: ({ text }) => text.replace(/\s+/g, ' '),
  },
  { id: 'plan', header: 'Plan', width: 96, value: ({ json }) => (json === null ? 'too large' : '') },
];

/** Reads auto_explain's plans out of a log, and offers them, the longest first. */
export function LogSource({ environment, onRead }: LogSourceProps) {
  const [path, setPath] = useState('');
  const log = useMutation({
    mutationFn: (source: { path: string } | { text: string }) =>
      client.queries.plans.log({ environment, ...source }),
  });
  const found = log.data;
  return (
    <div className={styles.log}>
      <form
        className={styles.line}
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) log.mutate({ path: path.trim() });
        }}
      >
        <TextInput
          aria-label="Path of the log on the console’s machine"
          placeholder="/var/log/postgresql/postgresql-15-main.log"
          className={styles.path ?? ''}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          spellCheck={false}
        />
        <Button type="submit" variant="filled" loading={log.isPending} disabled={path.trim() === ''}>
          Read the log
        </Button>
        <OpenFile label="Open a log…" onText={(text) => log.mutate({ text })} />
      </form>
      {log.isPending && <Loading label="Reading the log" rows={6} />}
      {log.isError && <Explanation explanation={explain(log.error)} />}
      {found?.limits.map((limit) => (
        <Explanation key={limit.cause} explanation={limit} severity="notice" compact />
      ))}
      {found && found.entries.length > 0 && (
        <div className={styles.logTable}>
          <DataTable
            name="plan-log"
            label="Plans in the log"
            columns={columns}
            rows={found.entries}
            keyOf={(entry) => `${entry.at} ${entry.durationMs} ${entry.text.slice(0, 80)}`}
            noun="plan"
            note={`${plural(found.found, 'plan')} in ${bytes(found.bytes)}${found.broken > 0 ? `, ${found.broken} not whole` : ''}`}
            onOpen={({ json }) => json !== null && onRead(json)}
          />
        </div>
      )}
    </div>
  );
}
