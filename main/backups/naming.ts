import { join } from 'node:path';
import type { BackupOptions } from '../../preload/contract/backups.ts';

/** What the name of a backup says that was made without one: what it is, when, and how it is packed. */
export interface NameFacts {
  /** Howdah's own folder for backups. */
  folder: string;
  environment: { id: string; name: string };
  database: string;
  options: BackupOptions;
  at: Date;
  /** Tells it from another one of the same second. */
  tag?: string | undefined;
}

/** A path of its own for each backup, in a folder for each environment. */
export const defaultPath = (facts: NameFacts): string =>
  join(facts.folder, safe(facts.environment.name) || facts.environment.id, defaultName(facts));

/** Its name alone; times are UTC. */
export function defaultName({ environment, database, options, at, tag }: NameFacts): string {
  const { format, contents, compression, encryption } = options;
  const isGlobals = contents.what === 'globals';
  const stamp = at.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '_');
  const packed = compression?.method === 'gzip' ? '.gz' : compression?.method === 'zstd' ? '.zst' : '';
  const kind = isGlobals
    ? `.globals.sql${packed}`
    : { custom: '.dump', directory: '', tar: '.tar', plain: `.sql${packed}` }[format];
  const sealed = encryption.kind !== 'none' && (isGlobals || format !== 'directory') ? '.age' : '';
  const what = isGlobals ? environment.name : database;
  return `${safe(what) || 'backup'}_${stamp}${tag === undefined ? '' : `_${tag}`}${kind}${sealed}`;
}

/** Whether a name is one that `defaultName` gives. */
export const isDefaultName = (name: string): boolean =>
  /^[\p{L}\p{N}_-]+_\d{8}_\d{6}(?:_run\d+)?(?:\.dump|\.tar|(?:\.globals)?\.sql(?:\.gz|\.zst)?)?(?:\.age)?$/u.test(
    name,
  );

/** Letters and digits of all scripts; no name leads out of the folder, or is one of Windows's devices. */
const safe = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 80);
