import { z } from 'zod';
import { combinationProblem, isHost, isSecretParameter, parameterProblem } from './connection-parts.ts';

/** libpq's six modes (PostgreSQL manual, "SSL Support"). */
export const SslMode = z.enum(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']);
export type SslMode = z.infer<typeof SslMode>;

export const Port = z
  .number({ error: 'Port must be a whole number from 1 to 65535.' })
  .int('Port must be a whole number from 1 to 65535.')
  .min(1, 'Port must be a whole number from 1 to 65535.')
  .max(65535, 'Port must be a whole number from 1 to 65535.');

const Host = z
  .string()
  .trim()
  .min(1, 'Host is empty.')
  .max(1024)
  .refine(isHost, 'Host is a name, an address or a socket directory.');

export const HostPort = z.object({ host: Host, port: Port });
export type HostPort = z.infer<typeof HostPort>;

const SshHost = z
  .string()
  .trim()
  .min(1, 'SSH host is empty.')
  .max(255)
  .regex(/^[^\s@/,-][^\s@/,]*$/, 'SSH host is a name, an address, or an alias of ~/.ssh/config.');

/**
 * The SSH server to go through. Whatever is left out comes from `~/.ssh/config` (ssh_config(5)), then from
 * OpenSSH's defaults: port 22, this account's name, the agent and the usual key files.
 */
export const Tunnel = z.object({
  /** A name, an address, or an alias of `~/.ssh/config`. */
  host: SshHost,
  port: Port.optional(),
  user: z.string().trim().min(1).max(255).optional(),
  /** `auto`: the agent, then key files, then a password where one is stored. */
  auth: z.enum(['auto', 'agent', 'key', 'password']),
  /** Path of a private key; `~` is this account's home. */
  keyFile: z.string().trim().min(1).max(4096).optional(),
  /** Hosts to pass on the way, first to last, as ssh -J has it: `[user@]host[:port],…` */
  jump: z.string().trim().min(1).max(2000).optional(),
});
export type Tunnel = z.infer<typeof Tunnel>;

/** A process that must run while the environment is connected: a proxy, a port-forward, a container. */
export const Companion = z.object({
  /** Run by the system's shell. */
  command: z.string().trim().min(1, 'The command is empty.').max(4000),
  /** Folder to run it in; this account's home when left out. */
  folder: z.string().trim().min(1).max(4096).optional(),
  /** What must accept connections before going on: `host:port` or a socket's path. The server's own address when left out. */
  waitFor: z.string().trim().min(1).max(1024).optional(),
  /** How long it may take until then, in seconds. */
  timeoutSeconds: z.number().int().min(1).max(600),
  /** A command that undoes it once nobody needs it, such as `docker compose stop db`. */
  stop: z.string().trim().min(1).max(4000).optional(),
});
export type Companion = z.infer<typeof Companion>;

/** Fields that a service file may give. */
export const serviceFields = ['host', 'port', 'database', 'user', 'sslmode'] as const;

const ConnectionFields = z.object({
  host: Host,
  port: Port,
  /** Further hosts, tried in order after the first (`target_session_attrs` says which kind is wanted). */
  otherHosts: z.array(HostPort).max(15).optional(),
  database: z.string().min(1, 'Database is empty.').max(63),
  user: z.string().min(1, 'User is empty.').max(63),
  sslmode: SslMode,
  /** Every other parameter of the URL, kept as it was given (`options`, `connect_timeout`, `service`, …). */
  parameters: z
    .record(
      z
        .string()
        .max(63)
        .refine(
          (name) => !isSecretParameter(name),
          'This parameter holds a secret, which settings must not.',
        ),
      z.string().max(4096),
    )
    .superRefine((parameters, context) => {
      for (const [name, value] of Object.entries(parameters)) {
        const message = parameterProblem(name, value);
        if (message) context.addIssue({ code: 'custom', path: [name], message });
      }
    }),
  /**
   * With `parameters.service`: the fields that were left out and are taken from the service file at each
   * connection. Their values here are only the defaults.
   */
  fromService: z.array(z.enum(serviceFields)).optional(),
  tunnel: Tunnel.optional(),
  companion: Companion.optional(),
});
/** Where a server is, how to get there, and as whom. Never holds a password. */
export const Connection = ConnectionFields.superRefine((connection, context) => {
  const { sslmode, otherHosts = [], parameters, fromService } = connection;
  // What a service file will say is not known here.
  if (fromService !== undefined) return;
  const problem = combinationProblem(sslmode, 1 + otherHosts.length, parameters);
  if (problem) context.addIssue({ code: 'custom', path: ['parameters'], message: problem.message });
});
export type Connection = z.infer<typeof Connection>;

/** A secret other than the role's password. */
export const SecretKind = z.enum(['ssh-password', 'key-passphrase', 'client-key-passphrase']);
export type SecretKind = z.infer<typeof SecretKind>;

/** A secret as typed, with what it opens: `user@host:port` of an SSH server, or the path of a key. */
export const TypedSecret = z.object({
  kind: SecretKind,
  of: z.string().min(1).max(4200),
  value: z.string().max(4096),
  remember: z.boolean(),
});
export type TypedSecret = z.infer<typeof TypedSecret>;

/** What only a person can answer before the way goes on. */
export const Ask = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('secret'), secret: SecretKind, of: z.string(), wasWrong: z.boolean() }),
  /** An SSH server seen for the first time. */
  z.object({
    kind: z.literal('host-key'),
    /** `host:port`, as it is written into the known hosts. */
    host: z.string(),
    /** For example `ssh-ed25519`. */
    type: z.string(),
    /** As `ssh-keygen -l` prints it: `SHA256:…` */
    fingerprint: z.string(),
    /** The key itself, base64. */
    key: z.string(),
  }),
]);
export type Ask = z.infer<typeof Ask>;
