import { type Beat, type MonitoringNeeds, startBeat } from '../monitoring/index.ts';
import { type Counters, ratesBetween, readCounters } from './io/counters.ts';
import type { RateStore } from './io/rate-store.ts';
import { readSettings } from './settings/read-settings.ts';
import type { SettingStore } from './settings/setting-store.ts';
import { noteSettings } from './settings/watch-settings.ts';

export interface WatchNeeds extends Pick<MonitoringNeeds, 'poolIfAny' | 'onEvent' | 'now'> {
  settings: SettingStore;
  rates: RateStore;
}

/** What is measured of servers in the background. */
export interface ServerWatch {
  begin(id: string): void;
  forget(id: string): void;
  /** Looks at the settings once; what changed since the last look becomes events. */
  lookAtSettings(id: string): Promise<void>;
  /** Takes one measurement of the counters and keeps their growth since the one before. */
  measure(id: string): Promise<void>;
  close(): void;
}

const minute = 60_000;

/** Settings every ten minutes, counters every minute; either less often where it takes long. */
export function openWatch({ poolIfAny, onEvent, now, settings, rates }: WatchNeeds): ServerWatch {
  const beats = new Map<string, Beat[]>();
  const last = new Map<string, Counters>();

  const lookAtSettings = async (id: string): Promise<void> => {
    const pool = poolIfAny(id);
    if (!pool) return;
    const look = await readSettings(pool);
    const at = now();
    noteSettings(settings, id, at, look, (kind, text) => onEvent(id, kind, text, at));
  };

  const measure = async (id: string): Promise<void> => {
    const pool = poolIfAny(id);
    if (!pool) return;
    const counters = await readCounters(pool);
    if (!counters) return;
    const found = ratesBetween(last.get(id), counters);
    last.set(id, counters);
    if (Object.keys(found).length > 0) rates.add(id, now(), found);
  };

  const stop = (id: string): void => {
    for (const beat of beats.get(id) ?? []) beat.stop();
    beats.delete(id);
    last.delete(id);
  };

  return {
    begin: (id) => {
      if (beats.has(id)) return;
      beats.set(id, [
        startBeat({
          everyMs: 10 * minute,
          slowestMs: 60 * minute,
          share: 0.001,
          firstMs: 4000,
          measure: () => lookAtSettings(id),
        }),
        startBeat({
          everyMs: minute,
          slowestMs: 10 * minute,
          share: 0.001,
          firstMs: 5000,
          measure: () => measure(id),
        }),
      ]);
    },
    forget: stop,
    lookAtSettings,
    measure,
    close: () => {
      for (const id of [...beats.keys()]) stop(id);
    },
  };
}
