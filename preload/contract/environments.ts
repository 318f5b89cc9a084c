import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  adjustConsole,
  changeConsole,
  EnvironmentRef,
  Explanation,
  Instant,
  onEnvironment,
  onGuardedEnvironment,
  read,
} from './common.ts';
import { isHost, isSecretParameter } from './connection-parts.ts';

export const Protection = z.enum(['open', 'guarded', 'read-only']);
export type Protection = z.infer<typeof Protection>;

export const environmentColors = [
  'slate',
  'green',
  'teal',
  'cyan',
  'blue',
  'indigo',
  'violet',
  'magenta',
  'red',
  'orange',
  'amber',
  'lime',
] as const;
export const EnvironmentColor = z.enum(environmentColors);
export type EnvironmentColor = z.infer<typeof EnvironmentColor>;

/** libpq's six modes (PostgreSQL manual, "SSL Support"). */
export const SslMode = z.enum(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']);
export type SslMode = z.infer<typeof SslMode>;

export const Port = z
  .number({ error: 'Port must be a whole number from 1 to 65535.' })
  .int('Port must be a whole number from 1 to 65535.')
  .min(1, 'Port must be a whole number from 1 to 65535.')
  .max(65535, 'Port must be a whole number from 1 to 65535.');

/** Where a server is and as whom to go there. Never holds a password. */
export const Connection = z.object({
  host: z
    .string()
    .trim()
    .min(1, 'Host is empty.')
    .max(1024)
    .refine(isHost, 'Host is a name, an address or a socket directory.'),
  port: Port,
  database: z.string().min(1, 'Database is empty.').max(63),
  user: z.string().min(1, 'User is empty.').max(63),
  sslmode: SslMode,
  /** Every other parameter of the URL, kept as it was given (`options`, `connect_timeout`, …). */
  parameters: z.record(
    z
      .string()
      .max(63)
      .refine((name) => !isSecretParameter(name), 'This parameter holds a secret, which settings must not.'),
    z.string().max(4096),
  ),
});
export type Connection = z.infer<typeof Connection>;

export const EnvironmentName = z
  .string()
  .trim()
  .min(1, 'Name is empty.')
  .max(80, 'Name is longer than 80 characters.')
  .refine((name) => !/^postgres(ql)?:\/\//i.test(name), 'A name is not a connection URL.');

export const EnvironmentDraft = z.object({
  name: EnvironmentName,
  group: z.string().trim().max(80),
  color: EnvironmentColor,
  protection: Protection,
  connection: Connection,
});
export type EnvironmentDraft = z.infer<typeof EnvironmentDraft>;

/** Where the password is: in the keychain, in memory for this run, known to the sample server, or nowhere. */
export const PasswordPlace = z.enum(['keychain', 'memory', 'sample', 'none']);

export const Environment = EnvironmentDraft.extend({
  id: z.string(),
  password: PasswordPlace,
  /** Set for the systems of the sample server. */
  sample: z.string().optional(),
  /** Kept only while Howdah runs: opened from a bare URL. */
  transient: z.boolean(),
  /** Whether it is to be connected whenever Howdah runs. */
  connect: z.boolean(),
});
export type Environment = z.infer<typeof Environment>;

/** A password as typed. `remember` false keeps it in memory even when there is a keychain. */
export const Password = z.object({ password: z.string().max(4096), remember: z.boolean() });

export const severities = ['notice', 'warning', 'bad'] as const;
export const Finding = z.object({
  severity: z.enum(severities),
  /** Stable identifier, for example `connections-near-limit`. */
  id: z.string(),
  text: z.string(),
});
export type Finding = z.infer<typeof Finding>;

export const ServerFacts = z.object({
  /** As the server prints it, for example `15.18`. */
  version: z.string(),
  versionNumber: z.number(),
  role: z.enum(['primary', 'standby']),
  startedAt: Instant,
  database: z.string(),
  user: z.string(),
  superuser: z.boolean(),
  maxConnections: z.number(),
  /** Connections that only superusers and roles with pg_use_reserved_connections may take. */
  reservedConnections: z.number(),
  encrypted: z.boolean(),
});
export type ServerFacts = z.infer<typeof ServerFacts>;

/** A glance at the last sample. Counts are of client backends, the console's own left in. */
export const Glance = z.object({
  at: Instant,
  sessions: z.number(),
  active: z.number(),
  idleInTransaction: z.number(),
  waitingOnLock: z.number(),
  /** Sessions whose state this role may not see; when above 0 the counts above are lower bounds. */
  hidden: z.number(),
  /** Age of the oldest visible transaction in ms. */
  oldestTransactionMs: z.number().nullable(),
  /** Commits and rollbacks a second over the whole server; null until two samples are there. */
  transactionsPerSecond: z.number().nullable(),
});

export const Cost = z.object({
  /** Server time spent on Howdah, ms a second, over the last minute. */
  msPerSecond: z.number(),
  /** Sessions that Howdah holds there now. */
  sessions: z.number(),
  /** ms between live samples at present; longer than asked for when sampling has slowed itself. */
  intervalMs: z.number(),
  slowed: z.boolean(),
});

export const EnvironmentStatus = z.object({
  environment: z.string(),
  state: z.enum(['disconnected', 'connecting', 'connected', 'lost']),
  since: Instant,
  server: ServerFacts.optional(),
  glance: Glance.optional(),
  cost: Cost.optional(),
  findings: z.array(Finding),
  problem: Explanation.optional(),
  /** When the next attempt to come back is due. */
  retryAt: Instant.optional(),
  /** Sessions of the last half hour, oldest first, at most 60 points; null is a gap. */
  trend: z.array(z.number().nullable()),
});
export type EnvironmentStatus = z.infer<typeof EnvironmentStatus>;

export const EnvironmentsView = z.object({
  /** In the order the person gave them. */
  environments: z.array(Environment),
  statuses: z.array(EnvironmentStatus),
});
export type EnvironmentsView = z.infer<typeof EnvironmentsView>;

export const TestStep = z.object({
  step: z.enum(['name', 'port', 'tls', 'authentication', 'database', 'visibility']),
  outcome: z.enum(['good', 'bad', 'skipped']),
  ms: z.number(),
  detail: z.string(),
});

export const TestResult = z.object({
  good: z.boolean(),
  steps: z.array(TestStep),
  server: ServerFacts.optional(),
  problem: Explanation.optional(),
});
export type TestResult = z.infer<typeof TestResult>;

const secret = { password: Password.optional() };

export const environments = {
  list: read.output(EnvironmentsView),
  /** The whole view now and again after each change, at most about twice a second. */
  watch: read.output(eventIterator(EnvironmentsView)),
  /** `connect` (the default) connects it at once and whenever Howdah runs. */
  add: changeConsole
    .input(z.object({ draft: EnvironmentDraft, connect: z.boolean().default(true), ...secret }))
    .output(Environment),
  /** `confirm` is needed on a guarded or read-only one when its protection is lowered or its address changes. */
  update: changeConsole
    .input(onGuardedEnvironment.extend({ changes: EnvironmentDraft.partial(), ...secret }))
    .output(Environment),
  duplicate: changeConsole.input(onEnvironment).output(Environment),
  /** `confirm` is needed on a guarded or read-only one. The keychain entry goes too. */
  remove: changeConsole.input(onGuardedEnvironment).output(z.object({ removed: z.string() })),
  /** The whole order, first to last, with each one's group. */
  reorder: changeConsole
    .input(z.object({ order: z.array(z.object({ environment: EnvironmentRef, group: z.string().max(80) })) }))
    .output(z.void()),
  forgetPassword: changeConsole.input(onEnvironment).output(Environment),
  /** `keep` (the default) also connects it whenever Howdah runs. Comes back when the first attempt is over. */
  connect: adjustConsole
    .input(onEnvironment.extend({ ...secret, keep: z.boolean().default(true) }))
    .output(EnvironmentStatus),
  disconnect: adjustConsole.input(onEnvironment).output(EnvironmentStatus),
  /** Walks the way to a server step by step. Needs no saved environment. */
  test: read
    .input(
      z.union([
        onEnvironment.extend(secret),
        z.object({ connection: Connection, environment: EnvironmentRef.optional(), ...secret }),
      ]),
    )
    .output(TestResult),
  /** Takes a bare connection URL as an environment for as long as Howdah runs. */
  open: adjustConsole.input(z.object({ url: z.string().max(10_240), ...secret })).output(Environment),
};
