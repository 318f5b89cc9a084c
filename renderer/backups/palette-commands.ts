import {
  IconArrowsExchange,
  IconBucket,
  IconCalendarClock,
  IconDatabaseExport,
  IconFolderSearch,
  IconKey,
  IconList,
  IconRefresh,
  IconServerCog,
  IconTools,
} from '@tabler/icons-react';
import type { Command } from '../shell/palette/commands.ts';
import type { BackupsView } from './address.ts';

const detail = 'Backups';

const views: Record<BackupsView, Omit<Command, 'run'>> = {
  list: {
    id: 'backups list',
    label: 'Show the list of backups',
    detail,
    keywords: 'dump catalogue',
    icon: IconList,
  },
  jobs: {
    id: 'backups jobs',
    label: 'Show the jobs for backups',
    detail,
    keywords: 'schedule cron retention prune',
    icon: IconCalendarClock,
  },
  engines: {
    id: 'backups engines',
    label: 'Show pgBackRest and Barman',
    detail,
    keywords: 'engines wal point in time',
    icon: IconServerCog,
  },
  swaps: {
    id: 'backups swaps',
    label: 'Show the databases that swaps keep',
    detail,
    keywords: 'undo swap back kept before drop',
    icon: IconArrowsExchange,
  },
};

/** Goes over to the room's other views. */
export const viewCommands = (shown: BackupsView, go: (view: BackupsView) => void): Command[] =>
  (['list', 'jobs', 'engines', 'swaps'] as const)
    .filter((view) => view !== shown)
    .map((view) => ({ ...views[view], run: () => go(view) }));

export type ListDialog = 'find' | 'tools' | 'places' | 'key';

interface Needs {
  make: () => void;
  look: () => void;
  open: (dialog: ListDialog) => void;
}

/** What the palette offers while an environment's backups show. */
export function listCommands({ make, look, open }: Needs): Command[] {
  return [
    {
      id: 'backups new',
      label: 'Back up this database…',
      detail,
      keywords: 'new dump pg_dump create make',
      icon: IconDatabaseExport,
      run: make,
    },
    {
      id: 'backups find',
      label: 'Find backup files…',
      detail,
      keywords: 'adopt dump sql folder import',
      icon: IconFolderSearch,
      run: () => open('find'),
    },
    {
      id: 'backups look',
      label: 'Look at the backups again',
      detail,
      keywords: 'refresh reload',
      icon: IconRefresh,
      run: look,
    },
    {
      id: 'backups tools',
      label: 'PostgreSQL’s programs for backups…',
      detail,
      keywords: 'pg_dump pg_restore tools version docker ssh',
      icon: IconTools,
      run: () => open('tools'),
    },
    {
      id: 'backups places',
      label: 'Buckets for backups…',
      detail,
      keywords: 's3 minio places aws',
      icon: IconBucket,
      run: () => open('places'),
    },
    {
      id: 'backups key',
      label: 'Key that backups are encrypted with…',
      detail,
      keywords: 'age encryption identity recipient save copy',
      icon: IconKey,
      run: () => open('key'),
    },
  ];
}
