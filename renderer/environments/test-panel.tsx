import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { TestResult } from '../../preload/contract/environments.ts';
import { Explanation } from '../components/explanation.tsx';
import { milliseconds } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import styles from './environment-form.module.css';
import type { ConnectionTest } from './use-test.ts';

type Step = TestResult['steps'][number];

const words: Record<Step['step'], string> = {
  name: 'Name',
  port: 'Port',
  tls: 'Encryption',
  authentication: 'Authentication',
  database: 'Database',
  visibility: 'Visibility',
};

const icons = { good: IconCheck, bad: IconX, skipped: IconMinus } as const;
const outcomes = { good: 'good', bad: 'failed', skipped: 'not reached' } as const;

/** The way to the server step by step, and why it ended where it ended. */
export function TestPanel({ test }: { test: ConnectionTest }) {
  const { running, result, problem } = test;
  const end = useRef<HTMLDivElement>(null);
  const shown = running ?? result ?? problem;
  const failure = result?.problem ?? problem;
  useEffect(() => {
    if (shown) end.current?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  if (!shown) return null;
  return (
    <div className={styles.form} ref={end} aria-live="polite">
      <hr className={styles.rule} />
      {running && (
        <div>
          <p>
            Testing for <TimeAgo at={running.since} as="age" />
          </p>
          <Progress done={0} total={0} label="Testing the connection" />
        </div>
      )}
      {result && (
        <ol className={styles.steps}>
          {result.steps.map((step) => (
            <StepLine key={step.step} step={step} />
          ))}
        </ol>
      )}
      {failure && <Explanation explanation={failure} />}
    </div>
  );
}

function StepLine({ step: { step, outcome, ms, detail } }: { step: Step }) {
  const Icon = icons[outcome];
  return (
    <li className={styles.step} data-outcome={outcome}>
      <Icon size={16} role="img" aria-label={outcomes[outcome]} />
      <span>{words[step]}</span>
      <span className={styles.detail}>{detail}</span>
      <span className={styles.ms}>{outcome === 'skipped' || ms === 0 ? '' : milliseconds(ms)}</span>
    </li>
  );
}
