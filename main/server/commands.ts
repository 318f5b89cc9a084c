import type { Command } from 'commander';
import type { Comparison } from '../../preload/contract/server-settings.ts';
import { withEnvironment } from '../cli/environment.ts';
import { printExplanation, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import type { CommandRun } from '../cli/run.ts';

interface DiffOptions extends PasswordOptions {
  json?: boolean;
  all?: boolean;
}

export function serverCommands(howdah: Command, run: CommandRun): void {
  const settings = howdah.command('settings').description('a server’s settings');

  settings
    .command('diff')
    .argument('<a>', 'name or URL')
    .argument('<b>', 'name or URL')
    .option('--all', 'paths, ports and what else belongs to a machine too')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('how the settings of two servers differ; exit code 1 when they do')
    .action((a: string, b: string, options: DiffOptions) =>
      run(options, (client) =>
        withEnvironment(client, a, options, (mine) =>
          withEnvironment(client, b, options, async (theirs) => {
            const comparison = await client.server.compareSettings({
              environment: mine.id,
              other: theirs.id,
              all: options.all ?? false,
            });
            if (options.json) printJson(comparison);
            else printComparison(comparison);
            return comparison.differences.length === 0 ? 0 : 1;
          }),
        ),
      ),
    );

  settings
    .command('show')
    .argument('<env>', 'name or URL')
    .option('--all', 'those with their built-in value too')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('what a server’s settings are, those that differ from the built-in value')
    .action((ref: string, options: DiffOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const found = await client.server.settings({ environment: id });
          const shown = found.settings.filter(
            ({ differs, pending }) => options.all || differs || pending !== null,
          );
          if (options.json) printJson({ ...found, settings: shown });
          else {
            printTable(
              [
                { title: 'setting', value: ({ name }) => name },
                { title: 'value', value: ({ value }) => value ?? '(not told)', most: 50 },
                { title: 'built in', value: ({ standard }) => standard ?? '', most: 30 },
                { title: 'source', value: ({ place, source }) => place ?? source, most: 60 },
                { title: 'waits', value: ({ pending }) => pending ?? '', most: 30 },
              ],
              shown,
            );
            for (const { place, name, message } of found.fileErrors ?? [])
              process.stderr.write(`${place}: ${name ? `${name}: ` : ''}${message}\n`);
            for (const limit of found.limits) printExplanation(limit);
          }
          return 0 as const;
        }),
      ),
    );
}

function printComparison({ mine, theirs, differences, same, leftOut, limits }: Comparison): void {
  if (differences.length > 0)
    printTable(
      [
        { title: 'setting', value: ({ name }) => name },
        { title: mine, value: ({ mine: value, kind }) => shown(value, kind === 'only theirs'), most: 40 },
        { title: theirs, value: ({ theirs: value, kind }) => shown(value, kind === 'only mine'), most: 40 },
        { title: '', value: ({ kind }) => (kind === 'defaults differ' ? 'built in' : '') },
      ],
      differences,
    );
  printLine(
    `${differences.length} differ, ${same} are the same${leftOut > 0 ? `, ${leftOut} that belong to a machine left out (--all)` : ''}`,
  );
  for (const limit of limits) printExplanation(limit);
}

function shown(value: string | null, isMissing: boolean): string {
  if (isMissing) return '(not there, or hidden)';
  return value === null ? '(not told)' : value === '' ? "''" : value;
}
