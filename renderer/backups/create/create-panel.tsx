import { Button } from '@mantine/core';
import { IconArrowLeft, IconDatabaseExport, IconPlayerStop } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Backup } from '../../../preload/contract/backups.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, duration } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { useConsoleInfo } from '../../console/use-console-info.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { Where } from '../../migrations/run/where.tsx';
import { visible } from '../../migrations/words.ts';
import { openedAddress } from '../address.ts';
import { Copied } from '../inspect/backup-facts.tsx';
import { ProofMark } from '../list/proof-mark.tsx';
import type { ListDialog } from '../palette-commands.ts';
import type { BackupRun } from '../run/run-state.ts';
import { cancelRun, createKey, putRunAway, startRun, useRun, useSeen } from '../run/run-store.ts';
import { NotDone, Phases, RunLog, Underway } from '../run/run-view.tsx';
import { kindWords } from '../words.ts';
import styles from './create.module.css';
import { faultsOf, optionsOf, type Passphrases, passphraseFaults, pathOf } from './draft.ts';
import { useDraft } from './draft-store.ts';
import { MainFields } from './main-fields.tsx';
import { MoreFields } from './more-fields.tsx';
import { PlanView } from './plan-view.tsx';
import { usePlan } from './use-plan.ts';

interface CreatePanelProps {
  environment: Environment;
  isConnected: boolean;
  onOpen: (backup: Backup) => void;
  onDialog: (dialog: ListDialog) => void;
  onClose: () => void;
}

/** A new backup: what is chosen and planned, then how far it is, then what came of it. */
export function CreatePanel(props: CreatePanelProps) {
  const run = useRun(createKey(props.environment.id));
  useSeen(run);
  return run ? <Running {...props} run={run} /> : <CreateForm {...props} />;
}

function CreateForm({ environment, isConnected, onDialog, onClose }: CreatePanelProps) {
  const [draft, change] = useDraft(environment.id);
  const [passphrases, setPassphrases] = useState<Passphrases>({ first: '', again: '' });
  const planned = usePlan(environment, draft, isConnected);
  const [refusal, setRefusal] = useState<ExplanationData>();
  const [isBusy, setBusy] = useState(false);
  const formId = useId();
  const keychain = useConsoleInfo()?.keychain;
  const lacksKeychain = draft.encryption === 'key' && keychain?.available === false;
  const faults = { ...faultsOf(draft), ...passphraseFaults(draft, passphrases) };
  const mayGo =
    !lacksKeychain && isConnected && planned.isCurrent && planned.plan && Object.keys(faults).length === 0;
  const start = (): void => {
    if (!mayGo) return;
    const options = optionsOf(draft, passphrases.first);
    const path = pathOf(draft, { database: environment.connection.database, at: new Date() });
    setBusy(true);
    setRefusal(undefined);
    startRun({
      key: createKey(environment.id),
      environment: environment.id,
      title: 'Backup',
      address: openedAddress(environment.id, { kind: 'new' }),
      open: (signal) =>
        client.backups.create(
          { environment: environment.id, options, ...(path === undefined ? {} : { path }) },
          { signal },
        ),
    })
      .catch((error: unknown) => setRefusal(explain(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Inspector
      title="New backup"
      takeFocus
      onClose={onClose}
      footer={
        <>
          <Button
            type="submit"
            form={formId}
            variant="filled"
            color="accent"
            leftSection={<IconDatabaseExport size={14} />}
            disabled={!mayGo}
            loading={isBusy}
          >
            Back up
          </Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Where environment={environment} by={visible(environment.connection.database)} />
        <MainFields
          draft={draft}
          faults={faults}
          change={change}
          passphrases={passphrases}
          onPassphrases={setPassphrases}
          onDialog={onDialog}
        />
        <details className={styles.details}>
          <summary>More</summary>
          <MoreFields draft={draft} faults={faults} change={change} tools={planned.plan?.tools} />
        </details>
        {lacksKeychain && <Explanation explanation={noKeychain(keychain.detail)} />}
        {refusal && <Explanation explanation={refusal} />}
        {isConnected ? (
          <PlanView
            planned={planned}
            isNamed={draft.place !== '' && !/(?:^|[\\/])$/.test(draft.path.trim())}
          />
        ) : (
          <Explanation
            severity="notice"
            explanation={{
              cause: 'not-connected',
              what: 'A backup needs the connection.',
              why: `${environment.name} is not connected, so that nothing can be read from it.`,
              next: 'Connect it; what you have chosen stays.',
            }}
          />
        )}
      </form>
    </Inspector>
  );
}

const noKeychain = (detail: string): ExplanationData => ({
  cause: 'keychain-missing',
  what: 'The key for backups can’t be kept.',
  why: detail,
  next: 'Unlock the keychain, or encrypt with a passphrase.',
});

function Running({ environment, run, onOpen, onClose }: CreatePanelProps & { run: BackupRun }) {
  const isRunning = run.phase === 'running';
  const { backup } = run;
  const leave = (next: () => void) => () => {
    putRunAway(run.key);
    next();
  };
  return (
    <Inspector
      title={isRunning ? 'Backing up' : backup ? 'Backed up' : 'Not backed up'}
      takeFocus
      onClose={isRunning ? onClose : leave(onClose)}
      footer={
        isRunning ? (
          <>
            <Button
              variant="outline"
              color="red"
              leftSection={<IconPlayerStop size={14} />}
              loading={run.isCancelled}
              onClick={() => cancelRun(run.key)}
            >
              Cancel the backup
            </Button>
            <Button onClick={onClose}>Close, let it go on</Button>
          </>
        ) : (
          <>
            {backup && (
              <Button variant="filled" color="accent" onClick={leave(() => onOpen(backup))}>
                Show it
              </Button>
            )}
            <Button leftSection={<IconArrowLeft size={14} />} onClick={() => putRunAway(run.key)}>
              {backup ? 'Another backup…' : 'Back to the choices'}
            </Button>
            <Button onClick={leave(onClose)}>Close</Button>
          </>
        )
      }
    >
      <div className={styles.form}>
        <Where environment={environment} by={visible(environment.connection.database)} />
        {isRunning ? (
          <Underway run={run} />
        ) : backup ? (
          <Made run={run} backup={backup} />
        ) : (
          <NotDone run={run} />
        )}
      </div>
    </Inspector>
  );
}

function Made({ run, backup }: { run: BackupRun; backup: Backup }) {
  return (
    <>
      <p className={styles.made} role="status">
        <ProofMark backup={backup} />
        <span>
          {kindWords(backup)}, {bytes(backup.bytes)}
          {backup.durationMs !== null && `, in ${duration(backup.durationMs)}`}
        </span>
      </p>
      <Copied label="Path" text={backup.path} />
      <Phases run={run} />
      <RunLog run={run} />
    </>
  );
}
