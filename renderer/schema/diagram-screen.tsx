import { Button } from '@mantine/core';
import { IconSchema } from '@tabler/icons-react';
import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { everything } from '../../preload/contract/diagram/model/diagram.ts';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import type { Oid } from '../../preload/contract/schema-model.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import type { DiagramView } from './canvas/view.ts';
import { DiagramCanvas } from './diagram-canvas.tsx';
import { exportDrawn } from './export-drawn.ts';
import { ObjectInspector } from './inspector/object-inspector.tsx';
import { Outline } from './outline.tsx';
import { outlineOfDiagram, outlineOfNames } from './outline-rows.ts';
import type { OutlineStep } from './outline-steps.ts';
import { Reading, Unseen, WaitingForLocks, WritingDdl } from './progress-notes.tsx';
import styles from './schema.module.css';
import type { SchemaSession } from './session.ts';
import { Toolbar } from './toolbar.tsx';
import { useDdlExport } from './use-ddl-export.ts';
import { useInspected, useSelected } from './use-inspected.ts';
import { useSchemaSession } from './use-schema-session.ts';
import { useTableSearch } from './use-table-search.ts';

interface DiagramScreenProps {
  environment: Environment;
  status: EnvironmentStatus;
  /** The switch between the room's views. */
  choice: ReactNode;
}

/** An outline of all there is, the diagram of tables and what they refer to, and the inspector of what is chosen. */
export function DiagramScreen({ environment, status, choice }: DiagramScreenProps) {
  const session = useSchemaSession(environment.id, status);
  if (!session) return <div className={styles.screen} />;
  return <Screen session={session} environment={environment} choice={choice} />;
}

interface ScreenProps {
  session: SchemaSession;
  environment: Environment;
  choice: ReactNode;
}

function Screen({ session, environment, choice }: ScreenProps) {
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  const { names, loaded, shown, problem, filter } = state;
  const diagram = loaded?.diagram;
  const [selected, setSelected] = useSelected(diagram);
  const [inspected, setInspected] = useInspected(diagram);
  const [search, setSearch] = useState('');
  const [narrow, setNarrow] = useState(false);
  const view = useRef<DiagramView | undefined>(undefined);
  const ddl = useDdlExport(environment, diagram?.schemas, filter.hiddenSchemas);
  useNarrowing(session, narrow ? search.trim() : '');

  const source = useMemo(
    () =>
      loaded ? outlineOfDiagram(loaded.diagram, loaded.others) : names ? outlineOfNames(names) : undefined,
    [loaded, names],
  );
  const oidAt = useCallback(
    (table: number): Oid | undefined => session.state.loaded?.diagram.tables[table]?.oid,
    [session],
  );
  const jump = useCallback(
    (table: number): void => {
      setSelected(table);
      if (view.current?.jump(table)) return;
      // Filters hide it: what is asked for by name is shown, with what is around it.
      session.setFilter({ focus: { table, depth: session.state.filter.focus?.depth ?? 1 } });
    },
    [session, setSelected],
  );
  const follow = useCallback(
    (oid: Oid | undefined): void =>
      setInspected((before) => (before === undefined ? undefined : (oid ?? before))),
    [setInspected],
  );
  const select = useCallback(
    (table: number | undefined): void => {
      setSelected(table);
      if (table !== undefined) follow(oidAt(table));
    },
    [setSelected, follow, oidAt],
  );
  const onStep = useCallback(
    ({ oid, table }: OutlineStep, how: 'show' | 'inspect' | 'walk'): void => {
      if (how === 'walk') {
        if (table !== undefined) {
          setSelected(table);
          view.current?.jump(table);
        }
        follow(oid);
        return;
      }
      if (table !== undefined) jump(table);
      if (how === 'inspect' || table === undefined) setInspected(oid);
      else follow(oid);
    },
    [jump, follow, setSelected, setInspected],
  );
  const go = useCallback(
    (oid: Oid): (() => void) | undefined => {
      if (oid === '') return undefined;
      return () => {
        const place = session.state.loaded?.diagram.tables.findIndex((one) => one.oid === oid) ?? -1;
        setInspected(oid);
        if (place >= 0) jump(place);
      };
    },
    [session, jump, setInspected],
  );
  const focusOn = useCallback(
    (table: number): void => {
      const { focus } = session.state.filter;
      session.setFilter({ focus: focus?.table === table ? null : { table, depth: focus?.depth ?? 1 } });
    },
    [session],
  );
  const toggleSchema = useCallback(
    (schema: string): void => {
      const hidden = new Set(session.state.filter.hiddenSchemas);
      if (!hidden.delete(schema)) hidden.add(schema);
      session.setFilter({ hiddenSchemas: [...hidden] });
    },
    [session],
  );
  const leaveFocus = useCallback((): boolean => {
    if (!session.state.filter.focus) return false;
    session.setFilter({ focus: null });
    return true;
  }, [session]);
  const showTable = useCallback(
    (table: number): void => {
      setInspected(oidAt(table));
      jump(table);
    },
    [jump, oidAt, setInspected],
  );
  useTableSearch(diagram, showTable);

  const again = <Button onClick={() => session.read(false)}>{loaded ? 'Read again' : 'Try again'}</Button>;
  const reading = (
    <div className={styles.waiting}>
      <Reading step={state.step} onCancel={() => session.cancel()} onAgain={() => session.read(false)} />
    </div>
  );
  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          {source && (
            <Toolbar
              session={session}
              state={state}
              view={view}
              selected={selected}
              onFocus={focusOn}
              onToggleSchema={toggleSchema}
              onExport={(format) => void exportDrawn(session, state, view.current, format)}
              ddl={ddl}
            />
          )}
        </div>
        {problem && (
          <div className={styles.problem}>
            <Explanation
              explanation={problem}
              severity={loaded ? 'warning' : 'bad'}
              compact={source !== undefined}
              actions={again}
            />
          </div>
        )}
        {ddl.running && <WritingDdl running={ddl.running} onCancel={ddl.cancel} />}
        {loaded && <Unseen unseen={loaded.unseen} user={loaded.about.user} />}
        {loaded && (
          <WaitingForLocks
            count={state.waiting}
            onAgain={state.step ? undefined : () => session.read(true)}
          />
        )}
        {!source && !problem && reading}
        {source && (
          <div className={styles.body}>
            <Outline
              source={source}
              diagram={diagram}
              selected={selected}
              inspected={inspected}
              hiddenSchemas={filter.hiddenSchemas}
              search={search}
              onSearch={setSearch}
              onToggleSchema={toggleSchema}
              onStep={onStep}
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
            <div className={styles.diagram}>
              {diagram?.tables.length === 0 ? (
                <NoTables onAgain={() => session.read(false)} />
              ) : shown ? (
                <DiagramCanvas
                  session={session}
                  shown={shown}
                  viewRef={view}
                  selected={selected}
                  onSelect={select}
                  onInspect={(table) => {
                    setSelected(table);
                    setInspected(oidAt(table));
                  }}
                  onFocusMode={focusOn}
                  onEscape={leaveFocus}
                />
              ) : (
                !problem && reading
              )}
              {shown?.placed.tables.length === 0 && diagram?.tables.length !== 0 && (
                <NothingDrawn
                  onAll={() => {
                    setNarrow(false);
                    session.setFilter(everything);
                  }}
                />
              )}
            </div>
          </div>
        )}
      </div>
      {inspected !== undefined && loaded && (
        <ObjectInspector
          session={session}
          environment={environment.id}
          oid={inspected}
          version={`${loaded.about.at} ${state.definitions}`}
          modelAt={loaded.about.at}
          onClose={() => setInspected(undefined)}
          go={go}
        />
      )}
    </>
  );
}

/** While somebody types, the diagram waits for a pause. */
function useNarrowing(session: SchemaSession, name: string): void {
  useEffect(() => {
    if (name === session.state.filter.name) return;
    const timer = setTimeout(() => session.setFilter({ name }), 180);
    return () => clearTimeout(timer);
  }, [session, name]);
}

function NoTables({ onAgain }: { onAgain: () => void }) {
  return (
    <div className={styles.nothing}>
      <Empty
        icon={IconSchema}
        title="There are no tables in this database"
        actions={<Button onClick={onAgain}>Read again</Button>}
      >
        Once a migration or a script has made some, read again: they show here with their columns and what
        they refer to. If you expected some, look whether the connection names the right database.
      </Empty>
    </div>
  );
}

function NothingDrawn({ onAll }: { onAll: () => void }) {
  return (
    <div className={styles.nothing}>
      <Empty
        title="The filters leave nothing to draw"
        actions={<Button onClick={onAll}>Draw everything</Button>}
      />
    </div>
  );
}
