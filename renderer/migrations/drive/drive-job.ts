import type { CommandOutput, DrivenCommand } from '../../../preload/contract/migration-runs.ts';
import type { Job } from '../../shell/jobs.ts';
import type { Work } from '../run/work.ts';
import { type Printed, withLine } from './printed.ts';

/** A tool's own command that runs, or ran. */
export interface Drive extends Work {
  command: Pick<DrivenCommand, 'action' | 'title' | 'command'>;
  printed: Printed;
  ended: Extract<CommandOutput, { kind: 'ended' }> | undefined;
}

/** What a command has come to after it has told something more. */
export function afterOutput<State extends Pick<Drive, 'phase' | 'printed' | 'ended'>>(
  before: State,
  output: CommandOutput,
): State {
  if (output.kind === 'line') return { ...before, printed: withLine(before.printed, output) };
  return { ...before, phase: 'ended', ended: output };
}

/** What the status strip says of a command. */
export function driveDetail({
  phase,
  isCancelled,
  problem,
  ended,
  command,
}: Drive): Pick<Job, 'detail' | 'state'> {
  if (phase === 'running') return { detail: command.title, state: 'running' };
  if (isCancelled && !ended) return { detail: `${command.title}, cancelled`, state: 'cancelled' };
  if (ended?.code === 0) return { detail: `${command.title}, done`, state: 'done' };
  const how = problem || !ended ? 'failed' : endWords(ended);
  return { detail: `${command.title}, ${how}`, state: 'failed' };
}

/** How it ended: `exit code 1`, `ended by SIGTERM`. */
export const endWords = ({ code, signal }: NonNullable<Drive['ended']>): string =>
  code === null ? `ended by ${signal ?? 'a signal'}` : `exit code ${code}`;
