import { type Command, Option } from 'commander';
import type { ComparedSide, Difference, MigrationStatement } from '../../preload/contract/schema-diff.ts';
import { scriptText } from '../../preload/contract/schema-diff-text.ts';
import type { Unseen } from '../../preload/contract/schema-model.ts';
import { printable, printJson, printLine } from './output.ts';
import type { CommandRun } from './run.ts';
import { sourceHelp, withSource } from './schema-source.ts';
import { tellStep } from './steps.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface DiffOptions {
  json?: boolean;
  sql?: boolean;
  ignoreOwner?: boolean;
  ignorePrivileges?: boolean;
  ignoreComments?: boolean;
  ignoreGeneratedNames?: boolean;
  schema?: string[];
}

interface Compared {
  wanted: ComparedSide;
  actual: ComparedSide;
  differences: Difference[];
  statements: MigrationStatement[];
  leftOut: Unseen[];
}

export function diffCommand(schema: Command, run: CommandRun): void {
  schema
    .command('diff')
    .argument('<wanted>', sourceHelp)
    .argument('<actual>', 'the same; what would be changed')
    .addOption(new Option('--json', 'print JSON').conflicts('sql'))
    .option('--sql', 'print the script that makes ACTUAL like WANTED; nothing is run')
    .option('--ignore-owner', 'owners are no difference')
    .option('--ignore-privileges', 'nor are grants')
    .option('--ignore-comments', 'nor are comments')
    .option('--ignore-generated-names', 'nor are names that the server made up')
    .option('--schema <name>', 'only this schema; may be given again', (name: string, before?: string[]) => [
      ...(before ?? []),
      name,
    ])
    .description('compare two structures; exit code 0 when they are alike, 1 when they differ, 2 on errors')
    .action(async (wanted: string, actual: string, options: DiffOptions) => {
      let isAnswered = false;
      await run(options, (client) =>
        untilInterrupted((signal) =>
          withSource(client, wanted, {}, (one) =>
            withSource(client, actual, {}, async (other) => {
              const { json: _json, sql: _sql, schema: schemas = [], ...ignored } = options;
              const events = await client.schema.compare(
                { wanted: one, actual: other, options: { ...noneIgnored, ...ignored, schemas } },
                { signal },
              );
              const compared = await collect(events);
              print(compared, options);
              isAnswered = true;
              return compared.differences.length ? 1 : 0;
            }),
          ),
        ),
      );
      // One that could not be made must not pass for one that found something.
      if (!isAnswered) process.exitCode = 2;
    });
}

const noneIgnored = {
  ignoreOwner: false,
  ignorePrivileges: false,
  ignoreComments: false,
  ignoreGeneratedNames: false,
};

type Events = Awaited<ReturnType<Parameters<Parameters<CommandRun>[1]>[0]['schema']['compare']>>;

async function collect(events: Events): Promise<Compared> {
  const differences: Difference[] = [];
  const statements: MigrationStatement[] = [];
  const leftOut: Unseen[] = [];
  let sides: Pick<Compared, 'wanted' | 'actual'> | undefined;
  let isWhole = false;
  for await (const event of events) {
    if (event.kind === 'step') tellStep(event, event.of === 'comparison' ? '' : `${event.of}: `);
    else if (event.kind === 'sides') sides = event;
    else if (event.kind === 'differences') differences.push(...event.differences);
    else {
      statements.push(...event.statements);
      leftOut.push(...event.leftOut);
      isWhole = event.last;
    }
  }
  if (!sides || !isWhole) throw new Error('The comparison ended before it was whole.');
  return { wanted: sides.wanted, actual: sides.actual, differences, statements, leftOut };
}

function print(compared: Compared, { json, sql }: DiffOptions): void {
  const { wanted, actual, differences, statements, leftOut } = compared;
  if (json) {
    printJson({ alike: differences.length === 0, wanted, actual, differences, statements, leftOut });
    return;
  }
  for (const { label, unseen } of [wanted, actual]) {
    for (const { what, why } of unseen) {
      process.stderr.write(`${printable(label)}: not seen: ${printable(what)}: ${printable(why)}\n`);
    }
  }
  if (sql) {
    process.stdout.write(scriptText(statements, leftOut, { wanted: wanted.label, actual: actual.label }));
    return;
  }
  if (differences.length === 0) {
    printLine(`${printable(actual.label)} is like ${printable(wanted.label)}.`);
    return;
  }
  for (const difference of differences) printDifference(difference);
  printLine('');
  printLine(summary(differences, wanted, actual));
}

const signs: Record<Difference['state'], string> = {
  'only-wanted': '+',
  'only-actual': '-',
  changed: '~',
  unknown: '?',
};

/** `+` is to be made, `-` is too much, `~` is to be changed, `?` can't be told. */
function printDifference({ state, kind, name, part, attributes }: Difference): void {
  const column = part === null ? '' : `, column ${part}`;
  printLine(`${signs[state]} ${printable(`${kind} ${name}${column}`)}`);
  if (state !== 'changed' && state !== 'unknown') return;
  for (const { name: attribute, wanted, actual, notKnown } of attributes) {
    const value = (text: string | null): string => (text === null ? 'none' : cut(printable(text)));
    printLine(
      `    ${attribute}: ${notKnown === undefined ? `${value(actual)} → ${value(wanted)}` : printable(notKnown)}`,
    );
  }
}

const cut = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 99)}…`);

function summary(differences: Difference[], wanted: ComparedSide, actual: ComparedSide): string {
  const count = (state: Difference['state']): number =>
    differences.filter((difference) => difference.state === state).length;
  const told = [
    [count('only-wanted'), `only in ${wanted.label} (+)`],
    [count('only-actual'), `only in ${actual.label} (-)`],
    [count('changed'), 'changed (~)'],
    [count('unknown'), 'not known (?)'],
  ] as const;
  return told.flatMap(([number, what]) => (number ? [`${number} ${printable(what)}`] : [])).join(', ');
}
