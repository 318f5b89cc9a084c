import type { Command } from 'commander';
import type { Explanation } from '../../preload/contract/common.ts';
import {
  type GrowthWindow,
  growthWindows,
  type IndexReport,
  type Parts,
  type StoredTable,
} from '../../preload/contract/storage.ts';
import { rollUp } from '../../preload/contract/storage-roll-up.ts';
import { findOrOpen, withEnvironment } from '../cli/environment.ts';
import { printExplanation, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';
import type { ConsoleClient } from '../faces/index.ts';

import { bytesWords, countWords, plural, spanWords } from './words.ts';

interface StorageOptions extends PasswordOptions {
  json?: boolean;
  schema?: string;
  window?: string;
}

export function storageCommands(howdah: Command, run: CommandRun): void {
  const storage = howdah.command('storage').description('what takes space: tables, indexes, growth');
  const command = (name: string, description: string): Command =>
    storage
      .command(name)
      .argument('<env>', 'name or URL')
      .option('--password-stdin', 'read the password from standard input')
      .option('--json', 'print JSON')
      .description(description);

  command('show', 'list tables by size, partitions with their partitioned table')
    .option('--schema <name>', 'only this schema')
    .action((ref: string, options: StorageOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          await show(client, id, options);
          return 0 as const;
        }),
      ),
    );
  command('indexes', 'what is wrong with the indexes; 1 when there is more than notices').action(
    (ref: string, options: StorageOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, ({ id }) => indexes(client, id, options)),
      ),
  );
  command('growth', 'what grows, and how it goes on; from what Howdah has kept')
    .option('--window <span>', growthWindows.join(', '), '30d')
    .action((ref: string, options: StorageOptions) => {
      const window = growthWindows.find((one) => one === options.window);
      if (!window)
        throw new CallProblem(`A window is one of ${growthWindows.join(', ')}, not "${options.window}".`);
      return run(options, (client) => growth(client, ref, window, options));
    });
}

const totalOf = ({ heap, maps, toast, indexes }: Parts): number =>
  Number(heap) + Number(maps) + Number(toast) + Number(indexes);

async function show(client: ConsoleClient, environment: string, options: StorageOptions): Promise<void> {
  const tables = new Map<number, StoredTable>();
  let database = '';
  let databaseBytes: string | null = null;
  let limits: Explanation[] = [];
  for await (const event of await client.storage.tables({ environment })) {
    if (event.kind === 'tables') {
      database = event.database;
      for (const table of event.tables) tables.set(table.oid, table);
    } else if (event.kind === 'sizes') {
      for (const size of event.sizes) {
        const table = tables.get(size.oid);
        if (table) tables.set(size.oid, { ...table, ...size });
      }
    } else {
      databaseBytes = event.databaseBytes;
      limits = event.limits;
    }
  }
  const all = rollUp([...tables.values()])
    .filter(
      ({ schema, parent }) => parent === null && (options.schema === undefined || schema === options.schema),
    )
    .sort((a, b) => totalOf(b.size) - totalOf(a.size));
  const total = all.reduce((sum, { size }) => sum + totalOf(size), 0);
  if (options.json) {
    printJson({ database, databaseBytes, tablesBytes: String(total), tables: all, limits });
    return;
  }
  const size = ({ source }: StoredTable, text: string): string => (source === 'unknown' ? '?' : text);
  printTable(
    [
      { title: 'table', value: ({ schema, name }) => `${schema}.${name}`, most: 60 },
      {
        title: 'partitions',
        value: ({ kind, partitions }) => (kind === 'partitioned table' ? String(partitions) : ''),
        align: 'right',
      },
      { title: 'rows', value: ({ rows }) => (rows === null ? '?' : countWords(rows)), align: 'right' },
      { title: 'total', value: (row) => size(row, bytesWords(totalOf(row.size))), align: 'right' },
      {
        title: 'heap',
        value: (row) => size(row, bytesWords(Number(row.size.heap) + Number(row.size.maps))),
        align: 'right',
      },
      { title: 'TOAST', value: (row) => size(row, bytesWords(Number(row.size.toast))), align: 'right' },
      { title: 'indexes', value: (row) => size(row, bytesWords(Number(row.size.indexes))), align: 'right' },
      { title: '', value: ({ source }) => (source === 'exact' ? '' : source) },
    ],
    all,
  );
  const whole =
    databaseBytes === null
      ? ''
      : `, of ${bytesWords(Number(databaseBytes))} of ${database} with its catalogues`;
  printLine(`${plural(all.length, 'table')}, ${bytesWords(total)}${whole}`);
  for (const limit of limits) printExplanation(limit);
}

async function indexes(client: ConsoleClient, environment: string, options: StorageOptions): Promise<0 | 1> {
  let report: IndexReport | undefined;
  for await (const next of await client.storage.indexes({ environment })) report = next;
  const { findings = [], limits = [] } = report ?? {};
  if (options.json) printJson(report);
  else {
    for (const { severity, title, evidence, remedy, statement } of findings) {
      printLine(`${severity}: ${title}`);
      for (const line of [...evidence, remedy]) printLine(`  ${line}`);
      for (const line of statement?.split('\n') ?? []) printLine(`    ${line}`);
    }
    printLine(
      findings.length === 0 ? 'Nothing is wrong with the indexes.' : plural(findings.length, 'finding'),
    );
    for (const limit of limits) printExplanation(limit);
  }
  return findings.some(({ severity }) => severity !== 'notice') ? 1 : 0;
}

async function growth(
  client: ConsoleClient,
  ref: string,
  window: GrowthWindow,
  options: StorageOptions,
): Promise<0 | 1> {
  // What was kept can be read without the server.
  const environment = await findOrOpen(client, ref, options);
  try {
    const answer = await client.storage.growth({
      environment: environment.id,
      window,
      of: { kind: 'database' },
    });
    if (options.json) {
      printJson(answer);
      return 0;
    }
    const { forecast, growers } = answer;
    const signed = (bytes: number): string => `${bytes > 0 ? '+' : ''}${bytesWords(bytes)}`;
    printTable(
      [
        { title: 'table', value: ({ schema, name }) => `${schema}.${name}`, most: 60 },
        {
          title: 'size',
          value: ({ bytes, gone }) => (gone ? 'dropped' : bytesWords(Number(bytes))),
          align: 'right',
        },
        {
          title: 'growth',
          value: (row) => (row.growth === null ? '' : signed(Number(row.growth))),
          align: 'right',
        },
        { title: 'over', value: ({ overMs }) => (overMs === null ? '' : spanWords(overMs)), align: 'right' },
      ],
      growers.filter(({ growth: grown }) => grown !== '0').slice(0, 50),
    );
    if (forecast) {
      printLine(
        `At this pace ${signed(forecast.perDay)} a day (${signed(forecast.lowPerDay)} to ${signed(forecast.highPerDay)}).`,
      );
      for (const { bytes, at } of forecast.reaches)
        printLine(`  ${bytesWords(Number(bytes))} on ${new Date(at).toISOString().slice(0, 10)}`);
    } else if (answer.noForecast) printLine(answer.noForecast);
    for (const limit of answer.limits) printExplanation(limit);
    return 0;
  } finally {
    if (environment.transient) await client.environments.remove({ environment: environment.id });
  }
}
