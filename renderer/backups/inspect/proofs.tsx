import { Button, Menu } from '@mantine/core';
import { IconBook, IconChevronDown, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Backup } from '../../../preload/contract/backups.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import { openedAddress } from '../address.ts';
import { ProofMark } from '../list/proof-mark.tsx';
import type { BackupRun } from '../run/run-state.ts';
import { putRunAway, startRun, verifyKey } from '../run/run-store.ts';
import { NotDone, Underway } from '../run/run-view.tsx';
import { verificationWord } from '../words.ts';
import styles from './inspect.module.css';

interface ProofsProps {
  environment: Environment;
  backup: Backup;
  /** Its verification that is under way, or the last one. */
  run: BackupRun | undefined;
  passphrase: string;
  /** Asks on which server it is to be tried. */
  onTry: () => void;
}

type Level = 'readable' | 'restorable';

/** How far a backup is proven, sentence by sentence, and how it is proven further. */
export function Proofs({ environment, backup, run, passphrase, onTry }: ProofsProps) {
  const { verification } = backup;
  const id = backup.id ?? backup.path;
  const isRunning = run?.phase === 'running';
  const [refusal, setRefusal] = useState<ExplanationData>();
  const verify = (level: Level, checksums = false): void => {
    setRefusal(undefined);
    startRun({
      key: verifyKey(id),
      environment: environment.id,
      title: level === 'readable' ? 'Verify readable' : 'Verify restorable',
      address: openedAddress(environment.id, { kind: 'backup', id }),
      open: (signal) =>
        client.backups.verify(
          { backup: id, level, checksums, ...(passphrase === '' ? {} : { passphrase }) },
          { signal },
        ),
    }).catch((error: unknown) => setRefusal(explain(error)));
  };
  return (
    <>
      <p className={styles.proof}>
        <ProofMark backup={backup} />
        {verification.at !== null && (
          <span className={styles.soft}>
            <TimeAgo at={verification.at} />
          </span>
        )}
      </p>
      {verification.said.length > 0 && (
        <ul className={styles.said} aria-label="What was proven">
          {verification.said.map((said) => (
            <li key={said}>{visible(said)}</li>
          ))}
        </ul>
      )}
      {refusal && <Explanation explanation={refusal} />}
      {run && !isRunning && <Outcome run={run} />}
      {isRunning ? (
        <Underway run={run} withCancel />
      ) : (
        <div className={styles.acts}>
          <Button
            leftSection={<IconBook size={14} />}
            disabled={!backup.isThere}
            onClick={() => verify('readable')}
            title="Reads the whole of it"
          >
            Verify readable
          </Button>
          <Button
            leftSection={<IconShieldCheck size={14} />}
            disabled={!backup.isThere}
            onClick={() => verify('restorable')}
            title="Restores it on the sample server and compares; what was restored goes again"
          >
            Verify restorable
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button aria-label="More ways to verify" px={8} disabled={!backup.isThere}>
                <IconChevronDown size={14} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => verify('restorable', true)}>
                Restorable, rows by their checksums
              </Menu.Item>
              <Menu.Item onClick={onTry}>Restorable on another server…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </>
  );
}

function Outcome({ run }: { run: BackupRun }) {
  if (!run.backup) return <NotDone run={run} />;
  return (
    <p className={styles.outcome} role="status">
      <span>
        {run.title}: ended, <b>{verificationWord(run.backup.verification).toLowerCase()}</b>.
      </span>
      <Button variant="subtle" color="gray" onClick={() => putRunAway(run.key)}>
        Dismiss
      </Button>
    </p>
  );
}
