import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus, MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
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
  const [fields, setFields] = useState(() => ({
    schema: track?.table?.schema ?? 'public',
    table: track?.table?.name ?? '',
    nameColumn: '',
    timeColumn: '',
    checksumColumn: '',
    folder: track?.folder ?? '',
  }));
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const isWhole = [fields.schema, fields.table, fields.nameColumn].every((value) => value.trim() !== '');

  const save = async (): Promise<void> => {
    if (!isWhole) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const status = await client.migrations.setHomeMade({
        environment: environment.id,
        schema: fields.schema.trim(),
        table: fields.table.trim(),
        nameColumn: fields.nameColumn.trim(),
        timeColumn: fields.timeColumn.trim() || null,
        checksumColumn: fields.checksumColumn.trim() || null,
        folder: fields.folder.trim(),
      });
      onTake(status);
      notifyDone(`${fields.schema}.${fields.table} is read by these columns.`, { environment });
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  const field = (key: keyof typeof fields, label: string, description?: string) => (
    <TextInput
      label={label}
      {...(description ? { description } : {})}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      classNames={{ input: styles.mono ?? '' }}
      value={fields[key]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setFields((before) => ({ ...before, [key]: value }));
      }}
      autoComplete="off"
      spellCheck={false}
      dir="auto"
    />
  );

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
        {field('schema', 'Schema')}
        {field('table', 'Table')}
        {field('nameColumn', 'Column with the file’s name')}
        {field('timeColumn', 'Column with the time', 'Empty: it keeps none.')}
        {field('checksumColumn', 'Column with the checksum', 'Empty: it keeps none.')}
        {field('folder', 'Folder of the files', 'Below a linked project, or a whole path.')}
        {problem && <Explanation explanation={problem} />}
      </form>
    </Inspector>
  );
}
