import type { SortColumn } from './rows.ts';

export interface FleetColumn {
  id: string;
  label: string;
  /** What the figures are, on hover. */
  hint?: string;
  sort?: SortColumn;
  right?: boolean;
  /** px; none takes what is left. */
  width?: number;
  /** The table must be so wide, in px, for the column to be shown. */
  from?: number;
}

const columns: readonly FleetColumn[] = [
  { id: 'name', label: 'Environment', sort: 'name', width: 200 },
  {
    id: 'server',
    label: 'Server',
    sort: 'server',
    // "Connection lost" has to fit.
    width: 132,
    from: 640,
    hint: 'PostgreSQL version and role',
  },
  { id: 'address', label: 'Address', width: 240, from: 1400 },
  { id: 'database', label: 'Database', width: 144, from: 1640 },
  { id: 'user', label: 'User', width: 128, from: 1780 },
  {
    id: 'sessions',
    label: 'Sessions',
    sort: 'sessions',
    width: 98,
    right: true,
    hint: 'Client sessions of max_connections',
  },
  {
    id: 'active',
    label: 'Active',
    sort: 'active',
    width: 54,
    right: true,
    hint: 'Sessions running a statement',
  },
  {
    id: 'idle',
    label: 'Idle in tx',
    sort: 'idleInTransaction',
    width: 74,
    right: true,
    from: 840,
    hint: 'Sessions idle in a transaction',
  },
  {
    id: 'waiting',
    label: 'Waiting',
    sort: 'waiting',
    width: 62,
    right: true,
    hint: 'Sessions waiting on a lock',
  },
  {
    id: 'oldest',
    label: 'Oldest tx',
    sort: 'oldest',
    width: 74,
    right: true,
    from: 900,
    hint: 'Age of the oldest transaction',
  },
  {
    id: 'tps',
    label: 'Tx/s',
    sort: 'tps',
    width: 58,
    right: true,
    from: 760,
    hint: 'Commits and rollbacks a second, whole server',
  },
  { id: 'trend', label: '30 min', width: 84, from: 960, hint: 'Sessions over the last half hour' },
  { id: 'uptime', label: 'Up for', width: 104, right: true, from: 2000 },
  {
    id: 'cost',
    label: 'Cost',
    width: 88,
    right: true,
    from: 2000,
    hint: 'Server time spent on Howdah, ms a second',
  },
  { id: 'finding', label: 'Finding', sort: 'finding' },
];

/** The columns for a table of so many px: a wider one shows more, never the same ones farther apart. */
export function fleetColumns(width: number): readonly FleetColumn[] {
  const shown = columns.filter(({ from = 0 }) => width >= from);
  const widths: Record<string, number> = { name: nameWidth(width), ...(width < 1800 ? {} : { trend: 176 }) };
  return shown.map((column) => {
    const px = widths[column.id];
    return px === undefined ? column : { ...column, width: px };
  });
}

/** Names are what people look for: they get about a quarter of a narrow table. */
function nameWidth(width: number): number {
  return Math.round(Math.min(296, Math.max(180, width * 0.235)));
}

/** Figures of now, which an environment without a connection has none of. */
const figures: ReadonlySet<string> = new Set(['sessions', 'active', 'idle', 'waiting', 'oldest', 'tps']);

/**
 * The columns over which a row without a connection says why that is so, where the column of findings is too narrow
 * for a sentence: the figures, and with nothing to draw in between all up to the end. Empty where there is room.
 */
export function findingSpan(columns: readonly FleetColumn[], hasTrend: boolean): readonly FleetColumn[] {
  if (columns.some(({ id }) => id === 'address')) return [];
  const between = hasTrend && columns.some(({ id }) => id === 'trend');
  const isFree = ({ id }: FleetColumn): boolean =>
    figures.has(id) || (!between && (id === 'trend' || id === 'finding'));
  return columns.filter(isFree);
}
