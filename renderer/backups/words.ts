import {
  type Backup,
  isWholeDatabase,
  type ToolSet,
  type Verification,
} from '../../preload/contract/backups.ts';
import { plural } from '../components/format.ts';
import type { Severity } from '../theme/colors.ts';

const formats: Record<Backup['format'], string> = {
  custom: 'Custom',
  directory: 'Directory',
  tar: 'Tar',
  plain: 'Plain SQL',
  globals: 'Globals',
  unknown: 'Unknown format',
};

/** What a backup is, in a few words: `Directory, structure only, zstd, encrypted`. */
export function kindWords({
  format,
  contents,
  compression,
  isEncrypted,
}: Pick<Backup, 'format' | 'contents' | 'compression' | 'isEncrypted'>): string {
  const parts = [formats[format]];
  const part = format === 'globals' ? undefined : partWords(contents);
  if (part) parts.push(part);
  if (compression !== 'none' && compression !== 'unknown') parts.push(compression);
  if (isEncrypted) parts.push('encrypted');
  return parts.join(', ');
}

/** What of a database was taken, where it is not all of it. */
function partWords(contents: Backup['contents']): string | undefined {
  if (!contents || isWholeDatabase(contents)) return undefined;
  if (contents.what === 'schema') return 'structure only';
  if (contents.what === 'data') return 'data only';
  const { schemas, tables, excludeSchemas, excludeTables } = contents;
  const isPart = [schemas, tables, excludeSchemas, excludeTables].some((patterns) => patterns.length > 0);
  return isPart ? 'a part' : 'some tables without rows';
}

export type ProofState = 'restorable' | 'readable' | 'unproven' | 'damaged' | 'gone';

/** What is known of a backup's soundness, in one word. */
export function proofState({ verification, isThere }: Pick<Backup, 'verification' | 'isThere'>): ProofState {
  if (!isThere) return 'gone';
  const { level, state } = verification;
  if (state === 'bad') return 'damaged';
  if (state === 'unproven' || level === 'none') return 'unproven';
  return level;
}

interface ProofWords {
  word: string;
  /** What it means, on hover. */
  sentence: string;
  /** Undefined: as it should be. */
  severity: Severity | undefined;
}

export const proofWords: Record<ProofState, ProofWords> = {
  restorable: {
    word: 'Restorable',
    sentence: 'It was restored, and what came of it was compared.',
    severity: undefined,
  },
  readable: { word: 'Readable', sentence: 'All of it was read and is whole.', severity: undefined },
  unproven: { word: 'Not proven', sentence: 'Nobody has read all of it yet.', severity: 'notice' },
  damaged: { word: 'Damaged', sentence: 'It is not what it was, or it is not whole.', severity: 'bad' },
  gone: {
    word: 'Not there any more',
    sentence: 'Nothing lies at its path now, or its disk or bucket can’t be reached.',
    severity: 'warning',
  },
};

/** What an attempt to prove something came to, in one word. */
export const verificationWord = (verification: Verification): string =>
  proofWords[proofState({ verification, isThere: true })].word;

export interface Standing {
  /** Undefined: all is well. */
  severity: Severity | undefined;
  said: string;
  newest: Backup | undefined;
}

const day = 24 * 60 * 60 * 1000;
/** Ages of the newest good backup, ms, from which on that is said aloud. */
const oldFrom = 2 * day;
const tooOldFrom = 8 * day;

/**
 * How an environment stands: the newest backup that is there, was proven good and holds all of the database, as far as is
 * known. Globals alone are no backup.
 */
export function standingOf(backups: readonly Backup[], now: number): Standing {
  const good = backups.filter(
    ({ isThere, verification, format, contents }) =>
      isThere &&
      verification.state === 'good' &&
      format !== 'globals' &&
      (contents === null || isWholeDatabase(contents)),
  );
  const newest = good.reduce<Backup | undefined>(
    (best, one) => (best && best.at >= one.at ? best : one),
    undefined,
  );
  if (!newest) {
    const said =
      backups.length === 0
        ? 'There is no backup.'
        : `There is no good backup: of ${plural(backups.length, 'backup')} none is there, whole and proven.`;
    return { severity: 'bad', said, newest };
  }
  const age = now - newest.at;
  const severity = age >= tooOldFrom ? 'bad' : age >= oldFrom ? 'warning' : undefined;
  return {
    severity,
    said: severity ? 'The newest good backup is old' : 'Newest good backup',
    newest,
  };
}

/** `pg_dump 18.4, /usr/lib/postgresql/18/bin (Debian)`. */
export function toolsWords({ version, where, source, kind }: ToolSet): string {
  const place = kind === 'local' ? where : `${kind} ${where}`;
  return `${version}, ${place} (${source})`;
}

/** The last part of a path, of either kind of slash. */
export const baseName = (path: string): string =>
  path
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1) ?? path;
