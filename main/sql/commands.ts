import { readFileSync } from 'node:fs';
import { text as readStream } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Environment } from '../../preload/contract/environments.ts';
import { withEnvironment } from '../cli/environment.ts';
import type { PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';
import { type Format, formats } from '../cli/sql-print.ts';
import { type GivenStatement, runStatements } from '../cli/sql-run.ts';
import { untilInterrupted } from '../cli/until-interrupted.ts';
import { checkProtection } from '../guard/index.ts';
import { decode, openParser, scriptItems } from '../sql-text/index.ts';
import { judgeText } from './script/index.ts';

interface SqlOptions extends PasswordOptions {
  command: string[];
  file: string[];
  format: Format;
  readOnly?: boolean;
  confirm?: string;
  set: Record<string, string>;
  timeout: number;
  rows: number;
  continue?: boolean;
}

/** Of a script for a server that asks for a name nothing runs before the name was checked. */
export function sqlCommands(howdah: Command, run: CommandRun): void {
  howdah
    .command('sql')
    .argument('<env>', 'name or URL')
    .option('-c, --command <text>', 'SQL to run; may be given several times', collect, [])
    .option(
      '-f, --file <file>',
      'a file to run, - for standard input; may be given several times',
      collect,
      [],
    )
    .addOption(new Option('--format <format>', 'how results are printed').choices(formats).default('table'))
    .option('--read-only', 'the server refuses to write, whatever the environment allows')
    .option('--set <name=value>', 'value of :name; may be given several times', setting, {})
    .option('--timeout <seconds>', 'longest time for a statement; 0 for none', seconds, 0)
    .option('--rows <number>', 'most rows of a result', whole, 10_000_000)
    .option('--continue', 'go on after a statement that failed')
    .option('--confirm <name>', 'the environment’s name, where it is guarded')
    .option('--password-stdin', 'read the password from standard input')
    .description('run SQL, statement by statement, and print what it gives')
    .action((ref: string, options: SqlOptions) =>
      run({}, (client) =>
        untilInterrupted(async (signal) => {
          const texts = await givenTexts(options);
          const statements = await statementsOf(texts);
          return withEnvironment(client, ref, options, async (environment) => {
            if (!options.readOnly) checkBefore(environment, statements, options.confirm);
            const good = await runStatements(
              client,
              environment.id,
              statements(),
              {
                format: options.format,
                readOnly: options.readOnly ?? false,
                confirm: options.confirm,
                values: options.set,
                timeoutMs: options.timeout * 1000,
                rowLimit: options.rows,
                goOn: options.continue ?? false,
              },
              signal,
            );
            return good ? 0 : 1;
          });
        }),
      ),
    );
}

interface Given {
  source: string;
  text: string;
}

async function givenTexts({ command, file, passwordStdin }: SqlOptions): Promise<Given[]> {
  if (command.length + file.length === 0) throw new CallProblem('Give SQL with -c, or a file with -f.');
  if (passwordStdin && file.includes('-'))
    throw new CallProblem('Standard input can’t bring both the password and the SQL.');
  const texts: Given[] = command.map((text) => ({ source: '-c', text }));
  for (const name of file) {
    if (name === '-') texts.push({ source: 'stdin', text: await readStream(process.stdin) });
    else texts.push({ source: name, text: readFile(name) });
  }
  return texts;
}

function readFile(name: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(name);
  } catch (error) {
    throw new CallProblem(`${name} can’t be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { text, problems } = decode(bytes);
  const [problem] = problems;
  if (problem) throw new CallProblem(`${name}:${problem.line}: ${problem.what}.`);
  return text;
}

/**
 * The statements of all texts, split and classed one by one as they are asked for, so that a long script is not held
 * twice.
 *
 * @throws CallProblem for what psql would do itself and this does not; before anything runs
 */
async function statementsOf(texts: readonly Given[]): Promise<() => Generator<GivenStatement, void, void>> {
  const parse = await openParser();
  function* all(): Generator<GivenStatement, void, void> {
    for (const { source, text } of texts) {
      const problems: { line: number; what: string }[] = [];
      for (const item of scriptItems(text, (problem) => problems.push(problem))) {
        if (item.kind === 'meta')
          throw new CallProblem(
            `${source}:${item.line}: ${item.text.split(/\s/)[0]} is psql’s own command; it is not done here.`,
          );
        if (item.kind === 'rows')
          throw new CallProblem(
            `${source}:${item.line}: rows after COPY … FROM stdin are not sent from a script.`,
          );
        yield { text: item.text, risk: judgeText(item.text, parse).risk, source, line: item.line };
      }
      const [open] = problems;
      if (open) throw new CallProblem(`${source}:${open.line}: ${open.what}.`);
    }
  }
  for (const _statement of all());
  return all;
}

/** @throws PROTECTED_READ_ONLY, CONFIRMATION_REQUIRED */
function checkBefore(
  environment: Environment,
  statements: () => Iterable<GivenStatement>,
  confirm: string | undefined,
): void {
  if (environment.protection === 'open') return;
  for (const { risk } of statements()) if (risk !== 'read') checkProtection(environment, confirm);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function setting(value: string, before: Record<string, string>): Record<string, string> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It has the form name=value.');
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}

function seconds(value: string): number {
  const given = Number(value);
  if (!(given >= 0 && given <= 86_400))
    throw new InvalidArgumentError('It is a number of seconds from 0 to 86400.');
  return given;
}

function whole(value: string): number {
  const given = Number(value);
  if (!(Number.isInteger(given) && given >= 1 && given <= 10_000_000))
    throw new InvalidArgumentError('It is a whole number from 1 to 10000000.');
  return given;
}
