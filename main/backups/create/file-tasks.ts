import type { Compression } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { RemoteFile, RemoteUpload, UploadedPart } from '../buckets/spec.ts';
import type { Key, Lock } from './age.ts';

/** Size and SHA-256, in hex, of some bytes. */
export interface Digest {
  bytes: number;
  sha256: string;
}

/** What the thread for files can do. Paths are absolute; files that it makes must not be there yet. */
export type FileTask =
  /** Has files on the disk for sure, and reads each. */
  | { kind: 'digest'; paths: string[] }
  /** Encrypts files; `texts` are files to make of a text. */
  | { kind: 'seal'; files: { from: string; to: string }[]; lock: Lock }
  | { kind: 'seal-text'; text: string; to: string; lock: Lock }
  /** Opens encrypted files; those without `to` are only read. */
  | { kind: 'open'; files: { from: string; to: string | null }[]; key: Key }
  /** Writes what comes as chunks; the file may be there, empty. */
  | { kind: 'sink'; to: string | RemoteUpload; compression: Compression; lock: Lock | null }
  /** Gives what an encrypted file holds as chunks; of a bucket also what is not encrypted. */
  | { kind: 'source'; from: string | RemoteFile; key: Key | null }
  /** Copies files into a bucket. */
  | { kind: 'upload'; files: { from: string; to: RemoteUpload }[] }
  /** Copies objects out of a bucket; those without `to` are only read. */
  | { kind: 'fetch'; files: { from: RemoteFile; to: string | null }[] };

/** Of one file: as it lies on the disk, and what it holds before it is encrypted. */
export interface FileDone {
  file: Digest;
  plain: Digest;
  /** The last bytes that came as chunks, before they were compressed. */
  tail: string;
  /** Of what went into a bucket in parts. */
  parts?: UploadedPart[];
}

export type ToFileThread =
  | { task: FileTask }
  | { chunk: Uint8Array }
  | { end: true }
  /** One more chunk may be sent. */
  | { more: true };

export type FromFileThread =
  | { done: FileDone[] }
  /** Bytes dealt with since the last word. */
  | { bytes: number }
  | { chunk: Uint8Array }
  | { more: true }
  | {
      failed: {
        name: string;
        message: string;
        code: string | undefined;
        why: string | undefined;
        problem: Explanation | undefined;
      };
    };
