import { Button } from '@mantine/core';
import { IconFilterOff, IconListCheck } from '@tabler/icons-react';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Empty } from '../../components/empty.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import type { RowAction } from '../../components/table/row-menu.tsx';
import type { EntryRow } from './rows.ts';
import { severityOfRow } from './tones.ts';

interface EntryTableProps {
  track: MigrationTrack;
  rows: readonly EntryRow[];
  columns: readonly DataColumn<EntryRow>[];
  isNarrowed: boolean;
  onClear: () => void;
  onActive: (row: EntryRow | null) => void;
  onOpen: (row: EntryRow) => void;
  actions?: (row: EntryRow) => readonly RowAction[];
  signature: string;
}

const keyOf = ({ entry }: EntryRow): string => entry.id;
const toneOf = ({ entry }: EntryRow): string | undefined => severityOfRow(entry);

/** The migrations of a track in their order. */
export function EntryTable(props: EntryTableProps) {
  const { track, rows, columns, isNarrowed, onClear, onActive, onOpen, actions, signature } = props;
  const { length } = track.entries;
  return (
    <DataTable
      name={`migrations-${track.tool}`}
      label={`Migrations of ${track.title}`}
      noun="migration"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      sortable={false}
      filterSignature={signature}
      onActive={onActive}
      onOpen={onOpen}
      actions={([row]) => (row ? (actions?.(row) ?? []) : [])}
      toneOf={toneOf}
      note={
        isNarrowed && length !== rows.length ? `of ${length}` : length > 0 && 'Enter or double-click opens'
      }
      empty={
        isNarrowed ? (
          <Empty
            icon={IconFilterOff}
            title="No migration matches the filters"
            actions={<Button onClick={onClear}>Clear filters</Button>}
          />
        ) : (
          <Empty icon={IconListCheck} title="No migration is known">
            {track.table
              ? track.project
                ? 'Its table is empty, and so is its folder.'
                : 'Its table is empty, and no folder is linked that would say what is to be run.'
              : 'Its folder is empty, and it has left nothing in the database.'}
          </Empty>
        )
      }
    />
  );
}
