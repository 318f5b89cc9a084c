import type { Engine } from '../../../preload/contract/backup-engines.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { client } from '../../lib/client.ts';
import { kindWords, thingWords } from './engine-words.ts';
import { takeEngines } from './use-engines.ts';

interface RemoveEngineProps {
  engine: Engine;
  /** Where it is asked from. */
  environment: Environment;
  onClose: () => void;
}

export function RemoveEngine({ engine, environment, onClose }: RemoveEngineProps) {
  const { id, kind, name } = engine;
  return (
    <ConfirmDialog
      title={`Take the ${thingWords[kind]} ${name} of ${kindWords[kind]} off the list`}
      environment={environment}
      action="Take it off the list"
      destructive
      acts="console"
      undo="It can be found and added again. The engine and its backups stay as they are."
      onConfirm={async () => takeEngines(await client.backups.engines.remove({ id }))}
      onClose={onClose}
    >
      <p>Jobs that ask it for backups can’t run any more.</p>
    </ConfirmDialog>
  );
}
