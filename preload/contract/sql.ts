import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  adjustConsole,
  changeServer,
  destroyOnServer,
  Explanation,
  Instant,
  onEnvironment,
  onGuardedEnvironment,
  read,
} from './common.ts';

/** A tab of the workbench, by the name that its window gave it. It owns one session of an environment. */
export const TabRef = z.string().regex(/^[\w-]{1,64}$/, 'A tab is named by letters, digits, - and _.');
const onTab = onEnvironment.extend({ tab: TabRef });

export const statementRisks = ['read', 'change', 'destroy'] as const;
export const StatementRisk = z.enum(statementRisks);
export type StatementRisk = z.infer<typeof StatementRisk>;

/** One piece of a script. Offsets are UTF-16 units in the text that was given; lines count from 1. */
export const SqlStatement = z.object({
  kind: z.enum(['statement', 'meta']),
  start: z.number(),
  /** Past its end, without its semicolon. */
  end: z.number(),
  line: z.number(),
  /** Its first words, for example `ALTER TABLE`, or psql's `\d`. */
  command: z.string(),
  /** As PostgreSQL's own parser classes it. What a function does can't be seen in a text: the server decides. */
  risk: StatementRisk,
  /** Things to know before: an UPDATE without WHERE, everything in a table goes, … */
  warnings: z.array(z.string()),
  /** It begins or ends a transaction by itself. */
  transaction: z.enum(['begins', 'ends']).nullable(),
  /** It can't run in a transaction. */
  outsideTransaction: z.boolean(),
  /** Names of its `:name` parameters, in the order of their first places. */
  parameters: z.array(z.string()),
  /** What the parser (PostgreSQL 18's) says of it; a server of another version may see it otherwise. */
  problem: z.object({ message: z.string(), at: z.number() }).nullable(),
});
export type SqlStatement = z.infer<typeof SqlStatement>;

export const SqlScript = z.object({
  /** At most 5000. */
  statements: z.array(SqlStatement),
  /** How many there are. */
  count: z.number(),
  /** Quotes and comments that are not closed. */
  problems: z.array(z.object({ line: z.number(), what: z.string() })),
});
export type SqlScript = z.infer<typeof SqlScript>;

export const tabModes = ['autocommit', 'transaction'] as const;
export const TabMode = z.enum(tabModes);
export type TabMode = z.infer<typeof TabMode>;

/** A tab's session, as the server last said. */
export const TabState = z.object({
  session: z.enum(['none', 'opening', 'open', 'lost']),
  /** Of the session's backend; null while there is none, and behind a pooler. */
  pid: z.number().nullable(),
  mode: TabMode,
  /** `failed`: everything is refused until it is rolled back. */
  transaction: z.enum(['none', 'open', 'failed']),
  /** Since when a transaction stands open. */
  transactionSince: Instant.nullable(),
  /** How many statements ran in it. */
  transactionStatements: z.number(),
  running: z.object({ since: Instant, text: z.string() }).nullable(),
  /** The server refuses writes here: the environment is read-only. */
  readOnly: z.boolean(),
  /** A pooler hands sessions on: SET, temporary tables and prepared statements do not stay. */
  pooled: z.boolean(),
  /** Why the session was lost, and what was rolled back with it. */
  lost: Explanation.nullable(),
});
export type TabState = z.infer<typeof TabState>;

/** How a column's values are shown. */
export const columnKinds = [
  'text',
  'number',
  'boolean',
  'time',
  'json',
  'bytes',
  'array',
  'range',
  'other',
] as const;
export const ResultColumn = z.object({
  /** May be empty, and need not be the only one of its name. */
  name: z.string(),
  /** As the server writes it, for example `numeric(10,2)`; null until it has said so. */
  type: z.string().nullable(),
  oid: z.number(),
  kind: z.enum(columnKinds),
  /** Oid of the table that it comes from unaltered, and its number there. */
  table: z.number().nullable(),
  attribute: z.number().nullable(),
});
export type ResultColumn = z.infer<typeof ResultColumn>;

export const RunEvent = z.discriminatedUnion('kind', [
  /** `nth` counts the given statements from 0. */
  z.object({ kind: z.literal('began'), nth: z.number(), at: Instant, command: z.string() }),
  /** Comes a second time when the types' names are known. */
  z.object({
    kind: z.literal('columns'),
    nth: z.number(),
    result: z.string(),
    columns: z.array(ResultColumn),
  }),
  /** How many rows there are by now, and how many bytes they take in the result's file. */
  z.object({
    kind: z.literal('rows'),
    nth: z.number(),
    result: z.string(),
    count: z.number(),
    bytes: z.number(),
  }),
  z.object({
    kind: z.literal('notice'),
    nth: z.number(),
    severity: z.string(),
    message: z.string(),
    sqlstate: z.string().nullable(),
    detail: z.string().nullable(),
    hint: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('done'),
    nth: z.number(),
    /** The command's tag as the server gives it, for example `UPDATE 3`. */
    tag: z.string(),
    /** Rows that were given or affected; null where the command has none. */
    rows: z.number().nullable(),
    ms: z.number(),
    /** Until the first row had come, ms. */
    firstRowMs: z.number().nullable(),
    /** There are more rows on the server: why no more were fetched. */
    more: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('failed'),
    nth: z.number(),
    problem: Explanation,
    /** Where in the statement's text, in UTF-16 units from its start, as the server places it. */
    position: z.number().nullable(),
    ms: z.number(),
  }),
  z.object({ kind: z.literal('state'), state: TabState }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

const runOptions = {
  tab: TabRef,
  statements: z
    .array(
      z.object({
        text: z.string().max(20_000_000),
        /** Values of its `:name` parameters as text; null is NULL. */
        values: z.record(z.string(), z.string().nullable()).optional(),
      }),
    )
    .min(1, 'There is no statement.')
    .max(5000),
  mode: TabMode,
  /** 0 is none. */
  statementTimeoutMs: z.number().int().min(0).max(86_400_000),
  /** Rows to fetch of each result. */
  rowLimit: z.number().int().min(1).max(10_000_000),
  /** The server refuses to write, whatever the environment allows. */
  readOnly: z.boolean().optional(),
  /** Whether the rest is left when one fails. */
  stopOnError: z.boolean(),
};

/** A cell's text; null is NULL. */
const Cell = z.string().nullable();
export const ResultRows = z.object({
  rows: z.array(z.array(Cell)),
  /** Cells whose text is longer than what is given here, with its length in characters. */
  cut: z.array(z.object({ row: z.number(), column: z.number(), length: z.number() })),
});
export type ResultRows = z.infer<typeof ResultRows>;

export const Arrangement = z.object({
  sort: z.array(z.object({ column: z.number().int().min(0), descending: z.boolean() })).max(8),
  /** Rows with this text in the column, or in any where it is null; case does not count. */
  filters: z
    .array(z.object({ column: z.number().int().min(0).nullable(), text: z.string().max(1000) }))
    .max(20),
});
export type Arrangement = z.infer<typeof Arrangement>;

const resultRef = z.object({ result: z.string().regex(/^[\w-]{1,80}$/) });

export const sql = {
  /** Splits a text and classes its statements, without a server. */
  parse: read.input(z.object({ text: z.string().max(20_000_000) })).output(SqlScript),
  /** A tab's state from now on, the present one first. */
  watch: read.input(onTab).output(eventIterator(TabState)),
  /**
   * Runs statements that only read. In a guarded or read-only environment the server itself refuses to write.
   * A statement that the parser classes otherwise is refused: it is for `change` or `destroy`.
   */
  run: read.input(onEnvironment.extend(runOptions)).output(eventIterator(RunEvent)),
  /** The same for statements that change something. */
  change: changeServer.input(onGuardedEnvironment.extend(runOptions)).output(eventIterator(RunEvent)),
  /** The same for statements that take something away. */
  destroy: destroyOnServer.input(onGuardedEnvironment.extend(runOptions)).output(eventIterator(RunEvent)),
  /** Commits or rolls back the tab's open transaction. */
  end: read.input(onTab.extend({ how: z.enum(['commit', 'rollback']) })).output(TabState),
  /** Cancels the statement that runs, on the server. True when there was one. */
  cancel: read.input(onTab).output(z.boolean()),
  /** Ends the tab's session, rolls back what is open, and drops its results. */
  close: adjustConsole.input(onTab).output(z.void()),
  /** Rows of a result that have come, from the `from`th on; in an arrangement's order where one is named. */
  rows: read
    .input(
      resultRef.extend({
        from: z.number().int().min(0),
        count: z.number().int().min(1).max(1000),
        arrangement: z.string().optional(),
      }),
    )
    .output(ResultRows),
  /** Part of one cell's text, from the `from`th character on, at most a million of them. */
  value: read
    .input(
      resultRef.extend({
        row: z.number().int().min(0),
        column: z.number().int().min(0),
        from: z.number().int().min(0).default(0),
        arrangement: z.string().optional(),
      }),
    )
    .output(z.object({ text: Cell, length: z.number() })),
  /** Sorts and filters the rows that have come by now: only those. */
  arrange: read
    .input(resultRef.extend({ arrangement: Arrangement }))
    .output(z.object({ arrangement: z.string(), count: z.number() })),
};
