import type { Readable } from 'node:stream';
import type { TocEntry, Verification } from '../../../preload/contract/backups.ts';
import type { Programs, Reached } from '../types.ts';

/** A backup as restoring needs it, whoever recognised it. */
export interface RestoreSource {
  /** Absolute: the file, or the folder of a directory backup. */
  path: string;
  format: 'custom' | 'directory' | 'tar' | 'plain';
  isEncrypted: boolean;
  /** The table of contents: what `pg_restore -l` lists, or what a plain dump's own headings say. */
  toc: readonly TocEntry[];
  /** Of the database by the server's count when it was dumped; null where no manifest tells. */
  databaseBytes: number | null;
  /** Rows, and their checksum where it was taken, by table when it was dumped; null where no manifest tells. */
  rows: readonly { schema: string; table: string; rows: number; checksum?: string | undefined }[] | null;
  /** What `pg_restore` on this machine can open by itself; null: it has to be given to it as a stream. */
  file: string | null;
  /** Opens it decrypted, and a plain one uncompressed. Null for a folder. */
  open: (() => Promise<Readable>) | null;
  /** How much `open` gives, bytes; null: not known before its end. */
  streamBytes: number | null;
  /** What somebody should know of it before, a sentence each. */
  notes: readonly string[];
  /**
   * Reads all of it and says whether it is whole, level `readable`. Left out where that has just been done.
   */
  check?: (signal: AbortSignal) => Promise<Verification>;
}

/** What restoring works with. */
export interface RestoreNeeds {
  reached: Reached;
  source: RestoreSource;
  programs: Programs;
}
