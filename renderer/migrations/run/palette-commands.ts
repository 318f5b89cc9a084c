import {
  IconArrowBarDown,
  IconArrowBarUp,
  IconFilePlus,
  IconFlag,
  IconRotate,
  IconTerminal2,
} from '@tabler/icons-react';
import type { Command } from '../../shell/palette/commands.ts';
import { isIn, isPending } from './run-words.ts';
import type { Runs } from './use-runs.tsx';

/** What the palette offers to run of the track in sight. */
export function runCommands({
  isOffered,
  isDriven,
  track,
  ask,
}: Pick<Runs, 'isOffered' | 'isDriven' | 'track' | 'ask'>): Command[] {
  const detail = `Migrations, ${track.title}`;
  if (isDriven)
    return [
      {
        id: 'migrations commands',
        label: `Run one of ${track.title}’s commands…`,
        detail,
        keywords: 'drive tool up down migrate command status',
        icon: IconTerminal2,
        run: () => ask({ kind: 'drive' }),
      },
    ];
  if (!isOffered) return [];
  const hasAny = track.entries.some(isIn);
  const all: (Command & { when: boolean })[] = [
    {
      id: 'migrations up',
      label: 'Run the pending migrations…',
      keywords: 'up apply migrate preview dry run copy',
      icon: IconArrowBarUp,
      run: () => ask({ kind: 'run', action: { kind: 'up' } }),
      when: track.entries.some(isPending),
    },
    {
      id: 'migrations down',
      label: 'Take the last migration back…',
      keywords: 'down revert rollback',
      icon: IconArrowBarDown,
      run: () => ask({ kind: 'run', action: { kind: 'down', count: 1 } }),
      when: hasAny,
    },
    {
      id: 'migrations redo',
      label: 'Redo the last migration…',
      icon: IconRotate,
      run: () => ask({ kind: 'run', action: { kind: 'redo' } }),
      when: hasAny,
    },
    {
      id: 'migrations force',
      label: 'Force a version…',
      keywords: 'dirty',
      icon: IconFlag,
      run: () => ask({ kind: 'force', version: track.dirty?.version ?? track.current[0] ?? '' }),
      when: track.tool === 'golang-migrate',
    },
    {
      id: 'migrations create',
      label: 'Create a migration…',
      keywords: 'new file',
      icon: IconFilePlus,
      run: () => ask({ kind: 'create' }),
      when: true,
    },
  ];
  return all.filter(({ when }) => when).map(({ when: _, ...command }) => ({ ...command, detail }));
}
