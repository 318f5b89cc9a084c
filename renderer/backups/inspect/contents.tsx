import { NativeSelect, TextInput } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import type { TocEntry } from '../../../preload/contract/backups.ts';
import { bytes, count, exactBytes } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { visible } from '../../migrations/words.ts';
import styles from './inspect.module.css';
import { filterToc, kindsOf } from './toc.ts';

const keyOf = ({ id }: TocEntry): string => String(id);

const cell = (text: string | null) => text !== null && <bdi title={visible(text)}>{visible(text)}</bdi>;

const columns: readonly DataColumn<TocEntry>[] = [
  { id: 'kind', header: 'Kind', width: 104, value: ({ kind }) => kind },
  {
    id: 'name',
    header: 'Name',
    width: 120,
    grow: true,
    always: true,
    mono: true,
    value: ({ schema, name }) => (schema === null ? name : `${schema}.${name}`),
    cell: ({ schema, name }) => (
      <bdi title={visible(schema === null ? name : `${schema}.${name}`)}>
        {schema !== null && <span className={styles.soft}>{visible(schema)}.</span>}
        {visible(name)}
      </bdi>
    ),
  },
  {
    id: 'size',
    header: 'Size',
    hint: 'Of its data in the backup, where the format tells.',
    width: 72,
    align: 'end',
    descendingFirst: true,
    value: (row) => row.bytes,
    cell: (row) => row.bytes !== null && <span title={exactBytes(row.bytes)}>{bytes(row.bytes)}</span>,
  },
  {
    id: 'owner',
    header: 'Owner',
    width: 88,
    hiddenAtFirst: 'narrow',
    value: ({ owner }) => owner,
    cell: (row) => cell(row.owner),
  },
];

/** The table of contents: thousands of entries, filtered as one types. */
export function Contents({ toc }: { toc: readonly TocEntry[] }) {
  const [search, setSearch] = useState('');
  const [kind, setKind] = useState('');
  const wanted = useDeferredValue(search);
  const kinds = useMemo(() => kindsOf(toc), [toc]);
  const rows = useMemo(() => filterToc(toc, { kind, search: wanted }), [toc, kind, wanted]);
  return (
    <div className={styles.contents}>
      <div className={styles.filters}>
        <TextInput
          type="search"
          aria-label="Search the contents"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <NativeSelect
          aria-label="Kind"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
          data={[
            { value: '', label: `All kinds (${count(toc.length)})` },
            ...kinds.map((one) => ({ value: one.kind, label: `${one.kind} (${count(one.many)})` })),
          ]}
        />
      </div>
      <div className={styles.toc}>
        <DataTable
          name="backup-contents"
          label="Contents"
          noun="entry"
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          filterSignature={`${kind} ${wanted}`}
          footer={false}
          empty={<p className={styles.soft}>Nothing of that name is in it.</p>}
        />
      </div>
      {rows.length !== toc.length && (
        <p className={styles.soft} role="status">
          {count(rows.length)} of {count(toc.length)} entries
        </p>
      )}
    </div>
  );
}
