import type { ConnectionCause } from '../../preload/contract/causes.ts';
import { WayProblem } from '../lib/way-problem.ts';
import { describeTarget, type Target } from './address.ts';
import type { OutputLog } from './output.ts';
import { hideSecrets } from './printable.ts';
import type { Exit, ProcessTree } from './process.ts';

const longestWords = 500;

export function endedWell(exit: Exit): boolean {
  return 'code' in exit && exit.code === 0;
}

export function describeExit(exit: Exit): string {
  if ('error' in exit) return `It could not be started: ${messageOf(exit.error)}`;
  return 'code' in exit ? `It ended with exit code ${exit.code}` : `It was ended by ${exit.signal}`;
}

export function notStarted(why: string, next: string, cause?: unknown): WayProblem {
  return problem('companion-not-started', 'The companion command could not be started.', why, next, cause);
}

export function closing(): WayProblem {
  return problem(
    'companion-not-started',
    'The companion command was not started.',
    'Howdah is closing.',
    'Start Howdah again.',
  );
}

function problem(
  cause: ConnectionCause,
  what: string,
  why: string,
  next: string,
  from?: unknown,
): WayProblem {
  return new WayProblem({ cause, what, why, next }, from === undefined ? {} : { cause: from });
}

export function messageOf(error: unknown): string {
  return hideSecrets(error instanceof Error ? error.message : String(error), []);
}

/** It runs, or has ended well, and its address does not answer. `since`: ms since 1970. */
export function notReady(
  { target, timeoutMs, since }: { target: Target; timeoutMs: number; since: number },
  exit: Exit | undefined,
  log: OutputLog,
): WayProblem {
  return new WayProblem(
    {
      cause: 'companion-not-ready',
      what: `The companion command did not make ${describeTarget(target)} accept connections within ${timeoutMs / 1000} s.`,
      why: `${exit ? describeExit(exit) : 'It runs'}, but nothing accepts connections there. ${lastWords(log, since)}`.trim(),
      next: 'Check the address to wait for, or give it more time. All that it printed is in its output.',
    },
    { retry: true },
  );
}

/** The command has ended otherwise than well. */
export function problemOfExit(
  ended: ProcessTree,
  how: Exit,
  { wasReady, log }: { wasReady: boolean; log: OutputLog },
): WayProblem {
  const why = `${describeExit(how)}. ${lastWords(log, ended.startedAt)}`;
  if ('error' in how) return notStarted(messageOf(how.error), 'Try the command in a terminal.', how.error);
  // The shell's own codes (POSIX, "Exit Status for Commands"): found but not executable, and not found.
  if (!wasReady && 'code' in how && (how.code === 126 || how.code === 127)) {
    return notStarted(
      why,
      'Check the command: is it installed, and in the PATH that Howdah was started with?',
    );
  }
  return new WayProblem(
    {
      cause: 'companion-died',
      what: wasReady
        ? 'The companion command has ended.'
        : 'The companion command ended before it was ready.',
      why,
      next: 'Read its output, and try the command in a terminal.',
    },
    { retry: true },
  );
}

function lastWords(log: OutputLog, since: number): string {
  const words = log.lastWords(since, 3).join(' · ');
  if (words === '') return 'It printed nothing.';
  return `Its last output: ${words.length > longestWords ? `…${words.slice(1 - longestWords)}` : words}`;
}
