import { type Command, InvalidArgumentError } from 'commander';
import type { RestoreMode, RestoreOptions, RestorePlan } from '../../preload/contract/backups.ts';
import { backupPath } from './backup-path.ts';
import { givenPassphrase, whole } from './backups-create.ts';
import { followBackup } from './backups-progress.ts';
import { withEnvironment } from './environment.ts';
import { duration, printExplanation, printJson, printLine } from './output.ts';
import type { PasswordOptions } from './password.ts';
import { CallProblem, type CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface RestoreCommandOptions extends PasswordOptions {
  environment: string;
  into: string;
  swap?: boolean;
  clean?: boolean;
  recreate?: boolean;
  only?: number[];
  jobs?: number;
  single?: boolean;
  owner: boolean;
  acl: boolean;
  role?: string;
  confirm?: string;
  plan?: boolean;
  verbose?: boolean;
  json?: boolean;
}

/** A backup by its number, or by a path from here. */
export const backupRef = (given: string): string => (/^\d{1,15}$/.test(given) ? given : backupPath(given));

/** `howdah backups restore` */
export function restoreCommands(backups: Command, run: CommandRun): void {
  backups
    .command('restore')
    .argument('<file|id>', 'a path, or a number as list shows it')
    .requiredOption('--environment <env>', 'whose server it goes to: name or URL')
    .requiredOption('--into <database>', 'the database that comes of it; a new one unless said otherwise')
    .option('--swap', 'into a new one that then takes the place of the database, which is kept')
    .option('--clean', 'over the objects of a database that is there')
    .option('--recreate', 'in place of a database that is there, which is dropped')
    .option('--only <ids>', 'these entries of its table of contents, by commas', readIds)
    .option('-j, --jobs <number>', 'sessions at once', whole)
    .option('--single', 'in one transaction, all or nothing')
    .option('--no-owner', 'everything belongs to whoever restores')
    .option('--no-acl', 'leave privileges out')
    .option('--role <role>', 'becomes the owner of everything, with --no-owner')
    .option('--confirm <name>', 'the environment’s name, where it is guarded')
    .option('--plan', 'say what would be done, and do nothing')
    .option('--verbose', 'show what the program says')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('restore a backup')
    .action((file: string, options: RestoreCommandOptions) =>
      run(options, (client) =>
        untilInterrupted((signal) =>
          withEnvironment(client, options.environment, options, async ({ id }) => {
            const asked = optionsOf(file, options);
            const plan = await client.backups.planRestore({ environment: id, options: asked }, { signal });
            if (options.plan || plan.faults.length) {
              if (options.json) printJson(plan);
              else tellPlan(plan);
              return plan.faults.length ? 1 : 0;
            }
            if (!options.json) tellPlan(plan);
            const { confirm } = options;
            const events = await client.backups.restore(
              {
                environment: id,
                options: asked,
                token: plan.token,
                ...(confirm === undefined ? {} : { confirm }),
              },
              { signal },
            );
            const last = await followBackup(events, options);
            if (options.json) printJson(last ?? null);
            else if (last?.kind === 'finished')
              printLine(
                `Restored as ${last.database} in ${duration(last.ms)}${last.kept === null ? '' : `; the one before is kept as ${last.kept}`}${last.errors ? `, with ${last.errors} errors` : ''}.`,
              );
            return last?.kind === 'finished' && last.errors === 0 ? 0 : 1;
          }),
        ),
      ),
    );
}

function optionsOf(file: string, options: RestoreCommandOptions): RestoreOptions {
  const modes = (['swap', 'clean', 'recreate'] as const).filter((mode) => options[mode]);
  if (modes.length > 1) throw new CallProblem('Only one of --swap, --clean and --recreate can be given.');
  const mode: RestoreMode = modes[0] ?? 'new';
  const passphrase = givenPassphrase();
  return {
    backup: backupRef(file),
    ...(passphrase === undefined ? {} : { passphrase }),
    database: options.into,
    mode,
    ...(options.only ? { only: options.only } : {}),
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    single: options.single ?? false,
    owners: options.owner,
    privileges: options.acl,
    ...(options.role === undefined ? {} : { role: options.role }),
  };
}

function tellPlan({ steps, losses, faults, warnings }: RestorePlan): void {
  for (const step of steps) printLine(step);
  for (const loss of losses) printLine(`Lost: ${loss}`);
  for (const warning of warnings) printLine(warning);
  for (const fault of faults) printExplanation(fault);
}

function readIds(text: string): number[] {
  const ids = text.split(',').map(Number);
  if (!ids.every(Number.isInteger)) throw new InvalidArgumentError('They are numbers, by commas.');
  return ids;
}
