import { Button, PasswordInput } from '@mantine/core';
import { IconDatabaseImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Backup, BackupDetails } from '../../../preload/contract/backups.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { Section } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import { useRun, useSeen, verifyKey } from '../run/run-store.ts';
import { detailsKey } from '../use-backups.ts';
import { baseName } from '../words.ts';
import type { BackupAsk } from './backup-dialog.tsx';
import { BackupFacts } from './backup-facts.tsx';
import { Contents } from './contents.tsx';
import styles from './inspect.module.css';
import { Proofs } from './proofs.tsx';

interface BackupInspectorProps {
  environment: Environment;
  id: string;
  /** As the list has it; undefined when it is not in it. */
  backup: Backup | undefined;
  onAsk: (asked: BackupAsk) => void;
  onClose: () => void;
}

/** One backup: what it is, how far it is proven, what is in it, and what can be done with it. */
export function BackupInspector({ environment, id, backup, onAsk, onClose }: BackupInspectorProps) {
  const query = useQuery({
    queryKey: detailsKey(id),
    queryFn: ({ signal }) => client.backups.show({ backup: id }, { signal }),
    enabled: backup !== undefined,
    // It is read from the disk: only what was done with it changes it.
    staleTime: 60_000,
  });
  const run = useRun(verifyKey(id));
  useSeen(run);
  const [passphrase, setPassphrase] = useState('');
  const [opened, setOpened] = useState<BackupDetails>();
  if (!backup) {
    return (
      <Inspector title="Backup" onClose={onClose}>
        <Explanation severity="notice" explanation={unknown} />
      </Inspector>
    );
  }
  const details = opened ?? query.data;
  return (
    <Inspector
      title={<bdi title={visible(backup.path)}>{visible(baseName(backup.path))}</bdi>}
      onClose={onClose}
      footer={
        <>
          <Button
            variant="filled"
            color="accent"
            leftSection={<IconDatabaseImport size={14} />}
            disabled={!backup.isThere}
            onClick={() => onAsk({ kind: 'restore', backup })}
          >
            Restore…
          </Button>
          <Button onClick={() => onAsk({ kind: 'forget', backup })}>Forget…</Button>
          <Button
            variant="outline"
            color="red"
            disabled={!backup.isThere}
            onClick={() => onAsk({ kind: 'remove', backup })}
          >
            Remove the files…
          </Button>
        </>
      }
    >
      <div className={styles.sections}>
        {details?.problem && backup.isThere && <Explanation explanation={details.problem} />}
        {!backup.isThere && <Explanation severity="warning" explanation={goneFrom(backup)} />}
        <Section title="Proof">
          <Proofs
            environment={environment}
            backup={backup}
            run={run}
            passphrase={passphrase}
            onTry={() => onAsk({ kind: 'try', backup, passphrase })}
          />
        </Section>
        {backup.isEncrypted && backup.isThere && (
          <Unlock id={id} passphrase={passphrase} onChange={setPassphrase} onOpened={setOpened} />
        )}
        <Section title="Facts">
          <BackupFacts backup={backup} details={details} />
        </Section>
        {details && details.unknown.length > 0 && (
          <Section title="Not known" of={details.unknown.length}>
            <ul className={styles.said}>
              {details.unknown.map((said) => (
                <li key={said}>{visible(said)}</li>
              ))}
            </ul>
          </Section>
        )}
        {details && details.toc.length > 0 && (
          <Section title="Contents" of={details.toc.length}>
            <Contents toc={details.toc} />
          </Section>
        )}
        {query.isPending && <Loading label="Reading the backup" rows={4} />}
        {query.error && !opened && <Explanation explanation={explain(query.error)} severity="warning" />}
      </div>
    </Inspector>
  );
}

interface UnlockProps {
  id: string;
  passphrase: string;
  onChange: (passphrase: string) => void;
  onOpened: (details: BackupDetails) => void;
}

/** Takes the passphrase of an encrypted one. It is kept only as long as the inspector is open. */
function Unlock({ id, passphrase, onChange, onOpened }: UnlockProps) {
  const [problem, setProblem] = useState<ExplanationData>();
  const [isBusy, setBusy] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    setOpen(false);
    try {
      onOpened(
        await client.backups.show({ backup: id, opens: true, ...(passphrase === '' ? {} : { passphrase }) }),
      );
      setOpen(true);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title="Encryption">
      <form
        className={styles.passphrase}
        onSubmit={(event) => {
          event.preventDefault();
          void open();
        }}
      >
        <PasswordInput
          label="Passphrase"
          description="Empty: it is opened by the key of the keychain."
          value={passphrase}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Button type="submit" loading={isBusy}>
          Show the contents
        </Button>
      </form>
      {isOpen && <p role="status">It opens; its contents are listed below.</p>}
      {problem && <Explanation explanation={problem} />}
    </Section>
  );
}

const unknown: ExplanationData = {
  cause: 'backup-unknown',
  what: 'This backup is not in the list.',
  why: 'It was forgotten, removed by the rules of its job, or belongs to another environment.',
  next: 'Find files looks for it by its content.',
};

const goneFrom = ({ path }: Backup): ExplanationData => ({
  cause: 'backup-gone',
  what: 'It is not there any more.',
  why: `Nothing lies at ${visible(path)} now, or the disk or bucket that it is in can’t be reached.`,
  next: 'Bring that back, or forget the backup.',
});
