import type { RunAction, RunPlan, RunProgress } from '../../../preload/contract/migration-runs.ts';
import type { Work } from './work.ts';

export interface RunOptions {
  action: RunAction;
  lockTimeoutMs: number;
  retries: number;
}

export interface StatementState {
  state: 'begun' | 'done' | 'retry' | 'failed';
  ms: number | undefined;
  retries: number;
}

/** How far a run is, or what came of it. */
export interface RunState extends Pick<Work, 'phase'> {
  /** The name by which it can be cancelled, once it is known. */
  run: string | undefined;
  /** Set while somebody else who migrates is waited for. */
  waiting: { holder: string; sinceMs: number } | undefined;
  /** Index of the step under way; -1 before the first. */
  step: number;
  /** The migrations, or files, that were begun, in their order, and how many there are in all. */
  names: readonly string[];
  total: number;
  /** The statement under way. */
  current: { line: number; text: string } | undefined;
  /** By `statementKey`. */
  statements: ReadonlyMap<string, StatementState>;
  notices: readonly string[];
  failed: Extract<RunProgress, { kind: 'failed' }> | undefined;
  finished: Extract<RunProgress, { kind: 'finished' }> | undefined;
}

export const begun: RunState = {
  phase: 'running',
  run: undefined,
  waiting: undefined,
  step: -1,
  names: [],
  total: 0,
  current: undefined,
  statements: new Map(),
  notices: [],
  failed: undefined,
  finished: undefined,
};

/** A statement by its place: redoing runs two steps of one migration. */
export const statementKey = (step: number, line: number): string => `${step} ${line}`;

/** More notices than this are let go, the oldest first. */
const mostNotices = 200;

/** What a run has come to after it has told something more. */
export function afterProgress<State extends RunState>(before: State, progress: RunProgress): State {
  switch (progress.kind) {
    case 'begun':
      return { ...before, run: progress.run };
    case 'waiting':
      return { ...before, waiting: { holder: progress.holder, sinceMs: progress.sinceMs } };
    case 'step':
      return {
        ...before,
        waiting: undefined,
        step: progress.done,
        names: [...before.names.slice(0, progress.done), progress.name],
        total: progress.total,
        current: undefined,
      };
    case 'statement': {
      const { line, text, state } = progress;
      const current = state === 'done' ? undefined : { line, text };
      return { ...before, current, statements: withStatement(before, progress) };
    }
    case 'notice':
      return { ...before, notices: [...before.notices, progress.text].slice(-mostNotices) };
    case 'failed':
      return { ...before, failed: progress, statements: withFailed(before, progress.line) };
    case 'finished':
      return { ...before, phase: 'ended', waiting: undefined, current: undefined, finished: progress };
  }
}

function withStatement(
  { statements, step }: RunState,
  { line, state, ms }: Extract<RunProgress, { kind: 'statement' }>,
): RunState['statements'] {
  const key = statementKey(step, line);
  const retries = (statements.get(key)?.retries ?? 0) + (state === 'retry' ? 1 : 0);
  return new Map(statements).set(key, { state, ms, retries });
}

function withFailed({ statements, step }: RunState, line: number | null): RunState['statements'] {
  if (line === null) return statements;
  const key = statementKey(step, line);
  return new Map(statements).set(key, {
    state: 'failed',
    ms: undefined,
    retries: statements.get(key)?.retries ?? 0,
  });
}

/** Whether a plan takes something back: it then asks for more. */
export const takesBack = ({ steps }: Pick<RunPlan, 'steps'>): boolean =>
  steps.some(({ direction }) => direction === 'down');

/** Whether a plan takes something away that is not made again, or goes back. */
export const destroys = (plan: Pick<RunPlan, 'steps'>): boolean =>
  takesBack(plan) || plan.steps.some(({ statements }) => statements.some(({ risk }) => risk === 'destroy'));
