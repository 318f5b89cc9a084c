import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { ServerEvent } from '../../preload/contract/metrics.ts';
import type { EpisodeStore } from './episode-store.ts';
import { type EpisodeRecord, EpisodeWatch } from './episodes.ts';

/** An episode is kept once two samples saw it, or somebody waited this long within it, ms. Others are counted only. */
const worthKeepingMs = 3000;
/** How often one that goes on is written again, ms. */
const renewMs = 10_000;
/** From this wait on it is an event on the charts, ms. */
const worthTellingMs = 30_000;

interface Watching {
  watch: EpisodeWatch;
  written: Map<EpisodeRecord, { at: number; most: number }>;
}

export interface EpisodeKeeperNeeds {
  store: EpisodeStore;
  events(id: string, from: number, to: number): ServerEvent[];
  onEvent(id: string, kind: string, text: string, at?: number): void;
  /** One whose root was a prepared transaction has ended: the sample does not tell how. */
  onPreparedEnd(id: string, record: EpisodeRecord): void;
}

/** Keeps the blocking episodes of all environments in the store. */
export function keepEpisodes({ store, events, onEvent, onPreparedEnd }: EpisodeKeeperNeeds) {
  const all = new Map<string, Watching>();
  const of = (id: string): Watching => {
    const known = all.get(id);
    if (known) return known;
    const made = { watch: new EpisodeWatch(store.unfinished(id)), written: new Map() };
    all.set(id, made);
    return made;
  };

  const write = (id: string, { written }: Watching, record: EpisodeRecord): void => {
    store.put(id, record);
    written.set(record, { at: record.lastSeen, most: record.mostWaiters });
  };

  return {
    see: (id: string, sample: ActivitySample): void => {
      const watching = of(id);
      const restartedSince = (at: number): boolean =>
        events(id, at, sample.at).some(({ kind }) => kind === 'server-restarted');
      const { ended, going } = watching.watch.see(sample, restartedSince);
      for (const record of going) {
        if (!isWorthKeeping(record)) continue;
        const last = watching.written.get(record);
        const isDue = !last || record.lastSeen - last.at >= renewMs || record.mostWaiters > last.most;
        if (isDue) write(id, watching, record);
      }
      for (const record of ended) {
        if (!isWorthKeeping(record)) {
          store.countBrief(id, record.lastSeen, record.waitedMs);
          continue;
        }
        store.put(id, record);
        if (record.root.kind === 'prepared' && record.root.pid < 0 && record.end === 'unknown')
          onPreparedEnd(id, record);
        if (record.longestWaitMs >= worthTellingMs) onEvent(id, 'lock-jam', told(record), record.began);
      }
      const open = new Set(watching.watch.open);
      for (const record of watching.written.keys()) if (!open.has(record)) watching.written.delete(record);
    },
    noteSignal: (id: string, kind: 'cancel' | 'terminate', pids: readonly number[]): void =>
      all.get(id)?.watch.noteSignal(kind, pids),
    forget: (id: string): void => {
      all.delete(id);
    },
    /** Writes what goes on, so that it can be taken up again. */
    close: (): void => {
      for (const [id, watching] of all)
        for (const record of watching.watch.open) if (isWorthKeeping(record)) write(id, watching, record);
    },
  };
}

const isWorthKeeping = ({ id, samples, longestWaitMs }: EpisodeRecord): boolean =>
  id !== undefined || samples >= 2 || longestWaitMs >= worthKeepingMs;

function told({ root, mostWaiters, longestWaitMs }: EpisodeRecord): string {
  const whom = mostWaiters === 1 ? '1 session' : `Up to ${mostWaiters} sessions`;
  return `${whom} waited for up to ${Math.round(longestWaitMs / 1000)} s behind ${nameOf(root)}.`;
}

/** A party as an event or a finding names it. */
export function nameOf({ kind, gid, pid, user, application, type }: EpisodeRecord['root']): string {
  if (kind === 'prepared')
    return gid === null ? 'a prepared transaction' : `the prepared transaction "${gid}"`;
  const who = application || user || type || 'a session';
  return `${who} (pid ${pid})`;
}
