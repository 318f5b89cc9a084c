import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { visible } from '../../migrations/words.ts';
import { modeWords, replaces } from './mode-words.ts';
import styles from './restore.module.css';
import type { Planned } from './use-plan.ts';

interface RestoreQuestionProps {
  environment: Environment;
  planned: Planned;
  database: string;
  /** @throws what the console refuses it for */
  onConfirm: (confirm: string | undefined) => Promise<void>;
  onClose: () => void;
}

/** The last question: what goes, and where. */
export function RestoreQuestion({
  environment,
  planned,
  database,
  onConfirm,
  onClose,
}: RestoreQuestionProps) {
  const { plan, options } = planned;
  const { act, does, undo } = modeWords[options.mode];
  return (
    <ConfirmDialog
      title={`${act}: ${visible(database)} on ${environment.name}`}
      environment={environment}
      action={act}
      destructive={replaces(options.mode)}
      undo={undo}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {plan.losses.length === 0 ? (
        <p>{does}</p>
      ) : (
        <ul className={styles.losses}>
          {plan.losses.map((loss) => (
            <li key={loss}>{visible(loss)}</li>
          ))}
        </ul>
      )}
      {options.after !== undefined && <p>Your SQL script runs before anybody else can use it.</p>}
    </ConfirmDialog>
  );
}
