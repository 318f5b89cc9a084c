import { Button, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { SnapshotInfo } from '../../../preload/contract/schema.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import styles from './snapshots.module.css';

interface RenameSnapshotProps {
  snapshot: SnapshotInfo;
  onRenamed: () => void;
  onClose: () => void;
}

/** Gives a snapshot a name, or takes it away. */
export function RenameSnapshot({ snapshot, onRenamed, onClose }: RenameSnapshotProps) {
  const [name, setName] = useState(snapshot.name ?? '');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const id = useId();
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await client.schema.renameSnapshot({ id: snapshot.id, name: name.trim() || null });
      onRenamed();
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
          void save();
        }}
      >
        <h2 id={id} className={styles.dialogTitle}>
          Name of the snapshot
        </h2>
        <TextInput
          label="Name"
          description="Empty takes it away. A snapshot with a name is never let go by itself."
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          dir="auto"
        />
        {problem && <Explanation explanation={problem} />}
        <div className={styles.dialogActs}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" color="accent" loading={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
