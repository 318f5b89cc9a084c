import { Button, PasswordInput } from '@mantine/core';
import { IconDatabaseImport } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Backup } from '../../../preload/contract/backups.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import { Explanation } from '../../components/explanation.tsx';
import { connectionWord } from '../../components/state-dot.tsx';
import { explain } from '../../lib/errors.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { environmentColor } from '../../theme/colors.ts';
import { BackupLine } from './backup-line.tsx';
import { ContentsChoice, ContentsList } from './contents-fields.tsx';
import {
  databaseOf,
  draftFor,
  keepDraft,
  keptDraft,
  lacking as lackingOf,
  optionsOf,
  type RestoreDraft,
} from './draft.ts';
import { belowInput } from './field-order.ts';
import { modeWords, replaces } from './mode-words.ts';
import { OptionFields } from './option-fields.tsx';
import { PlanView } from './plan-view.tsx';
import styles from './restore.module.css';
import { RestoreQuestion } from './restore-question.tsx';
import { refOf, startRestore } from './restore-store.ts';
import { TargetFields } from './target-fields.tsx';
import { usePlan } from './use-plan.ts';
import { useToc } from './use-toc.ts';

interface RestoreFormProps {
  environmentId: string;
  backup: Backup;
  titleId: string;
  onClose: () => void;
}

/** Everything that can be said of a restore, and beside it what it comes to. */
export function RestoreForm({ environmentId, backup, titleId, onClose }: RestoreFormProps) {
  const { environments = [], statusOf } = useEnvironments();
  const [draft, setDraft] = useState(() => keptDraft(backup.path) ?? draftFor(backup, environmentId));
  const [isAsking, setAsking] = useState(false);
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const target = environments.find(({ id }) => id === draft.environment);
  const own = target?.connection.database ?? backup.database ?? '';
  const options = useMemo(
    () => optionsOf(draft, { backup: refOf(backup), database: own }),
    [draft, backup, own],
  );
  const { state } = statusOf(draft.environment);
  const lacking =
    lackingOf(options) ??
    (state === 'connected'
      ? undefined
      : `${connectionWord(state)}: the plan needs the environment’s server.`);
  const plan = usePlan(draft.environment, options, lacking === undefined && target !== undefined);
  const toc = useToc(backup, draft.passphrase, draft.only !== null);
  const change = (changes: Partial<RestoreDraft>): void => {
    const next = { ...draft, ...changes };
    keepDraft(backup.path, next);
    setDraft(next);
    setProblem(undefined);
  };

  const { planned, isCurrent } = plan;
  const refused = target?.protection === 'read-only';
  const mayRun = isCurrent && planned !== undefined && planned.plan.faults.length === 0 && !refused;
  const asks = target?.protection === 'guarded' || replaces(draft.mode);
  const start = async (confirm: string | undefined): Promise<void> => {
    if (!planned) return;
    await startRestore(backup, planned, confirm);
  };
  const startHere = async (): Promise<void> => {
    setStarting(true);
    setProblem(undefined);
    try {
      await start(undefined);
    } catch (error) {
      setProblem(explain(error));
      setStarting(false);
    }
  };

  return (
    <>
      <form
        className={styles.form}
        {...(target ? { style: { borderTopColor: environmentColor(target.color) } } : {})}
        onSubmit={(event) => {
          event.preventDefault();
          if (!mayRun || isStarting) return;
          if (asks) setAsking(true);
          else void startHere();
        }}
      >
        <header className={styles.head}>
          <h2 id={titleId} className={styles.title}>
            Restore <bdi>{backup.database ?? 'a backup'}</bdi>
          </h2>
          <BackupLine backup={backup} />
        </header>
        <div className={styles.columns} data-choosing={draft.only !== null || undefined}>
          <div className={styles.fields}>
            {backup.isEncrypted && (
              <PasswordInput
                label="Passphrase"
                data-autofocus
                inputWrapperOrder={belowInput}
                description="Leave it empty when it was encrypted by the key of the keychain."
                maxLength={1024}
                value={draft.passphrase}
                onChange={(event) => change({ passphrase: event.currentTarget.value })}
                autoComplete="off"
              />
            )}
            <TargetFields draft={draft} own={own} onChange={change} />
            <ContentsChoice backup={backup} draft={draft} onChange={change} />
            <OptionFields backup={backup} draft={draft} onChange={change} />
          </div>
          {draft.only !== null && (
            <div className={styles.contents}>
              <ContentsList
                backup={backup}
                toc={toc}
                chosen={draft.only}
                onChoose={(only) => change({ only })}
              />
            </div>
          )}
          <div className={styles.planned}>
            {problem && <Explanation explanation={problem} />}
            <PlanView state={plan} lacking={lacking} />
          </div>
        </div>
        <footer className={styles.footer}>
          {refused && (
            <span className={styles.refused}>
              <bdi>{target.name}</bdi> is read-only: the plan is shown, and nothing is restored there.
            </span>
          )}
          <span className={styles.space} />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            color={replaces(draft.mode) ? 'red' : 'accent'}
            leftSection={<IconDatabaseImport size={14} />}
            loading={isStarting}
            disabled={!mayRun}
          >
            {modeWords[draft.mode].act}
            {asks ? '…' : ''}
          </Button>
        </footer>
      </form>
      {isAsking && planned && target && (
        <RestoreQuestion
          environment={target}
          planned={planned}
          database={databaseOf(draft, own)}
          onConfirm={start}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
