import type { Environment, EnvironmentDraft } from '../../preload/contract/environments.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { protections } from '../components/protection-badge.tsx';
import { placeWords } from './way-words.ts';

interface SaveDecisionProps {
  environment: Environment;
  changes: Partial<EnvironmentDraft>;
  onConfirm: (confirm: string | undefined) => Promise<void>;
  onClose: () => void;
}

/** The decision to lower a protection or to point a protected environment elsewhere. */
export function SaveDecision({ environment, changes, onConfirm, onClose }: SaveDecisionProps) {
  const { protection, connection } = changes;
  return (
    <ConfirmDialog
      title={`Change ${environment.name}`}
      environment={environment}
      action="Save the change"
      acts="console"
      undo="It can be changed back at any time."
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {protection && (
        <p>
          Its protection goes from <b>{protections[environment.protection].word}</b> to{' '}
          <b>{protections[protection].word}</b>. {protections[protection].sentence}
        </p>
      )}
      {connection && (
        <p>
          It will point at <code>{placeWords(connection)}</code> instead of{' '}
          <code>{placeWords(environment.connection)}</code>.
        </p>
      )}
    </ConfirmDialog>
  );
}
