import { Bucket, type BucketDraft } from '../../../preload/contract/backup-places.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { SecretKind } from '../../../preload/contract/connection.ts';
import { fail } from '../../lib/fail.ts';
import type { Secrets } from '../../secrets/index.ts';
import type { Store } from '../../store/index.ts';
import { BackupFailure } from '../create/failure.ts';
import type { BucketSpec } from './spec.ts';

/** A saved place with all that it takes to use it. */
export interface SavedBucket {
  /** Of the store. */
  id: number;
  name: string;
  /** What all keys begin with: empty, or ending in `/`. */
  prefix: string;
  spec: BucketSpec;
}

/** The buckets that somebody named. */
export interface SavedBuckets {
  list(): Promise<Bucket[]>;
  /** @throws INVALID when the name is taken */
  add(draft: BucketDraft, secretKey: string | undefined): Promise<Bucket>;
  /** Without a secret key the one that is kept stays, unless it is for another access key or server. @throws INVALID */
  change(id: string, draft: BucketDraft, secretKey: string | undefined): Promise<Bucket>;
  /** @throws INVALID when there is none */
  remove(id: string): Promise<void>;
  byId(id: string): Promise<SavedBucket | undefined>;
  /** @throws BackupFailure when no place has the name */
  byName(name: string): Promise<SavedBucket>;
}

/** Of a kind that the clean-up of environments' secrets does not know, and so lets be. */
const kind: string = 'backup-bucket';
const owner = (id: number | bigint | string): string => `backup-place-${id}`;

interface Row {
  id: number;
  name: string;
  bucket: string;
  prefix: string;
  region: string;
  endpoint: string | null;
  pathStyle: number;
  accessKey: string | null;
}

type Keychain = Pick<Secrets, 'getSecret' | 'setSecret' | 'forget'>;

export function openSavedBuckets({ db }: Pick<Store, 'db'>, secrets: Keychain): SavedBuckets {
  const columns =
    'id, name, bucket, prefix, region, endpoint, path_style AS pathStyle, access_key AS accessKey';
  const all = db.prepare(`SELECT ${columns} FROM backup_bucket ORDER BY name`);
  const one = db.prepare(`SELECT ${columns} FROM backup_bucket WHERE id = ?`);
  const named = db.prepare(`SELECT ${columns} FROM backup_bucket WHERE name = ?`);
  const insert = db.prepare(
    `INSERT INTO backup_bucket (name, bucket, prefix, region, endpoint, path_style, access_key)
     VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
  );
  const update = db.prepare(
    `UPDATE backup_bucket SET name = ?, bucket = ?, prefix = ?, region = ?, endpoint = ?, path_style = ?,
       access_key = ? WHERE id = ?`,
  );
  const remove = db.prepare('DELETE FROM backup_bucket WHERE id = ?');

  const rowOf = (id: string): Row | undefined =>
    /^\d{1,15}$/.test(id) ? (one.get(Number(id)) as Row | undefined) : undefined;
  const secretOf = async (row: Row): Promise<string | undefined> =>
    row.accessKey === null
      ? undefined
      : await secrets.getSecret(owner(row.id), kind as SecretKind, secretFor(row));
  const shown = async (row: Row): Promise<Bucket> =>
    Bucket.parse({
      ...row,
      id: String(row.id),
      pathStyle: row.pathStyle === 1,
      hasSecret: (await secretOf(row)) !== undefined,
    });
  const whole = async (row: Row): Promise<SavedBucket> => ({
    id: row.id,
    name: row.name,
    prefix: asFolder(row.prefix),
    spec: specOf({ ...row, pathStyle: row.pathStyle === 1 }, (await secretOf(row)) ?? null),
  });
  const values = (draft: BucketDraft) =>
    [
      draft.name,
      draft.bucket,
      draft.prefix,
      draft.region,
      draft.endpoint,
      draft.pathStyle ? 1 : 0,
      draft.accessKey,
    ] as const;
  const checked = (draft: BucketDraft, self?: number): void => {
    const other = named.get(draft.name) as Row | undefined;
    if (other && other.id !== self) throw fail('INVALID', taken(draft.name));
    const fault = draftFault(draft);
    if (fault) throw fail('INVALID', fault);
  };
  const keep = async (row: Row, value: string): Promise<void> => {
    await secrets.setSecret(owner(row.id), {
      kind: kind as SecretKind,
      of: secretFor(row),
      value,
      remember: true,
    });
  };

  return {
    list: async () => await Promise.all((all.all() as unknown as Row[]).map(shown)),
    add: async (draft, secretKey) => {
      checked(draft);
      const { id } = insert.get(...values(draft)) as { id: number };
      const row = one.get(id) as unknown as Row;
      if (secretKey !== undefined) await keep(row, secretKey);
      return await shown(row);
    },
    change: async (id, draft, secretKey) => {
      const before = rowOf(id);
      if (!before) throw fail('INVALID', unknown('id', `no place ${id}`));
      checked(draft, before.id);
      update.run(...values(draft), before.id);
      const row = one.get(before.id) as unknown as Row;
      // A secret belongs to its access key and its server.
      if (secretKey !== undefined || secretFor(row) !== secretFor(before))
        await secrets.forget(owner(row.id));
      if (secretKey !== undefined) await keep(row, secretKey);
      return await shown(row);
    },
    remove: async (id) => {
      const row = rowOf(id);
      if (!row) throw fail('INVALID', unknown('id', `no place ${id}`));
      remove.run(row.id);
      await secrets.forget(owner(row.id));
    },
    byId: async (id) => {
      const row = rowOf(id);
      return row && (await whole(row));
    },
    byName: async (name) => {
      const row = named.get(name) as Row | undefined;
      if (!row) throw new BackupFailure(unknown('path', `no place called ${name}`));
      return await whole(row);
    },
  };
}

/** A draft with its secret, for a test of it. */
export const specOf = (
  { bucket, region, endpoint, pathStyle, accessKey }: Omit<BucketSpec, 'secretKey'>,
  secretKey: string | null,
): BucketSpec => ({ bucket, region, endpoint, pathStyle, accessKey, secretKey });

export const asFolder = (prefix: string): string => {
  const bare = prefix.replace(/^\/+|\/+$/g, '');
  return bare === '' ? '' : `${bare}/`;
};

const secretFor = ({ accessKey, endpoint }: Row): string =>
  `${accessKey ?? ''} ${endpoint ?? 'amazonaws.com'}`;

function draftFault({
  bucket,
  prefix,
  endpoint,
  accessKey,
}: BucketDraft): (Explanation & { field: string }) | undefined {
  const words = (field: string, what: string, next: string) => ({
    field,
    cause: 'place-impossible',
    what,
    why: 'No bucket is reached by it.',
    next,
  });
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]+$/.test(bucket) || bucket.includes('..'))
    return words('bucket', `${bucket} can't be a bucket's name.`, 'Give letters, digits, dots and hyphens.');
  if (
    asFolder(prefix)
      .split('/')
      .some(
        (part, index, parts) => (part === '' && index < parts.length - 1) || part === '.' || part === '..',
      )
  )
    return words('prefix', `${prefix} can't begin keys.`, 'Leave out empty parts, . and ..');
  if (endpoint !== null && new URL(endpoint).username + new URL(endpoint).password !== '')
    return words(
      'endpoint',
      'An address with a password in it is not kept.',
      'Give the access key and the secret key apart.',
    );
  if (accessKey !== null && /\s/.test(accessKey))
    return words('accessKey', 'The access key has a space in it.', 'Copy it anew.');
  return undefined;
}

const taken = (name: string): Explanation & { field: string } => ({
  field: 'name',
  cause: 'place-exists',
  what: `There is a place called ${name} already.`,
  why: 'Paths name a place by it.',
  next: 'Choose another name.',
});

const unknown = (field: string, what: string): Explanation & { field: string } => ({
  field,
  cause: 'place-unknown',
  what: `There is ${what}.`,
  why: 'It was removed or renamed, or its name is another.',
  next: 'Look at the list of places.',
  command: 'howdah backups places list',
});
