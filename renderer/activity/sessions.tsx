import { Button } from '@mantine/core';
import { IconEyeOff, IconFilterOff, IconPlugConnectedX } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import type { Backend } from '../../preload/contract/activity.ts';
import { Empty } from '../components/empty.tsx';
import { plural } from '../components/format.ts';
import { DataTable } from '../components/table/data-table.tsx';
import type { Selection } from '../components/table/selection.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import { type SessionRow, sessionColumns } from './columns.tsx';
import {
  type ActivityFilters,
  countHidden,
  everything,
  type Filtered,
  filterSignature,
  isNarrowed,
} from './filters.ts';
import { backendKey } from './share.ts';
import type { Signals } from './use-signals.tsx';

interface SessionsProps {
  backends: readonly Backend[];
  filtered: Filtered;
  filters: ActivityFilters;
  onFilters: (update: (before: ActivityFilters) => ActivityFilters) => void;
  live: boolean;
  /** When the sample was taken, where none follows it at present. */
  staleSince: number | null;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onActive: (backend: Backend | null) => void;
  onOpen: (backend: Backend) => void;
  signals: Signals;
}

const mostUrgentFirst = [{ id: 'state', desc: false }];

const keyOf = (row: SessionRow): string => row.key;
const toneOf = (row: SessionRow): string | undefined =>
  row.backend.state === 'waiting' ? 'waiting' : undefined;

/** The list of sessions. */
export function Sessions(props: SessionsProps) {
  const { backends, filtered, filters, onFilters, live, staleSince } = props;
  const { selection, onSelect, onActive, onOpen, signals } = props;
  const rows = useRows(filtered.rows, backends);
  const signature = useMemo(() => filterSignature(filters), [filters]);
  const note =
    filtered.ownHidden > 0 ? (
      <>{filtered.ownHidden} of Howdah’s own not listed</>
    ) : rows.length > 0 ? (
      'Enter or double-click opens, Space selects'
    ) : null;

  return (
    <DataTable
      name="activity-sessions"
      label="Sessions"
      noun="session"
      columns={sessionColumns}
      rows={rows}
      keyOf={keyOf}
      sorting={mostUrgentFirst}
      live={live}
      filterSignature={signature}
      selection={selection}
      onSelect={onSelect}
      onActive={(row) => onActive(row?.backend ?? null)}
      onOpen={(row) => onOpen(row.backend)}
      actions={(chosen) => signals.actions(chosen.map(({ backend }) => backend))}
      onShortcut={(key, chosen) =>
        signals.onShortcut(
          key,
          chosen.map(({ backend }) => backend),
        )
      }
      toneOf={toneOf}
      note={note}
      empty={<NoRows backends={backends} filters={filters} onFilters={onFilters} staleSince={staleSince} />}
    />
  );
}

type NoRowsProps = Pick<SessionsProps, 'backends' | 'filters' | 'onFilters' | 'staleSince'>;

function NoRows({ backends, filters, onFilters, staleSince }: NoRowsProps) {
  const hidden = countHidden(backends);
  const hiddenSessions = `${plural(hidden.sessions, 'session is', 'sessions are')} hidden from this role`;
  if (isNarrowed(filters)) {
    return (
      <Empty
        icon={IconFilterOff}
        title="No session matches the filters"
        actions={
          <Button onClick={() => onFilters(({ system, own }) => ({ ...everything, system, own }))}>
            Clear filters
          </Button>
        }
      >
        {hidden.sessions > 0 && `${hiddenSessions} and may match. `}
        {staleSince === null ? (
          'Sessions that come to match appear here by themselves.'
        ) : (
          <>
            The last sample was taken <TimeAgo at={staleSince} />.
          </>
        )}
      </Empty>
    );
  }
  if (staleSince !== null) {
    return (
      <Empty icon={IconPlugConnectedX} title="Who is connected is unknown since the last sample">
        That one, <TimeAgo at={staleSince} />, listed no session
        {hidden.sessions > 0 ? `; ${hiddenSessions}` : ''}.
      </Empty>
    );
  }
  if (hidden.sessions > 0) {
    return (
      <Empty icon={IconEyeOff} title={hiddenSessions}>
        Nobody else is connected, as far as this role may see.
      </Empty>
    );
  }
  if (hidden.unknown > 0) {
    return (
      <Empty icon={IconEyeOff} title="No client but Howdah in sight">
        {plural(hidden.unknown, 'server process is', 'server processes are')} hidden from this role:
        background work, or clients that replicate.
      </Empty>
    );
  }
  return (
    <Empty icon={IconPlugConnectedX} title="Nobody is connected">
      No client but Howdah holds a session on this server. New ones appear here by themselves.
    </Empty>
  );
}

/** Adds how many wait for each. A row that says the same as before stays the same object. */
function useRows(rows: readonly Backend[], backends: readonly Backend[]): readonly SessionRow[] {
  const before = useRef(new Map<Backend, SessionRow>());
  return useMemo(() => {
    const blocks = new Map<number, number>();
    for (const { blockedBy } of backends)
      for (const pid of blockedBy) blocks.set(pid, (blocks.get(pid) ?? 0) + 1);
    const next = new Map<Backend, SessionRow>();
    const joined = rows.map((backend) => {
      const count = blocks.get(backend.pid) ?? 0;
      const old = before.current.get(backend);
      const row = old && old.blocks === count ? old : { key: backendKey(backend), backend, blocks: count };
      next.set(backend, row);
      return row;
    });
    before.current = next;
    return joined;
  }, [rows, backends]);
}
