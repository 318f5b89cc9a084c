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
} from '@tabler/icons-react';
import styles from './run.module.css';
import { isIn } from './run-words.ts';
import type { Runs } from './use-runs.tsx';

/** What can be run of a track. Each opens its preview first. */
export function RunBar({ runs }: { runs: Runs }) {
  const { isOffered, track, run, ask } = runs;
  if (!isOffered) return null;
  if (run?.phase === 'running') {
    return (
      <Button
        leftSection={<IconLoader2 size={14} className={styles.turning} />}
        onClick={() => ask({ kind: 'run', action: run.options.action })}
      >
        Running: show
      </Button>
    );
  }
  const wentWrong = run !== undefined && (run.failed !== undefined || run.problem !== undefined);
  const pending = track.entries.filter(({ state }) => state === 'pending' || state === 'out-of-order').length;
  const last = track.entries.findLast(isIn);
  return (
    <span className={styles.runBar}>
      {wentWrong && (
        <Button
          leftSection={<IconAlertOctagon size={14} />}
          onClick={() => ask({ kind: 'run', action: run.options.action })}
        >
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
