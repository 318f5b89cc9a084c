import { z } from 'zod';
import { EnvironmentRef, Instant, read } from './common.ts';

export const AuditEntry = z.object({
  id: z.number(),
  at: Instant,
  /** ms from start to end; null while it runs, or when Howdah ended before it did. */
  tookMs: z.number().nullable(),
  /** The account of the operating system and the face it used, for example `ada via desktop`. */
  who: z.string(),
  environment: z.string().nullable(),
  environmentName: z.string().nullable(),
  /** Path of the procedure, for example `activity.terminate`. */
  procedure: z.string(),
  risk: z.enum(['change', 'destroy']),
  /** What was asked, secrets left out, as JSON text. */
  input: z.string(),
  /** `started` long ago means that the outcome is unknown. */
  outcome: z.enum(['started', 'done', 'failed', 'refused']),
  /** What came of it, or why not. */
  result: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const audit = {
  /** Newest first. `before` is the id to go on from. */
  list: read
    .input(
      z.object({
        environment: EnvironmentRef.optional(),
        text: z.string().max(200).optional(),
        before: z.number().optional(),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(z.object({ entries: z.array(AuditEntry), more: z.boolean() })),
};
