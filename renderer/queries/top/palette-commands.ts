import { IconRefresh, IconRotate, IconSortDescending } from '@tabler/icons-react';
import { statementOrders } from '../../../preload/contract/queries.ts';
import type { Command } from '../../shell/palette/commands.ts';
import type { TopAsk } from './use-top.ts';
import { orderWords } from './words.ts';

const detail = 'Queries';

interface Needs {
  takeNow: () => void;
  resetAll: () => void;
  ask: (changes: Partial<TopAsk>) => void;
}

/** What the palette offers while the list of statements shows. */
export function topCommands({ takeNow, resetAll, ask }: Needs): Command[] {
  return [
    {
      id: 'queries snapshot',
      label: 'Take a snapshot of statements now',
      detail,
      keywords: 'refresh pg_stat_statements',
      icon: IconRefresh,
      run: takeNow,
    },
    {
      id: 'queries reset',
      label: 'Reset the counters of all statements…',
      detail,
      keywords: 'pg_stat_statements_reset zero',
      icon: IconRotate,
      run: resetAll,
    },
    ...statementOrders.map((order) => ({
      id: `queries by ${order}`,
      label: `Order statements by ${orderWords[order].label.toLowerCase()}`,
      detail,
      keywords: 'sort top slow',
      icon: IconSortDescending,
      run: () => ask({ order }),
    })),
  ];
}
