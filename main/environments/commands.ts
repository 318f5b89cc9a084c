import { type Command, Option } from 'commander';
import { addressText } from '../../preload/contract/connection-url.ts';
import {
  type Environment,
  type EnvironmentStatus,
  environmentColors,
  Protection,
  type TestResult,
} from '../../preload/contract/environments.ts';
import { findOrOpen, isUrl, readUrl } from '../cli/environment.ts';
import { duration, printExplanation, printJson, printLine, printTable } from '../cli/output.ts';
import { givenOrTypedPassword, givenPassword, type PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';

interface Common extends PasswordOptions {
  json?: boolean;
}

interface AddOptions extends Common {
  name: string;
  group: string;
  protection: Protection;
  color: Environment['color'];
  confirm?: string;
}

const passwordStdin = ['--password-stdin', 'read the password from standard input'] as const;
const json = ['--json', 'print JSON'] as const;

/** `howdah environments …`; gives that command for others to add to. */
export function environmentCommands(howdah: Command, run: CommandRun): Command {
  const environments = howdah.command('environments').description('the servers and databases Howdah knows');

  environments
    .command('add')
    .argument('<url>', 'postgres://user@host:port/database')
    .requiredOption('--name <name>', 'name of the environment')
    .addOption(
      new Option('--protection <kind>', 'what may be done to it').choices(Protection.options).default('open'),
    )
    .addOption(new Option('--color <color>').choices(environmentColors).default('slate'))
    .option('--group <group>', 'group to list it in', '')
    .option('--confirm <name>', 'name of the environment that protects the same server more strictly')
    .option(...passwordStdin)
    .option(...json)
    .description('add an environment; the password comes from a prompt, --password-stdin or PGPASSWORD')
    .action((url: string, options: AddOptions) =>
      run(options, async (client) => {
        if (!isUrl(url)) throw new CallProblem('A connection URL reads postgres://user@host:5432/database.');
        const { connection, password: inUrl } = readUrl(url);
        const password =
          inUrl ?? (await givenOrTypedPassword(options, `${connection.user}@${connection.host}`));
        const { name, group, color, protection, confirm } = options;
        const added = await client.environments.add({
          draft: { name, group, color, protection, connection },
          ...(confirm === undefined ? {} : { confirm }),
          ...(password === undefined ? {} : { password: { password, remember: true } }),
        });
        if (password !== undefined && added.password === 'memory') {
          process.stderr.write(
            'There is no keychain here: the password is kept only while a console runs.\n',
          );
        }
        if (options.json) printJson(added);
        else printLine(`Added ${added.name}.`);
        return 0;
      }),
    );

  environments
    .command('list')
    .option(...json)
    .description('list them with their state')
    .action((options: Common) =>
      run(options, async (client) => {
        const view = await client.environments.list();
        const statuses = new Map(view.statuses.map((status) => [status.environment, status]));
        const rows = view.environments.map((environment) => ({
          environment,
          status: statuses.get(environment.id),
        }));
        if (options.json) printJson(rows.map(({ environment, status }) => ({ ...environment, status })));
        else if (rows.length === 0)
          printLine('There are no environments. Add one: howdah environments add URL --name NAME');
        else printList(rows);
        return 0;
      }),
    );

  environments
    .command('test')
    .argument('<env>', 'name or URL')
    .option(
      '--accept-host-key <fingerprint>',
      'trust an SSH server that is new, if its key is this one: SHA256:…',
    )
    .option(...passwordStdin)
    .option(...json)
    .description('walk the way to the server and say where it ends')
    .action((ref: string, options: Common & { acceptHostKey?: string }) =>
      run(options, async (client) => {
        const environment = await findOrOpen(client, ref, options);
        try {
          const given = environment.transient ? undefined : await givenPassword(options);
          const input = {
            environment: environment.id,
            ...(given === undefined ? {} : { password: { password: given, remember: false } }),
          };
          let result = await client.environments.test(input);
          // Each hop of a tunnel may be new.
          while (result.ask?.kind === 'host-key' && result.ask.fingerprint === options.acceptHostKey) {
            const { host, type, key } = result.ask;
            await client.environments.trustHost({ host, type, key });
            result = await client.environments.test(input);
          }
          if (options.json) printJson({ ...result, cause: result.problem?.cause ?? null });
          else printTest(result);
          return result.good ? 0 : 1;
        } finally {
          if (environment.transient) await client.environments.remove({ environment: environment.id });
        }
      }),
    );

  environments
    .command('remove')
    .argument('<name>', 'name of the environment')
    .option('--confirm <name>', 'its name again, where it is guarded or read-only')
    .option(...json)
    .description('remove an environment, its password and its history from Howdah; the server is not touched')
    .action((ref: string, options: Common & { confirm?: string }) =>
      run(options, async (client) => {
        const removed = await client.environments.remove({
          environment: ref,
          ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
        });
        if (options.json) printJson(removed);
        else printLine(`Removed ${removed.removed}.`);
        return 0;
      }),
    );
  return environments;
}

function printTest({ steps, findings, problem, ask }: TestResult): void {
  printTable(
    [
      { title: 'step', value: ({ step }) => step },
      { title: 'result', value: ({ outcome }) => outcome },
      {
        title: 'time',
        value: ({ outcome, ms }) => (outcome === 'skipped' ? '' : duration(ms)),
        align: 'right',
      },
      { title: '', value: ({ detail }) => detail },
    ],
    steps,
  );
  for (const { severity, text } of findings) printLine(`${severity}: ${text}`);
  if (problem) printExplanation(problem);
  if (ask?.kind === 'host-key') {
    printLine(`If ${ask.fingerprint} is the key of ${ask.host}: --accept-host-key ${ask.fingerprint}`);
  }
}

function printList(rows: { environment: Environment; status: EnvironmentStatus | undefined }[]): void {
  printTable(
    [
      { title: 'name', value: ({ environment }) => environment.name },
      { title: 'group', value: ({ environment }) => environment.group },
      { title: 'protection', value: ({ environment }) => environment.protection },
      {
        title: 'address',
        value: ({ environment: { connection } }) =>
          `${connection.user}@${addressText(connection)}/${connection.database}`,
      },
      { title: 'password', value: ({ environment }) => environment.password },
      { title: 'state', value: ({ status }) => status?.state ?? '' },
      { title: 'version', value: ({ status }) => status?.server?.version ?? '' },
    ],
    rows,
  );
}
