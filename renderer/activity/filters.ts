import { type Backend, type SessionState, sessionStates } from '../../preload/contract/activity.ts';

/** What a person wants to see. Null means any; `''` means the ones that have none. */
export interface ActivityFilters {
  states: ReadonlySet<SessionState>;
  database: string | null;
  user: string | null;
  application: string | null;
  text: string;
  /** Only sessions on the environment's own database, or the whole server. */
  scope: 'server' | 'database';
  /** Background processes too. */
  system: boolean;
  /** The console's own session too. */
  own: boolean;
}

export const everything: ActivityFilters = {
  states: new Set(),
  database: null,
  user: null,
  application: null,
  text: '',
  scope: 'server',
  system: false,
  own: false,
};

/** Whether a client holds this session. A hidden row whose type is not known counts when it has a user and a database. */
export function isClient(backend: Backend): boolean {
  if (backend.type === null) return backend.user !== null && backend.database !== null;
  return backend.type === 'client backend';
}

/** Whether the list holds it before anything narrows it: background processes and own sessions only when asked for. */
export function isListed(
  backend: Backend,
  { system, own }: Pick<ActivityFilters, 'system' | 'own'>,
): boolean {
  return (system || isClient(backend)) && (own || !backend.own);
}

/** Whether anything narrows the list beyond what it shows at first. */
export function isNarrowed(filters: ActivityFilters): boolean {
  const { states, database, user, application, text, scope } = filters;
  return (
    states.size > 0 ||
    database !== null ||
    user !== null ||
    application !== null ||
    text !== '' ||
    scope === 'database'
  );
}

export interface Filtered {
  rows: readonly Backend[];
  /** By state, of what is listed under every filter but the one on states: what choosing a state would show. */
  byState: Readonly<Record<SessionState, number>>;
  /** The console's own sessions that match but are kept out of sight. */
  ownHidden: number;
}

/** Applies the filters. `database` is the environment's own, for the narrower scope. */
export function applyFilters(
  backends: readonly Backend[],
  filters: ActivityFilters,
  database: string,
): Filtered {
  const byState = noStates();
  const rows: Backend[] = [];
  const needle = filters.text.trim().toLowerCase();
  let ownHidden = 0;
  for (const backend of backends) {
    if (!filters.system && !isClient(backend)) continue;
    if (filters.scope === 'database' && backend.database !== database) continue;
    if (!matches(filters.database, backend.database)) continue;
    if (!matches(filters.user, backend.user)) continue;
    if (!matches(filters.application, backend.application)) continue;
    if (needle !== '' && !haystack(backend).includes(needle)) continue;
    const chosen = filters.states.size === 0 || filters.states.has(backend.state);
    if (!isListed(backend, filters)) {
      if (chosen) ownHidden += 1;
      continue;
    }
    byState[backend.state] += 1;
    if (chosen) rows.push(backend);
  }
  return { rows, byState, ownHidden };
}

/** Client sessions of the whole server by state: what counts against max_connections. */
export function countClients(backends: readonly Backend[]): Record<SessionState, number> {
  const counts = noStates();
  for (const backend of backends) if (isClient(backend)) counts[backend.state] += 1;
  return counts;
}

/**
 * Of the processes that this role may not see: how many are sessions of clients, and how many could be
 * anything (the server's own always are among them; a standby that replicates is, too).
 */
export function countHidden(backends: readonly Backend[]): { sessions: number; unknown: number } {
  let sessions = 0;
  let unknown = 0;
  for (const backend of backends) {
    if (backend.state !== 'hidden') continue;
    if (isClient(backend)) sessions += 1;
    else unknown += 1;
  }
  return { sessions, unknown };
}

/** Each value a field has, with how many sessions have it, the most frequent first. */
export function valuesOf(
  backends: readonly Backend[],
  field: 'database' | 'user' | 'application',
): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const backend of backends) {
    const value = backend[field] ?? '';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

/** The same text for the same filters, another one for others. */
export function filterSignature(filters: ActivityFilters): string {
  return JSON.stringify({ ...filters, states: [...filters.states].sort() });
}

function matches(wanted: string | null, value: string | null): boolean {
  return wanted === null || wanted === (value ?? '');
}

const haystacks = new WeakMap<Backend, string>();

function haystack(backend: Backend): string {
  const known = haystacks.get(backend);
  if (known !== undefined) return known;
  const { pid, user, database, application, client, query, waitType, wait, type, queryId } = backend;
  const text = [pid, user, database, application, client, query, waitType, wait, type, queryId]
    .filter((part) => part !== null)
    .join('\n')
    .toLowerCase();
  haystacks.set(backend, text);
  return text;
}

function noStates(): Record<SessionState, number> {
  return Object.fromEntries(sessionStates.map((state) => [state, 0])) as Record<SessionState, number>;
}
