import type { Command } from 'commander';
import type {
  MaintainedTable,
  MaintenanceProgress,
  MaintenanceStatus,
} from '../../preload/contract/maintenance.ts';
import { withEnvironment } from '../cli/environment.ts';
import { duration, printable, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';
import { untilInterrupted } from '../cli/until-interrupted.ts';
import { vacuumRetentionCommands } from '../cli/vacuum-retention.ts';
import type { ConsoleClient } from '../faces/index.ts';

interface StatusOptions extends PasswordOptions {
  json?: boolean;
  all?: boolean;
  system?: boolean;
  filter?: string;
  most: string;
}

interface ActOptions extends PasswordOptions {
  json?: boolean;
  confirm?: string;
  verbose?: boolean;
  lockTimeout: string;
  analyze?: boolean;
  freeze?: boolean;
  full?: boolean;
  index?: boolean;
}

export function maintenanceCommands(howdah: Command, run: CommandRun): void {
  const vacuum = howdah.command('vacuum').description('dead rows, freezing, and what holds them back');

  vacuum
    .command('status')
    .argument('<env>', 'name or URL')
    .option('--all', 'tables that need nothing, too')
    .option('--system', 'the server’s own catalogues, too')
    .option('--filter <text>', 'only tables whose schema and name hold this')
    .option('--most <number>', 'most tables listed', '50')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('what is due, how old it is and who holds it back; exit code 1 when something is in danger')
    .action((ref: string, options: StatusOptions) => {
      const most = wholeNumber(options.most, 'most', 10_000);
      return run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const { system = false, filter = '' } = options;
          const status = await client.maintenance.status({ environment: id, most, system, filter });
          if (options.json) printJson(status);
          else printStatus(status, options.all ?? false);
          return isInDanger(status) ? 1 : 0;
        }),
      );
    });

  const act = (name: string, description: string): Command =>
    vacuum
      .command(name)
      .argument('<env>', 'name or URL')
      .argument('<table...>', 'tables, as NAME or SCHEMA.NAME; public where no schema is given')
      .option('--confirm <name>', 'the environment’s name, where it is guarded')
      .option('--lock-timeout <seconds>', 'longest wait for a lock', '2')
      .option('--verbose', 'show what the server says')
      .option('--password-stdin', 'read the password from standard input')
      .option('--json', 'print JSON')
      .description(description);
  const carryOut = (ref: string, names: string[], options: ActOptions, kind: ActKind): Promise<void> => {
    const lockTimeoutMs = 1000 * wholeNumber(options.lockTimeout, 'lock-timeout', 600);
    const input = { tables: names.map(relation), lockTimeoutMs, confirm: options.confirm };
    return run(options, (client) =>
      untilInterrupted((signal) =>
        withEnvironment(client, ref, options, ({ id }) =>
          follow(kind(client, { ...input, environment: id }, signal), options),
        ),
      ),
    );
  };

  act('run', 'vacuum tables, one after the other')
    .option('--analyze', 'renew their statistics, too')
    .option('--freeze', 'freeze all rows that can be')
    .option('--full', 'write them anew, under a lock that keeps everybody out')
    .action((ref: string, names: string[], options: ActOptions) => {
      const { analyze = false, freeze = false } = options;
      if (options.full && freeze) throw new CallProblem('--full freezes all rows anyway.');
      return carryOut(ref, names, options, (client, input, signal) =>
        options.full
          ? client.maintenance.vacuumFull({ ...input, analyze }, { signal })
          : client.maintenance.vacuum({ ...input, analyze, freeze }, { signal }),
      );
    });
  act('analyze', 'renew the statistics of tables').action(
    (ref: string, names: string[], options: ActOptions) =>
      carryOut(ref, names, options, (client, input, signal) => client.maintenance.analyze(input, { signal })),
  );
  act('reindex', 'build the indexes of tables anew while they are used')
    .option('--index', 'the names are those of indexes')
    .action((ref: string, names: string[], options: ActOptions) =>
      carryOut(ref, names, options, (client, input, signal) =>
        client.maintenance.reindex({ ...input, of: options.index ? 'index' : 'table' }, { signal }),
      ),
    );

  vacuumRetentionCommands(vacuum, run);
}

type ActKind = (
  client: ConsoleClient,
  input: {
    environment: string;
    tables: { schema: string; name: string }[];
    lockTimeoutMs: number;
    confirm: string | undefined;
  },
  signal: AbortSignal,
) => Promise<AsyncIterable<MaintenanceProgress>>;

/** `schema.name`, or a name of `public`; either may be quoted as in SQL. */
function relation(text: string): { schema: string; name: string } {
  const parts = /^(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^".]+)$/.exec(text);
  if (!parts) throw new CallProblem(`"${text}" is no name of a table.`);
  const plain = (part: string): string =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
  return { schema: plain(parts[1] ?? 'public'), name: plain(parts[2] ?? '') };
}

function wholeNumber(text: string, option: string, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most)
    throw new CallProblem(`--${option} is a whole number from 1 to ${most}, not "${text}".`);
  return value;
}

async function follow(
  events: Promise<AsyncIterable<MaintenanceProgress>>,
  { json, verbose }: ActOptions,
): Promise<0 | 1> {
  let ended: Extract<MaintenanceProgress, { kind: 'ended' }> | undefined;
  try {
    for await (const event of await events) {
      if (event.kind === 'step') tell(event.statement);
      if (event.kind === 'log' && verbose) tell(`  ${event.text}`);
      if (event.kind === 'ended') ended = event;
    }
  } catch (error) {
    // What was done before is told beside the reason.
    if (json && ended) printJson(ended);
    throw error;
  }
  if (json) printJson(ended ?? null);
  else if (ended) printLine(ended.said);
  return 0;
}

const tell = (line: string): void => void process.stderr.write(`${printable(line)}\n`);

/** Half of the way to the stop, past the failsafe, or autovacuum off. */
const isInDanger = ({ databases, tables, autovacuum, trackCounts, standby }: MaintenanceStatus): boolean =>
  databases.some(({ share }) => share >= 0.5) ||
  tables.some(({ state }) => state === 'danger') ||
  (!standby && (!autovacuum || !trackCounts));

function printStatus(status: MaintenanceStatus, all: boolean): void {
  const { databases, holders, xid, at, limits, leftovers } = status;
  const number = (value: number): string => Math.round(value).toLocaleString('en-US');
  printTable(
    [
      { title: 'database', value: ({ database }) => database, most: 40 },
      { title: 'transactions', value: ({ xidAge }) => number(xidAge), align: 'right' },
      { title: 'multixacts', value: ({ multixactAge }) => number(multixactAge), align: 'right' },
      { title: 'of the way', value: ({ share }) => `${(share * 100).toFixed(1)} %`, align: 'right' },
    ],
    databases,
  );
  printLine(
    `Vacuum is forced from ${number(xid.forced)} transactions on; the server stops at ${number(xid.stop)}.`,
  );
  printLine('');
  const shown = all ? status.tables : status.tables.filter(({ state }) => state !== 'healthy');
  if (shown.length > 0)
    printTable(
      [
        { title: 'table', value: ({ schema, name }) => `${schema}.${name}`, most: 50 },
        { title: 'state', value: ({ state }) => state },
        { title: 'dead', value: ({ dead }) => orNothing(dead.counted, number), align: 'right' },
        { title: 'due from', value: ({ dead }) => orNothing(dead.threshold, number), align: 'right' },
        { title: 'inserted', value: ({ inserted }) => orNothing(inserted.counted, number), align: 'right' },
        { title: 'changed', value: ({ changed }) => orNothing(changed.counted, number), align: 'right' },
        { title: 'vacuumed', value: (table) => ago(last(table), at), align: 'right' },
        { title: 'age', value: ({ xidAge }) => orNothing(xidAge, number), align: 'right' },
      ],
      shown,
    );
  printLine(
    `${number(status.count)} tables, ${status.due} due for vacuum, ${status.analyzeDue} for analyze.`,
  );
  const old = holders.filter(({ age }) => age > 1000);
  if (old.length > 0) {
    printLine('');
    printTable(
      [
        { title: 'holds dead rows', value: ({ kind, name }) => `${kind} ${name}`, most: 50 },
        { title: 'transactions', value: ({ age }) => number(age), align: 'right' },
        { title: 'since', value: ({ since }) => ago(since, at), align: 'right' },
        { title: 'what to do', value: ({ remedy }) => remedy, most: 120 },
      ],
      old,
    );
  }
  for (const { statement, table } of leftovers)
    printLine(`Left behind by REINDEX on ${table}: ${statement};`);
  for (const { what, next } of limits) tell(`${what} ${next}`);
}

const orNothing = (value: number | null, words: (value: number) => string): string =>
  value === null ? '' : words(value);

const last = ({ lastVacuum, lastAutovacuum }: MaintainedTable): number | null =>
  Math.max(lastVacuum ?? 0, lastAutovacuum ?? 0) || null;

const ago = (at: number | null, now: number): string => (at === null ? 'never' : duration(now - at));
