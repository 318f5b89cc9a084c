import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus, MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { errorField, explain } from '../../lib/errors.ts';
import { visible } from '../words.ts';
import styles from './folders.module.css';

interface HomeMadePanelProps {
  environment: Environment;
  /** The home-made track in sight, to begin with. */
  track: MigrationTrack | undefined;
  onTake: (status: MigrationStatus) => void;
  onClose: () => void;
}

const formId = 'migrations-home-made';

/** Says which column of a home-made table means what, and which folder its files are in. */
export function HomeMadePanel({ environment, track, onTake, onClose }: HomeMadePanelProps) {
  const [fields, setFields] = useState(() => fieldsOf(track));
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ explanation: ExplanationData; field: string | undefined }>();
  const isWhole = [fields.schema, fields.table, fields.nameColumn].every((value) => value.trim() !== '');
  const { columns = [], described = false } = track?.home ?? {};
  // Only of the table in sight is it known which columns it has.
  const isKnown =
    columns.length > 0 && fields.schema === track?.table?.schema && fields.table === track.table.name;
  const set = (key: keyof typeof fields, value: string): void => {
    setProblem((before) => (before?.field === key ? undefined : before));
    setFields((before) => ({ ...before, [key]: value }));
  };

  const save = async (): Promise<void> => {
    if (!isWhole) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const status = await client.migrations.setHomeMade({
        environment: environment.id,
        schema: fields.schema,
        table: fields.table,
        nameColumn: fields.nameColumn,
        timeColumn: fields.timeColumn || null,
        checksumColumn: fields.checksumColumn || null,
        folder: fields.folder.trim(),
      });
      onTake(status);
      notifyDone(`${visible(`${fields.schema}.${fields.table}`)} is read by these columns.`, { environment });
      onClose();
    } catch (error) {
      setProblem({ explanation: explain(error), field: errorField(error) });
      setBusy(false);
    }
  };
  const commonOf = (key: keyof typeof fields, label: string, description?: string) => ({
    label,
    ...(description ? { description } : {}),
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as (
      | 'label'
      | 'input'
      | 'description'
      | 'error'
    )[],
    classNames: { input: styles.mono ?? '' },
    error: problem?.field === key ? problem.explanation.what : undefined,
  });
  const text = (key: keyof typeof fields, label: string, description?: string) => (
    <TextInput
      {...commonOf(key, label, description)}
      value={fields[key]}
      onChange={(event) => set(key, event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
      dir="auto"
    />
  );
  const column = (key: 'nameColumn' | 'timeColumn' | 'checksumColumn', label: string) => {
    const isOptional = key !== 'nameColumn';
    if (!isKnown) return text(key, label, isOptional ? 'Empty: it keeps none.' : undefined);
    return (
      <Select
        {...commonOf(key, label)}
        data={columns.map((name) => ({ value: name, label: visible(name) }))}
        value={fields[key] || null}
        onChange={(value) => set(key, value ?? '')}
        placeholder={isOptional ? 'It keeps none' : 'Choose a column'}
        clearable={isOptional}
        allowDeselect={isOptional}
        searchable={columns.length > 8}
        clearButtonProps={{ 'aria-label': 'It keeps none' }}
        comboboxProps={{ shadow: 'md' }}
      />
    );
  };

  return (
    <Inspector
      title="Home-made table"
      onClose={onClose}
      takeFocus
      footer={
        <>
          <Button
            type="submit"
            form={formId}
            variant="filled"
            color="accent"
            loading={isBusy}
            disabled={!isWhole}
          >
            Read it so
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.sections}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p className={styles.soft}>
          For a table of <bdi>{environment.name}</bdi> in which something of your own writes the names of SQL
          files that have run. It is only read.
        </p>
        {described && (
          <p className={styles.soft}>
            It is read as it was described here. Described as Howdah finds it by itself, it is no longer
            remembered.
          </p>
        )}
        {text('schema', 'Schema')}
        {text('table', 'Table')}
        {column('nameColumn', 'Column with the file’s name')}
        {column('timeColumn', 'Column with the time')}
        {column('checksumColumn', 'Column with the checksum')}
        {text('folder', 'Folder of the files', 'In a linked project: relative to it, or as a whole path.')}
        {problem && <Explanation explanation={problem.explanation} />}
      </form>
    </Inspector>
  );
}

const fieldsOf = (track: MigrationTrack | undefined) => ({
  schema: track?.table?.schema ?? 'public',
  table: track?.table?.name ?? '',
  nameColumn: track?.home?.nameColumn ?? '',
  timeColumn: track?.home?.timeColumn ?? '',
  checksumColumn: track?.home?.checksumColumn ?? '',
  folder: track?.folder ?? '',
});
