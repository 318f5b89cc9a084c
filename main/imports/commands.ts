import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { addressText } from '../../preload/contract/connection-url.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import {
  type ImportCandidate,
  ImportKind,
  type ImportPreview,
  type ImportProblem,
} from '../../preload/contract/imports.ts';
import { printJson, printLine, printTable } from '../cli/output.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';

interface ImportOptions {
  dryRun?: boolean;
  kind?: ImportKind;
  group?: string;
  withoutPasswords?: boolean;
  json?: boolean;
}

/** `import` and `export`, below `howdah environments`. */
export function importCommands(environments: Command, run: CommandRun): void {
  environments
    .command('import')
    .argument(
      '<file...>',
      '.env, docker-compose.yml, pg_service.conf, .pgpass, or a file of DBeaver, pgAdmin, DbGate or Howdah',
    )
    .option('--dry-run', 'show what would be added, and change nothing')
    .addOption(
      new Option('--kind <kind>', 'where the name and the content don’t tell').choices(ImportKind.options),
    )
    .option('--group <group>', 'group to list them in')
    .option('--without-passwords', 'leave the passwords found in the files where they are')
    .option('--json', 'print JSON')
    .description('add the connections that files hold; those that are there already are left out')
    .action((files: string[], options: ImportOptions) =>
      run(options, async (client) => {
        if (files.length > 20) throw new CallProblem('At most 20 files can be read at once.');
        const preview = await client.imports.preview({
          sources: files.map((file) => ({ path: resolve(file) })),
          ...(options.kind === undefined ? {} : { kind: options.kind }),
        });
        const isNew = ({ same, notes }: ImportCandidate): boolean =>
          same === null && !notes.some(({ id }) => id === 'same-in-preview');
        const wanted = preview.candidates.filter(isNew);
        const leftOut = preview.candidates.filter((one) => !isNew(one));
        if (options.dryRun) {
          showPreview(preview, options);
          return preview.problems.length > 0 ? 1 : 0;
        }
        const { added, withoutPassword } =
          wanted.length === 0
            ? { added: [], withoutPassword: [] }
            : await client.imports.take({
                preview: preview.id,
                choices: wanted.map(({ key, draft, notes }) => ({
                  key,
                  draft: options.group === undefined ? draft : { ...draft, group: options.group },
                  password: !options.withoutPasswords,
                  // Somebody else's command is run only when a person connects.
                  connect: !notes.some(({ id }) => id === 'companion-command'),
                })),
              });
        showTaken(preview, added, leftOut, options);
        for (const name of withoutPassword) {
          process.stderr.write(
            `${printable(`${name} was added without the password found: it is for another address.`)}\n`,
          );
        }
        return preview.problems.length > 0 ? 1 : 0;
      }),
    );

  environments
    .command('export')
    .argument('[env...]', 'names; all but the sample’s without any')
    .option('--out <file>', 'write it there instead of printing it')
    .description('write environments as a file for a team, without any secret')
    .action((refs: string[], options: { out?: string }) =>
      run({}, async (client) => {
        const { text } = await client.imports.export(refs.length === 0 ? {} : { environments: refs });
        if (options.out === undefined) process.stdout.write(text);
        else await writeWhole(resolve(options.out), text);
        return 0;
      }),
    );
}

function showPreview({ candidates, problems }: ImportPreview, { json, group }: ImportOptions): void {
  const shown =
    group === undefined ? candidates : candidates.map((one) => ({ ...one, draft: { ...one.draft, group } }));
  if (json) {
    printJson({ candidates: shown, problems });
    return;
  }
  if (shown.length > 0) {
    printTable(
      [
        { title: 'name', value: ({ draft }) => draft.name },
        { title: 'address', value: addressOf },
        {
          title: 'from',
          value: ({ file, line, from }) => `${file}${line === null ? '' : `:${line}`} ${from}`,
        },
        { title: 'password', value: ({ hasPassword }) => (hasPassword ? 'yes' : 'no') },
        {
          title: 'notes',
          value: ({ notes, same }) =>
            [...(same === null ? [] : [`there already as ${same}`]), ...notes.map(({ id }) => id)].join(', '),
        },
      ],
      shown,
    );
    // A command is shown in full before anybody takes it.
    for (const { draft, notes } of shown) {
      for (const { id, text } of notes) {
        if (id === 'companion-command') process.stderr.write(`${printable(`${draft.name}: ${text}`)}\n`);
      }
    }
  }
  tell(problems);
}

function showTaken(
  { problems }: ImportPreview,
  added: Environment[],
  leftOut: ImportCandidate[],
  { json, withoutPasswords }: ImportOptions,
): void {
  if (json) {
    printJson({
      added,
      leftOut: leftOut.map(({ draft, file, line, from, same }) => ({
        name: draft.name,
        file,
        line,
        from,
        same,
      })),
      problems,
    });
    return;
  }
  for (const { name } of added) printLine(`Added ${printable(name)}.`);
  for (const { file, from, same, notes } of leftOut) {
    const why =
      same === null
        ? notes.find(({ id }) => id === 'same-in-preview')?.text
        : `It is there already as ${same}.`;
    printLine(printable(`Left out ${from} of ${file}. ${why ?? ''}`));
  }
  if (added.length === 0) printLine('Nothing was added.');
  if (!withoutPasswords && added.some(({ password }) => password === 'memory')) {
    process.stderr.write('There is no keychain here: the passwords are kept only while a console runs.\n');
  }
  tell(problems);
}

function tell(problems: ImportProblem[]): void {
  for (const { file, line, text } of problems) {
    process.stderr.write(`${printable(`${file}${line === null ? '' : `:${line}`}: ${text}`)}\n`);
  }
}

function addressOf({ draft: { connection } }: ImportCandidate): string {
  const { user, database, tunnel } = connection;
  return `${user}@${addressText(connection)}/${database}${tunnel ? ` through ${tunnel.host}` : ''}`;
}

/** Writes aside, flushes and renames, so that nothing half-written takes the name. */
async function writeWhole(path: string, text: string): Promise<void> {
  const aside = join(dirname(path), `.howdah-export-${randomUUID()}`);
  try {
    const file = await open(aside, 'wx', 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new CallProblem(`${path} could not be written (${code}).`);
  }
}

/** Names in files are data: control characters in them must not steer the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be replaced.
  return text.replace(/\s+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
