import { Button, Loader, Select } from '@mantine/core';
import { IconColumns2, IconX } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { Explanation } from '../../components/explanation.tsx';
import { client } from '../../lib/client.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { useRoomView } from '../../shell/room-view.ts';
import { AnalyzeDialog, type RunOptions } from './analyze-dialog.tsx';
import { usePlanCommands } from './commands.ts';
import { Compare } from './compare.tsx';
import { Parameters } from './parameters.tsx';
import { comparePlace, planPlace, readPlanPlace } from './place.ts';
import styles from './plans.module.css';
import { Result } from './result.tsx';
import { Source, SourceChoice, type SourceKind } from './source.tsx';
import { useOpened } from './use-opened.ts';
import { usePlanRun } from './use-plan-run.ts';
import { keptWords } from './words.ts';

const views = ['plans'] as const;
const { plans } = client.queries;

/** Plans: from a statement, a file, a paste or a log; as a tree or a timeline, with what is wrong; two side by side. */
export default function Plans({ environment, status, choice }: ViewProps) {
  const { id } = environment;
  const { rest, go } = useRoomView(id, 'queries', views);
  const place = useMemo(() => readPlanPlace(rest), [rest]);
  // What was just had gets its address, so that a reload shows it again.
  const run = usePlanRun(id, (answer) => {
    if (answer.id !== null) go('plans', planPlace(answer.id));
  });
  const [kind, setKind] = useState<SourceKind>('statement');
  const [text, setText] = useState('');
  const [pasted, setPasted] = useState('');
  const [asks, setAsks] = useState(false);
  const [lastRun, setLastRun] = useState<RunOptions>();
  const connected = status.state === 'connected';
  const offline = connected ? undefined : `Howdah is not connected to ${environment.name}.`;
  const takeText = useCallback((found: string) => {
    setText(found);
    setKind('statement');
  }, []);
  const { looked, kept, problem } = useOpened({
    environment: id,
    connected,
    place,
    shown: run.answer?.id,
    onText: takeText,
    onPlan: run.show,
  });

  // A statement that stands unchanged is looked up again: its text is whole for certain.
  const source = looked && looked.text === text ? { key: looked.key } : { text };
  const explainIt = (parameters: (string | null)[] = []): void => {
    setLastRun(undefined);
    run.begin('Planning the statement', (signal) =>
      plans.explain({ environment: id, ...source, parameters }, { signal }),
    );
  };
  const analyzeIt = (options: RunOptions, parameters: (string | null)[] = []): void => {
    setLastRun(options);
    const { confirm, timeoutMs, readOnly } = options;
    const given = confirm === undefined ? {} : { confirm };
    const input = { environment: id, ...source, parameters, timeoutMs, ...given };
    run.begin('Running the statement', (signal) =>
      readOnly ? plans.analyzeReadOnly(input, { signal }) : plans.analyze(input, { signal }),
    );
  };
  const readIt = (plan: string): void =>
    run.begin('Reading the plan', (signal) => plans.read({ environment: id, text: plan }, { signal }));
  const compareIt = (): void => {
    const [newest, before] = kept;
    if (newest && before) go('plans', comparePlace(before.id, newest.id));
  };
  const comparable = kept.length >= 2;
  usePlanCommands(
    {
      explain: () => explainIt(),
      analyze: () => setAsks(true),
      paste: () => setKind('plan'),
      log: () => setKind('log'),
      compare: compareIt,
    },
    {
      ready: text.trim() !== '' && connected && kind === 'statement' && place.kind !== 'compare',
      comparable,
    },
  );

  if (place.kind === 'compare')
    return (
      <div className={styles.screen}>
        <div className={styles.head}>{choice}</div>
        <Compare
          environment={id}
          kept={kept}
          a={place.a}
          b={place.b}
          onChange={(a, b) => go('plans', comparePlace(a, b))}
          onClose={() => go('plans', planPlace(place.b))}
        />
      </div>
    );
  const shownProblem = run.problem ?? problem;
  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        {choice}
        <SourceChoice kind={kind} onKind={setKind} />
        <span className={styles.space} />
        {kept.length > 0 && (
          <Select
            aria-label="Kept plans"
            placeholder="Kept plans"
            className={styles.kept ?? ''}
            data={kept.map((plan) => ({ value: String(plan.id), label: keptWords(plan) }))}
            value={place.kind === 'plan' ? String(place.id) : null}
            onChange={(next) => next && go('plans', planPlace(Number(next)))}
          />
        )}
        {comparable && (
          <Button variant="default" leftSection={<IconColumns2 size={14} />} onClick={compareIt}>
            Compare
          </Button>
        )}
      </div>
      <Source
        environment={id}
        kind={kind}
        onKind={setKind}
        text={text}
        onText={setText}
        pasted={pasted}
        onPasted={setPasted}
        offline={offline}
        busy={run.busy !== undefined}
        alone={!run.answer}
        onExplain={() => explainIt()}
        onAnalyze={() => setAsks(true)}
        onRead={readIt}
      >
        {run.busy && (
          <div className={styles.busy} role="status">
            <Loader size={14} /> {run.busy}
            <Button variant="default" leftSection={<IconX size={14} />} onClick={run.cancel}>
              Cancel
            </Button>
          </div>
        )}
        {run.asked && (
          <Parameters
            key={JSON.stringify(run.asked.types)}
            asked={run.asked}
            onGive={(values) => (lastRun ? analyzeIt(lastRun, values) : explainIt(values))}
          />
        )}
        {looked?.refusal && text === (looked.text ?? '') && (
          <Explanation explanation={looked.refusal} severity="warning" />
        )}
        {shownProblem && <Explanation explanation={shownProblem} />}
      </Source>
      {run.answer && <Result key={`${run.answer.id} ${run.answer.at}`} answer={run.answer} />}
      {asks && (
        <AnalyzeDialog
          environment={environment}
          source={source}
          onRun={(options) => analyzeIt(options)}
          onClose={() => setAsks(false)}
        />
      )}
    </div>
  );
}
