import { BackupFailure } from '../create/failure.ts';

/** Where something lies in a saved bucket. */
export interface BucketAddress {
  /** Of the saved place. */
  name: string;
  /** Below the place's prefix; empty: all of it. */
  key: string;
}

const scheme = 's3://';

/** Whether a path leads into a bucket. */
export const isBucketPath = (path: string): boolean => path.startsWith(scheme);

/**
 * Takes `s3://NAME/key` apart.
 *
 * @throws BackupFailure for what no backup may be called: a key that would lead elsewhere when it is copied to a disk
 */
export function bucketAddress(path: string, { isFolder = false } = {}): BucketAddress {
  const rest = path.slice(scheme.length);
  const slash = rest.indexOf('/');
  const name = slash < 0 ? rest : rest.slice(0, slash);
  const key = slash < 0 ? '' : rest.slice(slash + 1).replace(/\/+$/, '');
  const fault = isBucketPath(path) ? faultOf(name, key, isFolder) : 'It does not begin with s3://.';
  if (fault === undefined) return { name, key };
  throw new BackupFailure({
    cause: 'name-impossible',
    what: `${JSON.stringify(path)} can't be the ${isFolder ? 'path' : 'name of a backup'} in a bucket.`,
    why: fault,
    next: 'Give s3://NAME/KEY, with the name of a saved place and a key like demo/shop.dump.',
  });
}

/** What a key's last part is called on a disk, whatever system that is of. */
export const localName = (key: string): string =>
  key
    .slice(key.lastIndexOf('/') + 1)
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .slice(-80);

function faultOf(name: string, key: string, isFolder: boolean): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) return 'It names no place.';
  if (key === '') return isFolder ? undefined : 'It has no key.';
  // A member of a directory backup and its manifest go beneath it; the whole may have 1,024 bytes.
  if (Buffer.byteLength(key) > 700) return 'The key is too long.';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f\\]/.test(key)) return 'The key has control characters or backslashes.';
  if (key.split('/').some((part) => ['', '.', '..'].includes(part)))
    return 'A part of the key is empty, . or ..';
  if (!isFolder && (key.endsWith('.howdah.json') || /\.partial-[^/]+$/.test(key)))
    return 'Such names are for manifests and unfinished backups.';
  return undefined;
}
