import { Button } from '@mantine/core';
import { IconSchema } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { count, plural } from '../components/format.ts';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { Progress } from '../components/progress.tsx';
import { explain } from '../lib/errors.ts';
import { readPalette } from './canvas/palette.ts';
import type { DiagramView } from './canvas/view.ts';
import { DiagramCanvas } from './diagram-canvas.tsx';
import { Outline } from './outline.tsx';
import { outlineOfDiagram, outlineOfNames } from './outline-rows.ts';
import { saveBlob } from './save-blob.ts';
import styles from './schema.module.css';
import { SchemaSession, type SchemaState, samePlaces } from './session.ts';
import { TableInspector } from './table-inspector.tsx';
import { Toolbar } from './toolbar.tsx';
import type { ExportFormat } from './worker/messages.ts';

/** A database's structure: an outline of all there is, and the diagram of tables and what they refer to. */
export default function Schema({ environment }: { environment: Environment }) {
  return <SchemaOf key={environment.id} environment={environment.id} />;
}

function SchemaOf({ environment }: { environment: string }) {
  const session = useSession(environment);
  return session ? <SchemaScreen session={session} /> : null;
}

/** A session for as long as the screen shows. */
function useSession(environment: string): SchemaSession | undefined {
  const [session, setSession] = useState<SchemaSession>();
  useEffect(() => {
    const made = new SchemaSession(environment, readPalette(document.body));
    made.read(true);
    setSession(made);
    return () => made.close();
  }, [environment]);
  return session;
}

function SchemaScreen({ session }: { session: SchemaSession }) {
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  const [selected, setSelected] = useSelected(state);
  const [inspected, setInspected] = useState<number>();
  const [search, setSearch] = useState('');
  const [narrow, setNarrow] = useState(false);
  const view = useRef<DiagramView | undefined>(undefined);
  const { names, loaded, shown, problem, filter } = state;

  const source = useMemo(
    () => (loaded ? outlineOfDiagram(loaded.diagram) : names ? outlineOfNames(names) : undefined),
    [loaded, names],
  );
  // While somebody types, the diagram waits for a pause.
  useEffect(() => {
    const name = narrow ? search.trim() : '';
    if (name === session.state.filter.name) return;
    const timer = setTimeout(() => session.setFilter({ name }), 180);
    return () => clearTimeout(timer);
  }, [session, search, narrow]);

  const jump = useCallback(
    (table: number, inspect: boolean): void => {
      setSelected(table);
      if (inspect) setInspected(table);
      if (view.current?.jump(table)) return;
      // Filters hide it: what is asked for by name is shown, with what is around it.
      session.setFilter({ focus: { table, depth: session.state.filter.focus?.depth ?? 1 } });
    },
    [session, setSelected],
  );
  const select = useCallback(
    (table: number | undefined): void => {
      setSelected(table);
      if (table !== undefined) setInspected((before) => (before === undefined ? undefined : table));
    },
    [setSelected],
  );
  const focusOn = useCallback(
    (table: number): void => {
      const { focus } = session.state.filter;
      session.setFilter({ focus: focus?.table === table ? null : { table, depth: focus?.depth ?? 1 } });
    },
    [session],
  );
  const toggleSchema = (schema: string): void => {
    const hidden = new Set(filter.hiddenSchemas);
    if (!hidden.delete(schema)) hidden.add(schema);
    session.setFilter({ hiddenSchemas: [...hidden] });
  };
  const leaveFocus = useCallback((): void => {
    if (session.state.filter.focus) session.setFilter({ focus: null });
  }, [session]);

  if (!source) {
    return problem ? (
      <div className={styles.problem}>
        <Explanation
          explanation={problem}
          actions={<Button onClick={() => session.read(false)}>Try again</Button>}
        />
      </div>
    ) : (
      <div className={styles.waiting}>
        <Reading step={state.step} onCancel={() => session.cancel()} onAgain={() => session.read(false)} />
      </div>
    );
  }
  if (loaded && loaded.diagram.tables.length === 0) {
    return (
      <Empty
        icon={IconSchema}
        title="There are no tables in this database"
        actions={<Button onClick={() => session.read(false)}>Read again</Button>}
      >
        {loaded.unseen.length > 0
          ? loaded.unseen.map(({ what, why }) => `${what}: ${why}`).join(' ')
          : 'Once there are, they show here with their columns and what they refer to.'}
      </Empty>
    );
  }

  const isInspecting = inspected !== undefined && loaded?.diagram.tables[inspected] !== undefined;
  return (
    <>
      <div className={styles.screen}>
        <Outline
          source={source}
          diagram={loaded?.diagram}
          selected={selected}
          hiddenSchemas={filter.hiddenSchemas}
          search={search}
          onSearch={setSearch}
          onToggleSchema={toggleSchema}
          onJump={jump}
        >
          <label className={styles.narrow}>
            <input
              type="checkbox"
              checked={narrow}
              onChange={(event) => setNarrow(event.currentTarget.checked)}
            />
            Draw only what is found
          </label>
        </Outline>
        <div className={styles.main}>
          <Toolbar
            session={session}
            state={state}
            view={view}
            selected={selected}
            onFocus={focusOn}
            onToggleSchema={toggleSchema}
            onExport={(format) => void exportAs(session, state, view.current, format)}
          />
          {problem && (
            <div className={styles.problem}>
              <Explanation
                explanation={problem}
                severity={loaded ? 'warning' : 'bad'}
                compact
                actions={<Button onClick={() => session.read(false)}>Read again</Button>}
              />
            </div>
          )}
          {loaded && loaded.unseen.length > 0 && <Unseen unseen={loaded.unseen} />}
          <div className={styles.diagram}>
            {shown ? (
              <DiagramCanvas
                session={session}
                shown={shown}
                viewRef={view}
                selected={selected}
                onSelect={select}
                onInspect={(table) => {
                  setSelected(table);
                  setInspected(table);
                }}
                onFocusMode={focusOn}
                onEscape={leaveFocus}
              />
            ) : (
              !problem && (
                <div className={styles.waiting}>
                  <Reading
                    step={state.step}
                    onCancel={() => session.cancel()}
                    onAgain={() => session.read(false)}
                  />
                </div>
              )
            )}
            {shown?.placed.tables.length === 0 && (
              <div className={styles.nothing}>
                <Empty
                  title="The filters leave nothing to draw"
                  actions={
                    <Button
                      onClick={() => {
                        setNarrow(false);
                        session.setFilter({
                          hiddenSchemas: [],
                          name: '',
                          onlyConnected: false,
                          views: true,
                          enums: true,
                          focus: null,
                        });
                      }}
                    >
                      Draw everything
                    </Button>
                  }
                />
              </div>
            )}
          </div>
        </div>
      </div>
      {isInspecting && loaded && (
        <TableInspector
          session={session}
          diagram={loaded.diagram}
          table={inspected}
          definitions={state.definitions}
          onClose={() => setInspected(undefined)}
          onGo={(table) => {
            setInspected(table);
            jump(table, false);
          }}
        />
      )}
    </>
  );
}

/** The selected table; it stays the same one, by its name, when the structure is read again. */
function useSelected(state: SchemaState) {
  const [selected, setSelected] = useState<number>();
  const before = useRef(state.loaded?.diagram);
  const diagram = state.loaded?.diagram;
  useEffect(() => {
    const old = before.current;
    before.current = diagram;
    if (old && diagram && old !== diagram) {
      setSelected((table) => (table === undefined ? undefined : samePlaces(old, diagram, [table])[0]));
    }
  }, [diagram]);
  return [selected, setSelected] as const;
}

function Reading({
  step,
  onCancel,
  onAgain,
}: {
  step: SchemaState['step'];
  onCancel: () => void;
  onAgain: () => void;
}) {
  if (!step) {
    return (
      <div className={styles.reading}>
        <p>The reading was cancelled before it was whole.</p>
        <Button onClick={onAgain}>Read again</Button>
      </div>
    );
  }
  const words = step.total > 0 ? `${step.step}: ${count(step.done)} of ${count(step.total)}` : step.step;
  return (
    <div className={styles.reading} role="status">
      <p>{words}</p>
      <Progress done={step.done} total={step.total} label="Reading the structure" />
      <Button onClick={onCancel}>Cancel</Button>
    </div>
  );
}

function Unseen({ unseen }: { unseen: readonly { what: string; why: string }[] }) {
  return (
    <details className={styles.unseen}>
      <summary>{plural(unseen.length, 'thing')} could not be read</summary>
      <ul>
        {unseen.map(({ what, why }) => (
          <li key={`${what} ${why}`}>
            {what}: {why}
          </li>
        ))}
      </ul>
    </details>
  );
}

async function exportAs(
  session: SchemaSession,
  state: SchemaState,
  view: DiagramView | undefined,
  format: ExportFormat,
): Promise<void> {
  const placed = view?.scene?.placed ?? state.shown?.placed;
  if (!placed || !view) return;
  try {
    const { name, blob, note } = await session.export(format, view.palette, placed);
    saveBlob(name, blob);
    notifyDone(`Exported ${plural(placed.tables.length, 'table')} to ${name}.${note ? ` ${note}` : ''}`);
  } catch (error) {
    notifyProblem(explain(error));
  }
}
