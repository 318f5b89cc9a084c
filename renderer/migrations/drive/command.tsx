import { Button, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconPencil, IconPlayerPlay, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { DrivenCommand } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { CommandLine } from './command-line.tsx';
import styles from './drive.module.css';

interface CommandProps {
  environment: Environment;
  track: MigrationTrack;
  command: DrivenCommand;
  onRun: () => void;
  onDryRun: () => void;
  onTake: (commands: DrivenCommand[]) => void;
}

const riskWords: Record<DrivenCommand['risk'], string> = {
  read: 'reads',
  change: 'changes',
  destroy: 'destroys',
};

/** What may be tried on a copy: that which runs migrations. */
const isApply = ({ action }: DrivenCommand): boolean => action === 'up' || action === 'up-one';

/** One command: what it is for, its line, and what can be done with it. */
export function Command({ environment, track, command, onRun, onDryRun, onTake }: CommandProps) {
  const [isEditing, setEditing] = useState(false);
  const { title, risk } = command;
  const refused = environment.protection === 'read-only';
  return (
    <li className={styles.command} data-risk={risk}>
      <div className={styles.commandHead}>
        <h3 className={styles.commandTitle}>{title}</h3>
        {command.changed && <span className={styles.risk}>Changed by you</span>}
        <span className={styles.risk}>
          {risk === 'destroy' && <IconAlertTriangle size={14} aria-hidden />}
          {riskWords[risk]}
        </span>
      </div>
      {isEditing ? (
        <Edit
          environment={environment}
          track={track}
          command={command}
          onTake={onTake}
          onClose={() => setEditing(false)}
        />
      ) : (
        <>
          <CommandLine text={command.command} />
          <div className={styles.acts}>
            <Button
              {...(risk === 'destroy' ? { variant: 'outline', color: 'red' } : {})}
              leftSection={<IconPlayerPlay size={14} />}
              disabled={refused}
              aria-label={`Run: ${title}`}
              onClick={onRun}
            >
              Run…
            </Button>
            {isApply(command) && (
              <Button
                leftSection={<IconTestPipe size={14} />}
                aria-label={`Try it on a copy first: ${title}`}
                onClick={onDryRun}
              >
                Try it on a copy first
              </Button>
            )}
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconPencil size={14} />}
              aria-label={`Edit: ${title}`}
              onClick={() => setEditing(true)}
            >
              Edit
            </Button>
          </div>
        </>
      )}
    </li>
  );
}

interface EditProps extends Pick<CommandProps, 'environment' | 'track' | 'command' | 'onTake'> {
  onClose: () => void;
}

/** Another line for the same thing; it is kept for this environment and this tool. */
function Edit({ environment, track, command, onTake, onClose }: EditProps) {
  const [text, setText] = useState(command.command);
  const [busy, setBusy] = useState<'save' | 'reset'>();
  const [problem, setProblem] = useState<ExplanationData>();
  const line = text.trim();
  const keep = async (kept: string | null): Promise<void> => {
    setBusy(kept === null ? 'reset' : 'save');
    setProblem(undefined);
    try {
      const { action } = command;
      onTake(
        await client.migrations.setCommand({
          environment: environment.id,
          track: track.key,
          action,
          command: kept,
        }),
      );
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(undefined);
    }
  };
  return (
    <form
      className={styles.edit}
      onSubmit={(event) => {
        event.preventDefault();
        if (line === command.command) onClose();
        else if (line !== '') void keep(line);
      }}
    >
      <Textarea
        aria-label={`Command: ${command.title}`}
        description="One line for the shell. A password does not belong in it: use the variables below."
        classNames={{ input: styles.editor ?? '' }}
        value={text}
        // A shell would take what follows a line's end for another command.
        onChange={(event) => setText(event.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
          if (event.key === 'Escape') {
            event.preventDefault();
            onClose();
          }
        }}
        rows={Math.min(8, Math.max(2, Math.ceil(text.length / 48)))}
        maxLength={2000}
        autoFocus
        spellCheck={false}
        dir="ltr"
      />
      {problem && <Explanation explanation={problem} />}
      <div className={styles.acts}>
        <Button
          type="submit"
          variant="filled"
          color="accent"
          loading={busy === 'save'}
          disabled={line === ''}
        >
          Keep
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="subtle"
          color="gray"
          disabled={!command.changed}
          loading={busy === 'reset'}
          onClick={() => void keep(null)}
          title="Forgets what was written here, and takes what Howdah knows of the tool."
        >
          Reset to the default
        </Button>
      </div>
    </form>
  );
}
