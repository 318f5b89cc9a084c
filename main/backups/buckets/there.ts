import type { Buckets } from './open-buckets.ts';

/** How long a bucket may take to show that something is there, ms. After that it counts as gone, as a disk's file does. */
const lookMs = 3000;
/** How long a bucket that did not answer is not asked again, ms: a list asks for many. */
const restMs = 10_000;

/** Tells whether backups are in their buckets. Never throws. */
export function openThere(buckets: Pick<Buckets, 'target' | 'client'>): (path: string) => Promise<boolean> {
  const silent = new Map<number, number>();
  return async (path) => {
    const target = await buckets.target(path).catch(() => undefined);
    if (!target) return false;
    const { id } = target.place;
    if (Date.now() < (silent.get(id) ?? 0)) return false;
    const signal = AbortSignal.timeout(lookMs);
    try {
      const client = await buckets.client(target.place);
      if (await client.head(target.key, signal)) return true;
      const members = ['toc.dat', 'toc.dat.age'].map((name) => client.head(`${target.key}/${name}`, signal));
      return (await Promise.all(members)).some(Boolean);
    } catch {
      silent.set(id, Date.now() + restMs);
      return false;
    }
  };
}
