import { useId } from 'react';
import type { Backup } from '../../../preload/contract/backups.ts';
import { Dialog } from '../../components/dialog.tsx';
import { dropDraft } from './draft.ts';
import styles from './restore.module.css';
import { RestoreForm } from './restore-form.tsx';
import { putRestoreAway, useRestoring } from './restore-store.ts';
import { RestoringView } from './restoring.tsx';

interface RestoreDialogProps {
  /** Where it is asked from; the restore may go to any other. */
  environmentId: string;
  backup: Backup;
  onClose: () => void;
}

/** What a restore would do as it is edited; then how it goes and what came of it, which goes on when this is closed. */
export function RestoreDialog({ environmentId, backup, onClose }: RestoreDialogProps) {
  const restoring = useRestoring(backup);
  const titleId = useId();
  const hasEnded = restoring?.phase === 'ended';
  const close = (): void => {
    if (restoring && hasEnded) putRestoreAway(restoring);
    // What failed is tried again with the same options.
    if (restoring?.finished) dropDraft(backup.path);
    onClose();
  };
  return (
    <Dialog
      labelledBy={titleId}
      className={`${styles.dialog} ${restoring ? styles.going : ''}`}
      onClose={close}
    >
      {restoring ? (
        <RestoringView
          restoring={restoring}
          titleId={titleId}
          onAgain={() => putRestoreAway(restoring)}
          onClose={close}
        />
      ) : (
        <RestoreForm environmentId={environmentId} backup={backup} titleId={titleId} onClose={close} />
      )}
    </Dialog>
  );
}
