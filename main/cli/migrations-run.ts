import { type Command, InvalidArgumentError } from 'commander';
import type { RunAction, RunPlan } from '../../preload/contract/migration-runs.ts';
import { driveAction } from './migrations-drive.ts';
import { followRun, type RunResult } from './migrations-progress.ts';
import {
  type Chosen,
  idOf,
  onGuardedTrack,
  type RunsClient,
  type TrackOptions,
  withTrack,
} from './migrations-track.ts';
import { duration, printable, printJson, printLine } from './output.ts';
import { CallProblem, type CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface RunOptions extends TrackOptions {
  number?: number;
  lockTimeout: number;
  retries: number;
}

/** `up`, `down`, `goto` and `redo`. */
export function runCommands(migrations: Command, run: CommandRun): void {
  const add = (name: string, args: [string, string][], description: string): Command => {
    const command = migrations.command(name).argument('<env>', 'name or URL');
    for (const [argument, about] of args) command.argument(argument, about);
    return onGuardedTrack(command.description(description))
      .option(
        '--lock-timeout <seconds>',
        'how long a statement may wait for a lock',
        seconds,
        standard.lockTimeout,
      )
      .option(
        '--retries <number>',
        'how often it is tried again when it got none in time',
        whole,
        standard.retries,
      );
  };
  const act = (ref: string, options: RunOptions, action: RunAction): Promise<void> =>
    run(options, (client) =>
      untilInterrupted((signal) =>
        withTrack(client, ref, options, (chosen) => {
          if (chosen.track.runner !== 'driven')
            return perform(client.migrations, chosen, byId(action, chosen), options, signal);
          return driveAction(client.migrations, chosen, drivenAction(action, chosen), options, signal);
        }),
      ),
    );

  add('up', [], 'run what is pending')
    .option('-n, --number <count>', 'only so many', count)
    .action((ref: string, options: RunOptions) =>
      act(ref, options, { kind: 'up', ...(options.number === undefined ? {} : { count: options.number }) }),
    );
  add('down', [], 'take back the last one, or the last N')
    .option('-n, --number <count>', 'so many', count, 1)
    .action((ref: string, options: RunOptions) =>
      act(ref, options, { kind: 'down', count: options.number ?? 1 }),
    );
  add('goto', [['<version>', 'its id as status lists it']], 'go to a version, forward or back').action(
    (ref: string, version: string, options: RunOptions) => act(ref, options, { kind: 'goto', version }),
  );
  add('redo', [], 'take back the last one and run it again').action((ref: string, options: RunOptions) =>
    act(ref, options, { kind: 'redo' }),
  );
}

async function perform(
  runs: RunsClient,
  chosen: Chosen,
  action: RunAction,
  options: RunOptions,
  signal: AbortSignal,
): Promise<0 | 1> {
  const { on, guarded, track } = chosen;
  const { lockTimeout, retries, json } = options;
  const plan = await runs.preview({ ...on, action }, { signal });
  if (!plan.steps.length) {
    if (json) printJson({ track: track.key, from: plan.from, to: plan.to, ...nothing });
    else printLine(`Nothing to run: ${printable(track.title)} is at ${printable(plan.from)}.`);
    return 0;
  }
  const say = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
  for (const warning of plan.warnings) say(`Warning: ${warning}`);
  for (const { name, faults } of plan.steps) for (const fault of faults) say(`${name}: ${fault}`);
  if (lockTimeout === 0)
    say(
      'Warning: with --lock-timeout 0 a statement waits for its lock without end, and all others wait behind it.',
    );
  const way = takesBack(plan, action) ? runs.revert : runs.apply;
  const input = {
    ...guarded,
    action,
    token: plan.token,
    lockTimeoutMs: Math.round(lockTimeout * 1000),
    retries,
  };
  const call = { chosen, options, words: wordsOf(action, options) };
  const result = await followRun(await way(input, { signal }), call);
  if (json) printJson({ track: track.key, from: plan.from, to: plan.to, ...result });
  else {
    const text = `${result.ran} of ${plan.steps.length} run in ${duration(result.ms)}`;
    const end = result.cancelled ? 'Cancelled. ' : '';
    printLine(
      `${end}${printable(track.title)}: ${text}${result.failed || result.cancelled ? '.' : `, now at ${printable(plan.to)}.`}`,
    );
  }
  return result.failed || result.cancelled ? 1 : 0;
}

/** A version may be given by its name. */
const byId = (action: RunAction, { track }: Chosen): RunAction =>
  action.kind === 'goto' ? { kind: 'goto', version: idOf(track, action.version) } : action;

/** The same call once more. Options that are as they are by default are left out. */
function wordsOf(action: RunAction, { lockTimeout, retries }: RunOptions): string[] {
  const count = 'count' in action ? action.count : undefined;
  return [
    action.kind,
    ...(action.kind === 'goto' ? [action.version] : []),
    ...(count === undefined || (action.kind === 'down' && count === 1) ? [] : ['-n', String(count)]),
    ...(lockTimeout === standard.lockTimeout ? [] : ['--lock-timeout', String(lockTimeout)]),
    ...(retries === standard.retries ? [] : ['--retries', String(retries)]),
  ];
}

const standard = { lockTimeout: 4, retries: 5 };

const nothing: RunResult = { ran: 0, ms: 0, cancelled: false, failed: null };

/** Whether what an action runs takes something back: then it is asked for as such. */
const takesBack = ({ steps }: RunPlan, { kind }: RunAction): boolean =>
  kind === 'down' ||
  kind === 'redo' ||
  (kind === 'goto' && steps.some(({ direction }) => direction === 'down'));

/** What a driven tool is asked for. Of how many at once only its own options know. */
function drivenAction(action: RunAction, { track }: Chosen): 'up' | 'up-one' | 'down' {
  if (action.kind === 'up' && action.count === undefined) return 'up';
  if (action.kind === 'up' && action.count === 1) return 'up-one';
  if (action.kind === 'down' && action.count === 1) return 'down';
  throw new CallProblem(
    `${track.title} is run by its own command, for which Howdah knows up, up -n 1 and down. Change its command in the console, or run it yourself.`,
  );
}

export function count(text: string): number {
  const number = whole(text);
  if (number < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return number;
}

function whole(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

function seconds(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && number <= 600) return number;
  throw new InvalidArgumentError('Give seconds from 0, for without end, to 600.');
}
