import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconAlertOctagon,
  IconArrowBarDown,
  IconArrowBarUp,
  IconDots,
  IconFilePlus,
  IconFlag,
  IconLoader2,
  IconRotate,
  IconTerminal2,
  IconTestPipe,
} from '@tabler/icons-react';
import styles from './run.module.css';
import { isIn, isPending } from './run-words.ts';
import type { Runs } from './use-runs.tsx';

/** What can be run of a track. Each opens its preview first; what is under way, or has failed, can be shown again. */
export function RunBar({ runs }: { runs: Runs }) {
  if (runs.isDriven) return <DriveBar runs={runs} />;
  return runs.isOffered ? <OwnBar runs={runs} /> : null;
}

function OwnBar({ runs }: { runs: Runs }) {
  const { track, run, ask } = runs;
  if (run?.phase === 'running') return <Show label="Running: show" onShow={() => ask({ kind: 'run' })} />;
  const wentWrong = run !== undefined && (run.failed !== undefined || run.problem !== undefined);
  const pending = track.entries.filter(isPending).length;
  const last = track.entries.findLast(isIn);
  return (
    <span className={styles.runBar}>
      <DryRunning runs={runs} />
      {wentWrong && (
        <Button leftSection={<IconAlertOctagon size={14} />} onClick={() => ask({ kind: 'run' })}>
          Last run failed: show
        </Button>
      )}
      <Button
        {...(pending > 0 ? { variant: 'filled', color: 'accent' } : {})}
        leftSection={<IconArrowBarUp size={14} />}
        disabled={pending === 0}
        onClick={() => ask({ kind: 'run', action: { kind: 'up' } })}
      >
        {pending > 0 ? `Up (${pending})…` : 'Up…'}
      </Button>
      <Button
        leftSection={<IconArrowBarDown size={14} />}
        disabled={!last}
        onClick={() => ask({ kind: 'run', action: { kind: 'down', count: 1 } })}
      >
        Down…
      </Button>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label="More to run">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRotate size={14} />}
            disabled={!last}
            onClick={() => ask({ kind: 'run', action: { kind: 'redo' } })}
          >
            Redo the last…
          </Menu.Item>
          {track.tool === 'golang-migrate' && (
            <Menu.Item
              leftSection={<IconFlag size={14} />}
              onClick={() => ask({ kind: 'force', version: track.dirty?.version ?? track.current[0] ?? '' })}
            >
              Force a version…
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconFilePlus size={14} />} onClick={() => ask({ kind: 'create' })}>
            Create a migration…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}

function DriveBar({ runs }: { runs: Runs }) {
  const { track, drive, ask } = runs;
  const show = (): void => ask({ kind: 'drive' });
  if (drive?.phase === 'running') return <Show label={`${drive.command.title}: show`} onShow={show} />;
  const pending = track.entries.some(isPending);
  return (
    <span className={styles.runBar}>
      <DryRunning runs={runs} />
      <Button
        {...(pending ? { variant: 'filled', color: 'accent' } : {})}
        leftSection={<IconTerminal2 size={14} />}
        onClick={show}
      >
        {track.title}’s commands…
      </Button>
    </span>
  );
}

/** A dry run holds up nothing, so that it stands beside the rest. */
function DryRunning({ runs: { dryRun, ask } }: { runs: Runs }) {
  if (!dryRun) return null;
  const show = (): void => ask({ kind: 'dry-run' });
  if (dryRun.phase === 'running') return <Show label="Dry run: show" onShow={show} />;
  return (
    <Button variant="subtle" leftSection={<IconTestPipe size={14} />} onClick={show}>
      Last dry run
    </Button>
  );
}

function Show({ label, onShow }: { label: string; onShow: () => void }) {
  return (
    <Button leftSection={<IconLoader2 size={14} className={styles.turning} />} onClick={onShow}>
      {label}
    </Button>
  );
}
