import { Button } from '@mantine/core';
import { IconFilter, IconPencil, IconSquare, IconSquareCheck } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Empty } from '../components/empty.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import type { RowAction } from '../components/table/row-menu.tsx';
import type { Selection } from '../components/table/selection.ts';
import { candidateColumns } from './candidate-columns.tsx';
import styles from './import.module.css';
import { setChosen } from './import-job.ts';
import { changeImport, importState } from './import-store.ts';
import { choiceWithHidden, type ImportRow } from './rows.ts';

const keyOf = ({ key }: ImportRow): string => key;

interface CandidateTableProps {
  /** Those that the filter lets through. */
  rows: readonly ImportRow[];
  filter: string;
  note: ReactNode;
  /** Whether the inspector goes along with the row on which the keyboard stands. */
  follows: boolean;
  onFollow: (key: string) => void;
  onOpen: (key: string) => void;
  onEscape: () => void;
  onClearFilter: () => void;
}

/** The connections found; the rows that are ticked are those that are added. */
export function CandidateTable(props: CandidateTableProps) {
  const { rows, filter, note, follows, onFollow, onOpen, onEscape, onClearFilter } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [activeKey, setActiveKey] = useState<string>();
  const [anchor, setAnchor] = useState<string | null>(null);
  const adds = useRef(false);

  // What was pressed to get here is gone; the keyboard goes on in the list.
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    frame.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }, []);

  const select = (selection: Selection): void => {
    const { chosen } = importState();
    setAnchor(selection.anchor);
    // A range of ticks is put to those that are there; in other tables it takes their place.
    const keys = adds.current ? new Set([...chosen, ...selection.keys]) : selection.keys;
    changeImport({ chosen: choiceWithHidden(chosen, rows.map(keyOf), keys) });
  };
  /** Esc closes the inspector; in other tables it also drops the selection, which here would lose all ticks. */
  const onKey = (event: KeyboardEvent): void => {
    adds.current = event.shiftKey;
    if (event.key !== 'Escape' || !(event.target instanceof Element) || event.target.role !== 'grid') return;
    event.preventDefault();
    event.stopPropagation();
    onEscape();
  };
  return (
    <div
      ref={frame}
      className={styles.table}
      onClickCapture={(event) => {
        adds.current = event.shiftKey;
      }}
      onKeyDownCapture={onKey}
    >
      <DataTable
        name="import"
        label="Connections found"
        noun="connection"
        columns={candidateColumns}
        rows={rows}
        keyOf={keyOf}
        filterSignature={filter}
        selection={{ keys: new Set(rows.filter(({ chosen }) => chosen).map(keyOf)), anchor }}
        onSelect={select}
        onActive={(row) => {
          setActiveKey(row?.key);
          if (row && follows) onFollow(row.key);
        }}
        onOpen={({ key }) => onOpen(key)}
        actions={() =>
          actionsOn(
            rows.find(({ key }) => key === activeKey),
            onOpen,
          )
        }
        note={note}
        empty={
          <Empty
            icon={IconFilter}
            title="No connection matches"
            actions={<Button onClick={onClearFilter}>Clear the filter</Button>}
          />
        }
      />
    </div>
  );
}

/** Of the row alone on which the menu was opened: the ticks are what is added, not what the menu is about. */
function actionsOn(row: ImportRow | undefined, open: (key: string) => void): RowAction[] {
  if (!row) return [];
  const { key, chosen } = row;
  return [
    { id: 'correct', label: 'Correct this one', icon: IconPencil, run: () => open(key) },
    chosen
      ? { id: 'leave', label: 'Leave this one out', icon: IconSquare, run: () => setChosen(key, false) }
      : { id: 'add', label: 'Add this one', icon: IconSquareCheck, run: () => setChosen(key, true) },
  ];
}
