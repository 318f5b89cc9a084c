import { NativeSelect, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { RestoreMode } from '../../../preload/contract/backups.ts';
import { ProtectionBadge, protections } from '../../components/protection-badge.tsx';
import { connectionWord, StateDot } from '../../components/state-dot.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { databaseOf, type RestoreDraft } from './draft.ts';
import { modeWords, restoreModes } from './mode-words.ts';
import styles from './restore.module.css';

interface TargetFieldsProps {
  draft: RestoreDraft;
  /** The database of the chosen environment. */
  own: string;
  onChange: (changes: Partial<RestoreDraft>) => void;
}

/** Where a restore goes: to which environment, into which database, and what becomes of the one that is there. */
export function TargetFields({ draft, own, onChange }: TargetFieldsProps) {
  const { environments = [], statusOf } = useEnvironments();
  const target = environments.find(({ id }) => id === draft.environment);
  const isNew = draft.mode === 'new';
  return (
    <>
      <div className={styles.target}>
        <NativeSelect
          label="To the environment"
          data-autofocus
          value={draft.environment}
          onChange={(event) => onChange({ environment: event.currentTarget.value, existingName: null })}
          data={environments.map(({ id, name }) => {
            const { state } = statusOf(id);
            const isConnected = state === 'connected';
            return {
              value: id,
              label: isConnected ? name : `${name} (${connectionWord(state).toLowerCase()})`,
              disabled: !isConnected && id !== draft.environment,
            };
          })}
        />
        {target && (
          <p className={styles.targetState}>
            <Swatch color={target.color} />
            <StateDot state={statusOf(target.id).state} showWord />
            <ProtectionBadge protection={target.protection} />
            {target.protection !== 'open' && (
              <span className={styles.soft}>{protections[target.protection].sentence}</span>
            )}
          </p>
        )}
      </div>
      <ModeChoice mode={draft.mode} onChange={(mode) => onChange({ mode })} />
      <TextInput
        label={isNew ? 'Name of the new database' : 'Database'}
        value={databaseOf(draft, own)}
        onChange={(event) => {
          const name = event.currentTarget.value;
          onChange(isNew ? { newName: name } : { existingName: name });
        }}
        classNames={{ input: styles.mono ?? '' }}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
      />
    </>
  );
}

function ModeChoice({ mode, onChange }: { mode: RestoreMode; onChange: (mode: RestoreMode) => void }) {
  const name = useId();
  return (
    <fieldset className={styles.modes}>
      <legend className={styles.label}>Mode</legend>
      {restoreModes.map((one) => {
        const { title, does, promise } = modeWords[one];
        return (
          <label key={one} className={styles.mode}>
            <input type="radio" name={name} checked={mode === one} onChange={() => onChange(one)} />
            <span className={styles.modeTitle}>{title}</span>
            <span className={styles.modeDoes}>
              {does} {mode === one && promise}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
