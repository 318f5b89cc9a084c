import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { activityCommands } from './activity/commands.ts';
import { backupCommands } from './backups/commands.ts';
import { CallProblem, type CommandRun, runCommand } from './cli/run.ts';
import { environmentCommands } from './environments/commands.ts';
import { healthCommands } from './health/commands.ts';
import { importCommands } from './imports/commands.ts';
import { lockCommands } from './locks/commands.ts';
import { maintenanceCommands } from './maintenance/commands.ts';
import { migrationCommands } from './migrations/commands.ts';
import { queryCommands } from './queries/commands.ts';
import { sampleCommands } from './sample/commands.ts';
import { schemaCommands } from './schema/commands.ts';
import { endProcess } from './secrets/index.ts';
import { serverCommands } from './server/commands.ts';
import { sqlCommands } from './sql/commands.ts';
import { storageCommands } from './storage/commands.ts';
import { version } from './version.ts';

/** Entry of the command line: `howdah …`. Exit code 0 good, 1 the answer is bad news, 2 the call was wrong. */

const root = join(import.meta.dirname, '..', '..');

const run: CommandRun = (options, work, whileHeld) =>
  runCommand(join(root, 'assets'), options, work, whileHeld);

function program(): Command {
  const howdah = new Command('howdah')
    .description('Operations console for PostgreSQL')
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) })
    .addHelpText(
      'after',
      '\nWherever a command takes ENV it takes the name of an environment or a connection URL.',
    );
  importCommands(environmentCommands(howdah, run), run);
  activityCommands(howdah, run);
  queryCommands(howdah, run);
  lockCommands(howdah, run);
  storageCommands(howdah, run);
  maintenanceCommands(howdah, run);
  serverCommands(howdah, run);
  healthCommands(howdah, run);
  schemaCommands(howdah, run);
  migrationCommands(howdah, run);
  backupCommands(howdah, run);
  sqlCommands(howdah, run);
  sampleCommands(howdah, run);
  howdah
    .command('serve')
    .description('open the console in a browser, on loopback')
    .option('--port <number>', 'port to listen on; a free one by default')
    .option('--data-dir <folder>', 'data folder; the platform’s own by default')
    .option('--sample', 'start the sample server too')
    .option('--open', 'open the address in the browser of this machine')
    .action(() => {
      throw new CallProblem('serve takes the first place: howdah serve …');
    });
  return howdah;
}

async function main(): Promise<number | undefined> {
  const [first] = process.argv.slice(2);
  if (first === 'serve' && !process.argv.includes('--help')) {
    process.argv.splice(2, 1);
    await import('./headless.ts');
    return undefined;
  }
  try {
    await program().parseAsync();
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CallProblem) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

const code = await main();
if (code !== undefined) endProcess(code);
