import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { printJson, printLine } from './output.ts';
import { CallProblem, type CommandRun } from './run.ts';

interface JsonOption {
  json?: boolean;
}

/** `howdah backups key show|save|take` */
export function keyCommands(backups: Command, run: CommandRun): void {
  const key = backups.command('key').description('the key of the keychain that backups are encrypted with');
  key
    .command('show', { isDefault: true })
    .option('--json', 'print JSON')
    .description('show its public half')
    .action((options: JsonOption) =>
      run(options, async (client) => {
        const { recipient } = await client.backups.key();
        if (options.json) printJson({ recipient });
        else printLine(recipient ?? 'There is no key yet; the first backup with --encrypt makes it.');
        return 0;
      }),
    );
  key
    .command('save')
    .argument('<file>', 'a file that is not there yet, on something that outlives this machine')
    .option('--json', 'print JSON')
    .description('write the key itself to a file: whoever has it can open every backup')
    .action((file: string, options: JsonOption) =>
      run(options, async (client) => {
        const { identity, recipient } = await client.backups.revealKey();
        await writeFile(file, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' }).catch(
          (error: NodeJS.ErrnoException) => {
            throw new CallProblem(
              error.code === 'EEXIST'
                ? `${file} is there already; a key is never written over something.`
                : `${file} can’t be written: ${error.message}`,
            );
          },
        );
        if (options.json) printJson({ recipient, file });
        else printLine(`${file} opens what is closed for ${recipient}. Keep it where only you can read it.`);
        return 0;
      }),
    );
  key
    .command('take')
    .argument('[file]', 'as save wrote it; standard input unless given')
    .option('--json', 'print JSON')
    .description('take in a key from a copy, for its backups and for new ones')
    .action((file: string | undefined, options: JsonOption) =>
      run(options, async (client) => {
        const content = await (file === undefined ? text(process.stdin) : readFile(file, 'utf8')).catch(
          (error: NodeJS.ErrnoException) => {
            throw new CallProblem(`${file} can’t be read: ${error.message}`);
          },
        );
        const lines = content.split(/\r?\n/).map((line) => line.trim());
        const identity = lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
        const taken = await client.backups.takeKey({ identity });
        if (options.json) printJson(taken);
        else printLine(`New backups are closed for ${taken.recipient}.`);
        return 0;
      }),
    );
}
