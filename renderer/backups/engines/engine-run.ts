import type { Engine, EngineProgress } from '../../../preload/contract/backup-engines.ts';
import { nothingPrinted, type Printed } from '../../migrations/drive/printed.ts';
import type { Job } from '../../shell/jobs.ts';
import { withText } from '../restore/restore-job.ts';
import { type Work, workBegun } from '../restore/work.ts';
import { kindWords } from './engine-words.ts';

/** A backup that an engine was asked for. */
export interface EngineRunning extends Work {
  engine: Pick<Engine, 'name' | 'kind'>;
  /** As it is given to a shell, once it is known. */
  command: string | undefined;
  printed: Printed;
  failed: Extract<EngineProgress, { kind: 'failed' }> | undefined;
  finished: Extract<EngineProgress, { kind: 'finished' }> | undefined;
}

export const engineBegun = ({ id, name, kind }: Pick<Engine, 'id' | 'name' | 'kind'>): EngineRunning => ({
  ...workBegun(id),
  engine: { name, kind },
  command: undefined,
  printed: nothingPrinted,
  failed: undefined,
  finished: undefined,
});

/** What it has come to after it has told something more. */
export function afterEngineProgress(before: EngineRunning, event: EngineProgress): EngineRunning {
  switch (event.kind) {
    case 'begun':
      return { ...before, run: event.run, command: event.command };
    case 'log':
      return { ...before, printed: withText(before.printed, event.text) };
    case 'failed':
      return { ...before, failed: event };
    case 'finished':
      return { ...before, phase: 'ended', finished: event };
  }
}

/** What the status strip says of it. */
export function engineDetail(running: EngineRunning): Pick<Job, 'title' | 'detail' | 'state'> {
  const { engine, phase, finished, failed, isCancelled } = running;
  const title = kindWords[engine.kind];
  if (phase === 'running') return { title, detail: `${engine.name}, backing up`, state: 'running' };
  if (finished) return { title, detail: `${engine.name}, done`, state: 'done' };
  if (failed?.cancelled || (isCancelled && !failed))
    return { title, detail: `${engine.name}, cancelled`, state: 'cancelled' };
  return { title, detail: `${engine.name}, failed`, state: 'failed' };
}
