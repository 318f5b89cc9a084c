import { Button } from '@mantine/core';
import { Progress } from '../../components/progress.tsx';
import styles from './drift.module.css';
import type { RunState, StepOf } from './run.ts';
import { stepWords } from './snapshots-panel.tsx';

interface ComparingProps {
  state: RunState;
  sides: { wanted: string; actual: string };
  onCancel: () => void;
}

/** How far both readings and the comparison are. */
export function Comparing({ state, sides, onCancel }: ComparingProps) {
  const { steps } = state;
  const row = (of: StepOf, name: string): React.ReactNode => {
    const step = steps[of];
    const isPast = of !== 'comparison' && steps.comparison !== undefined;
    const words = isPast
      ? 'Read'
      : step
        ? stepWords(step)
        : of === 'comparison'
          ? 'Waits for both'
          : 'Beginning';
    return (
      <div className={styles.part} key={of}>
        <bdi className={styles.partName}>{name}</bdi>
        <span className={styles.partStep}>{words}</span>
        <Progress
          done={isPast ? 1 : (step?.done ?? 0)}
          total={isPast || (of === 'comparison' && !step) ? 1 : (step?.total ?? 0)}
          label={`${name}: ${words}`}
        />
      </div>
    );
  };
  return (
    <div className={styles.waiting}>
      <section className={styles.comparing} aria-label="Comparing">
        <p className="visually-hidden" role="status">
          Comparing {sides.wanted} with {sides.actual}
        </p>
        {row('wanted', sides.wanted)}
        {row('actual', sides.actual)}
        {row('comparison', 'Comparison')}
        <Button onClick={onCancel}>Cancel</Button>
      </section>
    </div>
  );
}
