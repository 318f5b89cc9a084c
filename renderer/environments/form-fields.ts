import type { Connection, SslMode, Tunnel, TypedSecret } from '../../preload/contract/connection.ts';
import type { EnvironmentColor, EnvironmentDraft } from '../../preload/contract/environments.ts';

/** Parameters with a field of their own; every other one stands in the list of further parameters. */
export const knownParameters = [
  'sslrootcert',
  'sslcert',
  'sslkey',
  'channel_binding',
  'target_session_attrs',
  'connect_timeout',
  'application_name',
  'options',
  'pool_max_conns',
  'service',
] as const;
export type KnownParameter = (typeof knownParameters)[number];

export type ServiceField = NonNullable<Connection['fromService']>[number];

/** Fields that a service file may give. */
export const serviceFields: readonly ServiceField[] = ['host', 'port', 'database', 'user', 'sslmode'];

export interface ExtraParameter {
  name: string;
  value: string;
}

/** The SSH server to go through, as typed. Kept while it is off, so that switching it on again loses nothing. */
export interface TunnelFields {
  on: boolean;
  host: string;
  port: string;
  user: string;
  auth: Tunnel['auth'];
  keyFile: string;
  jump: string;
}

export interface CompanionFields {
  on: boolean;
  command: string;
  folder: string;
  waitFor: string;
  /** Seconds. */
  timeout: string;
  stop: string;
}

/** The form's fields as typed. `url` and the connection fields say the same; each fills the other. */
export interface FormState {
  url: string;
  name: string;
  group: string;
  color: EnvironmentColor;
  protection: EnvironmentDraft['protection'];
  /** One host, or several with commas between. */
  host: string;
  /** One port for all hosts, or one for each with commas between. */
  port: string;
  database: string;
  user: string;
  /** Empty when the service file says it. */
  sslmode: SslMode | '';
  /** Empty where a parameter is not given. */
  parameters: Record<KnownParameter, string>;
  extra: readonly ExtraParameter[];
  tunnel: TunnelFields;
  companion: CompanionFields;
  password: string;
  /** Where the password is for when it came out of a URL; it stays behind when the URL then names another place. */
  passwordFor: Connection | undefined;
  /** Passwords of SSH servers and passphrases of keys, as they were asked for. */
  secrets: readonly TypedSecret[];
  /** What is wrong with the URL as it stands. */
  urlProblem: { field: FormField; message: string } | undefined;
  /** What the person has set; the rest is only suggested and follows the address. */
  chosen: ReadonlySet<'name' | 'protection' | 'sslmode'>;
}

/** Fields of one line of text, by the path of their value. */
export type TextField =
  | 'name'
  | 'group'
  | 'host'
  | 'port'
  | 'database'
  | 'user'
  | 'password'
  | `parameters.${KnownParameter}`
  | `tunnel.${Exclude<keyof TunnelFields, 'on' | 'auth'>}`
  | `companion.${Exclude<keyof CompanionFields, 'on'>}`;

export type FormField = TextField | 'url' | 'sslmode' | `extra.${number}`;

export type FieldProblems = Partial<Record<FormField, string>>;

/** The form's sections that can be folded away. */
export type Section = 'encryption' | 'tunnel' | 'companion' | 'more';

const encryption: readonly string[] = ['sslrootcert', 'sslcert', 'sslkey', 'channel_binding'];

/** The folded section that a field stands in; undefined for those always in sight. */
export function sectionOf(field: FormField): Section | undefined {
  const [head, tail = ''] = field.split('.');
  if (head === 'sslmode') return 'encryption';
  if (head === 'tunnel' || head === 'companion') return head;
  if (head === 'extra') return 'more';
  if (head === 'parameters') return encryption.includes(tail) ? 'encryption' : 'more';
  return undefined;
}

/** What a text field holds. */
export function textAt(state: FormState, field: TextField): string {
  const [head, tail = ''] = field.split('.') as [keyof FormState, string?];
  const value = state[head];
  return typeof value === 'string' ? value : ((value as unknown as Record<string, string>)[tail] ?? '');
}

/** The change that sets a text field. */
export function changeOf(state: FormState, field: TextField, text: string): Partial<FormState> {
  const [head, tail] = field.split('.') as [keyof FormState, string?];
  return tail === undefined ? { [head]: text } : { [head]: { ...(state[head] as object), [tail]: text } };
}

/** Whether any parameter of the connection is one without a field of its own. */
export function isKnown(name: string): name is KnownParameter {
  return (knownParameters as readonly string[]).includes(name);
}

/** The tunnel's fields for a connection, and as they stand before anything was typed. */
export function tunnelFields(tunnel: Connection['tunnel']): TunnelFields {
  const { host = '', port, user = '', auth = 'auto', keyFile = '', jump = '' } = tunnel ?? {};
  return {
    on: tunnel !== undefined,
    host,
    port: port === undefined ? '' : String(port),
    user,
    auth,
    keyFile,
    jump,
  };
}

export function companionFields(companion: Connection['companion']): CompanionFields {
  const { command = '', folder = '', waitFor = '', timeoutSeconds = 30, stop = '' } = companion ?? {};
  return { on: companion !== undefined, command, folder, waitFor, timeout: String(timeoutSeconds), stop };
}
