import { describe, expect, test } from 'vitest';
import type { CommandOutput, DryRunProgress, Seed } from '../../../../preload/contract/migration-runs.ts';
import { afterOutput, endWords } from '../../../../renderer/migrations/drive/drive-job.ts';
import {
  letGo,
  newest,
  nothingPrinted,
  printedText,
  withLine,
} from '../../../../renderer/migrations/drive/printed.ts';
import { afterDryRun } from '../../../../renderer/migrations/dry-run/dry-run-job.ts';
import { strongestFirst } from '../../../../renderer/migrations/dry-run/locks.ts';
import { afterProgress, begun } from '../../../../renderer/migrations/run/run-job.ts';
import { runDetail } from '../../../../renderer/migrations/run/run-words.ts';
import { workBegun } from '../../../../renderer/migrations/run/work.ts';
import { trackPlace, workKeys } from '../../../../renderer/migrations/run/work-keys.ts';
import { dueSeeds, runnable, seedState } from '../../../../renderer/migrations/seeds/seed-words.ts';
import { viewKey } from '../../../../renderer/migrations/status/shown-track.ts';
import { inOrder, type Job } from '../../../../renderer/shell/jobs.ts';
import { entry, track } from './tracks.ts';

const line = (text: string, stream: 'out' | 'err' = 'out') => ({ kind: 'line', stream, text }) as const;

describe('what a command prints', () => {
  test('of very much the newest is kept, and how much was let go is told', () => {
    let printed = nothingPrinted;
    for (let n = 1; n <= 50_000; n += 1) printed = withLine(printed, line(`line ${n}`));
    expect(printed.last).toBe(50_000);
    expect(printed.lines.length).toBeLessThanOrEqual(40_000);
    expect(letGo(printed)).toBe(50_000 - printed.lines.length);
    expect(newest(printed, 50_000, 2).map(({ text }) => text)).toEqual(['line 49999', 'line 50000']);
    expect(printedText(printed)).toMatch(new RegExp(`^… ${letGo(printed)} lines before these`));
    expect(printedText(printed)).toMatch(/line 50000$/);
  });

  test('who stands still sees the same lines while more come', () => {
    const held = withLine(withLine(nothingPrinted, line('one')), line('two'));
    const later = withLine(held, line('three'));
    expect(newest(later, held.last, 10).map(({ text }) => text)).toEqual(['one', 'two']);
    // What was empty stays so for the next command.
    expect(nothingPrinted.lines).toEqual([]);
  });

  test('it ends with its exit code, or the signal that ended it', () => {
    const ended: CommandOutput = { kind: 'ended', code: null, signal: 'SIGTERM', ms: 5 };
    const state = afterOutput({ phase: 'running', printed: nothingPrinted, ended: undefined }, ended);
    expect(state.phase).toBe('ended');
    expect(endWords(ended)).toBe('ended by SIGTERM');
    expect(endWords({ ...ended, code: 3, signal: null })).toBe('exit code 3');
  });
});

describe('a dry run', () => {
  const first = {
    phase: 'running' as 'running' | 'ended',
    step: undefined,
    run: begun,
    printed: nothingPrinted,
    report: undefined,
  };
  test('tells its step, what the runner does on the copy, and ends with the report', () => {
    const events: DryRunProgress[] = [
      { kind: 'step', step: 'Running', done: 2, total: 4 },
      { kind: 'run', progress: { kind: 'step', id: '5', name: '005_five', done: 0, total: 1 } },
      { kind: 'output', output: line('from the tool') },
    ];
    const state = events.reduce(afterDryRun, first);
    expect(state.step).toEqual({ step: 'Running', done: 2, total: 4 });
    expect(state.run.names).toEqual(['005_five']);
    expect(state.printed.last).toBe(1);
    expect(state.phase).toBe('running');
    const report = { kind: 'report', steps: [], copyOf: 'x', unlike: [], differences: [] } as const;
    expect(afterDryRun(state, { ...report, steps: [], unlike: [], differences: [] }).phase).toBe('ended');
  });

  test('locks that hold up most come first', () => {
    const lock = (mode: string, on = 'a') => ({ mode, on });
    expect(
      strongestFirst([
        lock('Something'),
        lock('SHARE'),
        lock('ACCESS EXCLUSIVE', 'b'),
        lock('ACCESS EXCLUSIVE'),
      ]),
    ).toEqual([lock('ACCESS EXCLUSIVE'), lock('ACCESS EXCLUSIVE', 'b'), lock('SHARE'), lock('Something')]);
  });
});

describe('seeds', () => {
  const seed = (file: string, ranAt: number | null, changedSince = false): Seed => ({
    file,
    ranAt,
    changedSince,
  });
  test('those that have not run are chosen; of the chosen, one that ran and is as then is passed over', () => {
    const seeds = [seed('1.sql', 5), seed('2.sql', null), seed('3.sql', 5, true)];
    expect(seeds.map(seedState)).toEqual(['ran', 'not-run', 'changed']);
    expect(dueSeeds(seeds)).toEqual(['2.sql']);
    expect(runnable(seeds, new Set(['3.sql', '1.sql', '2.sql']))).toEqual(['2.sql', '3.sql']);
  });
});

describe('what the status strip says', () => {
  const job = (state: Job['state']) => ({ state });
  test('failures first, then what goes on', () => {
    expect(
      inOrder([job('done'), job('running'), job('cancelled'), job('failed')]).map(({ state }) => state),
    ).toEqual(['failed', 'running', 'cancelled', 'done']);
  });

  test('a run tells which migration it is at, and in the end what came of it', () => {
    const run = { ...begun, ...workBegun('k') };
    expect(runDetail(run, 'migration').detail).toBe('begins');
    const at = afterProgress(run, { kind: 'step', id: '2', name: '2', done: 1, total: 3 });
    expect(runDetail(at, 'migration')).toEqual({
      detail: 'migration 2 of 3',
      done: 1,
      total: 3,
      state: 'running',
    });
    const problem = { what: '', why: '', next: '', cause: 'x' };
    expect(runDetail({ ...at, phase: 'ended', problem }, 'file').detail).toBe('failed at file 2 of 3');
    const over = afterProgress(at, { kind: 'finished', ran: 2, ms: 1, cancelled: true });
    expect(runDetail(over, 'migration').state).toBe('cancelled');
  });
});

describe('the key of work', () => {
  test('work that began before the tool made its table is found after it has', () => {
    const fresh = track([entry('1')], { key: 'knex::migrations', table: null });
    const made = track([entry('1')], { key: 'knex:public.knex_migrations:migrations' });
    const [begunWith] = workKeys('env', fresh);
    expect(workKeys('env', made)).toContain(begunWith);
    expect(workKeys('env', made)[0]).not.toBe(begunWith);
    expect(workKeys('other', made)).not.toContain(begunWith);
    expect(viewKey([fresh], fresh)).toBe(viewKey([made], made));
  });

  test('two tables on one folder are views of their own, and one without a folder is known by its key', () => {
    const one = track([], { key: 'a' });
    const two = track([], { key: 'b' });
    expect(viewKey([one, two], one)).not.toBe(viewKey([one, two], two));
    expect(trackPlace(track([], { key: 'a', project: null, folder: null }))).toBe('a');
  });
});
