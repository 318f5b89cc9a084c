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
import { Ask, Connection, TypedSecret } from './connection.ts';
import { looksLikeConnectionString } from './connection-parts.ts';

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

export const EnvironmentName = z
  .string()
  .trim()
  .min(1, 'Name is empty.')
  .max(80, 'Name is longer than 80 characters.')
  .refine((name) => !looksLikeConnectionString(name), 'A name is not a connection string.');

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
  /** Something stands in between that hands sessions on: the session's backend is not the one that greeted. */
  pooled: z.boolean(),
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

/** The SSH tunnel of an environment. */
export const TunnelStatus = z.object({
  state: z.enum(['opening', 'open', 'lost']),
  since: Instant,
  /** `user@host:port` of each SSH server on the way, first to last. */
  hops: z.array(z.string()),
});
export type TunnelStatus = z.infer<typeof TunnelStatus>;

/** The companion process of an environment. */
export const CompanionStatus = z.object({
  /** `done`: it ended well and what it started goes on by itself (`docker compose up -d`). */
  state: z.enum(['starting', 'ready', 'done', 'restarting', 'failed']),
  since: Instant,
  /** How often it was started again because it had died. */
  restarts: z.number(),
});
export type CompanionStatus = z.infer<typeof CompanionStatus>;

/** A line that a companion printed. */
export const CompanionLine = z.object({
  at: Instant,
  stream: z.enum(['out', 'error', 'howdah']),
  text: z.string(),
});
export type CompanionLine = z.infer<typeof CompanionLine>;

export const EnvironmentStatus = z.object({
  environment: z.string(),
  state: z.enum(['disconnected', 'connecting', 'connected', 'lost']),
  since: Instant,
  /** What a person must answer before it can be connected. */
  ask: Ask.optional(),
  tunnel: TunnelStatus.optional(),
  companion: CompanionStatus.optional(),
  /** `host:port` of the server it is connected to, where there are several to choose from. */
  host: z.string().optional(),
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

export const testSteps = [
  'companion',
  'tunnel',
  'name',
  'port',
  'tls',
  'authentication',
  'database',
  'privileges',
  'visibility',
] as const;

export const TestStep = z.object({
  step: z.enum(testSteps),
  outcome: z.enum(['good', 'bad', 'skipped', 'running']),
  ms: z.number(),
  detail: z.string(),
});
export type TestStep = z.infer<typeof TestStep>;

export const TestResult = z.object({
  /** False while steps are still to come. */
  done: z.boolean(),
  good: z.boolean(),
  /** Those that this connection has: without a companion there is no such step. */
  steps: z.array(TestStep),
  server: ServerFacts.optional(),
  problem: Explanation.optional(),
  ask: Ask.optional(),
  /** What works but should be known: a pooler in between, a password that everybody knows. */
  findings: z.array(Finding),
});
export type TestResult = z.infer<typeof TestResult>;

const onTest = z.union([
  // First, because a form about a saved environment names that too.
  z.object({
    connection: Connection,
    environment: EnvironmentRef.optional(),
    password: Password.optional(),
    secrets: z.array(TypedSecret).max(20).optional(),
  }),
  onEnvironment.extend({ password: Password.optional(), secrets: z.array(TypedSecret).max(20).optional() }),
]);

const secret = { password: Password.optional(), secrets: z.array(TypedSecret).max(20).optional() };

export const environments = {
  list: read.output(EnvironmentsView),
  /** The whole view now and again after each change, at most about twice a second. */
  watch: read.output(eventIterator(EnvironmentsView)),
  /**
   * `connect` (the default) connects it at once and whenever Howdah runs. `confirm`: the name of an environment on the
   * same server that is protected more strictly, where there is one.
   */
  add: changeConsole
    .input(
      z.object({
        draft: EnvironmentDraft,
        connect: z.boolean().default(true),
        confirm: z.string().max(200).optional(),
        ...secret,
      }),
    )
    .output(Environment),
  /**
   * `confirm` is needed on a guarded or read-only one when its protection is lowered or its address changes; as with
   * `add`, it is the name of another one where that protects the same server more strictly.
   */
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
  test: read.input(onTest).output(TestResult),
  /** The same walk as it goes: the result so far after each step, the last one with `done`. */
  walk: read.input(onTest).output(eventIterator(TestResult)),
  /** Takes an SSH server's key into Howdah's own known hosts. `host` and `key` as they were asked. */
  trustHost: changeConsole
    .input(
      z.object({ host: z.string().min(1).max(300), type: z.string().max(100), key: z.base64().max(20_000) }),
    )
    .output(z.void()),
  /** What the environment's companion printed lately, and then each new line. */
  companionOutput: read.input(onEnvironment).output(eventIterator(z.array(CompanionLine))),
  /** Takes a bare connection URL as an environment for as long as Howdah runs. */
  open: adjustConsole.input(z.object({ url: z.string().max(10_240), ...secret })).output(Environment),
};
