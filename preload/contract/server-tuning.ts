import { z } from 'zod';
import { Explanation } from './common.ts';

export const disks = ['ssd', 'hdd', 'network'] as const;
export const workloads = ['web', 'oltp', 'analytics', 'mixed', 'desktop'] as const;

/** What somebody says of a machine; null is not known. */
export const MachineGiven = z.object({
  /** Memory that PostgreSQL may have, bytes. */
  memory: z
    .number()
    .int()
    .min(16_777_216, 'Less than 16 MB.')
    .max(2 ** 50, 'More than 1 PB.')
    .nullable(),
  /** Processor cores. */
  cores: z.number().int().min(1, 'At least one core.').max(4096, 'More than 4096 cores.').nullable(),
  disk: z.enum(disks).nullable(),
  workload: z.enum(workloads).nullable(),
});
export type MachineGiven = z.infer<typeof MachineGiven>;

/** Where a fact about the machine comes from. */
export const FactSource = z.enum(['given', 'this machine', 'read from the server']);

const known = <T extends z.ZodType>(value: T) => z.object({ value, source: FactSource }).nullable();

export const Machine = z.object({
  memory: known(z.number()),
  cores: known(z.number()),
  disk: known(z.enum(disks)),
  workload: known(z.enum(workloads)),
  /** What to know about how it was found out. */
  notes: z.array(z.string()),
});
export type Machine = z.infer<typeof Machine>;

export const TuningAdvice = z.object({
  name: z.string(),
  group: z.enum(['Memory', 'Connections', 'WAL', 'Planner', 'Parallel work', 'Safety']),
  /** In words; null when this role may not see it. */
  now: z.string().nullable(),
  /** In words; null where it can't be told, and `reason` says why. */
  recommended: z.string().nullable(),
  verdict: z.enum(['as it is', 'change', 'unknown']),
  reason: z.string(),
  /** Chapter of the manual, or who says so. */
  source: z.string(),
  /** ALTER SYSTEM and what brings it into effect; null when there is nothing to do, or no ALTER SYSTEM there. */
  apply: z.string().nullable(),
  /** What it takes. */
  takes: z.enum(['reload', 'restart']).nullable(),
});
export type TuningAdvice = z.infer<typeof TuningAdvice>;

export const Tuning = z.object({
  machine: Machine,
  advice: z.array(TuningAdvice),
  limits: z.array(Explanation),
});
export type Tuning = z.infer<typeof Tuning>;
