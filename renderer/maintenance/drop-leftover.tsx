import type { Environment } from '../../preload/contract/environments.ts';
import type { LeftoverIndex } from '../../preload/contract/maintenance.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { client } from '../lib/client.ts';
import { visible } from '../migrations/words.ts';
import styles from './maintenance.module.css';

interface DropLeftoverProps {
  environment: Environment;
  index: LeftoverIndex;
  onDropped: () => void;
  onClose: () => void;
}

/** Asks whether to drop what REINDEX CONCURRENTLY left behind. */
export function DropLeftover({ environment, index, onDropped, onClose }: DropLeftoverProps) {
  const { schema, name, table, statement } = index;
  return (
    <ConfirmDialog
      title={`Drop the index ${visible(`${schema}.${name}`)} on ${environment.name}`}
      environment={environment}
      action="Drop the index"
      destructive
      undo={`It is not valid and serves no query. The indexes of ${table} that are in use stay.`}
      onConfirm={async (confirm) => {
        await client.maintenance.dropLeftover({
          environment: environment.id,
          index: { schema, name },
          ...(confirm === undefined ? {} : { confirm }),
        });
        notifyDone(`${schema}.${name} was dropped.`, { environment });
        onDropped();
      }}
      onClose={onClose}
    >
      <pre className={styles.statement} dir="auto">
        {visible(`${statement};`)}
      </pre>
    </ConfirmDialog>
  );
}
