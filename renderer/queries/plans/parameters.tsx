import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ParametersAsked } from '../../../preload/contract/plans.ts';
import { Explanation } from '../../components/explanation.tsx';
import styles from './plans.module.css';

interface ParametersProps {
  asked: ParametersAsked;
  onGive: (values: (string | null)[]) => void;
}

/** A field for each `$n` of a statement. */
export function Parameters({ asked, onGive }: ParametersProps) {
  const [values, setValues] = useState<readonly (string | null)[]>(asked.types.map(() => ''));
  const set = (at: number, value: string | null): void =>
    setValues((before) => before.map((one, index) => (index === at ? value : one)));
  return (
    <form
      className={styles.parameters}
      onSubmit={(event) => {
        event.preventDefault();
        onGive([...values]);
      }}
    >
      <Explanation explanation={asked.explanation} severity="notice" compact />
      <div className={styles.values}>
        {asked.types.map((type, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a parameter is its number.
          <div key={at} className={styles.value}>
            <TextInput
              label={`$${at + 1}${type ? ` ${type}` : ''}`}
              value={values[at] ?? ''}
              disabled={values[at] === null}
              data-autofocus={at === 0 ? true : undefined}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => set(at, event.currentTarget.value)}
            />
            <Checkbox
              label="NULL"
              aria-label={`$${at + 1} is NULL`}
              checked={values[at] === null}
              onChange={(event) => set(at, event.currentTarget.checked ? null : '')}
            />
          </div>
        ))}
        <Button type="submit" variant="filled">
          Go on with these values
        </Button>
      </div>
    </form>
  );
}
