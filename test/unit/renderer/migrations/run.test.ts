import { describe, expect, test } from 'vitest';
import type { PlannedStep, RunProgress } from '../../../../preload/contract/migration-runs.ts';
import {
  afterProgress,
  begun,
  destroys,
  statementKey,
  takesBack,
} from '../../../../renderer/migrations/run/run-job.ts';
import { actOf, forceChoices, undoWords } from '../../../../renderer/migrations/run/run-words.ts';
import { entry } from './tracks.ts';

const stateAfter = (...progress: RunProgress[]) => progress.reduce(afterProgress, begun);
const stepOf = (id: string, done: number): RunProgress => ({ kind: 'step', id, name: id, done, total: 2 });
const statement = (line: number, state: 'begun' | 'done' | 'retry', ms?: number): RunProgress => ({
  kind: 'statement',
  id: '5',
  line,
  text: 'SELECT 1',
  state,
  ...(ms === undefined ? {} : { ms }),
});

describe('how far a run is', () => {
  test('it waits for whoever migrates until its first step begins', () => {
    const waiting = stateAfter({ kind: 'waiting', holder: 'pid 7', sinceMs: 1000 });
    expect(waiting.waiting?.holder).toBe('pid 7');
    expect(afterProgress(waiting, stepOf('5', 0)).waiting).toBeUndefined();
  });

  test('the two steps of redoing one migration are told apart', () => {
    const state = stateAfter(stepOf('5', 0), statement(1, 'done', 3), stepOf('5', 1), statement(1, 'begun'));
    expect(state.statements.get(statementKey(0, 1))).toEqual({ state: 'done', ms: 3, retries: 0 });
    expect(state.statements.get(statementKey(1, 1))?.state).toBe('begun');
  });

  test('retries after a lock timeout are counted', () => {
    const state = stateAfter(
      stepOf('5', 0),
      statement(2, 'retry'),
      statement(2, 'retry'),
      statement(2, 'done', 9),
    );
    expect(state.statements.get(statementKey(0, 2))).toEqual({ state: 'done', ms: 9, retries: 2 });
  });

  test('a failure marks its statement, and the end that follows keeps it', () => {
    const state = stateAfter(
      stepOf('5', 0),
      statement(3, 'begun'),
      {
        kind: 'failed',
        id: '5',
        file: '5.sql',
        line: 3,
        statement: 'SELECT 1',
        problem: { what: 'It failed.', why: '', next: '', cause: 'failed' },
        state: 'dirty at 5',
        waysOut: [],
      },
      { kind: 'finished', ran: 0, ms: 4, cancelled: false },
    );
    expect(state.phase).toBe('ended');
    expect(state.failed?.state).toBe('dirty at 5');
    expect(state.statements.get(statementKey(0, 3))?.state).toBe('failed');
  });
});

const planned = (direction: 'up' | 'down', risk: 'change' | 'destroy' = 'change'): PlannedStep => ({
  id: '5',
  name: '5',
  direction,
  file: '5.sql',
  transaction: 'own',
  faults: [],
  statements: [{ text: '', line: 1, risk, locks: [], rewrites: 'no', inTransaction: true, notes: [] }],
});

describe('what a plan is called and asks for', () => {
  test('going back asks for more, whatever its statements do', () => {
    expect(takesBack({ steps: [planned('up')] })).toBe(false);
    expect(takesBack({ steps: [planned('down'), planned('up')] })).toBe(true);
    expect(destroys({ steps: [planned('down')] })).toBe(true);
    expect(destroys({ steps: [planned('up')] })).toBe(false);
    expect(destroys({ steps: [planned('up', 'destroy')] })).toBe(true);
  });

  test('the button names the act and how many', () => {
    expect(actOf({ kind: 'up' }, { steps: [planned('up'), planned('up')] })).toBe('Run 2 migrations');
    expect(actOf({ kind: 'down', count: 1 }, { steps: [planned('down')] })).toBe('Take 1 migration back');
    expect(actOf({ kind: 'redo' }, { steps: [planned('down'), planned('up')] })).toBe('Redo 1 migration');
    expect(undoWords({ steps: [planned('up', 'destroy')] })).toContain('gone');
  });

  test('a stopped version can be forced to itself or to the one before it', () => {
    const entries = [entry('1'), entry('2'), entry('5', { state: 'failed' })];
    expect(forceChoices({ entries }, '5')).toEqual(['5', '2']);
    expect(forceChoices({ entries }, '1')).toEqual(['1', '-1']);
    expect(forceChoices({ entries }, '9')).toEqual(['9']);
  });
});
