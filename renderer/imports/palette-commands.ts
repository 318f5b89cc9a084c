import { IconFileImport, IconPlus, IconRefresh, IconX } from '@tabler/icons-react';
import { plural } from '../components/format.ts';
import type { Command } from '../shell/palette/commands.ts';
import { readAgain } from './import-job.ts';
import type { ImportState } from './import-store.ts';
import type { Counts } from './rows.ts';

interface Needs {
  state: ImportState;
  counts: Counts;
  add: () => void;
  cancel: () => void;
}

/** What the palette offers while connections are being imported. */
export function importCommands({ state, counts, add, cancel }: Needs): Command[] {
  const detail = 'Import';
  const commands: Command[] = [
    {
      id: 'import choose',
      label: 'Choose files with connections',
      detail,
      keywords: 'add open',
      icon: IconFileImport,
      run: () => document.querySelector<HTMLElement>('[data-choose-files]')?.click(),
    },
    {
      id: 'import cancel',
      label: 'Cancel the import',
      detail,
      keywords: 'back list',
      icon: IconX,
      run: cancel,
    },
  ];
  if (state.sources.length > 0) {
    commands.push({
      id: 'import again',
      label: 'Read the files again',
      detail,
      icon: IconRefresh,
      run: readAgain,
    });
  }
  if (counts.chosen > 0) {
    const label = `Add ${plural(counts.chosen, 'environment')}`;
    // Not the first, which Enter takes in an empty palette.
    commands.splice(1, 0, {
      id: 'import add',
      label,
      detail,
      keywords: 'take chosen',
      icon: IconPlus,
      run: add,
    });
  }
  return commands;
}
