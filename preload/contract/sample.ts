import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { changeConsole, read } from './common.ts';

export const SampleSystem = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  database: z.string(),
  user: z.string(),
});

export const SampleStatus = z.object({
  state: z.enum(['absent', 'stopped', 'running']),
  folder: z.string(),
  port: z.number().optional(),
  serverVersion: z.string().optional(),
  systems: z.array(SampleSystem),
  /** Whether this console runs the workload on it. */
  workload: z.boolean(),
});
export type SampleStatus = z.infer<typeof SampleStatus>;

export const SampleProgress = z.object({
  step: z.string(),
  done: z.number(),
  total: z.number(),
  finished: SampleStatus.optional(),
});
export type SampleProgress = z.infer<typeof SampleProgress>;

export const sample = {
  status: read.output(SampleStatus),
  /** Makes it when it is not there, starts it, adds its systems as environments. The last event has `finished`. */
  start: changeConsole
    .input(z.object({ workload: z.boolean().default(true) }))
    .output(eventIterator(SampleProgress)),
  stop: changeConsole.output(SampleStatus),
};
