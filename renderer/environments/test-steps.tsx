import { IconCheck, IconCircle, IconHelp, IconLoader2, IconMinus, IconX } from '@tabler/icons-react';
import type { TestStep } from '../../preload/contract/environments.ts';
import { milliseconds } from '../components/format.ts';
import styles from './test-panel.module.css';

/** What each step of the way is called. */
const words: Record<TestStep['step'], string> = {
  companion: 'Companion',
  tunnel: 'Tunnel',
  name: 'Name',
  port: 'Port',
  tls: 'Encryption',
  authentication: 'Authentication',
  database: 'Database',
  privileges: 'Privileges',
  visibility: 'Visibility',
};

const looks = {
  good: { Icon: IconCheck, word: 'good' },
  bad: { Icon: IconX, word: 'failed' },
  skipped: { Icon: IconMinus, word: 'not reached' },
  running: { Icon: IconLoader2, word: 'under way' },
  asks: { Icon: IconHelp, word: 'waits for an answer' },
  coming: { Icon: IconCircle, word: 'to come' },
} as const;

interface TestStepsProps {
  steps: readonly TestStep[];
  /** None is under way or to come any more. */
  ended: boolean;
  /** The step that failed waits for a person's answer. */
  asks: boolean;
  /** What is said below the steps, and so not at one of them. */
  said: string | undefined;
}

/** The steps with their outcome and time. Those behind the one that failed are one line. */
export function TestSteps({ steps, ended, asks, said }: TestStepsProps) {
  const reached = steps.findLastIndex(({ outcome }) => outcome !== 'skipped') + 1;
  const brokeOff = ended && steps.some(({ outcome }) => outcome === 'bad' || outcome === 'running');
  const shown = brokeOff ? steps.slice(0, reached) : steps;
  const rest = steps.slice(shown.length).map(({ step }) => words[step]);
  return (
    <ol className={styles.steps}>
      {shown.map((step) => {
        const outcome = shownOutcome(step, ended, asks);
        const { Icon, word } = looks[outcome];
        const took = (outcome === 'good' || outcome === 'bad') && step.ms > 0;
        return (
          <li key={step.step} className={styles.step} data-outcome={outcome}>
            <Icon size={16} role="img" aria-label={word} />
            <span className={styles.word}>{words[step.step]}</span>
            <span className={styles.detail}>{detailOf(step, outcome, said)}</span>
            <span className={styles.ms}>{took ? stepTime(step.ms) : ''}</span>
          </li>
        );
      })}
      {rest.length > 0 && (
        <li className={styles.step} data-outcome="skipped">
          <IconMinus size={16} aria-hidden />
          <span className={styles.word}>Not reached</span>
          <span className={styles.detail}>{rest.join(', ')}</span>
        </li>
      )}
    </ol>
  );
}

function shownOutcome({ outcome }: TestStep, ended: boolean, asks: boolean): keyof typeof looks {
  if (outcome === 'running' && ended) return 'skipped';
  if (outcome === 'skipped' && !ended) return 'coming';
  return outcome === 'bad' && asks ? 'asks' : outcome;
}

/** What happened at a step; a failure that is explained below is only named. */
function detailOf({ detail }: TestStep, outcome: keyof typeof looks, said: string | undefined): string {
  if (outcome === 'coming') return '';
  if (detail !== '' && detail !== said) return detail;
  if (outcome === 'bad') return 'Failed, see below.';
  return outcome === 'asks' ? 'Waits for an answer.' : '';
}

/** Of a step on a way of seconds, parts of a millisecond say nothing. */
function stepTime(ms: number): string {
  return ms < 1 ? '< 1 ms' : milliseconds(Math.round(ms));
}
