import { realpath, stat, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type ErdFormat,
  erdFormats,
  type SnapshotInfo,
  type TextProgress,
} from '../../preload/contract/schema.ts';
import { withEnvironment } from '../cli/environment.ts';
import { printable, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';
import { diffCommand } from '../cli/schema-diff.ts';
import { printModel } from '../cli/schema-show.ts';
import { sourceHelp, withSource } from '../cli/schema-source.ts';
import { tellStep } from '../cli/steps.ts';
import { untilInterrupted } from '../cli/until-interrupted.ts';
import { writeFileAside } from '../cli/write-file.ts';

interface ShowOptions extends PasswordOptions {
  json?: boolean;
}

interface ErdOptions extends PasswordOptions {
  format: ErdFormat;
  schema?: string[];
  output?: string;
}

interface SnapshotOptions extends PasswordOptions {
  name?: string;
  output?: string;
  json?: boolean;
}

export function schemaCommands(howdah: Command, run: CommandRun): void {
  const schema = howdah
    .command('schema')
    .description('a database’s structure: show, draw, keep and compare it')
    .addHelpText('after', `\nSOURCE is an ${sourceHelp}.`);

  schema
    .command('show')
    .argument('<source>', sourceHelp)
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print the whole model as JSON')
    .description('say what is there, schema by schema')
    .action((ref: string, options: ShowOptions) =>
      run(options, (client) =>
        untilInterrupted((signal) =>
          withSource(client, ref, options, async (source) => {
            const text = await textOf(await client.schema.snapshotFile({ source }, { signal }));
            const { model } = JSON.parse(text);
            if (options.json) printJson(model);
            else printModel(model);
            return 0 as const;
          }),
        ),
      ),
    );

  schema
    .command('erd')
    .argument('<source>', sourceHelp)
    .addOption(new Option('--format <format>', 'what to write').choices(erdFormats).default('mermaid'))
    .option('--schema <name>', 'only this schema; may be given again', addName)
    .option('-o, --output <file>', 'write a file instead of standard output')
    .option('--password-stdin', 'read the password from standard input')
    .description('write the diagram, or the structure as SQL')
    .action((ref: string, options: ErdOptions) =>
      run({}, (client) =>
        untilInterrupted((signal) =>
          withSource(client, ref, options, async (source) => {
            const { format, schema: schemas = [] } = options;
            await write(await client.schema.export({ source, format, schemas }, { signal }), options.output);
            return 0 as const;
          }),
        ),
      ),
    );

  schema
    .command('snapshot')
    .argument('<source>', `with -o: ${sourceHelp}; without: an environment`)
    .option('--name <name>', 'what to call it; a named one is not let go by itself')
    .option('-o, --output <file>', 'write a file that schema diff takes')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('keep the structure as it is now')
    .action((ref: string, options: SnapshotOptions) => {
      const { name, output } = options;
      return run(options, (client) =>
        untilInterrupted(async (signal) => {
          if (output !== undefined && name === undefined) {
            await withSource(client, ref, options, async (source) =>
              write(await client.schema.snapshotFile({ source }, { signal }), output),
            );
            if (options.json) printJson({ file: output });
            return 0 as const;
          }
          return await withEnvironment(client, ref, options, async ({ id: environment }) => {
            let taken: SnapshotInfo | undefined;
            const input = { environment, ...(name === undefined ? {} : { name }) };
            for await (const event of await client.schema.takeSnapshot(input, { signal })) {
              if (event.kind === 'taken') taken = event.snapshot;
              else tellStep(event);
            }
            if (!taken) throw new Error('The snapshot ended without being taken.');
            if (output !== undefined) {
              const source = { kind: 'snapshot' as const, id: taken.id };
              await write(await client.schema.snapshotFile({ source }, { signal }), output);
            }
            if (options.json) printJson(taken);
            else printLine(`snapshot:${taken.id}`);
            return 0 as const;
          });
        }),
      );
    });

  schema
    .command('snapshots')
    .argument('[env]', 'name of an environment; all by default')
    .option('--json', 'print JSON')
    .description('list the snapshots that are kept, newest first')
    .action((ref: string | undefined, options: { json?: boolean }) =>
      run(options, async (client) => {
        const all = await client.schema.snapshots(ref === undefined ? {} : { environment: ref });
        if (options.json) printJson(all);
        else printSnapshots(all);
        return 0 as const;
      }),
    );

  diffCommand(schema, run);
}

function addName(name: string, before: string[] | undefined): string[] {
  if (name === '') throw new InvalidArgumentError('It must not be empty.');
  return [...(before ?? []), name];
}

async function* piecesOf(progress: AsyncIterable<TextProgress>): AsyncGenerator<string, void, void> {
  for await (const event of progress) {
    if (event.kind === 'text') yield event.text;
    else tellStep(event);
  }
}

async function textOf(progress: AsyncIterable<TextProgress>): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of piecesOf(progress)) pieces.push(piece);
  return pieces.join('');
}

async function write(progress: AsyncIterable<TextProgress>, file: string | undefined): Promise<void> {
  if (file === '') throw new CallProblem('-o wants the name of a file.');
  if (file !== undefined) {
    await writeTo(file, progress);
    process.stderr.write(`Wrote ${printable(file)}.\n`);
    return;
  }
  // Nothing of it goes out unless all of it came.
  const text = await textOf(progress);
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** What a link leads to is written, not the link; a device or a pipe must not be replaced by a file. */
async function writeTo(file: string, progress: AsyncIterable<TextProgress>): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new CallProblem(`${file} can’t be written: it is a folder.`);
  if (!found || found.isFile()) {
    await writeFileAside(found ? await realpath(file) : file, piecesOf(progress));
    return;
  }
  const text = await textOf(progress);
  await writeFile(file, text);
}

function printSnapshots(snapshots: SnapshotInfo[]): void {
  const at = (instant: number): string =>
    `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')}Z`;
  printTable(
    [
      { title: 'id', value: ({ id }) => `snapshot:${id}` },
      { title: 'taken', value: ({ takenAt }) => at(takenAt) },
      { title: 'still so', value: ({ seenUntil }) => at(seenUntil) },
      { title: 'of', value: ({ origin }) => origin, most: 30 },
      { title: 'database', value: ({ database }) => database, most: 24 },
      { title: 'tables', value: ({ tables }) => String(tables), align: 'right' },
      { title: 'name', value: ({ name, automatic }) => name ?? (automatic ? '(by itself)' : ''), most: 40 },
    ],
    snapshots,
  );
}
