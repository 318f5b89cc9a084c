import { Button, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../words.ts';
import styles from './run.module.css';

interface CreateDialogProps {
  environment: Environment;
  track: MigrationTrack;
  onMade: () => void;
  onClose: () => void;
}

/** Makes the files of a new migration, named as its tool names them. */
export function CreateDialog({ environment, track, onMade, onClose }: CreateDialogProps) {
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const id = useId();
  const create = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { files } = await client.migrations.create({
        environment: environment.id,
        track: track.key,
        name: name.trim(),
      });
      notifyDone(`Made ${files.join(' and ')}.`);
      onMade();
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog labelledBy={id} onClose={onClose}>
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void create();
        }}
      >
        <h2 id={id} className={styles.dialogTitle}>
          New migration
        </h2>
        <TextInput
          label="Name"
          description={`Its files are made in ${visible(track.folder || track.project || '')}, numbered as ${track.title} does.`}
          placeholder="add_orders_index"
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
        />
        {problem && <Explanation explanation={problem} />}
        <div className={styles.dialogActs}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            color="accent"
            loading={isBusy}
            disabled={name.trim() === ''}
          >
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
