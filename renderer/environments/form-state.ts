import type { Connection } from '../../preload/contract/connection.ts';
import { sameConnection, samePlace } from '../../preload/contract/connection-place.ts';
import {
  isLocalHost,
  parseConnectionUrl,
  printConnectionUrl,
  UrlProblem,
} from '../../preload/contract/connection-url.ts';
import type { Environment, EnvironmentColor, EnvironmentDraft } from '../../preload/contract/environments.ts';
import { environmentColorNames } from '../theme/colors.ts';
import { connectionOf, fieldsOf, noParameters, withSecret } from './form-connection.ts';
import { companionFields, type FormState, tunnelFields } from './form-fields.ts';
import { listed } from './form-hosts.ts';

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
    passwordFor: undefined,
    secrets: [],
    urlProblem: undefined,
    chosen: new Set(['name', 'protection', 'sslmode'] as const),
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
    parameters: noParameters(),
    extra: [],
    tunnel: tunnelFields(undefined),
    companion: companionFields(undefined),
    password: '',
    passwordFor: undefined,
    secrets: [],
    urlProblem: undefined,
    chosen: new Set(),
  };
  return url === undefined ? empty : settled(withUrl(empty, url));
}

/** After the URL was typed: the fields follow as far as it can be read. The way there is none of its business. */
export function withUrl(state: FormState, url: string): FormState {
  if (url.trim() === '') return { ...state, url, urlProblem: undefined };
  try {
    const { connection, password, clientKeyPassphrase } = parseConnectionUrl(url);
    const { tunnel, companion, chosen: before } = state;
    const chosen = new Set(before);
    if (/[?&\s]sslmode\s*=/.test(url)) chosen.add('sslmode');
    const fields = { ...fieldsOf(connection), tunnel, companion, chosen, url, urlProblem: undefined };
    const next = { ...state, ...fields, ...passwordAt(connection, password, state) };
    const { sslkey } = connection.parameters;
    if (clientKeyPassphrase !== undefined && sslkey) {
      const secret = {
        kind: 'client-key-passphrase',
        of: sslkey,
        value: clientKeyPassphrase,
        remember: true,
      } as const;
      next.secrets = withSecret(state.secrets, secret);
    }
    return suggested(next);
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    return { ...state, url, urlProblem: { field: error.field, message: error.message } };
  }
}

/** The password once a URL names a place: the URL's own, or the one so far unless it came with a URL to another place. */
function passwordAt(
  connection: Connection,
  given: string | undefined,
  { password, passwordFor }: FormState,
): Pick<FormState, 'password' | 'passwordFor'> {
  if (given !== undefined) return { password: given, passwordFor: connection };
  const stays = passwordFor === undefined || samePlace(passwordFor, connection);
  return { password: stays ? password : '', passwordFor };
}

const addressFields = ['host', 'port', 'database', 'user', 'sslmode', 'parameters', 'extra'] as const;

/** After a field was typed: the URL follows as soon as the fields make one. */
export function withFields(state: FormState, change: Partial<FormState>): FormState {
  const chosen = new Set(state.chosen);
  for (const field of ['name', 'protection', 'sslmode'] as const) if (field in change) chosen.add(field);
  const next = suggested(withService({ ...state, ...change, chosen }, state));
  if ('password' in change) next.passwordFor = undefined;
  if (!addressFields.some((field) => field in change)) return next;
  const connection = connectionOf({
    ...next,
    tunnel: tunnelFields(undefined),
    companion: companionFields(undefined),
  });
  if (!connection) return { ...next, urlProblem: undefined };
  // A field corrects the place that the URL has named, with the password in sight beside it.
  const passwordFor = next.passwordFor && next.password !== '' ? connection : next.passwordFor;
  return { ...next, passwordFor, url: printConnectionUrl(connection), urlProblem: undefined };
}

/** Once the URL has been left: printed anew, with the password moved out of sight into its own field. */
export function settled(state: FormState): FormState {
  const connection = connectionOf({
    ...state,
    tunnel: tunnelFields(undefined),
    companion: companionFields(undefined),
  });
  if (state.urlProblem || state.url.trim() === '' || !connection) return state;
  return { ...state, url: printConnectionUrl(connection) };
}

/**
 * Whether the person has typed or chosen anything since the form was as it was `before`. A URL that can be read says
 * nothing that the fields don't, and is printed anew in an order of its own.
 */
export function isEdited(before: FormState, now: FormState): boolean {
  const told = ({ url, urlProblem, name, group, chosen: _, passwordFor: __, ...rest }: FormState): string =>
    JSON.stringify([urlProblem && url, name.trim(), group.trim(), rest]);
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
  return connection !== undefined && !samePlace(environment.connection, connection);
}

/** Naming a service before anything else leaves all fields to it, those with a suggestion too. */
function withService(state: FormState, before: FormState): FormState {
  const namesOne = before.parameters.service.trim() === '' && state.parameters.service.trim() !== '';
  if (!namesOne || state.host.trim() !== '') return state;
  return { ...state, port: state.port === '5432' ? '' : state.port, sslmode: '' };
}

/** Name, protection and encryption as the address suggests them, where the person has not set them. */
function suggested(state: FormState): FormState {
  const next = { ...state };
  const hosts = listed(state.host).filter(Boolean);
  const isLoopback = hosts.length > 0 && hosts.every(isLocalHost);
  if (!state.chosen.has('sslmode') && hosts.length > 0) next.sslmode = isLoopback ? 'prefer' : 'verify-full';
  const via = elsewhere(state);
  const isHere = isLoopback && via === undefined;
  const service = state.parameters.service.trim();
  const database = state.database || service;
  if (!state.chosen.has('name') && database) {
    const place = isLoopback ? (via ?? 'local') : shortName(hosts[0] ?? '');
    next.name = `${database}${place ? `-${place}` : ''}`.slice(0, 80);
  }
  if (!state.chosen.has('protection') && (hosts.length > 0 || service)) {
    next.protection = isHere ? 'open' : 'guarded';
  }
  return next;
}

/** Where a loopback address leads to by the way there: beyond a tunnel or a proxy, it is not this machine. */
function elsewhere({ tunnel, companion }: FormState): string | undefined {
  if (tunnel.on && tunnel.host.trim()) return shortName(tunnel.host.trim());
  const program = companion.on ? companion.command.trim().split(/\s+/)[0] : undefined;
  // Containers run here; everything else of the kind is a proxy to somewhere else.
  if (!program || /^(docker|docker-compose|podman|podman-compose)$/.test(program)) return undefined;
  return 'proxy';
}

/** A host's name without its domain; an address as it is. */
function shortName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? host : (host.split('.')[0] ?? host);
}

function leastUsedColor(others: readonly Environment[]): EnvironmentColor {
  const colors = Object.keys(environmentColorNames) as EnvironmentColor[];
  const used = (color: EnvironmentColor): number => others.filter((other) => other.color === color).length;
  return colors.reduce((best, color) => (used(color) < used(best) ? color : best));
}
