import {
  type DatabaseSizes,
  type History,
  type MetricName,
  metricNames,
  type Series,
  type windows,
} from '../../../preload/contract/metrics.ts';
import { seeded } from './backends.ts';

const lengths: Record<(typeof windows)[number], number> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
};

const levels: Record<MetricName, number> = {
  'sessions.active': 24,
  'sessions.waiting': 4,
  'sessions.idleInTransaction': 12,
  'sessions.aborted': 1,
  'sessions.idle': 210,
  'sessions.other': 0,
  'sessions.hidden': 0,
  'server.commits': 1240,
  'server.rollbacks': 18,
  'server.hit': 0.985,
  'server.tuplesRead': 84_000,
  'server.tuplesWritten': 6200,
  'server.temp': 3_500_000,
  'server.deadlocks': 0.002,
  'database.commits': 310,
  'database.rollbacks': 4,
  'database.hit': 0.998,
  'database.tuplesRead': 12_000,
  'database.tuplesWritten': 900,
  'database.temp': 0,
  'database.deadlocks': 0,
  'howdah.serverMs': 0.8,
};

/** One live measurement at an instant: daily waves with noise. */
export function measure(at: number, random: () => number): Record<MetricName, number> {
  const wave = 1 + 0.35 * Math.sin((at / 86_400_000) * 2 * Math.PI) + 0.12 * Math.sin(at / 240_000);
  return Object.fromEntries(
    metricNames.map((name) => {
      const level = levels[name];
      if (name.endsWith('.hit')) return [name, Math.min(1, level - 0.02 * random() ** 4)];
      if (name.endsWith('.deadlocks')) return [name, random() < 0.01 ? level * 40 : 0];
      if (name.endsWith('.temp')) return [name, random() < 0.15 ? level * 6 * random() : 0];
      const value = level * wave * (0.85 + 0.3 * random());
      return [name, name.startsWith('sessions.') ? Math.round(value) : value];
    }),
  ) as Record<MetricName, number>;
}

/** A window of history with a gap where the console was off. */
export function fixtureHistory(window: (typeof windows)[number], from?: number, to?: number): History {
  const end = to ?? Date.now();
  const start = from ?? end - lengths[window];
  const stepMs = (end - start) / 300;
  const random = seeded(Math.floor(start / 1000));
  const series: Record<string, Series> = Object.fromEntries(
    metricNames.map((name) => [name, { mean: [], low: [], high: [] }]),
  );
  for (let place = 0; place < 300; place += 1) {
    const off = !from && place > 96 && place < 118;
    const values = measure(start + place * stepMs, random);
    for (const name of metricNames) {
      const one = series[name] as Series;
      const value = values[name];
      const spread = name.endsWith('.hit') ? 0.004 : 0.25;
      one.mean.push(off ? null : value);
      one.low.push(off ? null : value * (1 - spread * random()));
      one.high.push(
        off
          ? null
          : name.endsWith('.hit')
            ? Math.min(1, value + spread)
            : value * (1 + spread * 3 * random() ** 3),
      );
    }
  }
  return {
    from: start,
    to: end,
    stepMs,
    series,
    maxConnections: 500,
    eventsLeftOut: 0,
    events: [
      { at: start + stepMs * 97, kind: 'connection-lost', text: 'Connection to the server was lost' },
      { at: start + stepMs * 118, kind: 'connection-back', text: 'Connection came back' },
      { at: start + stepMs * 119, kind: 'server-restarted', text: 'The server was restarted' },
      { at: start + stepMs * 230, kind: 'terminated', text: 'Terminated 4127, 4128' },
    ],
  };
}

/** Sizes of a handful of databases, one of them not visible to this role. */
export function fixtureSizes(window: (typeof windows)[number]): DatabaseSizes {
  const now = Date.now();
  const at = now - 4 * 60_000;
  const sizes: [string, number | null, number | null][] = [
    ['iotistic', 84_123_456_789, 1_912_345_678],
    ['billing', 12_800_123_904, 48_234_496],
    ['Ünïcode-Datenbank mit Leerzeichen', 940_123_136, -12_582_912],
    ['kronos_eam', 410_123_136, 0],
    ['tau_lighting', 48_234_496, null],
    ['someone_elses', null, null],
  ];
  return {
    databases: sizes.map(([database, bytes, growth]) => ({
      database,
      bytes: bytes === null ? null : String(bytes),
      at,
      growth: growth === null ? null : String(growth),
      overMs: growth === null ? null : lengths[window] * 0.96,
    })),
    measuredMs: 14.2,
    nextAt: now + 26 * 60_000,
    total: Array.from({ length: 60 }, (_, place) => ({
      at: now - lengths[window] * (1 - place / 60),
      bytes: 96_000_000_000 + place * 38_000_000 + (place % 7) * 9_000_000,
    })).filter((_, place) => place < 20 || place > 26),
  };
}
