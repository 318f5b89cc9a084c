import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Backup } from '../../../preload/contract/backups.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { bytes } from '../../components/format.ts';
import { notifyDone } from '../../components/notify.tsx';
import { Decision } from '../../console/decision.tsx';
import { client } from '../../lib/client.ts';
import { visible } from '../../migrations/words.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { openedAddress } from '../address.ts';
import { RestoreDialog } from '../restore/restore-dialog.tsx';
import { startRun, verifyKey } from '../run/run-store.ts';
import { backupsChanged } from '../use-backups.ts';
import { baseName } from '../words.ts';
import styles from './inspect.module.css';

/** Something about a backup that wants a decision. */
export type BackupAsk =
  | { kind: 'restore' | 'forget' | 'remove'; backup: Backup }
  | { kind: 'try'; backup: Backup; passphrase: string };

interface BackupDialogProps {
  environment: Environment;
  asked: BackupAsk;
  /** It is no longer in the list. */
  onGone: () => void;
  onClose: () => void;
}

export function BackupDialog({ environment, asked, onGone, onClose }: BackupDialogProps) {
  const { backup } = asked;
  const remove = async (file: boolean): Promise<void> => {
    await client.backups.remove({ backup: backup.id ?? backup.path, file });
    notifyDone(`${file ? 'Removed' : 'Forgot'} ${visible(baseName(backup.path))}.`, { environment });
    backupsChanged();
    onGone();
  };
  switch (asked.kind) {
    case 'restore':
      return <RestoreDialog environmentId={environment.id} backup={backup} onClose={onClose} />;
    case 'try':
      return (
        <TryDialog
          environment={environment}
          backup={backup}
          passphrase={asked.passphrase}
          onClose={onClose}
        />
      );
    case 'forget':
      return (
        <Decision
          title="Forget this backup"
          action="Forget it"
          onConfirm={() => remove(false)}
          onClose={onClose}
        >
          <p className={styles.dialog}>
            <bdi className="mono">{visible(backup.path)}</bdi> leaves the list. Its files stay where they are,
            and can be found again; what was proven of it by restoring is forgotten.
          </p>
        </Decision>
      );
    case 'remove':
      return (
        <ConfirmDialog
          title={`Remove a backup of ${environment.name}`}
          environment={environment}
          action="Remove the files"
          destructive
          acts="console"
          undo="It can’t be undone: the files do not go to a bin."
          onConfirm={() => remove(true)}
          onClose={onClose}
        >
          <p>
            <bdi className="mono">{visible(backup.path)}</bdi>, {bytes(backup.bytes)}, and its manifest beside
            it are removed for good. The database is not touched.
          </p>
        </ConfirmDialog>
      );
  }
}

/** Where somebody would try it first: at home where nothing is guarded, else wherever nothing is. */
function mildest(home: Environment, connected: readonly Environment[]): Environment | undefined {
  const open = connected.filter(({ protection }) => protection === 'open');
  const at = (list: readonly Environment[]) => list.find(({ id }) => id === home.id);
  return at(open) ?? open[0] ?? at(connected) ?? connected[0];
}

interface TryDialogProps {
  environment: Environment;
  backup: Backup;
  passphrase: string;
  onClose: () => void;
}

/** On which server a backup is to be proven; the same question as for whatever else changes something there. */
function TryDialog({ environment, backup, passphrase, onClose }: TryDialogProps) {
  const { environments = [], statusOf } = useEnvironments();
  const connected = environments.filter(({ id }) => statusOf(id).state === 'connected');
  const [chosen, setChosen] = useState(() => mildest(environment, connected)?.id);
  const target = connected.find(({ id }) => id === chosen);
  const id = backup.id ?? backup.path;
  return (
    <ConfirmDialog
      title={`Try this backup on ${target?.name ?? 'a server'}`}
      environment={target ?? environment}
      action="Try it there"
      ready={target !== undefined}
      undo="The scratch database is dropped again, whatever comes of it. No other database is touched; the server has the work."
      onConfirm={async (confirm) => {
        if (!target) return;
        await startRun({
          key: verifyKey(id),
          environment: environment.id,
          title: `Verify restorable on ${target.name}`,
          address: openedAddress(environment.id, { kind: 'backup', id }),
          open: (signal) =>
            client.backups.tryOn(
              {
                environment: target.id,
                backup: id,
                ...(passphrase === '' ? {} : { passphrase }),
                ...(confirm === undefined ? {} : { confirm }),
              },
              { signal },
            ),
        });
      }}
      onClose={onClose}
    >
      <p>
        <bdi className="mono">{visible(baseName(backup.path))}</bdi> is restored into a scratch database
        there, and what came of it is compared.
      </p>
      <NativeSelect
        label="Server of the environment"
        value={chosen ?? ''}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={
          connected.length === 0
            ? [{ value: '', label: 'None is connected' }]
            : connected.map(({ id: value, name }) => ({ value, label: name }))
        }
      />
    </ConfirmDialog>
  );
}
