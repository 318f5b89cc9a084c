import { Button, TextInput } from '@mantine/core';
import { IconFileImport, IconFilter, IconPencil, IconSquare, IconSquareCheck } from '@tabler/icons-react';
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { plural } from '../components/format.ts';
import { giveBackFocus } from '../components/give-back-focus.ts';
import { Loading } from '../components/loading.tsx';
import { notifyDone } from '../components/notify.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import type { RowAction } from '../components/table/row-menu.tsx';
import { useImporting } from '../shell/actions.tsx';
import { useEnvironments } from '../shell/environments-provider.tsx';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import { candidateColumns } from './candidate-columns.tsx';
import { CandidateInspector } from './candidate-inspector.tsx';
import { ChooseFiles } from './choose-files.tsx';
import styles from './import.module.css';
import { addFiles, cancelReading, dropImport, readAgain, rename, setChosen, take } from './import-job.ts';
import { ImportStart } from './import-start.tsx';
import { changeImport, useImport } from './import-store.ts';
import { importCommands } from './palette-commands.ts';
import { ProblemsList } from './problems-list.tsx';
import type { RowField } from './row-form.ts';
import {
  choiceWithHidden,
  clashing,
  countsOf,
  filtered,
  type ImportRow,
  isWrong,
  numberedNames,
  rowsOf,
} from './rows.ts';
import { SourcesBar } from './sources-bar.tsx';
import { TakeBar } from './take-bar.tsx';

const keyOf = ({ key }: ImportRow): string => key;
const noRows: readonly ImportRow[] = [];

/** Takes connections out of files: choose files, look through what was found, correct, add. */
export default function ImportScreen() {
  const state = useImport();
  const { incoming, close } = useImporting();
  const { environments } = useEnvironments();
  const [filter, setFilter] = useState('');
  const words = useDeferredValue(filter);
  const [openKey, setOpenKey] = useState<string>();
  const [focus, setFocus] = useState<{ field: RowField | 'other' }>();
  const [activeKey, setActiveKey] = useState<string>();
  const [anchor, setAnchor] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);
  const adds = useRef(false);
  const table = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (incoming.length > 0) addFiles(incoming);
  }, [incoming]);

  // The keyboard goes on in the list once it is there, and on the screen once the import is closed.
  const hasRows = (state.preview?.candidates.length ?? 0) > 0;
  useEffect(() => {
    if (hasRows && document.activeElement === document.body) {
      table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
    }
  }, [hasRows]);
  useEffect(() => () => focusScreen(), []);

  const { preview, chosen, corrections, told, sources, reading, problem } = state;
  const taken = useMemo(() => (environments ?? []).map(({ name }) => name), [environments]);
  const rows = useMemo(
    () => (preview ? rowsOf(preview, { chosen, corrections }, taken, told) : noRows),
    [preview, chosen, corrections, taken, told],
  );
  const shown = useMemo(() => filtered(rows, words), [rows, words]);
  const counts = useMemo(() => countsOf(rows), [rows]);
  const groups = useMemo(
    () =>
      [
        ...new Set([...(environments ?? []), ...rows.map(({ draft }) => draft)].map(({ group }) => group)),
      ].filter(Boolean),
    [environments, rows],
  );
  const opened = rows.find(({ key }) => key === openKey);

  const discard = (): void => {
    dropImport();
    close();
  };
  // What was corrected is not thrown away by one press.
  const cancel = (): void => (corrections.size > 0 ? setAsks(true) : discard());
  const open = (key: string, field: RowField | 'other'): void => {
    setOpenKey(key);
    setFocus({ field });
  };
  const toFirstWrong = (): void => {
    const row = rows.find(isWrong);
    if (row) open(row.key, (Object.keys(row.problems)[0] ?? 'name') as RowField);
  };
  const add = async (): Promise<void> => {
    if (counts.wrong > 0) return toFirstWrong();
    const waiting = counts.waiting;
    const result = await take(rows);
    if (result.outcome === 'wrong') open(result.key, result.field);
    if (result.outcome !== 'added') return;
    const { added } = result;
    const names = added.slice(0, 3).map(({ name }) => name);
    const rest = added.length - names.length;
    const list = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    notifyDone(
      `Added ${plural(added.length, 'environment')}: ${list}.${waiting > 0 ? ` Not connected yet: ${waiting} with a command to run.` : ''}`,
      { id: 'import' },
    );
    close();
  };
  usePaletteActions(importCommands({ state, counts, add: () => void add(), cancel }));

  if (sources.length === 0) {
    return (
      <>
        <Toolbar asks={undefined} onCancel={cancel} />
        <ProblemsList problems={state.refused} alone />
        <ImportStart />
      </>
    );
  }
  const problems = [...state.refused, ...(preview?.problems ?? [])];
  const nothingFound = preview !== undefined && preview.candidates.length === 0;
  return (
    <>
      <Toolbar
        asks={
          asks && corrections.size > 0
            ? { rows: corrections.size, onKeep: () => setAsks(false), onDiscard: discard }
            : undefined
        }
        onCancel={cancel}
      >
        {rows.length > 0 && (
          <>
            <TextInput
              data-filter
              type="search"
              aria-label="Filter the connections found"
              placeholder="Filter (/)"
              leftSection={<IconFilter size={14} />}
              className={styles.filter ?? ''}
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || !filter) return;
                event.preventDefault();
                setFilter('');
              }}
            />
            <p className={styles.summary} aria-live="polite">
              {plural(counts.found, 'connection')} found
              <span>{counts.chosen} chosen</span>
            </p>
          </>
        )}
      </Toolbar>
      <SourcesBar state={state} offersKind={nothingFound || problems.length > 0} />
      <ProblemsList problems={problems} alone={nothingFound} />
      {problem && (
        <div className={styles.problem}>
          <Explanation
            explanation={problem.explanation}
            severity={problem.explanation.cause === 'preview-expired' ? 'warning' : 'bad'}
            actions={
              problem.of === 'reading' ? (
                <Button onClick={readAgain}>Read again</Button>
              ) : (
                <Button onClick={() => changeImport({ problem: undefined })}>Close</Button>
              )
            }
          />
        </div>
      )}
      {reading && !preview ? (
        <Reading files={sources.length} />
      ) : nothingFound ? (
        <Empty
          icon={IconFileImport}
          title={`No connection found in ${sources.length === 1 ? 'the file' : `the ${sources.length} files`}`}
          actions={<ChooseFiles label="Add another file" />}
        >
          If you know what kind of file it is, say so above. A compose file with variables needs its .env
          beside it.
        </Empty>
      ) : (
        preview && (
          <div
            ref={table}
            className={styles.table}
            onClickCapture={(event) => {
              adds.current = event.shiftKey;
            }}
            onKeyDownCapture={(event) => {
              adds.current = event.shiftKey;
              keepTicks(event, () => setOpenKey(undefined));
            }}
          >
            <DataTable
              name="import"
              label="Connections found"
              noun="connection"
              columns={candidateColumns}
              rows={shown}
              keyOf={keyOf}
              filterSignature={words}
              selection={{ keys: new Set(shown.filter((row) => row.chosen).map(keyOf)), anchor }}
              onSelect={(selection) => {
                setAnchor(selection.anchor);
                // A range of ticks is put to those that are there: elsewhere it takes their place.
                const keys = adds.current ? new Set([...chosen, ...selection.keys]) : selection.keys;
                changeImport({ chosen: choiceWithHidden(chosen, shown.map(keyOf), keys) });
              }}
              onActive={(row) => {
                setActiveKey(row?.key);
                if (row && openKey !== undefined) setOpenKey(row.key);
              }}
              onOpen={({ key }) => open(key, 'name')}
              actions={() =>
                rowActions(
                  shown.find(({ key }) => key === activeKey),
                  open,
                )
              }
              note={reading ? 'Reading' : 'Space ticks a row, Enter corrects it'}
              empty={
                <Empty
                  icon={IconFilter}
                  title="No connection matches"
                  actions={<Button onClick={() => setFilter('')}>Clear the filter</Button>}
                />
              }
            />
          </div>
        )
      )}
      {rows.length > 0 && (
        <TakeBar
          state={state}
          counts={counts}
          clashes={clashing(rows).length}
          onWrong={toFirstWrong}
          onNumber={() => rename(rows, numberedNames(rows, taken))}
          onTake={() => void add()}
        />
      )}
      {opened && (
        <CandidateInspector
          row={opened}
          groups={groups}
          focus={focus}
          onClose={() => setOpenKey(undefined)}
        />
      )}
    </>
  );
}

interface ToolbarProps {
  /** Whether the corrections of so many rows are to be lost. */
  asks: { rows: number; onKeep: () => void; onDiscard: () => void } | undefined;
  onCancel: () => void;
  children?: ReactNode;
}

function Toolbar({ asks, onCancel, children }: ToolbarProps) {
  return (
    <div className={styles.toolbar}>
      <h2 className={styles.title}>Import connections</h2>
      {!asks && children}
      <span className={styles.space} />
      {asks ? (
        <fieldset
          className={styles.asks}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            asks.onKeep();
          }}
        >
          <legend className="visually-hidden">Discard the corrections?</legend>
          <b role="alert">Discard the corrections of {plural(asks.rows, 'row')}?</b>
          <Button autoFocus onClick={asks.onKeep}>
            Keep
          </Button>
          <Button variant="filled" color="red" onClick={asks.onDiscard}>
            Discard
          </Button>
        </fieldset>
      ) : (
        <Button onClick={onCancel}>Cancel</Button>
      )}
    </div>
  );
}

function Reading({ files }: { files: number }) {
  return (
    <>
      <div className={styles.reading}>
        Reading {plural(files, 'file')}
        <Button onClick={cancelReading}>Stop reading</Button>
      </div>
      <Loading label={`Reading ${plural(files, 'file')}`} rows={8} />
    </>
  );
}

/** Of the row alone on which the menu was opened: the ticks are what is added, not what the menu is about. */
function rowActions(row: ImportRow | undefined, open: (key: string, field: RowField) => void): RowAction[] {
  if (!row) return [];
  const { key, chosen } = row;
  return [
    { id: 'correct', label: 'Correct this one', icon: IconPencil, run: () => open(key, 'name') },
    chosen
      ? { id: 'leave', label: 'Leave this one out', icon: IconSquare, run: () => setChosen(key, false) }
      : { id: 'add', label: 'Add this one', icon: IconSquareCheck, run: () => setChosen(key, true) },
  ];
}

function focusScreen(): void {
  queueMicrotask(() => {
    if (document.activeElement === document.body) giveBackFocus(null);
  });
}

/** Esc closes the inspector; in other tables it also drops the selection, which here would lose all ticks. */
function keepTicks(event: KeyboardEvent, closeInspector: () => void): void {
  if (event.key !== 'Escape' || !(event.target instanceof Element) || event.target.role !== 'grid') return;
  event.preventDefault();
  event.stopPropagation();
  closeInspector();
}
