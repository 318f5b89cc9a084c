import type { BackupOptions, Verification } from '../../../preload/contract/backups.ts';
import type { Buckets } from '../buckets/open-buckets.ts';
import type { BucketTarget } from '../buckets/target.ts';
import type { Programs, Reached } from '../types.ts';
import type { BackupKey } from './key.ts';

/** What a backup is to be made of, with what, and where to. */
export interface BackupTask {
  reached: Reached;
  /** Those that fit the server. */
  programs: Programs;
  environment: { id: string; name: string } | null;
  options: BackupOptions;
  /** Absolute, or of a bucket; nothing is there yet. */
  path: string;
  /** Where the path leads into a bucket. */
  bucket?: { buckets: Buckets; target: BucketTarget } | undefined;
  /** Howdah's version. */
  version: string;
  signal?: AbortSignal | undefined;
}

/** What a backup needs of other rooms. */
export interface CreateNeeds {
  /** Reads an unencrypted backup whole. @throws the signal's reason */
  verifyReadable(
    path: string,
    options: {
      signal: AbortSignal;
      onBytes: (bytes: number) => void;
      onPhase: (said: string) => void;
    },
  ): Promise<Verification>;
  /** Entries of an unencrypted backup's table of contents; null where that can't be told. */
  countObjects(path: string, signal: AbortSignal): Promise<number | null>;
  /** The key of the keychain, for backups that are encrypted by it. */
  key(): Promise<BackupKey>;
}
