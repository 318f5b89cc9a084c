import { useQueryClient } from '@tanstack/react-query';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { StatementRow } from '../../../preload/contract/queries.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { client } from '../../lib/client.ts';
import styles from './top.module.css';
import { statementLine } from './words.ts';

interface ResetDialogProps {
  environment: Environment;
  /** The one statement; null for all. */
  row: StatementRow | null;
  onClose: () => void;
}

/** Asks before counters on the server are set to zero. */
export function ResetDialog({ environment, row, onClose }: ResetDialogProps) {
  const queries = useQueryClient();
  return (
    <ConfirmDialog
      title={
        row
          ? `Reset one statement’s counters on ${environment.name}`
          : `Reset all statements on ${environment.name}`
      }
      environment={environment}
      action={row ? 'Reset one statement' : 'Reset all statements'}
      undo="It can’t be undone on the server. What Howdah has kept of it stays, and what was done until now is kept first."
      onConfirm={async (confirm) => {
        await client.queries.reset({
          ...{ environment: environment.id, key: row?.key ?? null },
          ...(confirm === undefined ? {} : { confirm }),
        });
        await queries.invalidateQueries({ queryKey: ['queries', environment.id] });
      }}
      onClose={onClose}
    >
      {row ? (
        <pre className={styles.text}>{statementLine(row)}</pre>
      ) : (
        <p>
          Every user’s and database’s counters of pg_stat_statements begin at zero again. Other tools that
          read them see that too.
        </p>
      )}
    </ConfirmDialog>
  );
}
