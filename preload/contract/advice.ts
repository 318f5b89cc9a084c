import { z } from 'zod';
import { Explanation } from './common.ts';
import { severities } from './environments.ts';

/** The rooms that look for what is wrong; `access` looks at who may see what. */
export const advisers = [
  'activity',
  'queries',
  'locks',
  'storage',
  'maintenance',
  'server',
  'access',
] as const;
export type Adviser = (typeof advisers)[number];

/** One thing found wrong, with what shows it and what mends it. Nothing of it is ever run by itself. */
export const Advice = z.object({
  /** Stable for the same thing on the same server: kind and object, for example `index-duplicate public.users_email_2`. */
  id: z.string(),
  /** Stable identifier of the sort of thing, for example `index-duplicate`. */
  kind: z.string(),
  room: z.enum(advisers),
  severity: z.enum(severities),
  /** One line that names the thing and what is wrong with it. */
  title: z.string(),
  /** What it is about, as a person would write it: schema and name, a setting, a role; null for the whole server. */
  object: z.string().nullable(),
  /** Database it lies in; null for the whole server. */
  database: z.string().nullable(),
  /** Facts that show it, a sentence each, with figures. */
  evidence: z.array(z.string()),
  /** What it does harm to. */
  harm: z.string(),
  /** What to do, in words. */
  remedy: z.string(),
  /** SQL that does it, where SQL can; never run by itself. */
  statement: z.string().nullable(),
  /** Bytes that the remedy frees or the thing takes, int8 as text. */
  bytes: z.string().nullable(),
  /** Rests on an estimate, and says so wherever it is shown. */
  estimated: z.boolean(),
  /** Where the rule comes from: a chapter of PostgreSQL's manual, for example. */
  source: z.string().nullable(),
});
export type Advice = z.infer<typeof Advice>;

/** What was found, and what could not be looked at: a missing right, extension, or setting. */
export const Advised = z.object({ advice: z.array(Advice), limits: z.array(Explanation) });
export type Advised = z.infer<typeof Advised>;
