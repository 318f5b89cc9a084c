import type { TocEntry } from '../../../preload/contract/backups.ts';

/** Schema and name of the indexes of partitions that belong to an index of the whole table. */
export type AttachedIndexes = ReadonlySet<string>;

const keyOf = (schema: string | null, name: string): string => `${schema ?? ''}\0${name}`;

export const attachedIndexes = (toc: readonly TocEntry[]): AttachedIndexes =>
  new Set(toc.filter(({ kind }) => kind === 'INDEX ATTACH').map(({ schema, name }) => keyOf(schema, name)));

const dropped =
  /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(?:("(?:[^"]|"")+"|[^\s".]+)\.)?(?:"(?:[^"]|"")+"|[^\s".]+) DROP CONSTRAINT (?:IF EXISTS )?("(?:[^"]|"")+"|[^\s"]+);\s*$/;

/**
 * Whether a line drops the key of a partition that the key of the whole table has brought along. The server refuses that
 * (2BP01, "cannot drop inherited constraint"), and pg_restore asks for it with `--clean`; it goes with its table.
 */
export function dropsInherited(line: string, attached: AttachedIndexes): boolean {
  if (attached.size === 0) return false;
  const found = dropped.exec(line);
  return found !== null && attached.has(keyOf(bare(found[1]), bare(found[2]) ?? ''));
}

const bare = (name: string | undefined): string | null =>
  name === undefined ? null : name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
