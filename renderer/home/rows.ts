import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { urgency } from '../environments/findings.ts';
import { byGroup } from '../environments/groups.ts';

/** An environment with its state. */
export interface Row {
  environment: Environment;
  status: EnvironmentStatus;
}

/** Columns that the rows can be put in order by. Without one, they stand in their groups. */
export const sortColumns = [
  'name',
  'server',
  'sessions',
  'active',
  'idleInTransaction',
  'waiting',
  'oldest',
  'tps',
  'finding',
] as const;
export type SortColumn = (typeof sortColumns)[number];

export interface Sort {
  column: SortColumn;
  direction: 'ascending' | 'descending';
}

/** Rows under a heading; the heading is undefined where there are no groups or the rows are sorted. */
export interface Section {
  heading: string | undefined;
  rows: Row[];
}

/** The rows that hold every word of the filter in name, group, host, database, user, version, state or finding. */
export function filtered(rows: readonly Row[], filter: string): Row[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const text = searchText(row);
    return words.every((word) => text.includes(word));
  });
}

/** The rows as they are drawn: in groups, or in one order. */
export function sections(rows: readonly Row[], sort: Sort | undefined): Section[] {
  if (sort) return [{ heading: undefined, rows: sorted(rows, sort) }];
  const groups = byGroup(rows.map((row) => ({ group: row.environment.group, row })));
  return groups.map(({ name, environments }) => ({
    heading: groups.length === 1 && name === '' ? undefined : name || 'No group',
    rows: environments.map(({ row }) => row),
  }));
}

/** The next order after a press on a heading: largest first (names: A first), the other way round, then groups again. */
export function nextSort(before: Sort | undefined, column: SortColumn): Sort | undefined {
  const first = column === 'name' || column === 'server' ? 'ascending' : 'descending';
  if (before?.column !== column) return { column, direction: first };
  if (before.direction === first)
    return { column, direction: first === 'ascending' ? 'descending' : 'ascending' };
  return undefined;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Rows without a value come last in both directions; equal rows keep the person's order. */
function sorted(rows: readonly Row[], { column, direction }: Sort): Row[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const keyed = rows.map((row) => ({ row, key: sortKey(row, column) }));
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined);
    if (typeof a.key === 'string' && typeof b.key === 'string') return sign * collator.compare(a.key, b.key);
    return sign * (Number(a.key) - Number(b.key));
  });
  return keyed.map(({ row }) => row);
}

function sortKey({ environment, status }: Row, column: SortColumn): string | number | undefined {
  const { server } = status;
  const glance = status.state === 'connected' ? status.glance : undefined;
  switch (column) {
    case 'name':
      return environment.name;
    case 'server':
      return server?.versionNumber;
    case 'sessions':
      return glance && server && glance.sessions / server.maxConnections;
    case 'active':
      return glance?.active;
    case 'idleInTransaction':
      return glance?.idleInTransaction;
    case 'waiting':
      return glance?.waitingOnLock;
    case 'oldest':
      return glance?.oldestTransactionMs ?? undefined;
    case 'tps':
      return glance?.transactionsPerSecond ?? undefined;
    case 'finding':
      return urgency(status);
  }
}

function searchText({ environment, status }: Row): string {
  const { name, group, connection, protection } = environment;
  const { host, port, database, user } = connection;
  const facts = status.server ? `postgresql ${status.server.version} ${status.server.role}` : '';
  const findings = status.findings.map(({ text }) => text).join(' ');
  return [
    name,
    group,
    `${host}:${port}`,
    database,
    user,
    protection,
    status.state,
    facts,
    findings,
    status.problem?.what,
  ]
    .join(' ')
    .toLocaleLowerCase();
}
