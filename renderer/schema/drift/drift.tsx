import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconGitCompare } from '@tabler/icons-react';
import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { Comparison, SchemaSource } from '../../../preload/contract/schema.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { useActions } from '../../shell/actions.tsx';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { CompareStart } from '../views.ts';
import { type DriftAddress, useDriftAddress } from './address.ts';
import { Comparing } from './comparing.tsx';
import styles from './drift.module.css';
import { driftCommands } from './palette-commands.ts';
import { Result } from './result.tsx';
import { driftRunOf, type RunState } from './run.ts';
import { SetupBar } from './setup-bar.tsx';
import { SidePicker } from './side-picker.tsx';
import { alike, isWhole, proposals, sideKey, sideLabel, sinceOf, sinceWords } from './sides.ts';
import { SnapshotsPanel } from './snapshots-panel.tsx';
import { useSnapshots } from './use-snapshots.ts';
import { betweenTwo, sinceThen } from './words.ts';

/** px from which there is room for the differences and the script beside each other. */
const roomForBoth = 1500;
/** px from which snapshots, a list and the inspector have room beside each other. */
const roomForAll = 1300;

interface DriftProps {
  environment: Environment;
  /** The switch between the room's views; it stands with what is compared. */
  choice?: ReactNode;
  /** What is to be at hand at once. */
  start?: CompareStart | undefined;
  /** It is at hand, and has the keyboard. */
  onStarted?: () => void;
}

/** Two structures beside each other, what changed since a time, and the script that makes the one like the other. */
export default function Drift(props: DriftProps) {
  return <DriftOf key={props.environment.id} {...props} />;
}

const noEnvironments: readonly Environment[] = [];

function DriftOf({ environment, choice, start, onStarted }: DriftProps) {
  const environments = useEnvironments().environments ?? noEnvironments;
  const { connect } = useActions();
  const snapshots = useSnapshots(environment.id);
  const run = driftRunOf(environment.id);
  const state = useSyncExternalStore(run.subscribe, () => run.state);
  const [address, change] = useDriftAddress(environment.id, () => firstAddress(environment, environments));
  const [panelChoice, setPanelChoice] = useState<boolean>();
  /** The inspector has taken the panel's room; the panel comes back with it gone, or when asked for. */
  const [isAside, setAside] = useState(false);
  const screen = useRef<HTMLDivElement>(null);
  const { ref, width } = useElementSize<HTMLDivElement>();
  const now = Date.now();
  const known = { environments, snapshots: snapshots.all };
  const { wanted, actual } = address;

  const compare = (changes: Partial<DriftAddress> = {}): void => {
    const next = { ...address, ...changes };
    const comparison = comparisonOf(next);
    if (!comparison) return;
    setAside(false);
    change({ ...changes, compared: true });
    run.start(comparison);
  };
  // After a reload, what was compared is compared again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page comes.
  useEffect(() => {
    if (address.compared && run.state.phase === 'idle') compare();
  }, []);

  // Reading a structure keeps it when it has changed.
  const { refresh } = snapshots;
  useEffect(() => {
    if (state.phase === 'done') void refresh();
  }, [state.phase, refresh]);

  const swap = (): void => {
    const changes = { wanted: actual, actual: wanted };
    if (state.phase === 'idle' || !isWhole(wanted) || !isWhole(actual)) change(changes);
    else compare(changes);
  };
  const hasResult = state.sides !== undefined;
  const wantsPanel = panelChoice ?? (state.phase === 'idle' || width >= roomForBoth);
  const isPanelOpen = wantsPanel && !isAside;
  const showPanel = useCallback((open: boolean): void => {
    setPanelChoice(open);
    setAside(false);
  }, []);
  /** What of the panel is to have the keyboard once it is there. */
  const [sought, setSought] = useState<CompareStart>();
  const begin = useCallback(
    (what: CompareStart): void => {
      showPanel(true);
      setSought(what);
    },
    [showPanel],
  );
  useEffect(() => {
    if (!start) return;
    begin(start);
    onStarted?.();
  }, [start, begin, onStarted]);
  const snapshot = state.comparison && sinceOf(state.comparison, snapshots.all);
  const vocabulary = snapshot ? sinceThen : betweenTwo;
  const sides = {
    wanted: state.comparison ? sideLabel(state.comparison.wanted, known, now) : '',
    actual: state.comparison ? sideLabel(state.comparison.actual, known, now) : '',
  };
  const refused = refusal(wanted, actual);
  const wrong = state.problem?.field?.split('.')[0];
  const schemas = useMemo(
    () => [...new Set(state.differences.map(({ schema }) => schema).filter((name) => name !== null))].sort(),
    [state.differences],
  );
  const picker = {
    environments,
    snapshots: snapshots.all,
    onConnect: (one: Environment) => void connect(one),
  };
  usePaletteActions(
    useMemo(
      () =>
        driftCommands({
          focusSetup: () => screen.current?.querySelector<HTMLElement>('form[aria-label] input')?.focus(),
          begin,
          showPane: hasResult ? (pane) => change({ pane }) : undefined,
        }),
      [hasResult, change, begin],
    ),
  );

  return (
    <div className={styles.screen} ref={screen}>
      {isPanelOpen && (
        <SnapshotsPanel
          environment={environment}
          snapshots={snapshots.own}
          problem={snapshots.problem}
          shown={snapshot && state.phase !== 'cancelled' ? snapshot.id : null}
          onSince={({ id }) => {
            showPanel(true);
            compare({
              wanted: { kind: 'snapshot', id },
              actual: { kind: 'environment', environment: environment.id },
            });
          }}
          sought={sought}
          onFound={() => setSought(undefined)}
          onChanged={() => void snapshots.refresh()}
          onClose={() => showPanel(false)}
        />
      )}
      <div className={styles.main} ref={ref}>
        <SetupBar
          choice={choice}
          address={address}
          onChange={change}
          schemas={schemas}
          isPanelOpen={isPanelOpen}
          onPanel={showPanel}
          onSwap={swap}
          onCompare={() => compare()}
          refused={refused}
          isRunning={state.phase === 'running'}
          wanted={
            <SidePicker
              label="Wanted"
              hint="what it should be like"
              value={wanted}
              onChange={(source) => change({ wanted: source })}
              isWrong={wrong === 'wanted'}
              {...picker}
            />
          }
          actual={
            <SidePicker
              label="Actual"
              hint="what would be brought to it"
              value={actual}
              onChange={(source) => change({ actual: source })}
              isWrong={wrong === 'actual'}
              {...picker}
            />
          }
        />
        {hasResult && isOther(address, state) && (
          <p className={styles.stale} role="status">
            What is chosen above is not what is shown below. Press Compare to bring it up to date.
          </p>
        )}
        {state.problem && (
          <div className={styles.problem}>
            <Explanation
              explanation={state.problem.explanation}
              actions={
                <ProblemActions
                  state={state}
                  environments={environments}
                  onConnect={connect}
                  onAgain={() => compare()}
                />
              }
            />
          </div>
        )}
        {state.phase === 'running' && (!hasResult || !state.isListed) && (
          <Comparing state={state} sides={sides} onCancel={() => run.cancel()} />
        )}
        {state.phase === 'cancelled' && (
          <Empty
            title="The comparison was cancelled"
            actions={<Button onClick={() => compare()}>Compare again</Button>}
          >
            Nothing was changed on either side.
          </Empty>
        )}
        {state.phase !== 'cancelled' && state.sides && state.isListed && (
          <Result
            // Another result is another list: what was chosen in it is chosen no more.
            key={state.sides.wanted.at + state.sides.actual.at}
            state={{ ...state, sides: state.sides }}
            vocabulary={vocabulary}
            since={snapshot && sinceWords(snapshot, now)}
            address={address}
            onChange={change}
            isWide={width >= roomForBoth}
            onInspect={(open) => setAside(open && width < roomForAll)}
          />
        )}
        {state.phase === 'idle' && (
          <Start
            environment={environment}
            environments={environments}
            onCompare={(source) =>
              compare({ wanted: source, actual: { kind: 'environment', environment: environment.id } })
            }
          />
        )}
      </div>
    </div>
  );
}

interface StartProps {
  environment: Environment;
  environments: readonly Environment[];
  onCompare: (wanted: SchemaSource) => void;
}

/** Before the first comparison: what it is for, and what is likely meant. */
function Start({ environment, environments, onCompare }: StartProps) {
  const likely = proposals(environment, environments).slice(0, 4);
  return (
    <Empty
      icon={IconGitCompare}
      title="Nothing has been compared yet"
      actions={likely.map((other) => (
        <Button
          key={other.id}
          leftSection={<Swatch color={other.color} height={14} />}
          onClick={() => onCompare({ kind: 'environment', environment: other.id })}
        >
          Compare with {other.name}
        </Button>
      ))}
    >
      Choose above what <bdi>{environment.name}</bdi> should be like: another environment, a snapshot, or SQL
      files. You see what differs and the script that would close it. Both sides are only read.
    </Empty>
  );
}

interface ProblemActionsProps {
  state: RunState;
  environments: readonly Environment[];
  onConnect: (environment: Environment) => Promise<void>;
  onAgain: () => void;
}

function ProblemActions({ state, environments, onConnect, onAgain }: ProblemActionsProps) {
  const { statusOf } = useEnvironments();
  const { comparison, problem } = state;
  const ids = comparison
    ? [comparison.wanted, comparison.actual].flatMap((side) =>
        side.kind === 'environment' ? [side.environment] : [],
      )
    : [];
  const away = environments.filter(
    ({ id }) => ids.includes(id) && statusOf(id).state !== 'connected' && problem?.code === 'NOT_CONNECTED',
  );
  return (
    <>
      {away.map((environment) => (
        <Button key={environment.id} onClick={() => void onConnect(environment).then(onAgain)}>
          Connect {environment.name} and compare
        </Button>
      ))}
      <Button onClick={onAgain}>Compare again</Button>
    </>
  );
}

function firstAddress(environment: Environment, environments: readonly Environment[]): DriftAddress {
  const other = alike(environment, environments);
  return {
    wanted: other ? { kind: 'environment', environment: other.id } : null,
    actual: { kind: 'environment', environment: environment.id },
    ignore: [],
    schemas: [],
    compared: false,
    pane: 'differences',
    group: 'kind',
  };
}

function comparisonOf({ wanted, actual, ignore, schemas }: DriftAddress): Comparison | undefined {
  if (!isWhole(wanted) || !isWhole(actual)) return undefined;
  return {
    wanted: trimmed(wanted),
    actual: trimmed(actual),
    options: {
      ignoreOwner: ignore.includes('owner'),
      ignorePrivileges: ignore.includes('privileges'),
      ignoreComments: ignore.includes('comments'),
      ignoreGeneratedNames: ignore.includes('names'),
      schemas: [...schemas],
    },
  };
}

const trimmed = (source: SchemaSource): SchemaSource =>
  source.kind === 'path' ? { kind: 'path', path: source.path.trim() } : source;

/** Whether what is chosen is something else than what is shown. */
function isOther(address: DriftAddress, { comparison, phase }: RunState): boolean {
  const next = comparisonOf(address);
  return phase === 'done' && JSON.stringify(next) !== JSON.stringify(comparison);
}

function refusal(wanted: SchemaSource | null, actual: SchemaSource | null): string | undefined {
  if (!isWhole(wanted)) return 'Choose what it should be like first';
  if (!isWhole(actual)) return 'Choose what would be brought to it first';
  return sideKey(wanted) === sideKey(actual) ? 'Both sides are the same' : undefined;
}
