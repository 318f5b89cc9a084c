import { Button, TextInput } from '@mantine/core';
import { IconFileImport, IconFilter } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { ImportPreview } from '../../preload/contract/imports.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { plural } from '../components/format.ts';
import { giveBackFocus } from '../components/give-back-focus.ts';
import { Loading } from '../components/loading.tsx';
import { notifyDone, takeBack } from '../components/notify.tsx';
import { useImporting } from '../shell/actions.tsx';
import { useEnvironments } from '../shell/environments-provider.tsx';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import { CandidateInspector } from './candidate-inspector.tsx';
import { CandidateTable } from './candidate-table.tsx';
import { ChooseFiles } from './choose-files.tsx';
import styles from './import.module.css';
import { addIncoming, cancelReading, dropImport, readAgain, rename, take } from './import-job.ts';
import { ImportStart } from './import-start.tsx';
import { changeImport, useImport } from './import-store.ts';
import { ImportToolbar } from './import-toolbar.tsx';
import { importCommands } from './palette-commands.ts';
import { ProblemsList } from './problems-list.tsx';
import type { RowField } from './row-form.ts';
import {
  type Counts,
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
  const [asks, setAsks] = useState(false);

  useEffect(() => {
    addIncoming(incoming);
  }, [incoming]);

  useEffect(() => {
    // They would lie on what is decided here, at the foot.
    for (const id of ['import', 'export']) takeBack(id);
    return focusScreen;
  }, []);

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
    close();
    dropImport();
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
    const { added, withoutPassword } = result;
    const list = listed(added.map(({ name }) => name));
    notifyDone(
      [
        `Added ${plural(added.length, 'environment')}: ${list}.`,
        ...(waiting > 0 ? [`Not connected yet: ${waiting} with a command to run.`] : []),
        ...(withoutPassword.length > 0
          ? [`Without the password found, which is for the address in the file: ${listed(withoutPassword)}.`]
          : []),
      ].join(' '),
      { id: 'import' },
    );
    discard();
  };
  usePaletteActions(importCommands({ state, counts, add: () => void add(), cancel }));

  if (sources.length === 0) {
    return (
      <>
        <ImportToolbar asks={undefined} onCancel={cancel} />
        <ProblemsList problems={state.refused} alone />
        <ImportStart />
      </>
    );
  }
  const problems = [...state.refused, ...(preview?.problems ?? [])];
  const nothingFound = preview !== undefined && preview.candidates.length === 0;
  return (
    <>
      <ImportToolbar
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
      </ImportToolbar>
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
          <CandidateTable
            rows={shown}
            filter={words}
            note={noteOn(reading, counts, preview)}
            follows={openKey !== undefined}
            onFollow={setOpenKey}
            onOpen={(key) => open(key, 'name')}
            onEscape={() => setOpenKey(undefined)}
            onClearFilter={() => setFilter('')}
          />
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

function listed(names: readonly string[]): string {
  const rest = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
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

function noteOn(reading: boolean, { chosen }: Counts, { candidates }: ImportPreview): string {
  if (reading) return 'Reading';
  if (chosen === 0 && candidates.every(({ same }) => same !== null)) return 'All of them are here already';
  return 'Space ticks a row, Enter corrects it';
}

function focusScreen(): void {
  queueMicrotask(() => {
    if (document.activeElement === document.body) giveBackFocus(null);
  });
}
