import { NativeSelect, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { SslMode } from '../../preload/contract/connection.ts';
import type { EnvironmentColor, Protection } from '../../preload/contract/environments.ts';
import { protections } from '../components/protection-badge.tsx';
import { sslModes, sslModeWords } from '../environments/ssl-modes.ts';
import { environmentColorNames, environmentStyle } from '../theme/colors.ts';
import styles from './candidate-inspector.module.css';
import { correct } from './import-job.ts';
import { useImport } from './import-store.ts';
import { formOf, type RowField } from './row-form.ts';
import type { ImportRow } from './rows.ts';

const colors = Object.entries(environmentColorNames) as [EnvironmentColor, string][];
const kinds = (Object.keys(protections) as Protection[]).map((value) => ({
  value,
  label: protections[value].word,
}));
const under = ['label', 'input', 'description', 'error'] as const;

/** The fields of a connection found, with what is wrong at each. */
export function RowFields({ row, groups }: { row: ImportRow; groups: readonly string[] }) {
  const form = formOf(row.candidate, row.corrections);
  const { problems } = row;
  const protector = useImport().protectors.get(row.key);
  const text = (field: RowField & ('name' | 'group' | 'host' | 'port' | 'database' | 'user')) => ({
    name: field,
    value: form[field],
    error: problems[field],
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      correct(row, { [field]: event.currentTarget.value }),
  });
  return (
    <div className={styles.fields}>
      <div className={styles.halves}>
        <TextInput label="Name" dir="auto" {...text('name')} />
        <TextInput label="Group" dir="auto" list="import-groups" {...text('group')} />
        <datalist id="import-groups">
          {groups.map((group) => (
            <option key={group} value={group} />
          ))}
        </datalist>
      </div>
      <div className={styles.pair}>
        <TextInput label="Host or socket folder" {...text('host')} />
        <TextInput label="Port" inputMode="numeric" {...text('port')} />
      </div>
      <div className={styles.halves}>
        <TextInput label="Database" {...text('database')} />
        <TextInput label="User" {...text('user')} />
      </div>
      <NativeSelect
        name="sslmode"
        label="Encryption (sslmode)"
        data={sslModes}
        value={form.sslmode}
        error={problems.sslmode}
        description={sslModeWords[form.sslmode]}
        inputWrapperOrder={[...under]}
        onChange={(event) => correct(row, { sslmode: event.currentTarget.value as SslMode })}
      />
      <NativeSelect
        name="protection"
        label="Protection"
        data={kinds}
        value={form.protection}
        error={problems.protection}
        description={protections[form.protection].sentence}
        inputWrapperOrder={[...under]}
        onChange={(event) => correct(row, { protection: event.currentTarget.value as Protection })}
      />
      {protector !== undefined && (
        <TextInput
          name="confirm"
          label={
            <>
              Type <b>{protector}</b> to add it with this protection
            </>
          }
          value={form.confirm}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          onChange={(event) => correct(row, { confirm: event.currentTarget.value })}
        />
      )}
      <fieldset className={styles.set}>
        <legend className={styles.label}>Colour: {environmentColorNames[form.color]}</legend>
        <div className={styles.swatches}>
          {colors.map(([color, word]) => (
            <label key={color} className={styles.swatch} style={environmentStyle(color)} title={word}>
              <input
                type="radio"
                name="color"
                aria-label={word}
                checked={form.color === color}
                onChange={() => correct(row, { color })}
              />
              {form.color === color && <IconCheck size={14} stroke={3} aria-hidden />}
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}
