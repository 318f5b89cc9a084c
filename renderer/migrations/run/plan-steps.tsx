import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconArrowDown,
  IconArrowUp,
  IconCheck,
  IconLoader2,
  IconRepeat,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { PlannedStatement, PlannedStep, RunPlan } from '../../../preload/contract/migration-runs.ts';
import { count, duration, plural } from '../../components/format.ts';
import { visible } from '../words.ts';
import styles from './run.module.css';
import { type StatementState, statementKey } from './run-job.ts';
import type { Run } from './run-store.ts';

interface PlanStepsProps {
  plan: RunPlan;
  /** While it runs, and after. */
  run?: Run;
}

/** The steps of a plan with their statements; while it runs, how far each is. */
export function PlanSteps({ plan, run }: PlanStepsProps) {
  return (
    <ol className={styles.steps}>
      {plan.steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a plan don't change places, and redoing has one twice.
        <Step key={at} step={step} at={at} run={run} isOpen={plan.steps.length <= 10 || run?.step === at} />
      ))}
    </ol>
  );
}

const transactionWords: Record<PlannedStep['transaction'], string> = {
  own: 'in one transaction',
  implicit: 'in one message, so in one transaction unless a statement ends it',
  none: 'statement by statement, without a transaction',
};

interface StepProps {
  step: PlannedStep;
  at: number;
  run: Run | undefined;
  isOpen: boolean;
}

function Step({ step, at, run, isOpen }: StepProps) {
  const { direction, name, file, transaction, statements, faults } = step;
  const Arrow = direction === 'up' ? IconArrowUp : IconArrowDown;
  return (
    <li className={styles.step} data-now={(run?.phase === 'running' && run.step === at) || undefined}>
      <details open={isOpen}>
        <summary className={styles.stepHead}>
          <Arrow size={14} stroke={2} aria-hidden />
          <span>{direction}</span>
          <bdi className={styles.stepName} title={file === null ? undefined : visible(file)}>
            {visible(name)}
          </bdi>
          <span className={styles.soft}>{stepState(run, at) ?? plural(statements.length, 'statement')}</span>
        </summary>
        <p className={styles.soft}>
          {file !== null && <bdi className="mono">{visible(file)}</bdi>}
          {file === null ? 'No file' : `, ${transactionWords[transaction]}`}
        </p>
        {faults.map((fault) => (
          <p key={fault} className={styles.fault}>
            <IconAlertOctagon size={14} aria-hidden /> {visible(fault)}
          </p>
        ))}
        <Statements statements={statements} at={at} run={run} />
      </details>
    </li>
  );
}

function stepState(run: Run | undefined, at: number): string | undefined {
  if (!run || run.step < at) return undefined;
  if (run.step > at) return 'done';
  if (run.failed) return 'failed';
  return run.phase === 'running' ? 'running' : run.finished && !run.finished.cancelled ? 'done' : 'stopped';
}

const shownAtFirst = 100;

function Statements({
  statements,
  at,
  run,
}: {
  statements: readonly PlannedStatement[];
  at: number;
  run: Run | undefined;
}) {
  const [shown, setShown] = useState(shownAtFirst);
  const left = statements.length - shown;
  return (
    <>
      <ol className={styles.statements}>
        {statements.slice(0, shown).map((statement) => (
          <Statement
            key={`${statement.line} ${statement.text.slice(0, 40)}`}
            statement={statement}
            state={stateOf(run, at, statement.line)}
          />
        ))}
      </ol>
      {left > 0 && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + 1000)}>
          Show {left <= 1000 ? `the other ${count(left)}` : `1,000 more of ${count(left)}`}
        </button>
      )}
    </>
  );
}

/** What had begun when the run ended is not told as running on. */
function stateOf(run: Run | undefined, at: number, line: number): StatementState | undefined {
  const state = run?.statements.get(statementKey(at, line));
  const isOver = run?.phase === 'ended' && (state?.state === 'begun' || state?.state === 'retry');
  return isOver ? undefined : state;
}

const riskWords: Record<PlannedStatement['risk'], string> = {
  read: 'reads',
  change: 'changes',
  destroy: 'destroys',
};

function Statement({ statement, state }: { statement: PlannedStatement; state: StatementState | undefined }) {
  const { text, line, risk, locks, rewrites, inTransaction, notes } = statement;
  return (
    <li className={styles.statement} data-risk={risk} data-state={state?.state}>
      <div className={styles.statementLine}>
        <span className={styles.soft}>line {line}</span>
        <span className={styles.risk}>
          {risk === 'destroy' && <IconAlertTriangle size={14} aria-hidden />}
          {riskWords[risk]}
        </span>
        {state && <Mark state={state} />}
      </div>
      <pre className={styles.sql}>{text}</pre>
      <ul className={styles.facts}>
        {locks.map(({ mode, on }) => (
          <li key={`${mode} ${on}`} data-strong={mode === 'ACCESS EXCLUSIVE' || undefined}>
            {mode} on <bdi>{visible(on)}</bdi>
          </li>
        ))}
        {rewrites !== 'no' && (
          <li data-strong>{rewrites === 'yes' ? 'rewrites the table' : 'may rewrite the table'}</li>
        )}
        {!inTransaction && <li data-strong>can’t run in a transaction</li>}
        {notes.map((note) => (
          <li key={note}>{visible(note)}</li>
        ))}
      </ul>
    </li>
  );
}

function Mark({ state: { state, ms, retries } }: { state: StatementState }) {
  const again = retries > 0 ? `, ${plural(retries, 'retry', 'retries')} after a lock timeout` : '';
  switch (state) {
    case 'begun':
      return (
        <span className={styles.stateNow}>
          <IconLoader2 size={14} aria-hidden className={styles.turning} /> running{again}
        </span>
      );
    case 'retry':
      return (
        <span className={styles.stateNow}>
          <IconRepeat size={14} aria-hidden /> waits to try again{again}
        </span>
      );
    case 'done':
      return (
        <span className={styles.stateDone}>
          <IconCheck size={14} aria-hidden /> done{ms === undefined ? '' : ` in ${duration(ms)}`}
          {again}
        </span>
      );
    case 'failed':
      return (
        <span className={styles.stateFailed}>
          <IconAlertOctagon size={14} aria-hidden /> failed{again}
        </span>
      );
  }
}
