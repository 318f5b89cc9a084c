import { type Command, InvalidArgumentError } from 'commander';
import { type Adviser, advisers } from '../../preload/contract/advice.ts';
import type { HealthReport, healthFormats } from '../../preload/contract/health.ts';
import { roomWords, summaryOf, verdictOf } from '../../preload/contract/health-words.ts';
import { withEnvironment } from '../cli/environment.ts';
import { printable, printExplanation, printJson, printLine } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import type { CommandRun } from '../cli/run.ts';
import { untilInterrupted } from '../cli/until-interrupted.ts';
import { writeFileAside } from '../cli/write-file.ts';
import type { ConsoleClient } from '../faces/index.ts';

interface HealthOptions extends PasswordOptions {
  json?: boolean;
  html?: string;
  markdown?: string;
  room?: Adviser[];
}

/** `howdah health ENV` */
export function healthCommands(howdah: Command, run: CommandRun): void {
  howdah
    .command('health')
    .argument('<env>', 'name or URL')
    .option('--room <room>', `only this one of ${advisers.join(', ')}; may be given again`, addRoom)
    .option('--html <file>', 'write the report as a page, too')
    .option('--markdown <file>', 'write the report as Markdown, too')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('say what is wrong, worst first, with evidence and remedy')
    .addHelpText(
      'after',
      '\nExit code 0: nothing worse than notices. 1: warnings or worse, or something could not be looked at. 2: the call was wrong.',
    )
    .action((ref: string, options: HealthOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const report = await untilInterrupted((signal) => reportOf(client, id, options, signal));
          await save(client, report, 'html', options.html);
          await save(client, report, 'markdown', options.markdown);
          const verdict = verdictOf(report);
          if (options.json) printJson({ ...report, verdict });
          else printReport(report);
          return verdict === 'fine' || verdict === 'notice' ? 0 : 1;
        }),
      ),
    );
}

function addRoom(text: string, before: Adviser[] = []): Adviser[] {
  const room = advisers.find((one) => one === text);
  if (!room) throw new InvalidArgumentError(`Rooms are ${advisers.join(', ')}.`);
  return [...before, room];
}

async function reportOf(
  client: ConsoleClient,
  environment: string,
  { json, room: rooms }: HealthOptions,
  signal: AbortSignal,
): Promise<HealthReport> {
  const told = new Set<Adviser>();
  const progress = await client.health.report({ environment, ...(rooms ? { rooms } : {}) }, { signal });
  for await (const { report, done } of progress) {
    if (done) return report;
    for (const { room, state } of report.looks) {
      if (json || state !== 'looking' || told.has(room) || !process.stderr.isTTY) continue;
      told.add(room);
      process.stderr.write(`${roomWords[room].title}…\n`);
    }
  }
  throw new Error('The report ended before it was whole.');
}

async function save(
  client: ConsoleClient,
  { environment, at }: HealthReport,
  format: (typeof healthFormats)[number],
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return;
  const { text } = await client.health.export({ environment: environment.id, format, at });
  await writeFileAside(
    file,
    (async function* () {
      yield text;
    })(),
  );
  process.stderr.write(`Written: ${printable(file)}\n`);
}

function printReport(report: HealthReport): void {
  for (const { severity, title, evidence, remedy, statement, estimated } of report.findings) {
    printLine(`${severity.toUpperCase().padEnd(7)}  ${printable(title)}`);
    for (const fact of evidence) printLine(`         ${printable(fact)}`);
    if (estimated) printLine('         It rests on an estimate.');
    printLine(`         ${printable(remedy)}`);
    if (statement !== null) printLine(`         ${printable(statement)}`);
    printLine('');
  }
  printLine(summaryOf(report));
  for (const limit of report.limits) printExplanation(limit);
}
