import { type Command, Option } from 'commander';
import type {
  Engine,
  EngineBackup,
  EngineDraft,
  EngineProgress,
  EngineRepository,
  EngineWhere,
} from '../../preload/contract/backup-engines.ts';
import { whole } from './backups-create.ts';
import { megabytes } from './backups-progress.ts';
import { printable, printExplanation, printJson, printLine, printTable } from './output.ts';
import { CallProblem, type CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface JsonOption {
  json?: boolean;
}

interface PlaceOptions extends JsonOption {
  as?: string;
  docker?: string;
  ssh?: string;
}

interface BackupCommandOptions extends JsonOption {
  type: 'full' | 'differential' | 'incremental';
  repository?: number;
}

/** `howdah backups engines …` */
export function engineCommands(backups: Command, run: CommandRun): void {
  const engines = backups.command('engines').description('backups made by pgBackRest and Barman');
  engines
    .command('list')
    .argument('[env]', 'only of this environment')
    .option('--again', 'read them now')
    .option('--json', 'print JSON')
    .description('list the stanzas and servers that are noted, with their backups')
    .action((ref: string | undefined, options: JsonOption & { again?: boolean }) =>
      run(options, async (client) => {
        const found = await client.backups.engines.list({
          ...(ref === undefined ? {} : { environment: ref }),
          again: options.again ?? false,
        });
        if (options.json) printJson(found);
        else for (const engine of found) printEngine(engine);
        return found.some(({ problem }) => problem) ? 1 : 0;
      }),
    );
  placed(engines.command('find'))
    .option('--json', 'print JSON')
    .description('list stanzas and servers that are configured there and not noted yet')
    .action((options: PlaceOptions) =>
      run(options, async (client) => {
        const found = await client.backups.engines.find({ where: whereOf(options) });
        if (options.json) printJson(found);
        else
          printTable(
            [
              { title: 'KIND', value: ({ kind }) => kind },
              { title: 'NAME', value: ({ name }) => name },
              { title: 'WHERE', value: ({ where }) => sayWhere(where) },
            ],
            found,
          );
        return 0;
      }),
    );
  placed(
    engines.command('add').argument('<kind>', 'pgbackrest or barman').argument('<name>', 'stanza or server'),
  )
    .option('--config <path>', 'its configuration file, where that is not where the engine looks by itself')
    .option('--environment <env>', 'the environment whose server it backs up')
    .option('--json', 'print JSON')
    .description('note a stanza of pgBackRest or a server of Barman')
    .action((kind: string, name: string, options: PlaceOptions & { config?: string; environment?: string }) =>
      run(options, async (client) => {
        const engine = await client.backups.engines.add({
          kind: kindOf(kind),
          name,
          where: whereOf(options),
          config: options.config ?? null,
          environment: options.environment ?? null,
        });
        if (options.json) printJson(engine);
        else printEngine(engine);
        return engine.problem ? 1 : 0;
      }),
    );
  engines
    .command('remove')
    .argument('<id>', 'a number as list shows it')
    .option('--json', 'print JSON')
    .description('take an engine off the list; its backups stay')
    .action((id: string, options: JsonOption) =>
      run(options, async (client) => {
        const left = await client.backups.engines.remove({ id });
        if (options.json) printJson(left);
        return 0;
      }),
    );
  engines
    .command('backup')
    .argument('<id>', 'a number as list shows it')
    .addOption(new Option('--type <type>').choices(['full', 'differential', 'incremental']).default('full'))
    .option(
      '--repository <n>',
      'of pgBackRest, where it has several: which one; the first unless given',
      whole,
    )
    .option('--json', 'print JSON')
    .description('have the engine make a backup')
    .action((engine: string, options: BackupCommandOptions) =>
      run(options, (client) =>
        untilInterrupted(async (signal) => {
          const events = await client.backups.engines.backup(
            { engine, type: options.type, repository: options.repository ?? null },
            { signal },
          );
          let last: EngineProgress | undefined;
          for await (const event of events) {
            last = event;
            if (event.kind === 'begun') say(event.command);
            else if (event.kind === 'log') say(`  ${event.text}`);
          }
          if (last?.kind === 'failed') {
            if (options.json) printJson({ error: last.problem, state: last.state });
            printExplanation(last.problem);
            say(last.state);
          } else if (last?.kind === 'finished') {
            if (options.json) printJson({ label: last.label, engine: last.engine });
            else printLine(last.label ?? 'Made; its label could not be read.');
          }
          return last?.kind === 'finished' ? 0 : 1;
        }),
      ),
    );
}

const placed = (command: Command): Command =>
  command
    .option('--as <account>', 'another account of this machine, through sudo')
    .option('--docker <name>', 'in a container, as name or account@name')
    .option('--ssh <host>', 'on another host, as user@host:port or a name of ~/.ssh/config');

function whereOf({ as, docker, ssh }: PlaceOptions): EngineWhere {
  if ([as, docker, ssh].filter((one) => one !== undefined).length > 1)
    throw new CallProblem('Only one of --as, --docker and --ssh can be given.');
  if (docker !== undefined) return { kind: 'docker', name: docker };
  if (ssh !== undefined) return { kind: 'ssh', name: ssh };
  return as === undefined ? { kind: 'local' } : { kind: 'local', as };
}

function kindOf(text: string): EngineDraft['kind'] {
  if (text === 'pgbackrest' || text === 'barman') return text;
  throw new CallProblem('The kind is pgbackrest or barman.');
}

function sayWhere(where: EngineWhere): string {
  if (where.kind === 'local') return where.as === undefined ? 'here' : `here as ${where.as}`;
  return `${where.kind} ${where.name}`;
}

function printEngine(engine: Engine): void {
  const { id, kind, name, where, version, walFrom, walTo, window, unknown, backups, problem } = engine;
  const { repositories } = engine;
  printLine(printable(`${id}  ${kind} ${version ?? ''} ${name}, ${sayWhere(where)}`));
  printLine(`    WAL ${walFrom ?? 'none'} to ${walTo ?? 'none'}`);
  const until = window?.to ? at(window.to) : 'now';
  printLine(window ? `    restores from ${at(window.from)} until ${until}` : '    nothing to be restored');
  for (const one of repositories) printLine(`    ${printable(repositoryWords(one))}`);
  for (const said of unknown) printLine(`    ${printable(said)}`);
  if (problem) printExplanation(problem);
  if (backups.length === 0) return;
  printTable(
    [
      { title: '    LABEL', value: ({ label }) => `    ${label}` },
      ...(repositories.length > 0
        ? [
            {
              title: 'REPOSITORY',
              value: ({ repository }: EngineBackup) => String(repository ?? ''),
              align: 'right' as const,
            },
          ]
        : []),
      { title: 'TYPE', value: ({ type }) => type },
      { title: 'ENDED', value: ({ endedAt }) => (endedAt === null ? '' : at(endedAt)) },
      { title: 'SIZE', value: ({ bytes }) => (bytes === null ? '' : megabytes(bytes)), align: 'right' },
      {
        title: 'TAKES',
        value: ({ repositoryBytes }) => (repositoryBytes === null ? '' : megabytes(repositoryBytes)),
        align: 'right',
      },
      { title: 'STATE', value: ({ state, said }) => `${state}: ${said}`, most: 100 },
    ],
    backups,
  );
}

function repositoryWords({ key, backups, walFrom, walTo, window, problem }: EngineRepository): string {
  const range = window ? `restores from ${at(window.from)} on` : 'nothing to be restored';
  const wrong = problem === null ? '' : `; ${problem}`;
  return `repository ${key}: ${backups} backups, WAL ${walFrom ?? 'none'} to ${walTo ?? 'none'}, ${range}${wrong}`;
}

const at = (ms: number): string => new Date(ms).toISOString();

const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);
