import { IconCircleCheck, IconEyeOff, IconPlugConnectedX } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import type { Backend, PreparedTransaction } from '../../preload/contract/activity.ts';
import type { BlockingTree } from '../../preload/contract/blocking-tree.ts';
import { Empty } from '../components/empty.tsx';
import { plural } from '../components/format.ts';
import { DataTable } from '../components/table/data-table.tsx';
import type { RowAction } from '../components/table/row-menu.tsx';
import type { Selection } from '../components/table/selection.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import { blockingColumns } from './blocking-columns.tsx';
import { type BlockingRow, blockingRows, selectableOnly, shareRows } from './blocking-rows.ts';
import { noSession } from './columns.tsx';

interface BlockingProps {
  tree: BlockingTree;
  backends: readonly Backend[];
  prepared: readonly PreparedTransaction[];
  /** Whether some sessions' waits can't be seen. */
  limited: boolean;
  /** When the sample was taken, where none follows it at present: what it does not show may be there by now. */
  staleSince: number | null;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onActive: (backend: Backend | null) => void;
  onOpen: (backend: Backend) => void;
  actions: (backends: readonly Backend[]) => readonly RowAction[];
  onShortcut: (key: string, backends: readonly Backend[]) => boolean;
}

const columns = blockingColumns();
const keyOf = (row: BlockingRow): string => row.line.key;
const toneOf = (row: BlockingRow): string | undefined => (row.line.depth === 0 ? 'root' : undefined);

/** Who waits for whom, the ones that wait for nobody at the top. */
export function Blocking(props: BlockingProps) {
  const { tree, backends, prepared, limited, staleSince, onSelect, onActive, onOpen, actions, onShortcut } =
    props;
  const before = useRef<readonly BlockingRow[]>([]);
  const rows = useMemo(() => {
    before.current = shareRows(
      before.current,
      blockingRows(tree, new Map(backends.map((each) => [each.pid, each])), prepared),
    );
    return before.current;
  }, [tree, backends, prepared]);
  const selection = useMemo(() => selectableOnly(props.selection, rows), [props.selection, rows]);

  return (
    <DataTable
      name="activity-blocking"
      label="Blocking tree"
      noun="line"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      sortable={false}
      selection={selection}
      onSelect={(next) => onSelect(selectableOnly(next, rows))}
      onActive={(row) => onActive(row?.backend ?? null)}
      onOpen={(row) => row.backend && onOpen(row.backend)}
      actions={(chosen) => offered(chosen, actions)}
      onShortcut={(key, chosen) => onShortcut(key, backendsOf(chosen))}
      toneOf={toneOf}
      note={summary(tree)}
      empty={<NoLines limited={limited} staleSince={staleSince} />}
    />
  );
}

function NoLines({ limited, staleSince }: Pick<BlockingProps, 'limited' | 'staleSince'>) {
  if (staleSince !== null) {
    return (
      <Empty icon={IconPlugConnectedX} title="Who waits for whom is unknown since the last sample">
        In that sample, <TimeAgo at={staleSince} />, {limited ? 'no visible session' : 'no session'} waited on
        a lock.
      </Empty>
    );
  }
  if (limited) {
    return (
      <Empty icon={IconEyeOff} title="No visible session waits on a lock">
        Sessions this role may not see could be waiting.
      </Empty>
    );
  }
  return (
    <Empty icon={IconCircleCheck} title="Nobody waits on a lock">
      When one session holds up others, they are drawn here as a tree with the cause at the top.
    </Empty>
  );
}

/** What the menu of some lines offers; of lines without a session it says why there is nothing to end. */
function offered(rows: readonly BlockingRow[], actions: BlockingProps['actions']): readonly RowAction[] {
  const backends = backendsOf(rows);
  const first = rows[0];
  if (backends.length > 0 || !first) return actions(backends);
  return actions(backends).map((action) => ({
    ...action,
    refused: noSession(first.line.pid, first.prepared),
  }));
}

/** The backends of some lines, each once. */
export function backendsOf(rows: readonly BlockingRow[]): Backend[] {
  return [...new Set(rows.map((row) => row.backend))].filter((backend) => backend !== undefined);
}

function summary(tree: BlockingTree): string | null {
  if (tree.waiting === 0) return null;
  const parts = [
    `${plural(tree.waiting, 'backend waits', 'backends wait')} behind ${plural(tree.roots, 'root')}`,
  ];
  if (tree.inCycle > 0) parts.push(`${tree.inCycle} in a ring`);
  return parts.join(' · ');
}
