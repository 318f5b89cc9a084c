import type { RestoreOptions } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { Programs } from '../types.ts';
import type { RestoreSource } from './needs.ts';
import type { RouteChoice } from './restore-commands.ts';
import type { ScriptFacts } from './script-facts.ts';
import type { TargetFacts } from './target-facts.ts';
import type { ServerRow } from './target-server.ts';

/** All that is known before a restore. */
export interface Known {
  options: RestoreOptions;
  source: RestoreSource;
  programs: Programs;
  script: ScriptFacts;
  server: ServerRow;
  target: TargetFacts;
  choice: RouteChoice;
  missing: { roles: string[]; extensions: string[] };
}

const fault = (cause: string, what: string, why: string, next: string): Explanation => ({
  cause,
  what,
  why,
  next,
});

/** Why the restore would fail, or must not be begun. */
export function faultsOf(known: Known): Explanation[] {
  return [...ofSource(known), ...ofOptions(known), ...ofServer(known), ...ofTarget(known), ...ofDisk(known)];
}

function ofSource({ source, script, options }: Known): Explanation[] {
  const faults: Explanation[] = [];
  if (source.format === 'plain') {
    if (!script.isDump)
      faults.push(
        fault(
          'no-dump',
          'This is not a dump of one database.',
          'The heading that pg_dump writes is missing.',
          'Run other SQL in the workbench, or choose another file.',
        ),
      );
    else if (!script.isWhole)
      faults.push(
        fault(
          'backup-cut',
          'The dump is not complete.',
          script.endsInRows
            ? 'It ends in the middle of a table’s rows, and psql would take that for all of them.'
            : 'The line “PostgreSQL database dump complete” is not at its end.',
          'Take another backup; this one was cut off.',
        ),
      );
    if (script.commands.length)
      faults.push(
        fault(
          'foreign-commands',
          'The dump holds commands for psql that no dump has.',
          `Found: ${[...new Set(script.commands)].slice(0, 5).join(', ')}. Such a command can run programs on this machine.`,
          'Look into the file, and restore it only once you know where it comes from.',
        ),
      );
    if (new Set(script.connects).size > 1)
      faults.push(
        fault(
          'several-databases',
          'The dump holds several databases.',
          'It goes from one database to the next by itself, as pg_dumpall writes it.',
          'Restore it with psql, or take a dump of each database.',
        ),
      );
    if (options.mode === 'clean' && !script.drops)
      faults.push(
        fault(
          'no-drops',
          'This dump does not drop what is there.',
          'A plain dump can only clean a database when it was made with --clean.',
          'Restore it with the mode “swap”, which replaces the whole database.',
        ),
      );
  }
  return faults;
}

function ofOptions({ options, source, programs }: Known): Explanation[] {
  const faults: Explanation[] = [];
  const isRemote = programs.about.kind !== 'local';
  if (options.only && source.format === 'plain')
    faults.push(
      fault(
        'no-choice',
        'Single objects can’t be taken from a plain dump.',
        'It is a script, and has no table of contents that pg_restore could follow.',
        'Restore all of it into a new database, and take from there what you need.',
      ),
    );
  if (options.only && isRemote)
    faults.push(
      fault(
        'list-out-of-reach',
        'Single objects can’t be chosen with these programs.',
        'They run where no file of this machine can be seen, and the choice is given by a file.',
        'Install the client programs on this machine.',
      ),
    );
  const ids = new Set(source.toc.map(({ id }) => id));
  if (options.only && source.format !== 'plain' && options.only.some((id) => !ids.has(id)))
    faults.push(
      fault(
        'unknown-entries',
        'Some of the chosen objects are not in this backup.',
        'Its table of contents has no such numbers.',
        'Choose them again.',
      ),
    );
  if (source.format === 'directory' && source.file === null)
    faults.push(
      fault(
        'folder-out-of-reach',
        'The backup’s folder can’t be read by these programs.',
        isRemote
          ? 'They run where no file of this machine can be seen.'
          : 'It is not there as pg_restore needs it.',
        'Install the client programs on this machine.',
      ),
    );
  return faults;
}

function ofServer({ server, options, target }: Known): Explanation[] {
  const faults: Explanation[] = [];
  if (server.standby)
    faults.push(
      fault(
        'standby',
        'The server is a standby.',
        'Nothing can be written there.',
        'Restore to its primary.',
      ),
    );
  else if (server.read_only)
    faults.push(
      fault(
        'read-only',
        `The role ${server.role} works read-only there.`,
        'default_transaction_read_only is on for it.',
        'Take it away for this role, or use another one.',
      ),
    );
  if (options.mode !== 'clean' && !server.superuser && !server.can_create)
    faults.push(
      fault(
        'no-createdb',
        `The role ${server.role} may not make databases.`,
        'It is no superuser and lacks CREATEDB.',
        'Grant it CREATEDB, or use another role.',
      ),
    );
  if (target.database && options.mode !== 'new' && !target.database.is_ours)
    faults.push(
      fault(
        'not-owner',
        `The role ${server.role} may not replace ${options.database}.`,
        `It belongs to ${target.database.owner}.`,
        'Use that role, or a superuser.',
      ),
    );
  return faults;
}

function ofTarget({ options, target, missing }: Known): Explanation[] {
  const faults: Explanation[] = [];
  const { database, mode } = options;
  if (mode === 'new' && target.database)
    faults.push(
      fault(
        'database-exists',
        `There is a database ${database} already.`,
        'The mode “new” makes one that is not there.',
        'Give another name, or use the mode “swap”, which keeps the present one under a dated name.',
      ),
    );
  if (mode !== 'new' && !target.database)
    faults.push(
      fault(
        'database-missing',
        `There is no database ${database}.`,
        `The mode “${mode}” works on one that is there.`,
        'Use the mode “new”, or correct the name.',
      ),
    );
  if (mode !== 'new' && /^template[01]$/.test(database))
    faults.push(
      fault(
        'template',
        `${database} is the server’s own.`,
        'New databases are made from it.',
        'Give another name.',
      ),
    );
  if (missing.roles.length)
    faults.push(
      fault(
        'roles-missing',
        `${missing.roles.length === 1 ? 'A role' : `${missing.roles.length} roles`} named in the backup ${missing.roles.length === 1 ? 'is' : 'are'} not on the server.`,
        `Missing: ${missing.roles.slice(0, 10).join(', ')}${missing.roles.length > 10 ? ', …' : ''}.`,
        'Create them, or restore without owners and privileges.',
      ),
    );
  if (missing.extensions.length)
    faults.push(
      fault(
        'extensions-missing',
        'Extensions of the backup are not available on the server.',
        `Missing: ${missing.extensions.join(', ')}.`,
        'Install their packages on the server’s machine, or leave them out of the chosen objects.',
      ),
    );
  if (mode === 'swap' || mode === 'recreate') faults.push(...ofHolds(options, target));
  return faults;
}

function ofHolds({ mode, database }: RestoreOptions, { holds }: TargetFacts): Explanation[] {
  const named = (kind: string, active = false): string =>
    holds
      .filter((hold) => hold.kind === kind && (!active || hold.active))
      .map(({ name }) => name)
      .join(', ');
  const faults: Explanation[] = [];
  if (named('prepared') !== '')
    faults.push(
      fault(
        'prepared-transactions',
        `Prepared transactions hold ${database}.`,
        `They stay until somebody ends them: ${named('prepared')}.`,
        'COMMIT PREPARED or ROLLBACK PREPARED them first.',
      ),
    );
  if (mode === 'recreate' && named('subscription') !== '')
    faults.push(
      fault(
        'subscriptions',
        `${database} can’t be dropped while it has subscriptions.`,
        `There: ${named('subscription')}.`,
        'Drop them first, or use the mode “swap”.',
      ),
    );
  if (mode === 'recreate' && named('slot', true) !== '')
    faults.push(
      fault(
        'slots',
        `${database} can’t be dropped while replication slots of it are in use.`,
        `In use: ${named('slot', true)}.`,
        'End what reads them, or use the mode “swap”.',
      ),
    );
  return faults;
}

function ofDisk({ source, target, options }: Known): Explanation[] {
  const { freeBytes } = target;
  // What stands there goes first with `clean`, in a transaction: both need room.
  const needed = source.databaseBytes;
  if (freeBytes === null || needed === null || options.only || freeBytes >= needed) return [];
  return [
    fault(
      'disk-full',
      'The server’s disk has no room for it.',
      `The database had ${megabytes(needed)} when it was dumped; ${megabytes(freeBytes)} are free.`,
      options.mode === 'recreate'
        ? 'Make room: the present database is not dropped before the new one is there.'
        : 'Make room, or restore to another server.',
    ),
  ];
}

export const megabytes = (bytes: number): string =>
  `${Math.max(1, Math.round(bytes / 1024 ** 2)).toLocaleString('en')} MB`;
