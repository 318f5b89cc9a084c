import type { Command } from 'commander';
import type { DryRunProgress } from '../../preload/contract/migration-runs.ts';
import { type ActionOptions, readAction, withAction } from './migrations-preview.ts';
import { tellProgress } from './migrations-progress.ts';
import { idOf, onTrack, withTrack } from './migrations-track.ts';
import { duration, printable, printExplanation, printJson, printLine } from './output.ts';
import type { CommandRun } from './run.ts';
import { tellStep } from './steps.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface DryRunOptions extends ActionOptions {
  fromBackup?: boolean;
}

type Report = Extract<DryRunProgress, { kind: 'report' }>;

/** `dry-run`: the migrations on a copy, on the sample server. */
export function dryRunCommand(migrations: Command, run: CommandRun): void {
  onTrack(
    withAction(
      migrations
        .command('dry-run')
        .description('run an action on a copy, and tell times, locks and what it changes')
        .option(
          '--from-backup',
          'a copy of the newest backup, with its rows; of the structure only unless given',
        ),
    ),
  ).action((ref: string, action: string, version: string | undefined, options: DryRunOptions) =>
    run(options, (client) =>
      untilInterrupted((signal) =>
        withTrack(client, ref, options, async ({ on, track }) => {
          const asked = readAction(action, version && idOf(track, version), options);
          let report: Report | undefined;
          const copy = options.fromBackup ? ('backup' as const) : ('structure' as const);
          for await (const event of await client.migrations.dryRun(
            { ...on, action: asked, copy },
            { signal },
          )) {
            if (event.kind === 'step') tellStep(event);
            if (event.kind === 'run') tellProgress(event.progress);
            if (event.kind === 'report') report = event;
          }
          if (options.json) {
            const { kind: _, ...rest } = report ?? { kind: 'report' as const };
            printJson({ track: track.key, ...rest });
          } else if (report) printReport(report);
          return report && !report.problem ? 0 : 1;
        }),
      ),
    ),
  );
}

const signs = { 'only-wanted': '+', 'only-actual': '-', changed: '~', unknown: '?' } as const;

function printReport({ steps, copyOf, unlike, differences, problem }: Report): void {
  printLine(`On a copy: ${printable(copyOf)}`);
  for (const said of unlike) printLine(printable(said));
  for (const { id, ms, locks } of steps) {
    printLine(`${printable(id)}  ${duration(ms)}`);
    for (const { mode, on } of locks) printLine(`    ${printable(`${mode} on ${on}`)}`);
  }
  if (problem) printExplanation(problem);
  if (!differences.length) printLine('The structure stays as it is.');
  for (const { state, kind, name, part, attributes } of differences) {
    printLine(`${signs[state]} ${printable(`${kind} ${name}${part === null ? '' : `, column ${part}`}`)}`);
    if (state !== 'changed') continue;
    for (const { name: attribute, wanted, actual } of attributes)
      printLine(`    ${printable(`${attribute}: ${actual ?? 'none'} → ${wanted ?? 'none'}`)}`);
  }
}
