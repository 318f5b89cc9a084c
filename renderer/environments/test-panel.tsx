import { useEffect, useRef } from 'react';
import type { TestResult } from '../../preload/contract/environments.ts';
import { Explanation } from '../components/explanation.tsx';
import { plural } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { AskPanel } from './ask-panel.tsx';
import styles from './test-panel.module.css';
import { TestSteps } from './test-steps.tsx';
import type { ConnectionTest } from './use-test.ts';

/** The way to the server step by step, why it ended where it ended, and what only a person can answer. */
export function TestPanel({ test }: { test: ConnectionTest }) {
  const { running, result, problem, cancelled } = test;
  const panel = useRef<HTMLElement>(null);
  const shown = running ?? result ?? problem;
  const failure = result?.problem ?? problem;
  useEffect(() => {
    if (shown) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  if (!shown) return null;
  // The question goes away with its buttons; the keyboard stays here.
  const goOn = <T,>(act: () => T): T => {
    panel.current?.focus({ preventScroll: true });
    return act();
  };
  return (
    <section className={styles.panel} ref={panel} tabIndex={-1} aria-label="Test of the connection">
      <div className={styles.head}>
        <h3>{headline(test)}</h3>
        <span className={styles.soft}>
          {running ? <TimeAgo at={running.since} as="age" /> : test.isStale && 'before the last change'}
        </span>
      </div>
      {running && <Progress done={0} total={0} label="Testing the connection" />}
      <span className="visually-hidden" role="status">
        {headline(test)}
      </span>
      {result && result.steps.length > 0 && (
        <TestSteps
          steps={result.steps}
          ended={result.done || cancelled || !running}
          asks={result.ask !== undefined}
          said={failure?.what}
        />
      )}
      {result?.ask ? (
        <AskPanel
          ask={result.ask}
          problem={failure}
          go="test"
          onTrusted={() => goOn(test.run)}
          onSecret={(secret) => goOn(() => test.answer(secret))}
          onCancel={() => goOn(test.decline)}
        />
      ) : (
        failure && <Explanation explanation={failure} />
      )}
      {result && <TestFindings findings={result.findings} />}
    </section>
  );
}

function headline({ running, result, cancelled, problem }: ConnectionTest): string {
  if (running) return 'Testing the connection';
  if (cancelled) return 'The test was cancelled';
  if (problem || !result) return 'The test could not be made';
  if (result.ask) return 'One question before it goes on';
  if (!result.good) return 'The connection does not work';
  const { length } = result.findings;
  return length === 0 ? 'The connection works' : `The connection works, with ${plural(length, 'remark')}`;
}

/** What works but should be known. */
function TestFindings({ findings }: Pick<TestResult, 'findings'>) {
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label="Findings">
      {findings.map(({ id, severity, text }) => (
        <li key={id} className={styles.finding} data-severity={severity}>
          <SeverityIcon severity={severity} size={16} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
