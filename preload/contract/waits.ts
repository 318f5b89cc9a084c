import { z } from 'zod';
import { Explanation, Instant, onEnvironment, read } from './common.ts';
import { Window } from './metrics.ts';

/** By what active sessions are told apart. */
export const waitDimensions = ['type', 'event', 'statement', 'user', 'application', 'database'] as const;
export const WaitDimension = z.enum(waitDimensions);
export type WaitDimension = z.infer<typeof WaitDimension>;

/** Key of sessions that ran and waited for nothing that the server knows of: on CPU, or wanting it. */
export const onCpu = 'CPU';
/** Key of what is not told apart any more: steps are kept with their largest parts only. */
export const others = '';

/** Only sessions with these keys, each as `WaitShare.key` has it. */
export const WaitFilter = z.partialRecord(WaitDimension, z.string().max(600));
export type WaitFilter = z.infer<typeof WaitFilter>;

const chosen = onEnvironment.extend({
  window: Window,
  from: Instant.optional(),
  to: Instant.optional(),
  by: WaitDimension,
  /** `clients`: sessions of clients; `workers`: parallel workers, autovacuum, and other background work. */
  of: z.enum(['clients', 'workers']).default('clients'),
  filter: WaitFilter.default({}),
});

export const WaitSeries = z.object({
  /** A wait type (`Lock`, `IO`, …, `CPU`), `type:event`, a statement's id, or a name; empty for all others. */
  key: z.string(),
  label: z.string(),
  /** Average active sessions in each step; null where nothing was sampled. */
  mean: z.array(z.number().nullable()),
});

export const WaitHistory = z.object({
  from: Instant,
  to: Instant,
  /** ms; point i covers [from + i·step, from + (i+1)·step). At most 300. */
  stepMs: z.number(),
  /** Largest first, at most 12 and the others. */
  series: z.array(WaitSeries),
  /** Average sessions whose state this role may not see; they may have been active. Null as above. */
  hidden: z.array(z.number().nullable()),
  /** Sampled time in the window, ms. */
  coveredMs: z.number(),
});
export type WaitHistory = z.infer<typeof WaitHistory>;

export const WaitShare = z.object({
  key: z.string(),
  /** For statements the text with its constants replaced, at most 500 characters; for others the key in words. */
  label: z.string(),
  /** int8 as text; only of statements that have one. */
  queryId: z.string().nullable(),
  /** Time spent active, all sessions together, ms. */
  ms: z.number(),
  /** The same by wait type. */
  byType: z.record(z.string(), z.number()),
});
export type WaitShare = z.infer<typeof WaitShare>;

export const WaitTop = z.object({
  from: Instant,
  to: Instant,
  /** Largest first, at most 50 and the others. */
  shares: z.array(WaitShare),
  /** Sum over all shares, ms. */
  totalMs: z.number(),
  coveredMs: z.number(),
});
export type WaitTop = z.infer<typeof WaitTop>;

export const waits = {
  /** What this role can't see or have here, in words; empty when nothing is missing. */
  limits: read.input(onEnvironment).output(z.array(Explanation)),
  /** Average active sessions over time, sampled with the live sample; from the store. */
  history: read.input(chosen).output(WaitHistory),
  /** Who made up a span. */
  top: read.input(chosen).output(WaitTop),
};
