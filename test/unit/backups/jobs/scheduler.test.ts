import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type JobStore, openJobStore } from '../../../../main/backups/jobs/job-store.ts';
import { openScheduler, type Scheduler } from '../../../../main/backups/jobs/scheduler.ts';
import { openStore, type Store } from '../../../../main/store/index.ts';
import { BackupJobDraft } from '../../../../preload/contract/backup-jobs.ts';
import { type SetClock, setClock } from '../../../support/set-clock.ts';

let folder: string;
let kept: Store;
let store: JobStore;
let clock: SetClock;
let scheduler: Scheduler;
const told: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-test-jobs-'));
  kept = openStore(folder);
  store = openJobStore(kept.db);
  clock = setClock('2026-11-21T12:00Z');
  scheduler = open();
  told.length = 0;
});
afterEach(() => {
  scheduler.stop();
  kept.close();
  rmSync(folder, { recursive: true });
});

const open = (): Scheduler =>
  openScheduler({
    store,
    clock,
    begin: (job, by, said) => void told.push(`${by} ${job.name}: ${said}`),
    missed: (job, said) => void told.push(`missed ${job.name}: ${said}`),
  });
const add = (name: string, cron: string, more: object = {}, isOn = true): string =>
  store.add(
    BackupJobDraft.parse({
      name,
      environment: 'shop',
      action: { kind: 'backup' },
      schedule: { cron, timeZone: 'UTC', ...more },
      isOn,
    }),
    clock.now(),
  );
const taken = (): string[] => told.splice(0);

it('runs a job on its minute, each time once, and no other one', () => {
  add('a', '30 12 * * *');
  add('off', '* * * * *', {}, false);
  add('by the system', '* * * * *', { by: 'system' });
  scheduler.start();
  clock.set('2026-11-21T12:29:59Z');
  expect(taken()).toEqual([]);
  clock.set('2026-11-21T12:30:00Z');
  clock.set('2026-11-21T12:30:59Z');
  expect(taken()).toEqual(['schedule a: Due at 2026-11-21 12:30 UTC.']);
  clock.jump('2026-11-22T12:29:50Z');
  expect(taken()).toEqual([]);
  clock.set('2026-11-22T12:30:20Z');
  expect(taken()).toHaveLength(1);
});

it('after sleep it is run once for all that was missed, or it is only told, by the job’s choice', () => {
  add('made up for', '0 * * * *');
  add('told', '0 * * * *', { missed: 'tell' });
  scheduler.start();
  clock.jump('2026-11-21T18:20Z');
  expect(taken()).toEqual([
    'catch-up made up for: It makes up for 2026-11-21 13:00 UTC to 2026-11-21 18:00 UTC, when no console ran or the machine slept.',
    'missed told: Due at 2026-11-21 13:00 UTC to 2026-11-21 18:00 UTC, when no console ran or the machine slept.',
  ]);
  // Woken right on its minute, the run that is due stands for the others.
  clock.jump('2026-11-21T21:00:30Z');
  expect(taken()).toEqual([
    'schedule made up for: Due at 2026-11-21 21:00 UTC. It makes up for 2026-11-21 19:00 UTC to 2026-11-21 20:00 UTC.',
    'missed told: Due at 2026-11-21 19:00 UTC to 2026-11-21 20:00 UTC, when no console ran or the machine slept.',
    'schedule told: Due at 2026-11-21 21:00 UTC.',
  ]);
});

it('after a restart too, and what was handled before is not done again', () => {
  add('a', '0 3 * * *');
  scheduler.start();
  scheduler.stop();
  clock.jump('2026-11-24T08:00Z');
  expect(taken()).toEqual([]);
  scheduler = open();
  scheduler.start();
  expect(taken()).toHaveLength(1);
  scheduler.stop();
  scheduler = open();
  scheduler.start();
  expect(taken()).toEqual([]);
});

it('a lost run is made up for once; one that was itself made up for is not tried over and over', () => {
  const id = add('a', '0 3 * * *');
  const lose = (by: 'schedule' | 'catch-up'): void => {
    const run = store.begin(id, { by, said: '', startedAt: clock.now() });
    store.end(run, { endedAt: clock.now(), outcome: 'lost', said: '', backup: null, removed: [] });
  };
  lose('schedule');
  scheduler.start();
  expect(taken()).toEqual(['catch-up a: It makes up for the run of 2026-11-21 12:00 UTC, which was lost.']);
  lose('catch-up');
  scheduler.stop();
  scheduler = open();
  scheduler.start();
  expect(taken()).toEqual([]);
});

it('a clock that is put back neither repeats a run nor stops them', () => {
  add('a', '*/10 * * * *');
  scheduler.start();
  clock.set('2026-11-21T12:10Z');
  clock.jump('2026-11-21T12:09:30Z');
  clock.set('2026-11-21T12:10:10Z');
  expect(taken()).toHaveLength(1);
  clock.jump('2026-01-01T00:05Z');
  clock.set('2026-01-01T00:10Z');
  expect(taken()).toEqual(['schedule a: Due at 2026-01-01 00:10 UTC.']);
});

it('history keeps one line of what was refused again and again, and a bounded number of runs', () => {
  const id = add('a', '0 3 * * *');
  const note = (at: number) =>
    store.note(id, { by: 'schedule', outcome: 'overlapped', startedAt: at }, 'Not begun.');
  note(1);
  note(2);
  const last = note(60_000);
  expect(last.said).toBe('Not begun. That was so 3 times since 1970-01-01 00:00 UTC.');
  expect(store.runs(id, 10)).toHaveLength(1);
  for (let at = 0; at < 1010; at += 1) store.begin(id, { by: 'hand', said: '', startedAt: at });
  expect(store.runs(id, 5000)).toHaveLength(1000);
  expect(store.runs(id, 1)[0]?.startedAt).toBe(1009);
});
