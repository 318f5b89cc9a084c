import { z } from 'zod';
import { changeConsole, EnvironmentRef, read } from './common.ts';
import { Environment, EnvironmentDraft, Finding } from './environments.ts';

/** What kind of file connections are read from. */
export const ImportKind = z.enum([
  'env',
  'compose',
  'service',
  'pgpass',
  'dbeaver',
  'pgadmin',
  'dbgate',
  'howdah',
]);
export type ImportKind = z.infer<typeof ImportKind>;

/** The largest file that is looked at, in bytes. */
export const largestImport = 5_000_000;

/** A file by its path on the console's machine, or with its content (base64) as a person chose it. */
export const ImportSource = z.union([
  z.object({ path: z.string().min(1).max(4096) }),
  z.object({ name: z.string().min(1).max(1000), content: z.base64().max(Math.ceil(largestImport / 3) * 4) }),
]);
export type ImportSource = z.infer<typeof ImportSource>;

/** A connection found in a file. Its password, where there is one, stays in the main process. */
export const ImportCandidate = z.object({
  key: z.string(),
  kind: ImportKind,
  draft: EnvironmentDraft,
  /** Name of the file, line (from 1; null where the format has none) and what it was read from: `DATABASE_URL`, `service db`. */
  file: z.string(),
  line: z.number().nullable(),
  from: z.string(),
  hasPassword: z.boolean(),
  /** What should be known before taking it. */
  notes: z.array(Finding),
  /** Name of an environment that already goes to the same place as the same role. */
  same: z.string().nullable(),
});
export type ImportCandidate = z.infer<typeof ImportCandidate>;

/** Why a file, or a part of it, could not be read. Never quotes a value. */
export const ImportProblem = z.object({ file: z.string(), line: z.number().nullable(), text: z.string() });
export type ImportProblem = z.infer<typeof ImportProblem>;

export const ImportPreview = z.object({
  /** Names the passwords kept for it until it is taken, for a quarter of an hour at most. */
  id: z.string(),
  candidates: z.array(ImportCandidate),
  problems: z.array(ImportProblem),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

export const ImportPlace = z.object({ kind: ImportKind, path: z.string(), label: z.string() });
export type ImportPlace = z.infer<typeof ImportPlace>;

export const imports = {
  /** Files with connections at their usual places on this machine. */
  places: read.output(z.array(ImportPlace)),
  /** Reads files without changing anything. `kind` where the name and the content don't tell. */
  preview: read
    .input(z.object({ sources: z.array(ImportSource).min(1).max(20), kind: ImportKind.optional() }))
    .output(ImportPreview),
  /**
   * Adds the chosen ones, all or none; `draft` as corrected by a person. `password` keeps the one that was found, where
   * the draft still goes to the place it was found for: `withoutPassword` names the others. `confirm` as with
   * `environments.add`.
   */
  take: changeConsole
    .input(
      z.object({
        preview: z.string(),
        choices: z
          .array(
            z.object({
              key: z.string(),
              draft: EnvironmentDraft,
              password: z.boolean(),
              connect: z.boolean(),
              confirm: z.string().max(200).optional(),
            }),
          )
          .min(1)
          .max(500),
      }),
    )
    .output(z.object({ added: z.array(Environment), withoutPassword: z.array(z.string()).default([]) })),
  /** Environments as a file for a team: everything but secrets and the sample's. All of them when none is named. */
  export: read
    .input(z.object({ environments: z.array(EnvironmentRef).optional() }))
    .output(z.object({ name: z.string(), text: z.string() })),
};
