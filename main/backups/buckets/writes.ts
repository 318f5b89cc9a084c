import type { Store } from '../../store/index.ts';
import { within } from '../../store/index.ts';
import { isOfDeadRun } from '../create/place.ts';
import { manifestPath } from '../files/index.ts';
import type { BucketClient } from './client.ts';

/** Something that a run puts into a bucket. Keys come with the prefix. */
export interface BucketWrite {
  backup: string;
  key: string;
  /** Empty: one is being opened, and its name is not known yet. */
  upload: string | null;
}

/** Notes of what runs put into buckets, made before they do: a run that was killed can clear nothing itself. */
export interface BucketWrites {
  note(bucket: number, run: string, writes: readonly BucketWrite[]): void;
  /** The name of an upload that was being opened. */
  opened(run: string, key: string, upload: string): void;
  /** Forgets a run's notes. */
  done(run: string): void;
  /** Whether this machine knows of an upload: its own runs clear it. */
  isKnown(bucket: number, key: string): boolean;
  /** Whether a living run works on a backup of this key. */
  isHeld(bucket: number, backup: string, but: string): boolean;
  /** Removes what a run has put there, and has not finished. The answer is what could not be removed. */
  clear(run: string, client: BucketClient): Promise<string[]>;
  /** The same for all dead runs of this machine in one bucket. Never throws: what stays is tried again by the next. */
  clearDead(bucket: number, client: BucketClient): Promise<void>;
}

type Row = BucketWrite & { run: string };

export function openBucketWrites({ db }: Store): BucketWrites {
  const insert = db.prepare(
    'INSERT INTO backup_bucket_write (run, bucket, backup, key, upload) VALUES (?, ?, ?, ?, ?)',
  );
  const ofRun = db.prepare('SELECT run, backup, key, upload FROM backup_bucket_write WHERE run = ?');
  const runs = db.prepare('SELECT DISTINCT run FROM backup_bucket_write WHERE bucket = ?');
  const holders = db.prepare(
    'SELECT DISTINCT run FROM backup_bucket_write WHERE bucket = ? AND backup = ? AND run <> ?',
  );
  const known = db.prepare('SELECT 1 FROM backup_bucket_write WHERE bucket = ? AND key = ?');
  const name = db.prepare(
    "UPDATE backup_bucket_write SET upload = ? WHERE run = ? AND key = ? AND upload = ''",
  );
  const forget = db.prepare('DELETE FROM backup_bucket_write WHERE run = ?');
  const runsOf = (rows: unknown[]): string[] => (rows as { run: string }[]).map(({ run }) => run);

  const clear = async (run: string, client: BucketClient): Promise<string[]> => {
    const rows = ofRun.all(run) as unknown as Row[];
    const left: string[] = [];
    for (const { backup, key, upload } of rows) {
      try {
        const open = upload === '' ? await uploadsOf(client, key) : upload === null ? [] : [upload];
        for (const one of open) await client.abort(key, one);
        await removeOwn(client, { backup, key, run });
      } catch {
        left.push(key);
      }
    }
    if (left.length === 0) forget.run(run);
    return left;
  };

  return {
    note: (bucket, run, writes) =>
      within(db, () => {
        for (const { backup, key, upload } of writes) insert.run(run, bucket, backup, key, upload);
      }),
    opened: (run, key, upload) => void name.run(upload, run, key),
    done: (run) => void forget.run(run),
    isKnown: (bucket, key) => known.get(bucket, key) !== undefined,
    isHeld: (bucket, backup, but) =>
      runsOf(holders.all(bucket, backup, but)).some((run) => !isOfDeadRun(run)),
    clear,
    clearDead: async (bucket, client) => {
      for (const run of runsOf(runs.all(bucket))) if (isOfDeadRun(run)) await clear(run, client);
    },
  };
}

/** Names of the uploads of one key that are open. */
async function uploadsOf(client: BucketClient, key: string): Promise<string[]> {
  const open: string[] = [];
  for await (const one of client.openUploads(key)) if (one.key === key) open.push(one.upload);
  return open;
}

/** Removes an object if this run has put it there, and no manifest says that it is a backup. */
async function removeOwn(
  client: BucketClient,
  { backup, key, run }: { backup: string; key: string; run: string },
): Promise<void> {
  const there = await client.head(key);
  if (!there || there.run !== run) return;
  const manifest = await client.head(manifestPath(backup));
  if (manifest?.run !== run) await client.remove(key);
}
