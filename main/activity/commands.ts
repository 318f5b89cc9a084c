import type { Command } from 'commander';
import type { ActivitySample, Backend } from '../../preload/contract/activity.ts';
import { withEnvironment } from '../cli/environment.ts';
import { duration, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';

interface ShowOptions extends PasswordOptions {
  json?: boolean;
  all?: boolean;
}

interface SignalOptions extends PasswordOptions {
  json?: boolean;
  confirm?: string;
}

export function activityCommands(howdah: Command, run: CommandRun): void {
  const activity = howdah.command('activity').description('live sessions: who is connected and what they do');

  activity
    .command('show')
    .argument('<env>', 'name or URL')
    .option('--all', 'background processes and the console’s own sessions too')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('list sessions, blockers first')
    .action((ref: string, options: ShowOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const sample = await client.activity.show({ environment: id });
          const backends = chosen(sample, options.all ?? false);
          if (options.json) printJson({ ...sample, backends });
          else printSessions(sample, backends);
          return 0 as const;
        }),
      ),
    );

  for (const signal of ['cancel', 'terminate'] as const) {
    activity
      .command(signal)
      .argument('<env>', 'name or URL')
      .argument('<pid...>', 'process ids as activity show lists them')
      .option('--confirm <name>', 'the environment’s name, where it is guarded')
      .option('--password-stdin', 'read the password from standard input')
      .option('--json', 'print JSON')
      .description(
        signal === 'cancel'
          ? 'cancel the running statement'
          : 'end the session; its transaction is rolled back',
      )
      .action((ref: string, pids: string[], options: SignalOptions) => {
        const wanted = pids.map(readPid);
        return run(options, (client) =>
          withEnvironment(client, ref, options, async ({ id }) => {
            const sample = await client.activity.show({ environment: id });
            const backends = wanted.map((pid) => ({
              pid,
              backendStart: sample.backends.find((one) => one.pid === pid)?.backendStart ?? null,
            }));
            const impact = await client.activity.impact({ environment: id, signal, backends });
            // Whom it is going to hit is told first, whatever comes of it.
            for (const { pid, who, what } of impact.backends)
              process.stderr.write(`${signal} ${pid}: ${who}, ${what}\n`);
            const { results } = await client.activity[signal]({
              environment: id,
              backends,
              ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
            });
            if (options.json) printJson({ results, impact: impact.backends });
            else {
              for (const { pid, outcome, message } of results) printLine(`${pid}  ${outcome}  ${message}`);
            }
            return results.every(({ outcome }) => outcome === 'done') ? 0 : 1;
          }),
        );
      });
  }
}

function readPid(text: string): number {
  const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (pid < 1 || pid > 2_147_483_647)
    throw new CallProblem(`A pid is a whole number from 1 to 2147483647, not "${text}".`);
  return pid;
}

function chosen(sample: ActivitySample, all: boolean): Backend[] {
  const shown = all
    ? sample.backends
    : sample.backends.filter(
        ({ own, type, application }) =>
          !own && application !== 'howdah' && (type === 'client backend' || type === null),
      );
  const blocks = new Set(sample.backends.flatMap(({ blockedBy }) => blockedBy));
  const rank = ({ pid, state }: Backend): number =>
    blocks.has(pid) ? 0 : state === 'waiting' ? 1 : state === 'active' ? 2 : 3;
  return [...shown].sort((a, b) => rank(a) - rank(b) || (a.queryAt ?? 0) - (b.queryAt ?? 0));
}

function printSessions(sample: ActivitySample, backends: Backend[]): void {
  const age = (at: number | null): string => (at === null ? '' : duration(sample.serverNow - at));
  printTable(
    [
      { title: 'pid', value: ({ pid }) => String(pid), align: 'right' },
      { title: 'state', value: ({ state }) => state },
      {
        title: 'query',
        value: ({ state, queryAt, stateAt }) => age(state === 'idle' ? stateAt : queryAt),
        align: 'right',
      },
      { title: 'transaction', value: ({ transactionAt }) => age(transactionAt), align: 'right' },
      { title: 'wait', value: ({ waitType, wait }) => (waitType ? `${waitType}: ${wait}` : ''), most: 30 },
      { title: 'blocked by', value: ({ blockedBy }) => blockedBy.join(', ') },
      { title: 'user', value: ({ user }) => user ?? '', most: 20 },
      { title: 'database', value: ({ database }) => database ?? '', most: 24 },
      { title: 'application', value: ({ application }) => application, most: 24 },
      { title: 'client', value: ({ client }) => client ?? '', most: 24 },
      { title: 'text', value: ({ query }) => query ?? '', most: 60 },
    ],
    backends,
  );
  if (sample.hidden > 0) {
    process.stderr.write(
      `Limited visibility: the state of ${sample.hidden} sessions is hidden from this role. GRANT pg_monitor would show it.\n`,
    );
  }
}
