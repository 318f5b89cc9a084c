import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { CommandAction, DrivenCommand } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import runStyles from '../run/run.module.css';
import { Where } from '../run/where.tsx';
import { visible } from '../words.ts';
import { Command } from './command.tsx';
import { CommandLine } from './command-line.tsx';
import styles from './drive.module.css';
import { startDrive } from './drive-store.ts';

interface CommandsProps {
  environment: Environment;
  track: MigrationTrack;
  onDryRun: (action: CommandAction) => void;
  onClose: () => void;
}

/** What a driven tool can be asked for, each with the line that would be run. */
export function Commands({ environment, track, onDryRun, onClose }: CommandsProps) {
  const queries = useQueryClient();
  const queryKey = ['migrations', environment.id, 'commands', track.key];
  const [asked, setAsked] = useState<DrivenCommand>();
  const commands = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      client.migrations.commands({ environment: environment.id, track: track.key }, { signal }),
    staleTime: 0,
  });
  const variables = [...new Set(commands.data?.flatMap((command) => command.variables))];
  return (
    <Inspector title={`${track.title}’s own commands`} onClose={onClose} takeFocus>
      <div className={runStyles.sections}>
        <Where environment={environment} by={track.title} />
        <p className={styles.soft}>
          Each runs in <bdi className="mono">{visible(track.project ?? '')}</bdi> on the console’s machine, as
          it stands here. The server’s address and password come by environment variables, never in the line.
        </p>
        {environment.protection === 'read-only' && (
          <p className={styles.soft}>
            {environment.name} is read-only: what a tool’s own command does can’t be told beforehand, so none
            is run.
          </p>
        )}
        {commands.isError && (
          <Explanation
            explanation={explain(commands.error)}
            actions={<Button onClick={() => void commands.refetch()}>Look again</Button>}
          />
        )}
        {commands.data ? (
          commands.data.length === 0 ? (
            <Empty icon={IconTerminal2} title="No command is known here">
              Howdah knows none of this tool’s commands that would work on what lies in this folder.
            </Empty>
          ) : (
            <ul className={styles.commands} aria-label="Commands">
              {commands.data.map((command) => (
                <Command
                  key={command.action}
                  environment={environment}
                  track={track}
                  command={command}
                  onRun={() => setAsked(command)}
                  onDryRun={() =>
                    onDryRun({ kind: 'command', action: command.action, command: command.command })
                  }
                  onTake={(all) => queries.setQueryData(queryKey, all)}
                />
              ))}
            </ul>
          )
        ) : (
          !commands.isError && <Loading label="Working out the commands" rows={6} />
        )}
        {variables.length > 0 && (
          <section>
            <h3 className={styles.heading}>Variables that they get; values are not shown</h3>
            <p className={styles.variables}>
              {variables.map((name) => (
                <code key={name}>{name}</code>
              ))}
            </p>
          </section>
        )}
      </div>
      {asked && (
        <ConfirmDialog
          title={`${asked.title} on ${environment.name}`}
          environment={environment}
          action={asked.title}
          destructive={asked.risk === 'destroy'}
          undo={undoWords[asked.risk]}
          onConfirm={(confirm) => startDrive({ environment: environment.id, track, command: asked, confirm })}
          onClose={() => setAsked(undefined)}
        >
          <p>{track.title}’s own command is run:</p>
          <CommandLine text={asked.command} />
        </ConfirmDialog>
      )}
    </Inspector>
  );
}

const undoWords: Record<DrivenCommand['risk'], string> = {
  read: 'By itself it changes nothing in the database; what else the line does is the tool’s.',
  change: 'What it makes can be taken back by the tool, where its migrations know how.',
  destroy: 'What it takes away is gone with its data.',
};
