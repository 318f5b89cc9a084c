import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ToolSet } from '../../../preload/contract/backups.ts';
import { client } from '../../lib/client.ts';
import { toolsKey } from '../use-backups.ts';
import { toolsWords } from '../words.ts';
import styles from './create.module.css';
import { compressionsFor, type Draft, lacks } from './draft.ts';
import type { FieldsProps } from './main-fields.tsx';

interface MoreFieldsProps extends FieldsProps {
  /** Those that the plan takes, once they are known. */
  tools: ToolSet | undefined;
}

/** Everything else that can be said of a backup. */
export function MoreFields({ draft, faults, change, tools }: MoreFieldsProps) {
  const { what } = draft;
  const isGlobals = what === 'globals';
  const hasRows = what === 'all' || what === 'data';
  return (
    <div className={styles.more}>
      <div className={styles.pair}>
        <NativeSelect
          label="Compression"
          data={[
            { value: '', label: 'The fastest there is' },
            ...compressionsFor(draft).map((method) => {
              const lack = lacks(method, draft, tools);
              return {
                value: method,
                label: `${method === 'none' ? 'None' : method}${lack ? `, ${lack}` : ''}`,
                disabled: lack !== undefined,
              };
            }),
          ]}
          value={compressionsFor(draft).some((method) => method === draft.method) ? draft.method : ''}
          onChange={({ currentTarget }) =>
            change({ method: currentTarget.value as Draft['method'], level: '' })
          }
        />
        <TextInput
          label="Level"
          placeholder="By itself"
          inputMode="numeric"
          value={draft.level}
          disabled={draft.method === '' || draft.method === 'none'}
          error={faults.level}
          onChange={({ currentTarget }) => change({ level: currentTarget.value })}
        />
        <TextInput
          label="Sessions at once"
          placeholder="By the machine"
          inputMode="numeric"
          value={draft.jobs}
          disabled={isGlobals || draft.format !== 'directory'}
          error={faults.jobs}
          onChange={({ currentTarget }) => change({ jobs: currentTarget.value })}
        />
        <TextInput
          label="Waits for locks, s"
          inputMode="numeric"
          value={draft.lockWaitSeconds}
          error={faults.lockWaitSeconds}
          onChange={({ currentTarget }) => change({ lockWaitSeconds: currentTarget.value })}
        />
      </div>
      <NativeSelect
        label="Counted in the dump’s own snapshot, for later comparisons"
        data={[
          { value: 'none', label: 'Nothing' },
          { value: 'rows', label: 'Rows of each table' },
          { value: 'checksums', label: 'Rows and checksums of each table' },
        ]}
        value={hasRows ? draft.counted : 'none'}
        disabled={!hasRows}
        onChange={({ currentTarget }) => change({ counted: currentTarget.value as Draft['counted'] })}
      />
      <div className={styles.pair}>
        <Checkbox
          label="With owners"
          checked={draft.owners}
          onChange={({ currentTarget }) => change({ owners: currentTarget.checked })}
        />
        <Checkbox
          label="With privileges"
          checked={draft.privileges}
          onChange={({ currentTarget }) => change({ privileges: currentTarget.checked })}
        />
      </div>
      {!isGlobals && (
        <fieldset className={styles.patterns}>
          <legend>
            Patterns, one a line, as psql writes them: <code>sales.*</code>, <code>"Mixed Case"</code>
          </legend>
          <div className={styles.pair}>
            <Patterns name="schemas" label="Only these schemas" draft={draft} change={change} />
            <Patterns name="tables" label="Only these tables" draft={draft} change={change} />
            <Patterns name="excludeSchemas" label="Without these schemas" draft={draft} change={change} />
            <Patterns name="excludeTables" label="Without these tables" draft={draft} change={change} />
            {what === 'all' && (
              <Patterns
                name="excludeData"
                label="Without the rows of these tables"
                draft={draft}
                change={change}
              />
            )}
          </div>
        </fieldset>
      )}
      <ToolChoice draft={draft} change={change} />
    </div>
  );
}

interface PatternsProps extends Pick<FieldsProps, 'draft' | 'change'> {
  name: 'schemas' | 'tables' | 'excludeSchemas' | 'excludeTables' | 'excludeData';
  label: string;
}

function Patterns({ name, label, draft, change }: PatternsProps) {
  return (
    <Textarea
      label={label}
      rows={2}
      classNames={{ input: styles.mono ?? '' }}
      value={draft[name]}
      onChange={({ currentTarget }) => change({ [name]: currentTarget.value })}
      autoComplete="off"
      spellCheck={false}
      dir="auto"
    />
  );
}

function ToolChoice({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  const { data: sets = [] } = useQuery({
    queryKey: toolsKey,
    queryFn: ({ signal }) => client.backups.tools({}, { signal }),
  });
  return (
    <NativeSelect
      label="Programs"
      data={[
        { value: '', label: 'Those that fit the server best' },
        ...sets.map((set) => ({ value: set.id, label: `pg_dump ${toolsWords(set)}` })),
      ]}
      value={draft.tools}
      onChange={({ currentTarget }) => change({ tools: currentTarget.value })}
    />
  );
}
