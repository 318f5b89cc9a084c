import type { Command } from 'commander';
import type { SampleStatus } from '../../preload/contract/sample.ts';
import { printJson, printLine } from '../cli/output.ts';
import type { CommandRun } from '../cli/run.ts';

interface Options {
  json?: boolean;
}

export function sampleCommands(howdah: Command, run: CommandRun): void {
  const sample = howdah
    .command('sample')
    .description('a local PostgreSQL with sample systems to try Howdah on');

  sample
    .command('start')
    .option('--json', 'print JSON')
    .description('make it when it is not there, and start it; it keeps running until sample stop')
    .action((options: Options) =>
      run(options, async (client) => {
        let told = '';
        let finished: SampleStatus | undefined;
        for await (const progress of await client.sample.start({ workload: true })) {
          finished = progress.finished ?? finished;
          if (progress.step === told || options.json) continue;
          told = progress.step;
          process.stderr.write(`${told}\n`);
        }
        if (finished) print(finished, options);
        return finished?.state === 'running' ? 0 : 1;
      }),
    );

  sample
    .command('stop')
    .option('--json', 'print JSON')
    .description('stop it; its data stay')
    .action((options: Options) =>
      run(options, async (client) => {
        print(await client.sample.stop(), options);
        return 0;
      }),
    );

  sample
    .command('status')
    .option('--json', 'print JSON')
    .description('say whether it runs; exit code 1 when it does not')
    .action((options: Options) =>
      run(options, async (client) => {
        const status = await client.sample.status();
        print(status, options);
        return status.state === 'running' ? 0 : 1;
      }),
    );
}

function print(status: SampleStatus, { json }: Options): void {
  if (json) {
    printJson(status);
    return;
  }
  const where = status.port === undefined ? '' : ` on 127.0.0.1:${status.port}`;
  const version = status.serverVersion === undefined ? '' : `, PostgreSQL ${status.serverVersion}`;
  printLine(`${status.state}${where}${version}`);
  printLine(`folder: ${status.folder}`);
  if (status.state !== 'running') return;
  for (const { database, title } of status.systems) printLine(`  ${database}  ${title}`);
  if (!status.workload) printLine('Its workload runs while a console is open on it.');
}
