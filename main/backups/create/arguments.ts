import type { BackupOptions, Compression, DumpProgram } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';

/** What there is to make a backup with. */
export interface Making {
  /** Of the programs, such as 150018. */
  versionNum: number;
  /** They run on this machine, and can write where Howdah does. */
  isLocal: boolean;
  /** What is one file goes where only a stream can. */
  isStreamed?: boolean;
  /** Ways of compressing that these programs were built with, `none` among them. */
  methods: readonly Compression['method'][];
  /** Cores of this machine. */
  cores: number;
  /** Sessions that the server has left for us; null: not known. */
  freeSessions: number | null;
  /** May read the roles' passwords. */
  seesPasswords: boolean;
  database: string;
}

/** How a backup is made. */
export interface Recipe {
  program: DumpProgram;
  /** All but the file, the snapshot and the database. */
  args: string[];
  format: BackupOptions['format'] | 'globals';
  compression: Compression;
  jobs: number;
  /** It comes by the program's standard output; else the program writes the file itself. */
  isPiped: boolean;
  /** What compresses a piped one on its way. */
  pipeCompression: Compression;
  /** The line that ends a plain dump. */
  endMark: string | null;
  warnings: string[];
}

/** Of the dump's sessions, one leads the others. */
const leaders = 1;
/** Sessions that are left to others. */
const spared = 3;
const mostJobs = 8;

/**
 * The program and arguments for a backup: never one that the programs' version does not have (their `--help`, by
 * version). What is left open gets the fast and safe choice.
 *
 * @returns what makes it impossible
 */
export function recipeFor(options: BackupOptions, making: Making): Recipe | Explanation {
  if (options.contents.what === 'globals') return globals(options, making);
  const { contents } = options;
  const { versionNum, isLocal, isStreamed } = making;
  const isEncrypted = options.encryption.kind !== 'none';
  const format = options.format;
  const warnings: string[] = [];
  const fault = contentsFault(options);
  if (fault) return fault;
  if (format === 'directory' && !isLocal) {
    return refusal(
      'backup-format-needs-local-tools',
      "The directory format can't be made by programs that run elsewhere.",
      'They would write the folder there, not here.',
      'Choose the custom format, or programs on this machine.',
    );
  }
  if (options.jobs !== undefined && options.jobs > 1 && format !== 'directory') {
    return refusal(
      'backup-jobs-need-directory',
      `The ${format} format is written by one session.`,
      'Only the directory format can be written by several at once.',
      'Leave the number of jobs out, or choose the directory format.',
    );
  }
  const compression = compressionFor(options, making);
  if ('what' in compression) return compression;
  const isPiped =
    !isLocal ||
    ((isEncrypted || isStreamed) && format !== 'directory') ||
    (format === 'plain' && compression.method !== 'none');
  // In a pipe of ours a plain dump is compressed by us, in a thread of its own, beside the program.
  const byPipe = format === 'plain' && compression.method !== 'lz4';
  const jobs = format === 'directory' ? jobsFor(options, making, warnings) : 1;
  const args = [`--format=${format}`, '--verbose'];
  if (!isPiped) args.push('--no-sync');
  if (format === 'directory') args.push(`--jobs=${jobs}`);
  const compress = byPipe ? undefined : compressArgument(format, compression, versionNum);
  if (compress !== undefined) args.push(compress);
  if (contents.what === 'schema') args.push('--schema-only');
  if (contents.what === 'data') args.push('--data-only');
  for (const one of contents.schemas) args.push(`--schema=${one}`);
  for (const one of contents.tables) args.push(`--table=${one}`);
  for (const one of contents.excludeSchemas) args.push(`--exclude-schema=${one}`);
  for (const one of contents.excludeTables) args.push(`--exclude-table=${one}`);
  if (contents.what !== 'schema')
    for (const one of contents.excludeData) args.push(`--exclude-table-data=${one}`);
  if (contents.schemas.length + contents.tables.length > 0) args.push('--strict-names');
  if (!options.owners) {
    if (format === 'plain') args.push('--no-owner');
    else warnings.push('An archive always names its owners; leave them out when it is restored.');
  }
  if (!options.privileges) args.push('--no-privileges');
  if (options.lockWaitMs > 0) args.push(`--lock-wait-timeout=${options.lockWaitMs}`);
  return {
    program: 'pg_dump',
    args,
    format,
    compression,
    jobs,
    isPiped,
    pipeCompression: byPipe ? compression : { method: 'none' },
    endMark: format === 'plain' ? '-- PostgreSQL database dump complete' : null,
    warnings,
  };
}

function globals(options: BackupOptions, making: Making): Recipe | Explanation {
  const asked = options.compression ?? { method: 'none' };
  if (asked.method === 'lz4') return notForPlain();
  const compression = levelled(asked);
  if ('what' in compression) return compression;
  const args = ['--globals-only', '--verbose'];
  const warnings: string[] = [];
  if (!making.seesPasswords) {
    args.push('--no-role-passwords');
    warnings.push(
      "Roles come without their passwords: only a superuser may read those. Who is restored from this can't log in by password.",
    );
  }
  if (!options.owners) args.push('--no-owner');
  if (!options.privileges) args.push('--no-privileges');
  if (options.lockWaitMs > 0) args.push(`--lock-wait-timeout=${options.lockWaitMs}`);
  return {
    program: 'pg_dumpall',
    args,
    format: 'globals',
    compression,
    jobs: 1,
    isPiped: true,
    pipeCompression: compression,
    endMark: '-- PostgreSQL database cluster dump complete',
    warnings,
  };
}

/** Sets of options that pg_dump takes without a word, and that mean less than they seem to. */
function contentsFault({ contents }: BackupOptions): Explanation | undefined {
  const { schemas, tables, excludeSchemas, what, excludeData } = contents;
  if (tables.length > 0 && (schemas.length > 0 || excludeSchemas.length > 0)) {
    return refusal(
      'backup-contents-conflict',
      "Schemas and tables can't be chosen together.",
      'With tables chosen, pg_dump takes no notice of schemas, and the backup would hold less than it seems.',
      'Choose either, or name the tables of a schema by a pattern such as sales.*',
    );
  }
  if (what === 'data' && excludeData.length > 0) {
    return refusal(
      'backup-contents-conflict',
      'A backup of data alone has nothing to take of tables without their data.',
      'What such tables would leave is their structure, and that is left out.',
      'Exclude these tables altogether.',
    );
  }
  return undefined;
}

const isGiven = (options: BackupOptions): options is BackupOptions & { compression: Compression } =>
  options.compression !== undefined;

function compressionFor(options: BackupOptions, making: Making): Compression | Explanation {
  const { format } = options;
  if (!isGiven(options)) {
    if (format === 'tar' || format === 'plain') return { method: 'none' };
    if (making.methods.includes('zstd')) return { method: 'zstd', level: 1 };
    return making.methods.includes('gzip') ? { method: 'gzip', level: 1 } : { method: 'none' };
  }
  const { method } = options.compression;
  if (method === 'none') return { method };
  if (format === 'tar') {
    return refusal(
      'backup-compression-unknown',
      "The tar format can't be compressed.",
      'pg_dump refuses to.',
      'Choose the custom or the directory format, or no compression.',
    );
  }
  const byUs = format === 'plain' && method !== 'lz4';
  if (!byUs && !making.methods.includes(method)) {
    const isOld = making.versionNum < 160_000 && method !== 'gzip';
    return refusal(
      'backup-compression-unknown',
      `These programs can't compress by ${method}.`,
      isOld
        ? `pg_dump has ${method} since version 16; this is ${Math.floor(making.versionNum / 10_000)}.`
        : `They were built without ${method}.`,
      `Choose ${making.methods.filter((one) => one !== 'none').join(' or ') || 'none'}, or other programs.`,
    );
  }
  return levelled(options.compression);
}

const levels: Record<Compression['method'], readonly [number, number]> = {
  none: [0, 0],
  gzip: [1, 9],
  lz4: [1, 12],
  zstd: [1, 22],
};

/** With the level that it will have. */
function levelled({ method, level }: Compression): Compression | Explanation {
  if (method === 'none') return { method };
  if (level === undefined) return { method, level: 1 };
  const [least, most] = levels[method];
  if (level >= least && level <= most) return { method, level };
  return refusal(
    'backup-compression-unknown',
    `${method} has no level ${level}.`,
    `Its levels go from ${least} to ${most}.`,
    'Choose one of these.',
  );
}

function compressArgument(
  format: BackupOptions['format'],
  { method, level }: Compression,
  versionNum: number,
): string | undefined {
  if (format === 'tar') return undefined;
  if (versionNum < 160_000) return `--compress=${method === 'none' ? 0 : (level ?? 1)}`;
  return method === 'none' ? '--compress=none' : `--compress=${method}:${level ?? 1}`;
}

function jobsFor({ jobs }: BackupOptions, { cores, freeSessions }: Making, warnings: string[]): number {
  const free = freeSessions === null ? mostJobs : freeSessions - leaders;
  if (jobs !== undefined) {
    if (jobs > free)
      warnings.push(
        `The server has room for ${Math.max(freeSessions ?? 0, 0)} more sessions; ${jobs} jobs take ${jobs + leaders}.`,
      );
    return jobs;
  }
  return Math.max(1, Math.min(cores, mostJobs, free - spared));
}

const notForPlain = (): Explanation =>
  refusal(
    'backup-compression-unknown',
    "Roles and tablespaces can't be compressed by lz4.",
    'pg_dumpall writes plain text, which Howdah compresses by gzip or zstd.',
    'Choose gzip or zstd.',
  );

const refusal = (cause: string, what: string, why: string, next: string): Explanation => ({
  cause,
  what,
  why,
  next,
});
