import { NumberInput } from '@mantine/core';
import type { RunAction } from '../../../preload/contract/migration-runs.ts';
import styles from './run.module.css';

interface RunOptionsProps {
  action: RunAction;
  onAction: (action: RunAction) => void;
  /** s */
  lockTimeout: number;
  onLockTimeout: (seconds: number) => void;
  retries: number;
  onRetries: (retries: number) => void;
}

/** How many migrations, and how patient their statements are with locks. */
export function RunOptions(props: RunOptionsProps) {
  const { action, onAction, lockTimeout, onLockTimeout, retries, onRetries } = props;
  return (
    <div className={styles.options}>
      {(action.kind === 'up' || action.kind === 'down') && (
        <NumberInput
          label="How many"
          placeholder={action.kind === 'up' ? 'All' : '1'}
          min={1}
          max={100_000}
          allowDecimal={false}
          allowNegative={false}
          value={action.count ?? ''}
          onChange={(value) => {
            const count = typeof value === 'number' && value >= 1 ? Math.floor(value) : undefined;
            if (action.kind === 'down') onAction({ kind: 'down', count: count ?? 1 });
            else onAction(count === undefined ? { kind: 'up' } : { kind: 'up', count });
          }}
        />
      )}
      <NumberInput
        label="lock_timeout"
        title="How long a statement waits for a lock before it gives up, so that it does not hold up everybody behind it. 0: for ever."
        suffix=" s"
        min={0}
        max={600}
        value={lockTimeout}
        onChange={(value) => typeof value === 'number' && onLockTimeout(value)}
      />
      <NumberInput
        label="Retries"
        title="How often it is tried again after a lock timeout."
        min={0}
        max={50}
        allowDecimal={false}
        value={retries}
        onChange={(value) => typeof value === 'number' && onRetries(value)}
      />
    </div>
  );
}
