import type { Environment } from '../../preload/contract/environments.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { client } from '../lib/client.ts';

interface RemoveEnvironmentProps {
  environment: Environment;
  onClose: () => void;
  onRemoved: () => void;
}

/** The decision to take an environment out of Howdah. The server itself is left as it is. */
export function RemoveEnvironment({ environment, onClose, onRemoved }: RemoveEnvironmentProps) {
  return (
    <ConfirmDialog
      title={`Remove ${environment.name} from Howdah`}
      environment={environment}
      action="Remove the environment"
      acts="console"
      destructive
      undo="The environment can be added again; its history and its password can't be brought back."
      onConfirm={async (confirm) => {
        await client.environments.remove({
          environment: environment.id,
          ...(confirm === undefined ? {} : { confirm }),
        });
        notifyDone('Removed from Howdah.', { environment });
        onRemoved();
      }}
      onClose={onClose}
    >
      <p>
        Its connection is closed. Its settings, its history
        {environment.password === 'keychain' ? ' and its password in the keychain' : ' and its password'} are
        deleted. The server itself and everything on it stay as they are.
      </p>
    </ConfirmDialog>
  );
}
