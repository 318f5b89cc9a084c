import {
  isLocalHost,
  parseConnectionUrl,
  printConnectionUrl,
  UrlProblem,
} from '../../preload/contract/connection-url.ts';
import type {
  Connection,
  Environment,
  EnvironmentColor,
  EnvironmentDraft,
} from '../../preload/contract/environments.ts';
import { environmentColorNames } from '../theme/colors.ts';

/** The form's fields as typed. `url` and the connection fields say the same; each fills the other. */
export interface FormState {
  url: string;
  name: string;
  group: string;
  color: EnvironmentColor;
  protection: EnvironmentDraft['protection'];
  host: string;
  port: string;
  database: string;
  user: string;
  sslmode: Connection['sslmode'];
  parameters: Record<string, string>;
  password: string;
  /** What is wrong with the URL as it stands. */
  urlProblem: { field: FormField; message: string } | undefined;
  /** What the person has set; the rest is only suggested and follows the address. */
  chosen: ReadonlySet<'name' | 'protection'>;
}

export type FormField =
  | 'url'
  | 'name'
  | 'group'
  | 'host'
  | 'port'
  | 'database'
  | 'user'
  | 'sslmode'
  | 'password';

export type FieldProblems = Partial<Record<FormField, string>>;

/** The form for an environment that is there. */
export function formOf(environment: Environment): FormState {
  const { name, group, color, protection, connection } = environment;
  return {
    ...fieldsOf(connection),
    url: printConnectionUrl(connection),
    name,
    group,
    color,
    protection,
    password: '',
    urlProblem: undefined,
    chosen: new Set(['name', 'protection'] as const),
  };
}

/** The form for a new environment, with the colour that is used least so far. */
export function newForm(others: readonly Environment[], url?: string): FormState {
  const empty: FormState = {
    url: '',
    name: '',
    group: '',
    color: leastUsedColor(others),
    protection: 'open',
    host: '',
    port: '5432',
    database: '',
    user: '',
    sslmode: 'prefer',
    parameters: {},
    password: '',
    urlProblem: undefined,
    chosen: new Set(),
  };
  return url === undefined ? empty : settled(withUrl(empty, url));
}

/** After the URL was typed: the fields follow as far as it can be read. */
export function withUrl(state: FormState, url: string): FormState {
  if (url.trim() === '') return { ...state, url, urlProblem: undefined };
  try {
    const { connection, password } = parseConnectionUrl(url);
    const next = { ...state, ...fieldsOf(connection), url, urlProblem: undefined };
    if (password !== undefined) next.password = password;
    return suggested(next);
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    return { ...state, url, urlProblem: { field: error.field, message: error.message } };
  }
}

/** After a field was typed: the URL follows as soon as the fields make one. */
export function withFields(state: FormState, change: Partial<FormState>): FormState {
  const chosen = new Set(state.chosen);
  if ('name' in change) chosen.add('name');
  if ('protection' in change) chosen.add('protection');
  let next: FormState = { ...state, ...change, chosen };
  const touchesAddress = ['host', 'port', 'database', 'user', 'sslmode'].some((field) => field in change);
  if (!touchesAddress) return next;
  if ('host' in change && !('sslmode' in change) && state.host.trim() === '') {
    next = { ...next, sslmode: isLocalHost(next.host.trim()) ? 'prefer' : 'verify-full' };
  }
  const connection = connectionOf(next);
  return suggested({
    ...next,
    url: connection ? printConnectionUrl(connection) : next.url,
    urlProblem: undefined,
  });
}

/** Once the URL has been left: printed anew, with the password moved out of sight into its own field. */
export function settled(state: FormState): FormState {
  const connection = connectionOf(state);
  if (state.urlProblem || state.url.trim() === '' || !connection) return state;
  return { ...state, url: printConnectionUrl(connection) };
}

/** What is wrong field by field, in the order of the fields on screen; empty when the form can be saved. */
export function problemsOf(state: FormState, takenNames: readonly string[]): FieldProblems {
  // The fields wait for a URL that can be read; what is wrong with it comes first.
  if (state.urlProblem) return { url: state.urlProblem.message };
  const problems: FieldProblems = {};
  if (state.host.trim() === '') problems.host = 'Host is empty.';
  if (readPort(state.port) === undefined) problems.port = 'Port must be a whole number from 1 to 65535.';
  if (state.database === '') problems.database = 'Database is empty.';
  else if (state.database.length > 63) problems.database = 'Database is longer than 63 characters.';
  if (state.user === '') problems.user = 'User is empty.';
  else if (state.user.length > 63) problems.user = 'User is longer than 63 characters.';
  const name = state.name.trim();
  if (name === '') problems.name = 'Name is empty.';
  else if (name.length > 80) problems.name = 'Name is longer than 80 characters.';
  else if (takenNames.some((taken) => taken.toLowerCase() === name.toLowerCase())) {
    problems.name = `There is already an environment named "${name}".`;
  }
  if (state.group.trim().length > 80) problems.group = 'Group is longer than 80 characters.';
  return problems;
}

/** The connection that the fields make; undefined while they make none. */
export function connectionOf(state: FormState): Connection | undefined {
  const host = state.host.trim();
  const port = readPort(state.port);
  if (host === '' || port === undefined || state.database === '' || state.user === '') return undefined;
  const { database, user, sslmode, parameters } = state;
  return { host, port, database, user, sslmode, parameters };
}

/** Whether the person has typed or chosen anything since the form was as it was `before`. */
export function isEdited(before: FormState, now: FormState): boolean {
  const told = ({ url, name, group, color, protection, password, ...state }: FormState): string =>
    JSON.stringify([
      [url.trim(), name.trim(), group.trim(), color, protection, password],
      [state.host, state.port, state.database, state.user, state.sslmode, state.parameters],
    ]);
  return told(before) !== told(now);
}

/** What is saved; undefined while the connection is incomplete. */
export function draftOf(state: FormState): EnvironmentDraft | undefined {
  const connection = connectionOf(state);
  if (!connection) return undefined;
  const { color, protection } = state;
  return { name: state.name.trim(), group: state.group.trim(), color, protection, connection };
}

/** What differs between an environment and a draft. */
export function changesOf(environment: Environment, draft: EnvironmentDraft): Partial<EnvironmentDraft> {
  const changes: Partial<EnvironmentDraft> = {};
  if (draft.name !== environment.name) changes.name = draft.name;
  if (draft.group !== environment.group) changes.group = draft.group;
  if (draft.color !== environment.color) changes.color = draft.color;
  if (draft.protection !== environment.protection) changes.protection = draft.protection;
  if (!sameConnection(draft.connection, environment.connection)) changes.connection = draft.connection;
  return changes;
}

const rank = { open: 0, guarded: 1, 'read-only': 2 } as const;

/** Whether the changes take a step that the environment's protection makes deliberate: the name is then typed. */
export function isDelicate(environment: Environment, changes: Partial<EnvironmentDraft>): boolean {
  if (environment.protection === 'open') return false;
  const lowered = changes.protection !== undefined && rank[changes.protection] < rank[environment.protection];
  return lowered || changes.connection !== undefined;
}

/** Whether a stored password would no longer be for the place that the form names. */
export function passwordIsForElsewhere(
  environment: Environment,
  connection: Connection | undefined,
): boolean {
  if (!connection) return false;
  const { host, port, user } = environment.connection;
  return host !== connection.host || port !== connection.port || user !== connection.user;
}

function fieldsOf({ host, port, database, user, sslmode, parameters }: Connection) {
  return { host, port: String(port), database, user, sslmode, parameters };
}

function readPort(text: string): number | undefined {
  const trimmed = text.trim();
  const port = /^\d{1,6}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** Name and protection as the address suggests them, where the person has not set them. */
function suggested(state: FormState): FormState {
  const host = state.host.trim();
  const isLocal = isLocalHost(host);
  const next = { ...state };
  if (!state.chosen.has('name') && state.database) {
    next.name = `${state.database}${isLocal ? '-local' : host ? `-${host.split('.')[0]}` : ''}`.slice(0, 80);
  }
  if (!state.chosen.has('protection') && host) next.protection = isLocal ? 'open' : 'guarded';
  return next;
}

function leastUsedColor(others: readonly Environment[]): EnvironmentColor {
  const colors = Object.keys(environmentColorNames) as EnvironmentColor[];
  const used = (color: EnvironmentColor): number => others.filter((other) => other.color === color).length;
  return colors.reduce((best, color) => (used(color) < used(best) ? color : best));
}

function sameConnection(a: Connection, b: Connection): boolean {
  const flat = ({ host, port, database, user, sslmode, parameters }: Connection): string =>
    JSON.stringify([host, port, database, user, sslmode, Object.entries(parameters).sort()]);
  return flat(a) === flat(b);
}
