import type { BackupOptions, Compression, ToolSet } from '../../../preload/contract/backups.ts';

/** What a person has chosen for a backup, as the form holds it. */
export interface Draft {
  what: BackupOptions['contents']['what'];
  format: BackupOptions['format'];
  /** Empty: the fastest that the programs can do. */
  method: Compression['method'] | '';
  level: string;
  jobs: string;
  /** Patterns, one a line. */
  schemas: string;
  tables: string;
  excludeSchemas: string;
  excludeTables: string;
  excludeData: string;
  owners: boolean;
  privileges: boolean;
  counted: BackupOptions['counted'];
  lockWaitSeconds: string;
  encryption: BackupOptions['encryption']['kind'];
  /** Empty: the environment's own folder; `path`; or `s3://NAME/`. */
  place: string;
  path: string;
  /** Empty: those that fit best. */
  tools: string;
}

export const firstDraft: Draft = {
  what: 'all',
  format: 'directory',
  method: '',
  level: '',
  jobs: '',
  schemas: '',
  tables: '',
  excludeSchemas: '',
  excludeTables: '',
  excludeData: '',
  owners: true,
  privileges: true,
  counted: 'none',
  lockWaitSeconds: '30',
  encryption: 'none',
  place: '',
  path: '',
  tools: '',
};

/** Typed passphrases; never kept with the draft. */
export interface Passphrases {
  first: string;
  again: string;
}

/** For a plan, which tells the same whatever the passphrase is: the one that was typed need not travel. */
const standIn = 'passphrase of a plan';

/** The options of a draft. Fields that the choice makes meaningless are left out, not asked to be emptied. */
export function optionsOf(draft: Draft, passphrase: string = standIn): BackupOptions {
  const { what, format, method, encryption } = draft;
  const level = whole(draft.level);
  const jobs = whole(draft.jobs);
  const isGlobals = what === 'globals';
  const compression = compressionsFor(draft).includes(method || 'none') ? method : '';
  return {
    format,
    ...(compression === ''
      ? {}
      : {
          compression: {
            method: compression,
            ...(level === undefined || compression === 'none' ? {} : { level }),
          },
        }),
    ...(jobs === undefined || format !== 'directory' || isGlobals ? {} : { jobs }),
    contents: {
      what,
      schemas: isGlobals ? [] : patterns(draft.schemas),
      tables: isGlobals ? [] : patterns(draft.tables),
      excludeSchemas: isGlobals ? [] : patterns(draft.excludeSchemas),
      excludeTables: isGlobals ? [] : patterns(draft.excludeTables),
      excludeData: what === 'all' ? patterns(draft.excludeData) : [],
    },
    owners: draft.owners,
    privileges: draft.privileges,
    counted: isGlobals || what === 'schema' ? 'none' : draft.counted,
    lockWaitMs: (whole(draft.lockWaitSeconds) ?? 0) * 1000,
    encryption: encryption === 'passphrase' ? { kind: 'passphrase', passphrase } : { kind: encryption },
    ...(draft.tools === '' ? {} : { tools: draft.tools }),
  };
}

/** A draft that gives these options again; where it goes is not in them, a passphrase neither. */
export function draftOf({ format, compression, jobs, contents, encryption, ...same }: BackupOptions): Draft {
  const text = (value: number | undefined): string => (value === undefined ? '' : String(value));
  const lines = (patterns: readonly string[]): string => patterns.join('\n');
  return {
    ...firstDraft,
    what: contents.what,
    format,
    method: compression?.method ?? '',
    level: text(compression?.level),
    jobs: text(jobs),
    schemas: lines(contents.schemas),
    tables: lines(contents.tables),
    excludeSchemas: lines(contents.excludeSchemas),
    excludeTables: lines(contents.excludeTables),
    excludeData: lines(contents.excludeData),
    owners: same.owners,
    privileges: same.privileges,
    counted: same.counted,
    lockWaitSeconds: String(same.lockWaitMs / 1000),
    encryption: encryption.kind,
    tools: same.tools ?? '',
  };
}

/** What a name tells that a backup is given by itself. */
export interface Naming {
  database: string;
  at: Date;
}

/**
 * Where it is to go; undefined: the environment's own folder, where the console names it. A path that ends like a
 * folder's gets a name of its own, by what it is and when.
 */
export function pathOf(draft: Draft, naming: Naming): string | undefined {
  const { place } = draft;
  if (place === '') return undefined;
  const path = place === 'path' ? draft.path.trim() : place + draft.path.trim().replace(/^\/+/, '');
  return /[\\/]$/.test(path) ? path + nameOf(draft, naming) : path;
}

const endings: Record<Draft['format'], string> = {
  custom: '.dump',
  directory: '',
  tar: '.tar',
  plain: '.sql',
};

function nameOf({ what, format, encryption }: Draft, { database, at }: Naming): string {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
  const name = database.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 80) || 'backup';
  const isFolder = what !== 'globals' && format === 'directory';
  const ending = what === 'globals' ? '.globals.sql' : endings[format];
  return `${name}_${stamp}${ending}${encryption !== 'none' && !isFolder ? '.age' : ''}`;
}

/** Ways of compressing that a format can have. */
export function compressionsFor({ what, format }: Pick<Draft, 'what' | 'format'>): Compression['method'][] {
  if (what === 'globals' || format === 'plain') return ['none', 'gzip', 'zstd'];
  return format === 'tar' ? ['none'] : ['none', 'gzip', 'lz4', 'zstd'];
}

/** Why these programs do not have a way of compressing; undefined: they may have it. Plain text is compressed by Howdah. */
export function lacks(
  method: Compression['method'],
  { what, format }: Pick<Draft, 'what' | 'format'>,
  tools: Pick<ToolSet, 'versionNum'> | undefined,
): string | undefined {
  if (method !== 'lz4' && method !== 'zstd') return undefined;
  if (what === 'globals' || format === 'plain' || !tools || tools.versionNum >= 160_000) return undefined;
  return 'from pg_dump 16 on';
}

export type DraftFaults = Partial<
  Record<'path' | 'first' | 'again' | 'level' | 'jobs' | 'lockWaitSeconds', string>
>;

/** What has to be mended before anything is planned. */
export function faultsOf(draft: Draft): DraftFaults {
  const faults: DraftFaults = {};
  if (draft.place === 'path' && draft.path.trim() === '')
    faults.path = 'Give the path of a file or folder that is not there yet.';
  if (draft.level !== '' && !isBetween(draft.level, 0, 22)) faults.level = 'A whole number up to 22.';
  if (draft.jobs !== '' && !isBetween(draft.jobs, 1, 64)) faults.jobs = 'A whole number from 1 to 64.';
  if (!isBetween(draft.lockWaitSeconds, 0, 3600)) faults.lockWaitSeconds = 'Whole seconds, at most 3600.';
  return faults;
}

/** The shortest passphrase that the console takes. */
const shortest = 8;

/** What is wrong with the passphrases. They hold up the start, not the plan. */
export function passphraseFaults({ encryption }: Draft, { first, again }: Passphrases): DraftFaults {
  if (encryption !== 'passphrase') return {};
  if (first.length < shortest) return { first: `At least ${shortest} characters.` };
  return first === again ? {} : { again: 'It is not the same.' };
}

/** One a line; what is written twice counts once. */
const patterns = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

const whole = (text: string): number | undefined =>
  /^\d+$/.test(text.trim()) ? Number(text.trim()) : undefined;

function isBetween(text: string, least: number, most: number): boolean {
  const value = whole(text);
  return value !== undefined && value >= least && value <= most;
}
