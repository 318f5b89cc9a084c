import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconClock, IconGhost2 } from '@tabler/icons-react';
import { type ComponentType, useId } from 'react';
import type { SignalResult } from '../../preload/contract/activity.ts';
import { Dialog } from '../components/dialog.tsx';
import styles from './signal.module.css';
import { type Signal, signalWords } from './signals.ts';

type Outcome = SignalResult['results'][number]['outcome'];

const looks: Record<Outcome, { word: string; Icon: ComponentType<{ size?: number | string }> }> = {
  refused: { word: 'Refused', Icon: IconCircleX },
  sent: { word: 'Sent', Icon: IconClock },
  gone: { word: 'Gone already', Icon: IconGhost2 },
  done: { word: 'Done', Icon: IconCircleCheck },
};

const order = Object.keys(looks) as Outcome[];

interface SignalResultsProps {
  signal: Signal;
  environmentName: string;
  result: SignalResult;
  onClose: () => void;
}

/** What came of a signal, backend by backend, with the server's words where it refused; refusals first. */
export function SignalResults({ signal, environmentName, result, onClose }: SignalResultsProps) {
  const titleId = useId();
  const done = result.results.filter(({ outcome }) => outcome === 'done').length;
  const sorted = [...result.results].sort(
    (a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome) || a.pid - b.pid,
  );
  return (
    <Dialog labelledBy={titleId} onClose={onClose}>
      <div className={styles.results}>
        <h2 id={titleId} className={styles.title}>
          {done === 0
            ? `${signalWords[signal].button}: nothing done`
            : `${signalWords[signal].done(done)} of ${result.results.length}`}{' '}
          on {environmentName}
        </h2>
        <ul className={styles.list}>
          {sorted.map(({ pid, outcome, message }) => {
            const { word, Icon } = looks[outcome];
            return (
              <li key={pid} className={styles.outcome} data-outcome={outcome}>
                <span className={styles.pid}>{pid}</span>
                <span className={styles.word}>
                  <Icon size={14} aria-hidden />
                  {word}
                </span>
                <span className={styles.message} dir="auto">
                  {message}
                </span>
              </li>
            );
          })}
        </ul>
        <footer className={styles.close}>
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}
