import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { client } from '../../lib/client.ts';
import { visible } from '../../migrations/words.ts';
import { backupsChanged } from '../use-backups.ts';
import styles from './restore.module.css';

interface UndoSwapProps {
  environment: Environment;
  database: string;
  /** The name under which the one before is kept. */
  kept: string;
  /** What that one is: `restored` once the swap was undone already. */
  holds?: KeptDatabase['holds'];
  /** With the name under which the restored one is kept from now on. */
  onDone: (kept: string) => void;
  onClose: () => void;
}

/** Gives the database that a swap has kept its name back. */
export function UndoSwap({ environment, database, kept, holds = 'former', onDone, onClose }: UndoSwapProps) {
  const undoes = holds !== 'restored';
  return (
    <ConfirmDialog
      title={`${undoes ? 'Undo the swap of' : 'Swap back what was restored as'} ${visible(database)} on ${environment.name}`}
      environment={environment}
      action={undoes ? 'Undo the swap' : 'Swap back'}
      destructive
      undo={`The ${undoes ? 'restored' : 'present'} database is kept too, under a dated name; nothing is dropped.`}
      onConfirm={async (confirm) => {
        const done = await client.backups.swapBack({
          environment: environment.id,
          database,
          kept,
          ...(confirm === undefined ? {} : { confirm }),
        });
        backupsChanged();
        onDone(done.kept);
      }}
      onClose={onClose}
    >
      <p>
        <bdi className={styles.mono}>{visible(kept)}</bdi> gets the name{' '}
        <bdi className={styles.mono}>{visible(database)}</bdi> back. Sessions in either are ended.
      </p>
    </ConfirmDialog>
  );
}
