import type { Command } from 'commander';
import type { KeptDatabase } from '../../preload/contract/backup-swaps.ts';
import { megabytes } from './backups-progress.ts';
import { withEnvironment } from './environment.ts';
import { printExplanation, printJson, printLine, printTable } from './output.ts';
import type { PasswordOptions } from './password.ts';
import type { CommandRun } from './run.ts';

interface SwapOptions extends PasswordOptions {
  confirm?: string;
  json?: boolean;
}

/** `howdah backups swaps`, `swap-back`, `drop-kept` and `forget-kept` */
export function swapCommands(backups: Command, run: CommandRun): void {
  backups
    .command('swaps')
    .argument('[env]', 'name or URL; all that were noted unless given')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('list the databases that swaps keep, and what has become of them')
    .action((ref: string | undefined, options: SwapOptions) =>
      run(options, async (client) => {
        const list = async (environment?: string): Promise<0> => {
          const { swaps, limits } = await client.backups.swaps.list(
            environment === undefined ? {} : { environment },
          );
          if (options.json) printJson({ swaps, limits });
          else {
            printSwaps(swaps);
            for (const limit of limits) printExplanation(limit);
          }
          return 0;
        };
        if (ref === undefined) return await list();
        return await withEnvironment(client, ref, options, ({ id }) => list(id));
      }),
    );
  backups
    .command('swap-back')
    .argument('<env>', 'name or URL')
    .argument('<database>', 'the restored database')
    .argument('<kept>', 'the one that was kept')
    .option('--confirm <name>', 'the environment’s name, where it is guarded')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('give the kept database its name back, and keep the restored one')
    .action((ref: string, database: string, kept: string, options: SwapOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const done = await client.backups.swapBack({
            environment: id,
            database,
            kept,
            ...confirmed(options),
          });
          if (options.json) printJson(done);
          else printLine(`${database} is again what it was; the restored one is ${done.kept}.`);
          return 0 as const;
        }),
      ),
    );
  backups
    .command('drop-kept')
    .argument('<env>', 'name or URL')
    .argument('<id>', 'a number as swaps shows it')
    .option('--confirm <name>', 'the environment’s name, where it is guarded')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('drop a database that a swap keeps, for good')
    .action((ref: string, kept: string, options: SwapOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const done = await client.backups.swaps.drop({ environment: id, id: kept, ...confirmed(options) });
          if (options.json) printJson(done);
          else printLine(`${done.dropped} is dropped.`);
          return 0 as const;
        }),
      ),
    );
  backups
    .command('forget-kept')
    .argument('<id>', 'a number as swaps shows it')
    .option('--json', 'print JSON')
    .description('take a kept database off the list; nothing is done on its server')
    .action((id: string, options: SwapOptions) =>
      run(options, async (client) => {
        const done = await client.backups.swaps.forget({ id });
        if (options.json) printJson(done);
        return 0 as const;
      }),
    );
}

const confirmed = ({ confirm }: SwapOptions) => (confirm === undefined ? {} : { confirm });

function printSwaps(swaps: KeptDatabase[]): void {
  printTable(
    [
      { title: 'ID', value: ({ id }) => id ?? '' },
      { title: 'SINCE', value: ({ at }) => new Date(at).toISOString() },
      { title: 'DATABASE', value: ({ database }) => database },
      { title: 'KEPT AS', value: ({ kept }) => kept, most: 63 },
      { title: 'STATE', value: ({ state, name }) => (name === null ? state : `${state}: ${name}`), most: 80 },
      { title: 'SIZE', value: ({ bytes }) => (bytes === null ? '' : megabytes(bytes)), align: 'right' },
      { title: 'FROM', value: ({ path }) => path ?? '', most: 100 },
      { title: 'WHAT IT IS', value: ({ said }) => said, most: 120 },
    ],
    swaps,
  );
}
