import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Plan, PlanNode } from '../../../preload/contract/plan-model.ts';
import type { ParametersAsked, PlanOutcome } from '../../../preload/contract/plans.ts';
import { withEnvironment } from '../../cli/environment.ts';
import { printJson, printLine, printTable } from '../../cli/output.ts';
import type { PasswordOptions } from '../../cli/password.ts';
import { CallProblem, type CommandRun } from '../../cli/run.ts';
import { figure, span } from './find/words.ts';

interface ExplainOptions extends PasswordOptions {
  json?: boolean;
  sql?: string;
  file?: string;
  key?: string;
  param?: string[];
  analyze?: boolean;
  readOnly?: boolean;
  timeout?: string;
  confirm?: string;
}

/** `howdah queries explain`. */
export function planCommands(queries: Command, run: CommandRun): void {
  queries
    .command('explain')
    .argument('<env>', 'name or URL')
    .option('--sql <text>', 'the statement')
    .option('--file <path>', 'a file with the statement')
    .option('--key <key>', 'a statement of pg_stat_statements, as queries top --json lists it')
    .option('--param <value...>', 'values for $1, $2, … in their order')
    .option('--analyze', 'run it, in a transaction that is rolled back')
    .option(
      '--read-only',
      'with --analyze: in a READ ONLY transaction, also where the environment is read-only',
    )
    .option('--timeout <seconds>', 'with --analyze: end it after so long (30)')
    .option('--confirm <name>', 'the environment’s name, where it is protected')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON: the plan as it was read, with its findings')
    .description('show a statement’s plan and what is wrong with it; exit code 1 when something serious is')
    .action((ref: string, options: ExplainOptions) =>
      run(options, async (client) => {
        const source = await sourceOf(options);
        const timeoutMs = timeoutOf(options.timeout);
        return withEnvironment(client, ref, options, async ({ id }) => {
          const { plans } = client.queries;
          const input = { environment: id, ...source, parameters: options.param ?? [] };
          const confirm = options.confirm === undefined ? {} : { confirm: options.confirm };
          if (options.analyze) {
            const { warnings } = await plans.statement({ environment: id, ...source });
            for (const warning of warnings) process.stderr.write(`${warning}\n`);
          }
          const outcome = !options.analyze
            ? await plans.explain(input)
            : options.readOnly
              ? await plans.analyzeReadOnly({ ...input, ...confirm, timeoutMs })
              : await plans.analyze({ ...input, ...confirm, timeoutMs });
          return show(outcome, options.json ?? false);
        });
      }),
    );
}

async function sourceOf({ sql, file, key }: ExplainOptions): Promise<{ text?: string; key?: string }> {
  const given = [sql, file, key].filter((one) => one !== undefined);
  if (given.length !== 1) throw new CallProblem('Give the statement by one of --sql, --file or --key.');
  if (key !== undefined) return { key };
  if (sql !== undefined) return { text: sql };
  return {
    text: await readFile(file ?? '', 'utf8').catch((error: Error) => {
      throw new CallProblem(error.message);
    }),
  };
}

function timeoutOf(seconds: string | undefined): number {
  const value = seconds === undefined ? 30 : Number(seconds);
  if (!(value >= 0.1 && value <= 3600))
    throw new CallProblem(`--timeout is a number of seconds from 0.1 to 3600, not "${seconds}".`);
  return Math.round(value * 1000);
}

function show(outcome: PlanOutcome, json: boolean): 0 | 1 {
  if (outcome.kind === 'asked') throw parametersMissing(outcome.asked);
  const { plan, origin } = outcome.answer;
  if (json) printJson(outcome.answer);
  else {
    printPlan(plan);
    if (origin.note) printLine(origin.note);
    for (const { severity, what, evidence, remedy, statement } of plan.findings) {
      printLine('');
      printLine(`${severity}: ${what}`);
      for (const fact of evidence) printLine(`  ${fact}`);
      printLine(`  ${remedy}`);
      if (statement) printLine(`  ${statement}`);
    }
  }
  return plan.findings.some(({ severity }) => severity === 'bad') ? 1 : 0;
}

function parametersMissing({ explanation, types }: ParametersAsked): CallProblem {
  const known = types
    .map((type, at) => `$${at + 1} ${type ?? 'of a type that the server can’t tell'}`)
    .join(', ');
  return new CallProblem(`${explanation.what} ${explanation.why} Give them with --param: ${known}.`);
}

function printPlan(plan: Plan): void {
  const indent = ({ depth, type, target }: PlanNode): string =>
    `${'· '.repeat(Math.min(depth, 40))}${type}${target ? ` ${target}` : ''}`;
  const count = (value: number | null): string => (value === null ? '' : figure(value));
  printTable(
    [
      { title: 'node', value: indent, most: 90 },
      ...(plan.analyzed
        ? [
            {
              title: 'self',
              value: ({ selfMs }: PlanNode) => (selfMs === null ? '' : span(selfMs)),
              align: 'right' as const,
            },
            {
              title: 'rows',
              value: ({ rowsPerLoop }: PlanNode) => count(rowsPerLoop),
              align: 'right' as const,
            },
          ]
        : []),
      {
        title: 'estimated',
        value: ({ estimatedRows }: PlanNode) => count(estimatedRows),
        align: 'right' as const,
      },
      ...(plan.analyzed
        ? [
            {
              title: 'loops',
              value: ({ loops }: PlanNode) => (loops === 0 ? 'never' : count(loops)),
              align: 'right' as const,
            },
          ]
        : []),
      { title: 'cost', value: ({ totalCost }: PlanNode) => count(totalCost), align: 'right' as const },
    ],
    plan.nodes,
  );
  if (plan.analyzed && plan.executionMs !== null) printLine(`Execution: ${span(plan.executionMs)}`);
}
