import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { bytes } from '../../components/format.ts';
import { notifyDone } from '../../components/notify.tsx';
import { Decision } from '../../console/decision.tsx';
import { client } from '../../lib/client.ts';
import { visible } from '../../migrations/words.ts';
import { UndoSwap } from '../restore/undo-swap.tsx';
import styles from './swaps.module.css';

/** Something about a kept database that wants a decision. */
export interface SwapAsk {
  kind: 'back' | 'drop' | 'forget';
  swap: KeptDatabase;
}

interface SwapDialogProps {
  environment: Environment;
  asked: SwapAsk;
  /** The list is another now. */
  onDone: () => void;
  onClose: () => void;
}

export function SwapDialog({ environment, asked: { kind, swap }, onDone, onClose }: SwapDialogProps) {
  const { id, database, kept, holds, bytes: size } = swap;
  if (kind === 'back')
    return (
      <UndoSwap
        environment={environment}
        database={database}
        kept={kept}
        holds={holds}
        onDone={(now) => {
          notifyDone(
            `${visible(kept)} is ${visible(database)} now; the other one is kept as ${visible(now)}.`,
            { environment },
          );
          onDone();
        }}
        onClose={onClose}
      />
    );
  if (id === null) return null;
  if (kind === 'forget')
    return (
      <Decision
        title={`Take ${visible(kept)} off the list`}
        action="Take it off the list"
        onConfirm={async () => {
          await client.backups.swaps.forget({ id });
          onDone();
        }}
        onClose={onClose}
      >
        <p className={styles.dialog}>Nothing is done on the server.</p>
      </Decision>
    );
  return (
    <ConfirmDialog
      title={`Drop ${visible(kept)} on ${environment.name}`}
      environment={environment}
      action="Drop the kept database"
      destructive
      undo="It can’t be undone, and the swap can’t be undone any more."
      onConfirm={async (confirm) => {
        await client.backups.swaps.drop({
          environment: environment.id,
          id,
          ...(confirm === undefined ? {} : { confirm }),
        });
        notifyDone(`${visible(kept)} is dropped.`, { environment });
        onDone();
      }}
      onClose={onClose}
    >
      <p>
        {holds === 'restored' ? 'What a restore had put in place of ' : 'What was '}
        <bdi className="mono">{visible(database)}</bdi>
        {holds === 'restored' ? '' : ' before'}
        {size === null ? '' : `, ${bytes(size)},`} is dropped for good, and sessions in it are ended.{' '}
        <bdi className="mono">{visible(database)}</bdi> itself is not touched.
      </p>
    </ConfirmDialog>
  );
}
