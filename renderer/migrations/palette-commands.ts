import {
  IconFolderPlus,
  IconLayoutGrid,
  IconListCheck,
  IconRefresh,
  IconTableOptions,
} from '@tabler/icons-react';
import type { Command } from '../shell/palette/commands.ts';
import type { MigrationsView } from './address.ts';

const detail = 'Migrations';

/** Goes over to the room's other view. */
export function viewCommand(view: MigrationsView, run: () => void): Command {
  return view === 'matrix'
    ? {
        id: 'migrations matrix',
        label: 'Compare environments in a matrix',
        detail,
        keywords: 'drift group pending',
        icon: IconLayoutGrid,
        run,
      }
    : {
        id: 'migrations status',
        label: 'Show the status of this environment',
        detail,
        keywords: 'applied pending',
        icon: IconListCheck,
        run,
      };
}

interface Needs {
  refresh: () => void;
  folders: () => void;
  describe: () => void;
}

/** What the palette offers while an environment's status shows. */
export function statusCommands({ refresh, folders, describe }: Needs): Command[] {
  return [
    {
      id: 'migrations refresh',
      label: 'Look at the migrations again',
      detail,
      keywords: 'refresh reload status',
      icon: IconRefresh,
      run: refresh,
    },
    {
      id: 'migrations folders',
      label: 'Link a project’s folder…',
      detail,
      keywords: 'unlink files find',
      icon: IconFolderPlus,
      run: folders,
    },
    {
      id: 'migrations describe',
      label: 'Describe a home-made table…',
      detail,
      keywords: 'columns own custom',
      icon: IconTableOptions,
      run: describe,
    },
  ];
}
