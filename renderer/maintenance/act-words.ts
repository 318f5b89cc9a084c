import { IconChartHistogram, IconRefreshAlert, IconTableShortcut, IconTrashX } from '@tabler/icons-react';
import type { MaintainedTable, MaintenanceAct } from '../../preload/contract/maintenance.ts';
import { plural } from '../components/format.ts';
import type { RowAction } from '../components/table/row-menu.tsx';

type Kind = MaintenanceAct['kind'];

/** What can be done to tables. @param refused why nothing can be done now */
export function tableActions(
  tables: readonly MaintainedTable[],
  refused: string | undefined,
  ask: (kind: Kind, tables: readonly MaintainedTable[]) => void,
): RowAction[] {
  const them = tables.length > 1 ? ` ${plural(tables.length, 'table')}` : '';
  return [
    { id: 'vacuum', label: `Vacuum${them}…`, icon: IconTrashX, refused, run: () => ask('vacuum', tables) },
    {
      id: 'analyze',
      label: `Analyze${them}…`,
      icon: IconChartHistogram,
      refused,
      run: () => ask('analyze', tables),
    },
    {
      id: 'reindex',
      label: `Reindex${them} concurrently…`,
      icon: IconRefreshAlert,
      refused,
      run: () => ask('reindex', tables),
    },
    {
      id: 'vacuum-full',
      label: `Vacuum full${them}…`,
      icon: IconTableShortcut,
      destroys: true,
      refused,
      run: () => ask('vacuum-full', tables),
    },
  ];
}
