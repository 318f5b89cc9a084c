import type { Environment, EnvironmentDraft } from '../../preload/contract/environments.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { protections } from '../components/protection-badge.tsx';
import { placeWords } from './way-words.ts';

interface SaveDecisionProps {
  /** The one that is changed; undefined while it is new. */
  environment: Environment | undefined;
  /** What is changed; of a new one, everything. */
  changes: Partial<EnvironmentDraft>;
  /** Another one that protects the same server more strictly: then it is its name that is typed. */
  protector?: Environment | undefined;
  onConfirm: (confirm: string | undefined) => Promise<void>;
  onClose: () => void;
}

/**
 * The decision to lower a protection, to point a protected environment elsewhere, or to have an environment on a server
 * that another one protects more strictly.
 */
export function SaveDecision({ environment, changes, protector, onConfirm, onClose }: SaveDecisionProps) {
  const asked = protector ?? environment;
  if (!asked) return null;
  const { connection } = changes;
  const protection = changes.protection ?? environment?.protection ?? 'open';
  const name = changes.name ?? environment?.name ?? '';
  return (
    <ConfirmDialog
      title={environment ? `Change ${environment.name}` : `Add ${name}`}
      environment={asked}
      action={environment ? 'Save the change' : 'Add the environment'}
      acts="console"
      undo={environment ? 'It can be changed back at any time.' : 'It can be removed at any time.'}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {protector && (
        <p>
          <b>{protector.name}</b> is on the same server and <b>{protections[protector.protection].word}</b>;{' '}
          <b>{name}</b> would be <b>{protections[protection].word}</b>. {protections[protection].sentence}
        </p>
      )}
      {environment && !protector && changes.protection && (
        <p>
          Its protection goes from <b>{protections[environment.protection].word}</b> to{' '}
          <b>{protections[protection].word}</b>. {protections[protection].sentence}
        </p>
      )}
      {environment && connection && (
        <p>
          It will point at <code>{placeWords(connection)}</code> instead of{' '}
          <code>{placeWords(environment.connection)}</code>.
        </p>
      )}
    </ConfirmDialog>
  );
}
