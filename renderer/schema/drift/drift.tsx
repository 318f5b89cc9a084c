import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
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
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { useActions } from '../../shell/actions.tsx';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { CompareStart } from '../views.ts';
import { type DriftAddress, useDriftAddress } from './address.ts';
import { Comparing } from './comparing.tsx';
import { comparisonOf, firstAddress, isOther, refusal } from './comparison.ts';
import styles from './drift.module.css';
import { driftCommands } from './palette-commands.ts';
import { Result } from './result.tsx';
import { driftRunOf } from './run.ts';
import { SetupBar } from './setup-bar.tsx';
import { SidePicker } from './side-picker.tsx';
import { isWhole, sideLabel, sinceOf, sinceWords } from './sides.ts';
import { SnapshotsPanel } from './snapshots-panel.tsx';
import { ProblemActions, Start } from './start.tsx';
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
          // It stays in the corner where the diagram has it.
          choice={choice}
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
          choice={!isPanelOpen && choice}
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
