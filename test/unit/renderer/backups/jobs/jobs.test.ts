import { expect, test } from 'vitest';
import { type JobProgress, type JobRun, Retention } from '../../../../../preload/contract/backup-jobs.ts';
import {
  commonRules,
  firstAction,
  newJob,
  sameRules,
  timeZones,
} from '../../../../../renderer/backups/jobs/job-draft.ts';
import {
  afterJobProgress,
  type JobRunning,
  jobBegun,
  jobDetail,
  shareDone,
} from '../../../../../renderer/backups/jobs/job-run.ts';
import {
  actionWords,
  inZone,
  noNextWords,
  retentionWords,
} from '../../../../../renderer/backups/jobs/job-words.ts';

test('rules and actions are said in a line', () => {
  expect(retentionWords(null)).toBe('All stay');
  expect(retentionWords(Retention.parse({}))).toBe('All stay');
  expect(retentionWords(Retention.parse({ newest: 3, days: 1, weekly: 5 }))).toBe(
    'newest 3, 1 day, weekly 5',
  );
  expect(actionWords(firstAction('backup', ''))).toBe('Backup, directory');
  expect(actionWords({ kind: 'verify', level: 'restorable', newest: 3 })).toBe(
    'Prove the newest 3 backups restorable',
  );
  expect(actionWords(firstAction('engine', '1'))).toBe('Full backup by an engine');
});

test('common rules are recognised, whoever wrote them', () => {
  const found = (retention: Retention | null): string | undefined =>
    commonRules.find((one) => sameRules(one.retention, retention))?.label;
  expect(found(Retention.parse({ daily: 7, weekly: 5 }))).toBe('Daily 7, weekly 30 days');
  expect(found(Retention.parse({ days: 30 }))).toBe('30 days');
  expect(found(null)).toBe('All stay');
  expect(found(Retention.parse({ daily: 8 }))).toBeUndefined();
});

test('times are those of the job’s zone, on both sides of a change of its clock', () => {
  expect(inZone(Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin')).toBe('Sun 2026-10-25 02:30');
  expect(inZone(Date.UTC(2026, 9, 25, 1, 30), 'Europe/Berlin')).toBe('Sun 2026-10-25 02:30');
  expect(inZone(Date.UTC(2026, 9, 25, 23, 0), 'Europe/Berlin')).toBe('Mon 2026-10-26 00:00');
  expect(timeZones('Mars/Olympus')).toContain('Mars/Olympus');
  expect(new Set(timeZones('UTC')).size).toBe(timeZones('UTC').length);
  const schedule = { cron: '0 2 * * *', timeZone: 'UTC', by: 'system', missed: 'tell' } as const;
  expect(noNextWords({ schedule, isOn: true })).toBe('The system decides');
  expect(noNextWords({ schedule, isOn: false })).toBe('Off');
  expect(noNextWords({ schedule: null, isOn: true })).toBe('When somebody asks');
});

test('a new job has a name of its own', () => {
  const environment = { id: '1', name: 'shop' };
  expect(newJob(environment, new Set()).name).toBe('shop nightly');
  expect(newJob(environment, new Set(['shop nightly', 'shop nightly 2'])).name).toBe('shop nightly 3');
});

const after = (...events: JobProgress[]): JobRunning =>
  events.reduce(afterJobProgress, jobBegun('1', 'nightly'));
const run = (outcome: JobRun['outcome']): JobProgress => ({
  kind: 'ended',
  run: { id: '1', startedAt: 1, endedAt: 2, outcome, by: 'hand', said: '', backup: null, removed: [] },
});

test('a run is told by its phases and bytes, then by its outcome', () => {
  const moved = {
    kind: 'progress',
    object: null,
    done: 3,
    total: 9,
    bytes: 10,
    bytesTotal: 40,
    remainingMs: null,
  } as const;
  const going = after({ kind: 'begun', run: 'r' }, { kind: 'phase', said: 'Dumping' }, moved);
  expect(jobDetail(going)).toEqual({ detail: 'nightly, Dumping', state: 'running', done: 10, total: 40 });
  // How far the last phase was says nothing of the next.
  expect(shareDone(afterJobProgress(going, { kind: 'phase', said: 'Reading it back' })).total).toBe(0);
  expect(jobDetail(after(run('done'))).state).toBe('done');
  expect(jobDetail(after(run('cancelled'))).state).toBe('cancelled');
  expect(jobDetail(after(run('overlapped')))).toMatchObject({
    detail: 'nightly, overlapped',
    state: 'failed',
  });
  expect(after({ kind: 'pruned', removed: ['/a'] }).removed).toEqual(['/a']);
});
