import type { Command } from 'commander';
import type {
  PlannedStatement,
  PlannedStep,
  RunAction,
  RunPlan,
} from '../../preload/contract/migration-runs.ts';
import { count } from './migrations-run.ts';
import { type Chosen, idOf, onTrack, type TrackOptions, withTrack } from './migrations-track.ts';
import { printable, printJson, printLine } from './output.ts';
import { CallProblem, type CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

export interface ActionOptions extends TrackOptions {
  number?: number;
}

const longest = 160;

/** `preview`: each statement that an action would run, with its risk and its locks. */
export function previewCommand(migrations: Command, run: CommandRun): void {
  onTrack(
    withAction(
      migrations
        .command('preview')
        .description('print what an action would run, statement by statement; nothing is run'),
    ),
  ).action((ref: string, action: string, version: string | undefined, options: ActionOptions) =>
    run(options, (client) =>
      untilInterrupted((signal) =>
        withTrack(client, ref, options, async (chosen) => {
          const asked = readAction(action, version && idOf(chosen.track, version), options);
          if (chosen.track.runner === 'driven')
            return await previewDriven(
              await client.migrations.commands(chosen.on, { signal }),
              chosen,
              options,
            );
          const plan = await client.migrations.preview({ ...chosen.on, action: asked }, { signal });
          if (options.json) printJson({ track: chosen.track.key, ...plan });
          else printPlan(plan, chosen);
          return 0;
        }),
      ),
    ),
  );
}

export const withAction = (command: Command): Command =>
  command
    .argument('<env>', 'name or URL')
    .argument('[action]', 'up, down, goto or redo', 'up')
    .argument('[version]', 'for goto')
    .option('-n, --number <count>', 'for up and down: so many', count);

/** @throws CallProblem */
export function readAction(kind: string, version: string | undefined, { number }: ActionOptions): RunAction {
  if (kind === 'goto') {
    if (version === undefined) throw new CallProblem('goto needs a version.');
    return { kind, version };
  }
  if (version !== undefined) throw new CallProblem(`${kind} takes no version.`);
  switch (kind) {
    case 'up':
      return { kind, ...(number === undefined ? {} : { count: number }) };
    case 'down':
      return { kind, count: number ?? 1 };
    case 'redo':
      return { kind };
    default:
      throw new CallProblem(`There is no action "${kind}"; they are up, down, goto and redo.`);
  }
}

/** Of a driven tool only its commands are known, not what they would do. */
async function previewDriven(
  commands: { action: string; title: string; command: string }[],
  { track }: Chosen,
  { json }: ActionOptions,
): Promise<0> {
  if (json) printJson({ track: track.key, commands });
  else {
    printLine(`${printable(track.title)} is run by its own commands:`);
    for (const { action, title, command } of commands)
      printLine(`  ${action}: ${printable(command)}    (${printable(title)})`);
  }
  return 0;
}

function printPlan({ steps, from, to, warnings }: RunPlan, { track }: Chosen): void {
  if (!steps.length) {
    printLine(`Nothing to run: ${printable(track.title)} is at ${printable(from)}.`);
    return;
  }
  printLine(`${printable(track.title)}: from ${printable(from)} to ${printable(to)}`);
  for (const warning of warnings) printLine(`! ${printable(warning)}`);
  for (const step of steps) printStep(step);
}

const transactions: Record<PlannedStep['transaction'], string> = {
  own: 'one transaction',
  implicit: 'the server’s own transaction',
  none: 'no transaction',
};

function printStep({ name, direction, file, transaction, statements, faults }: PlannedStep): void {
  printLine('');
  printLine(
    `${printable(name)} ${direction}${file ? ` (${printable(file)}, ${transactions[transaction]})` : ''}`,
  );
  for (const fault of faults) printLine(`  ! ${printable(fault)}`);
  for (const statement of statements) printStatement(statement);
}

function printStatement({ text, line, risk, locks, rewrites, inTransaction, notes }: PlannedStatement): void {
  const shown = printable(text);
  printLine(`  ${line}: [${risk}] ${shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown}`);
  const about = [
    ...locks.map(({ mode, on }) => `${mode} on ${on}`),
    ...(rewrites === 'no' ? [] : [rewrites === 'yes' ? 'rewrites the table' : 'may rewrite the table']),
    ...(inTransaction ? [] : ['not in a transaction']),
  ];
  if (about.length) printLine(`      ${printable(about.join('; '))}`);
  for (const note of notes) printLine(`      ${printable(note)}`);
}
