import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BackupOptions, backupFormats, Compression, ToolSet } from '../../../preload/contract/backups.ts';
import { Instant } from '../../../preload/contract/common.ts';

/** One file of a backup as it was written. */
const ManifestFile = z.object({
  /** Within the folder of a directory backup, with `/`; empty for a backup that is one file. */
  name: z.string(),
  bytes: z.number().int().min(0),
  /** In hex, of the bytes on the disk: compressed and encrypted as they are. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestFile = z.infer<typeof ManifestFile>;

/**
 * What is written as JSON beside each backup that Howdah makes, at `manifestPath`. It is written last: a backup with a
 * manifest is whole. It holds no secret.
 */
export const Manifest = z.object({
  /** Version of this format. A reader refuses newer ones. */
  manifest: z.literal(1),
  /** Howdah's own version. */
  howdah: z.string(),
  /** `account@host` of whoever made it. */
  who: z.string(),
  environment: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Null for globals. */
  database: z.string().nullable(),
  /** As `SHOW server_version` and `server_version_num` give it. */
  server: z.object({ version: z.string(), versionNum: z.number().int() }),
  /** The programs that made it. */
  tool: ToolSet,
  /** For a shell, without secrets. */
  command: z.string(),
  /** As asked for; how it is encrypted is told apart, and never with a passphrase. */
  options: BackupOptions.omit({ encryption: true }),
  format: z.enum([...backupFormats, 'globals']),
  /** As it really is, also where the options left it open. */
  compression: Compression,
  /** `recipient`: the public half of the key, where there is one. */
  encryption: z
    .object({
      method: z.literal('age'),
      by: z.enum(['key', 'passphrase']),
      recipient: z.string().nullable(),
    })
    .nullable(),
  /** When its snapshot was taken. */
  at: Instant,
  durationMs: z.number().min(0),
  /** Of the database by the server's count; null when it may not be seen. */
  databaseBytes: z.number().int().nullable(),
  /** Of all files. */
  bytes: z.number().int().min(0),
  /** Entries of its table of contents, as `pg_restore -l` lists them; null where that is not known. */
  objects: z.number().int().min(0).nullable(),
  files: z.array(ManifestFile).min(1),
  /** As `digestOf` gives it. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Rows by table, counted in the dump's own snapshot; null when they were not counted. */
  rows: z
    .array(
      z.object({
        schema: z.string(),
        table: z.string(),
        rows: z.number().int().min(0),
        /** The sum of the rows' 64-bit hashes in decimal digits, where it was taken. */
        checksum: z.string().optional(),
      }),
    )
    .nullable(),
});
export type Manifest = z.infer<typeof Manifest>;

const suffix = '.howdah.json';

/** Where the manifest of a backup lies: beside the file or folder. */
export const manifestPath = (path: string): string => path.replace(/[\\/]+$/, '') + suffix;

/** Whether a name is that of a manifest. */
export const isManifestName = (name: string): boolean => name.endsWith(suffix);

/**
 * SHA-256 of a backup, in hex: of the file, where it is one; for a folder that of the list which
 * `sha256sum` prints in it for its files in the order of their names (by code units), so that anybody can check it.
 */
export function digestOf(files: readonly ManifestFile[]): string {
  const [only] = files;
  if (only?.name === '' && files.length === 1) return only.sha256;
  const lines = [...files]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
