import type { Command } from 'commander';
import { windows } from '../../preload/contract/metrics.ts';
import {
  type StatementFigures,
  type StatementRow,
  statementOrders,
  type TopStatements,
} from '../../preload/contract/queries.ts';
import { withEnvironment } from '../cli/environment.ts';
import { duration, printExplanation, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';
import { planCommands } from './plans/commands.ts';

interface TopOptions extends PasswordOptions {
  json?: boolean;
  by: string;
  window: string;
  sinceReset?: boolean;
  search?: string;
  user?: string;
  database?: string;
  limit: string;
}

interface RegressionOptions extends PasswordOptions {
  json?: boolean;
  window: string;
}

interface ResetOptions extends PasswordOptions {
  json?: boolean;
  all?: boolean;
  confirm?: string;
}

export function queryCommands(howdah: Command, run: CommandRun): void {
  const queries = howdah.command('queries').description('slow statements, and why they are slow');

  queries
    .command('top')
    .argument('<env>', 'name or URL')
    .option('--by <order>', `order: ${statementOrders.join(', ')}`, 'total')
    .option(
      '--window <window>',
      `${windows.join(', ')}; where there is no history, since the last reset`,
      '1h',
    )
    .option('--since-reset', 'the server’s counters as they stand')
    .option('--search <text>', 'only statements with this in their text')
    .option('--user <name>', 'only of this user')
    .option('--database <name>', 'only in this database')
    .option('--limit <n>', 'how many', '20')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('statements that took most of something')
    .action((ref: string, options: TopOptions) => {
      const order = oneOf(options.by, statementOrders, '--by');
      const window = oneOf(options.window, windows, '--window');
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new CallProblem('--limit is a whole number from 1 to 1000.');
      return run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const input = {
            ...{ environment: id, order, window, limit },
            ...(options.search === undefined ? {} : { search: options.search }),
            ...(options.user === undefined ? {} : { user: options.user }),
            ...(options.database === undefined ? {} : { database: options.database }),
          };
          let top = options.sinceReset ? undefined : await client.queries.top({ ...input, source: 'window' });
          if (!top?.covered) top = await client.queries.top({ ...input, source: 'reset' });
          if (options.json) printJson(top);
          else printTop(top);
          return 0 as const;
        }),
      );
    });

  queries
    .command('regressions')
    .argument('<env>', 'name')
    .option('--window <window>', '1h or 24h, held against the week before', '24h')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('statements that have become slower; exit code 1 where there are some')
    .action((ref: string, options: RegressionOptions) => {
      const window = oneOf(options.window, ['1h', '24h'] as const, '--window');
      return run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const answer = await client.queries.regressions({ environment: id, window });
          if (options.json) printJson(answer);
          else {
            printTable(
              [
                { title: 'factor', value: ({ factor }) => `${factor.toFixed(1)}×`, align: 'right' },
                { title: 'before', value: ({ beforeMeanMs }) => ms(beforeMeanMs), align: 'right' },
                { title: 'now', value: ({ figures }) => ms(figures.meanMs ?? 0), align: 'right' },
                { title: 'calls', value: ({ figures }) => String(figures.calls), align: 'right' },
                { title: 'extra', value: ({ extraMs }) => duration(extraMs), align: 'right' },
                { title: 'text', value: textOf, most: 80 },
              ],
              answer.rows,
            );
            process.stderr.write(
              `${answer.compared} statements compared with ${duration(answer.beforeCoveredMs)} of the week before.\n`,
            );
            answer.limits.forEach(printExplanation);
          }
          return answer.rows.length > 0 ? 1 : 0;
        }),
      );
    });

  queries
    .command('reset')
    .argument('<env>', 'name or URL')
    .argument('[key]', 'of one statement, as queries top --json names it')
    .option('--all', 'of all statements')
    .option('--confirm <name>', 'the environment’s name, where it is guarded')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('reset counters on the server; what Howdah has kept stays')
    .action((ref: string, key: string | undefined, options: ResetOptions) => {
      if ((key === undefined) !== (options.all ?? false))
        throw new CallProblem('Name one statement by its key, or all of them with --all.');
      return run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const answer = await client.queries.reset({
            environment: id,
            key: key ?? null,
            ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
          });
          if (options.json) printJson(answer);
          else
            printLine(key === undefined ? `Reset ${answer.statements} statements.` : 'Reset one statement.');
          return 0 as const;
        }),
      );
    });

  planCommands(queries, run);
}

function oneOf<T extends string>(given: string, known: readonly T[], option: string): T {
  const found = known.find((one) => one === given);
  if (found === undefined) throw new CallProblem(`${option} is one of ${known.join(', ')}, not "${given}".`);
  return found;
}

function printTop(top: TopStatements): void {
  const { rows, rest, source, covered, limits } = top;
  const since = covered
    ? `${new Date(covered.from).toISOString()} to ${new Date(covered.to).toISOString()}`
    : 'the last reset, whenever that was';
  process.stderr.write(
    source === 'window' ? `From ${since}.\n` : `Counters as they stand, since ${since}.\n`,
  );
  const figure =
    (pick: (figures: StatementFigures) => string) =>
    ({ figures }: StatementRow): string =>
      pick(figures);
  printTable(
    [
      {
        title: 'share',
        value: ({ share }) => (share === null ? '' : `${(share * 100).toFixed(1)} %`),
        align: 'right',
      },
      { title: 'total', value: figure(({ execMs }) => ms(execMs)), align: 'right' },
      { title: 'calls', value: figure(({ calls }) => String(calls)), align: 'right' },
      { title: 'mean', value: figure(({ meanMs }) => (meanMs === null ? '' : ms(meanMs))), align: 'right' },
      { title: 'rows', value: figure((all) => String(all.rows)), align: 'right' },
      { title: 'read', value: figure(({ sharedRead }) => String(sharedRead)), align: 'right' },
      {
        title: 'temp',
        value: figure(({ tempRead, tempWritten }) => String(tempRead + tempWritten)),
        align: 'right',
      },
      { title: 'user', value: ({ user }) => user ?? '', most: 20 },
      { title: 'database', value: ({ database }) => database ?? '', most: 20 },
      { title: 'text', value: textOf, most: 80 },
    ],
    rows,
  );
  if (rest.figures.calls > 0)
    printLine(
      `and ${rest.statements ?? 'all'} others: ${duration(rest.figures.execMs)}, ${rest.figures.calls} calls`,
    );
  limits.forEach(printExplanation);
}

function textOf({ text, queryId }: StatementRow): string {
  return text ?? (queryId === null ? '(hidden from this role)' : `(text not known, query id ${queryId})`);
}

function ms(value: number): string {
  return value < 100 ? `${value.toFixed(value < 1 ? 3 : 1)} ms` : duration(value);
}
