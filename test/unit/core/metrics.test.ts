import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downSample } from '../../../main/metrics/down-sample.ts';
import { type MetricStore, openMetricStore } from '../../../main/metrics/index.ts';
import { openStore, type Store } from '../../../main/store/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 5, 1, 12);

describe('metrics over time', () => {
  let folder: string;
  let store: Store;
  let metrics: MetricStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-metrics-'));
    store = openStore(folder);
    metrics = openMetricStore(store);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const fill = (from: number, to: number, step: number, value: (at: number) => number): void => {
    store.db.exec('BEGIN');
    for (let at = from; at < to; at += step) metrics.addSample('a', at, { 'sessions.active': value(at) });
    store.db.exec('COMMIT');
  };
  const count = (grain: number): number =>
    (
      store.db.prepare('SELECT count(*) AS n FROM metric_sample WHERE grain_ms = ?').get(grain) as {
        n: number;
      }
    ).n;
  const history = (windowMs: number, at = now) =>
    downSample(metrics.points('a', at - windowMs, at, at), at - windowMs, at);

  it('gives at most 300 points of the last hour and keeps the extremes', () => {
    fill(now - hour, now, 2000, (at) => (at === now - 30 * minute ? 500 : 3));
    const { series, stepMs } = history(hour);
    const active = series['sessions.active'];
    expect(active?.mean.length).toBeLessThanOrEqual(300);
    expect(Math.max(...(active?.high.filter((one) => one !== null) ?? []))).toBe(500);
    expect(active?.low.every((one) => one === 3)).toBe(true);
    expect(stepMs).toBe(12_000);
  });

  it('shows a pause as a gap, not as a zero', () => {
    fill(now - hour, now - 40 * minute, 2000, () => 5);
    fill(now - 20 * minute, now, 2000, () => 5);
    const mean = history(hour).series['sessions.active']?.mean ?? [];
    expect(mean).not.toContain(0);
    const nulls = mean.filter((one) => one === null).length;
    expect(nulls / mean.length).toBeCloseTo(1 / 3, 1);
    expect(mean[0]).toBe(5);
    expect(mean.at(-1)).toBe(5);
  });

  it('shows no gap where samples simply come slowly', () => {
    fill(now - hour, now, 30_000, () => 5);
    expect(history(hour).series['sessions.active']?.mean).not.toContain(null);
  });

  it('shows no gap where the beat changes in between, and still shows a real one', () => {
    fill(now - 10 * minute, now - 5 * minute, 2000, () => 5);
    fill(now - 5 * minute, now, 5000, () => 5);
    const mean = history(10 * minute).series['sessions.active']?.mean ?? [];
    expect(mean.length).toBeGreaterThan(80);
    expect(mean).not.toContain(null);
    store.db.exec('DELETE FROM metric_sample');
    fill(now - 10 * minute, now - 6 * minute, 2000, () => 5);
    fill(now - 5 * minute, now, 5000, () => 5);
    expect(history(10 * minute).series['sessions.active']?.mean).toContain(null);
  });

  it('rolls raw samples into minutes, ten minutes and two hours, and drops what is past its time', () => {
    fill(now - 3 * hour, now, 5000, (at) => (at === now - 150 * minute ? 99 : 1));
    metrics.roll(now);
    expect(count(minute)).toBe(180);
    expect(count(10 * minute)).toBe(18);
    expect(count(2 * hour)).toBe(2);
    const active = history(day).series['sessions.active'];
    expect(Math.max(...(active?.high.filter((one) => one !== null) ?? []))).toBe(99);
    metrics.roll(now + 2 * hour);
    expect(count(0)).toBe(0);
    metrics.roll(now + 400 * day);
    expect(count(2 * hour)).toBe(0);
  });

  it('rolls the same whether it is done at once or in steps, across a restart', () => {
    fill(now - 3 * hour, now, 5000, (at) => at % 7);
    for (let at = now - 3 * hour; at <= now; at += 7 * minute) metrics.roll(at);
    metrics.roll(now);
    const steps = store.db.prepare('SELECT at, value FROM metric_sample WHERE grain_ms = 600000').all();
    store.db.exec('DELETE FROM metric_sample');
    metrics = openMetricStore(store);
    fill(now - 3 * hour, now, 5000, (at) => at % 7);
    metrics.roll(now);
    expect(store.db.prepare('SELECT at, value FROM metric_sample WHERE grain_ms = 600000').all()).toEqual(
      steps,
    );
  });

  it('goes on to the present from finer grains where the coarse one has not come yet', () => {
    fill(now - 50 * minute, now + 7 * minute, 5000, () => 4);
    metrics.roll(now);
    const points = metrics.points('a', now - 7 * day, now + 7 * minute, now + 7 * minute);
    expect(points.at(-1)?.at).toBeGreaterThan(now + 6.9 * minute);
    expect(points.map(({ at }) => at)).toEqual([...points.map(({ at }) => at)].sort((a, b) => a - b));
  });

  it('leaves a metric out that was never known, and reads points older than a metric', () => {
    fill(now - hour, now, 5000, () => 1);
    expect(Object.keys(history(hour).series)).toEqual(['sessions.active']);
    store.db.prepare('UPDATE metric_sample SET value = substr(value, 1, 16)').run();
    expect(history(hour).series['sessions.active']?.mean).not.toContain(null);
  });

  it('reads steps that were kept as doubles', () => {
    fill(now - 2 * day, now - 2 * day + hour, minute, () => 7.25);
    metrics.roll(now - 2 * day + hour);
    const rows = store.db.prepare('SELECT grain_ms, at, value FROM metric_sample WHERE grain_ms > 0').all();
    expect(rows.length).toBeGreaterThan(0);
    const doubles = store.db.prepare('UPDATE metric_sample SET value = ? WHERE grain_ms = ? AND at = ?');
    for (const { grain_ms, at, value } of rows as { grain_ms: number; at: number; value: Uint8Array }[]) {
      const floats = new Float32Array(value.slice(1).buffer);
      doubles.run(new Uint8Array(Float64Array.from(floats).buffer), grain_ms, at);
    }
    const means = history(3 * day).series['sessions.active']?.mean.filter((value) => value !== null);
    expect(new Set(means)).toEqual(new Set([7.25]));
  });

  it('keeps one measurement of sizes an hour of what is older than two days, the growth of all of it', () => {
    const sizes = (at: number) => ['a', 'b'].map((database) => ({ database, bytes: at - now + 4 * day }));
    for (let at = now - 3 * day; at <= now; at += 10 * minute) metrics.addSizes('a', at, sizes(at));
    const at = [...new Set(metrics.sizes('a', 0).map((row) => row.at))];
    expect(at.filter((one) => one < now - 2 * day)).toEqual(
      Array.from({ length: 24 }, (_, index) => now - 3 * day + index * hour),
    );
    expect(at.filter((one) => one >= now - 2 * day)).toHaveLength(2 * 24 * 6 + 1);
    expect(metrics.sizes('a', 0)).toHaveLength(2 * at.length);
  });

  it('marks a restart at the time the server started, once, and not the first start it ever saw', () => {
    const restarts = () => metrics.events('a', 0, now).filter(({ kind }) => kind === 'server-restarted');
    metrics.noteStart('a', now - 2 * minute);
    expect(restarts()).toEqual([]);
    metrics.addSample('a', now - minute, {});
    metrics.noteStart('a', now - 2 * minute);
    expect(restarts()).toEqual([]);
    metrics.noteStart('a', now - 1000.4);
    metrics.noteStart('a', now - 1000.4);
    expect(restarts().map(({ at }) => at)).toEqual([now - 1000]);
  });

  it('forgets an environment with all that was kept of it', () => {
    fill(now - minute, now, 5000, () => 1);
    metrics.addEvent('a', { at: now, kind: 'server-restarted', text: 'x' });
    metrics.addSizes('a', now, [{ database: 'd', bytes: 1 }]);
    metrics.forget('a');
    for (const table of ['metric_sample', 'event', 'database_size', 'environment']) {
      expect(store.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
  });
});
