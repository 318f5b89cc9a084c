import { IconCamera, IconFileCode, IconGitCompare, IconHistory, IconListDetails } from '@tabler/icons-react';
import type { Command } from '../../shell/palette/commands.ts';
import type { CompareStart } from '../views.ts';

interface Needs {
  focusSetup: () => void;
  begin: (what: CompareStart) => void;
  /** Undefined while there is no result. */
  showPane: ((pane: 'differences' | 'script') => void) | undefined;
}

/** What the palette offers while structures are compared. */
export function driftCommands({ focusSetup, begin, showPane }: Needs): Command[] {
  const detail = 'Compare';
  const commands: Command[] = [
    {
      id: 'drift setup',
      label: 'Choose what is compared',
      detail,
      keywords: 'diff drift schema',
      icon: IconGitCompare,
      run: focusSetup,
    },
    {
      id: 'drift since',
      label: 'What changed here since…',
      detail,
      keywords: 'snapshots history drift',
      icon: IconHistory,
      run: () => begin('snapshots'),
    },
    {
      id: 'drift take',
      label: 'Take a schema snapshot…',
      detail,
      keywords: 'keep save structure',
      icon: IconCamera,
      run: () => begin('take'),
    },
  ];
  if (showPane) {
    commands.push(
      {
        id: 'drift differences',
        label: 'Show the differences',
        detail,
        icon: IconListDetails,
        run: () => showPane('differences'),
      },
      {
        id: 'drift script',
        label: 'Show the script that closes them',
        detail,
        keywords: 'migration sql',
        icon: IconFileCode,
        run: () => showPane('script'),
      },
    );
  }
  return commands;
}
