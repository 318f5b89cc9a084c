import { z } from 'zod';
import {
  changeConsole,
  changeServer,
  Explanation,
  Instant,
  onEnvironment,
  onGuardedEnvironment,
  read,
} from './common.ts';
import { Plan } from './plan-model.ts';

/** A statement of pg_stat_statements, as addresses name it: `<user oid>.<database oid>.<query id>.<t at top level, n nested>`. */
export const PlanKey = z
  .string()
  .regex(/^\d{1,10}\.\d{1,10}\.-?\d{1,20}\.[tn]$/, 'It is no statement’s key.');

/** Characters of a statement that can be planned. */
export const longestStatement = 500_000;
/** Characters of a pasted plan or log. */
export const longestPaste = 24_000_000;

/** What a statement is to EXPLAIN, by the server's own parser. */
export const statementClasses = ['reads', 'locks', 'writes', 'utility', 'unknown'] as const;

const source = {
  /** Typed or pasted; left out when `key` is given. */
  text: z.string().max(longestStatement, 'The statement is too long to be planned.').optional(),
  /** A statement of pg_stat_statements, whose text is looked up. */
  key: PlanKey.optional(),
};

/** Values for `$1`, `$2`, …, as text; null is NULL. Empty: none are given. */
const parameters = z.array(z.string().max(1_000_000).nullable()).max(1000).default([]);

/** What is known of a statement before it is planned. */
export const StatementFacts = z.object({
  /** Whole text; null when it can't be had: `refusal` says why. */
  text: z.string().nullable(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  class: z.enum(statementClasses),
  /** Highest `$n` in it. */
  parameters: z.number(),
  /** Why it can be neither explained nor run here: cut off, of another database, no statement that has a plan. */
  refusal: Explanation.nullable(),
  /** What running it with ANALYZE does that rolling back does not undo, a sentence each. */
  warnings: z.array(z.string()),
});
export type StatementFacts = z.infer<typeof StatementFacts>;

/**
 * How a plan was had. `plain`: as the text stands. `generic`: for parameters of any value (GENERIC_PLAN, 16 and later).
 * `prepared`: the generic plan of a prepared statement. `parameters`: with the values given. `analyzed`: it was run and
 * rolled back; `analyzed read-only`: in a READ ONLY transaction. `given`: pasted, from a file, or from a log.
 */
export const planOrigins = [
  'plain',
  'generic',
  'prepared',
  'parameters',
  'analyzed',
  'analyzed read-only',
  'given',
] as const;
export const PlanOrigin = z.object({
  how: z.enum(planOrigins),
  /** What that means for reading it, in a sentence; empty when nothing has to be said. */
  note: z.string(),
});
export type PlanOrigin = z.infer<typeof PlanOrigin>;

export const PlanAnswer = z.object({
  /** Under which it is kept; null when it is not: too large, or of an environment without history. */
  id: z.number().nullable(),
  at: Instant,
  origin: PlanOrigin,
  text: z.string().nullable(),
  plan: Plan,
  /** As the server or the person gave it. */
  json: z.string(),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;

/** Values are needed first. */
export const ParametersAsked = z.object({
  explanation: Explanation,
  /** Types as the server sees them; null where it can't tell. */
  types: z.array(z.string().nullable()),
});
export type ParametersAsked = z.infer<typeof ParametersAsked>;

export const PlanOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), answer: PlanAnswer }),
  z.object({ kind: z.literal('asked'), asked: ParametersAsked }),
]);
export type PlanOutcome = z.infer<typeof PlanOutcome>;

/** Shortest and longest time that a statement may be given, ms; and the usual one. */
export const analyzeTimeouts = { least: 100, usual: 30_000, most: 3_600_000 } as const;

const run = {
  ...source,
  parameters,
  /** The server ends it after this, ms. */
  timeoutMs: z
    .number()
    .int()
    .min(analyzeTimeouts.least)
    .max(analyzeTimeouts.most)
    .default(analyzeTimeouts.usual),
};

export const KeptPlan = PlanAnswer.omit({ plan: true, json: true }).extend({
  id: z.number(),
  analyzed: z.boolean(),
  executionMs: z.number().nullable(),
  totalCost: z.number().nullable(),
});
export type KeptPlan = z.infer<typeof KeptPlan>;

/** An entry of auto_explain in a server's log. */
export const LoggedPlan = z.object({
  /** Time as the log has it; null when its lines have none. */
  at: z.string().nullable(),
  /** ms. */
  durationMs: z.number(),
  /** The beginning of the statement. */
  text: z.string(),
  /** The plan's JSON, for `read`; null when it was too large to pass on. */
  json: z.string().nullable(),
});
export type LoggedPlan = z.infer<typeof LoggedPlan>;

export const PlanLog = z.object({
  /** The longest first, at most 200. */
  entries: z.array(LoggedPlan),
  /** All plans found, and of those the ones that could not be read, or are in another format than JSON. */
  found: z.number(),
  broken: z.number(),
  otherFormats: z.number(),
  /** Bytes gone through; the file may have been longer. */
  bytes: z.number(),
  whole: z.boolean(),
  limits: z.array(Explanation),
});
export type PlanLog = z.infer<typeof PlanLog>;

export const plans = {
  /** Looks a statement up, or looks at a typed one, before anything is asked of its plan. */
  statement: read.input(onEnvironment.extend(source)).output(StatementFacts),
  /** EXPLAIN without running it. */
  explain: read.input(onEnvironment.extend({ ...source, parameters })).output(PlanOutcome),
  /** EXPLAIN (ANALYZE): runs it in a transaction that is rolled back. The end of the call cancels it on the server. */
  analyze: changeServer.input(onGuardedEnvironment.extend(run)).output(PlanOutcome),
  /** The same in a READ ONLY transaction, so that the server refuses writes: also for read-only environments. */
  analyzeReadOnly: read.input(onGuardedEnvironment.extend(run)).output(PlanOutcome),
  /** Reads a plan that somebody has: JSON or text format, also as psql prints it. */
  read: read
    .input(onEnvironment.extend({ text: z.string().max(longestPaste, 'The plan is too long to be read.') }))
    .output(PlanAnswer),
  /** Reads auto_explain's plans from a log: by its path on the console's machine, or pasted. */
  log: read
    .input(
      onEnvironment.extend({
        path: z.string().max(4096).optional(),
        text: z.string().max(longestPaste, 'The log is too long to be pasted; give its path.').optional(),
      }),
    )
    .output(PlanLog),
  /** Plans that were looked at lately, the newest first. */
  kept: read.input(onEnvironment).output(z.array(KeptPlan)),
  one: read.input(onEnvironment.extend({ id: z.number().int() })).output(PlanAnswer),
  drop: changeConsole
    .input(onEnvironment.extend({ ids: z.array(z.number().int()).max(100) }))
    .output(z.void()),
};
