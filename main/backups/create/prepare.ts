import { statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { BackupPlan, Compression } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { localName } from '../buckets/address.ts';
import { checkBucketPlace } from '../buckets/hold.ts';
import type { BucketTarget } from '../buckets/target.ts';
import { databaseArgument, runProgram } from '../programs/index.ts';
import type { Programs } from '../types.ts';
import { type Recipe, recipeFor } from './arguments.ts';
import { chosenTables, obstacle } from './contents.ts';
import { BackupFailure } from './failure.ts';
import { type Look, type Moment, openMoment } from './look.ts';
import { checkPlace } from './place.ts';
import type { BackupTask } from './task.ts';

/** A backup that can begin. The caller closes its moment. */
export interface Prepared {
  moment: Moment;
  recipe: Recipe;
  /** For a shell, without secrets. */
  command: string;
  warnings: string[];
  freeBytes: number | null;
}

/** What a backup will do. @throws BackupFailure for what would make it fail; what connecting throws */
export async function planBackup(task: BackupTask): Promise<BackupPlan> {
  const prepared = await prepare(task, { share: false });
  await prepared.moment.close();
  return {
    tools: task.programs.about,
    command: prepared.command,
    path: task.path,
    databaseBytes: prepared.moment.look.databaseBytes,
    freeBytes: prepared.freeBytes,
    warnings: prepared.warnings,
  };
}

/** Looks at the place, the server and the programs, and refuses what can't come out well. */
export async function prepare(task: BackupTask, { share }: { share: boolean }): Promise<Prepared> {
  const { reached, programs, options, signal } = task;
  const freeBytes = await freeAt(task);
  if (reached.way.pooled) throw new BackupFailure(behindPooler);
  const moment = await openMoment(reached, { share: share && options.contents.what !== 'globals', signal });
  try {
    const { look } = moment;
    if (majorOf(programs.about.versionNum) < majorOf(look.versionNum))
      throw new BackupFailure(tooOld(programs, look));
    const recipe = recipeFor(options, {
      versionNum: programs.about.versionNum,
      isLocal: programs.about.kind === 'local',
      isStreamed: task.bucket !== undefined,
      methods: await methodsOf(programs),
      cores: availableParallelism(),
      freeSessions: look.freeSessions,
      seesPasswords: look.seesPasswords,
      database: look.database,
    });
    if ('what' in recipe) throw new BackupFailure(recipe);
    const fault = options.contents.what === 'globals' ? undefined : obstacle(look, options.contents);
    if (fault) throw new BackupFailure(fault);
    const warnings = [...recipe.warnings, ...warningsOf(look, task, freeBytes)];
    return { moment, recipe, command: commandOf(task, recipe), warnings, freeBytes };
  } catch (error) {
    await moment.close();
    throw error;
  }
}

/** Looks at the place. The answer is what is free there, where that counts and is known. */
async function freeAt({ path, bucket, options, signal }: BackupTask): Promise<number | null> {
  if (!bucket) return (await checkPlace(path)).freeBytes;
  const { buckets, target } = bucket;
  await checkBucketPlace(await buckets.client(target.place), target, signal);
  if (options.format !== 'directory' || options.contents.what === 'globals') return null;
  const space = await statfs(dirname(target.aside)).catch(() => undefined);
  return space ? space.bavail * space.bsize : null;
}

function warningsOf(look: Look, { options }: BackupTask, freeBytes: number | null): string[] {
  const warnings: string[] = [];
  if (options.contents.what === 'globals') return warnings;
  if (freeBytes !== null && look.databaseBytes !== null && look.databaseBytes > freeBytes)
    warnings.push('The database is larger than the space that is free there; compressed it may still fit.');
  if (look.subscriptions > 0 && !look.isSuperuser)
    warnings.push('Subscriptions are left out: only a superuser may read them.');
  const tables = chosenTables(look, options.contents);
  if (look.isStandby && tables.some(({ isUnlogged }) => isUnlogged))
    warnings.push(
      'The server is a standby, where unlogged tables can’t be read: the dump will fail at them.',
    );
  return warnings;
}

/** The command as a shell takes it. Where to and as whom stands in it, for a reader; the password never does. */
function commandOf({ reached, programs, path, options, bucket }: BackupTask, recipe: Recipe): string {
  const { address, way } = reached;
  const { connection } = address;
  const database = databaseArgument(connection.database);
  const args = [
    '-w',
    '-h',
    way.target.host,
    '-p',
    String(way.target.port),
    '-U',
    connection.user,
    ...recipe.args,
  ];
  if (!recipe.isPiped) args.push(`--file=${bucket ? localName(path) : path}`);
  if (recipe.program === 'pg_dumpall') args.push('-l');
  args.push(database);
  const words = programs.commandOf(recipe.program, args, []).map(shellWord);
  const { method, level = 1 } = recipe.pipeCompression;
  const stages = [words.join(' ')];
  if (recipe.isPiped) {
    if (method !== 'none') stages.push(`${method} -${level}`);
    if (options.encryption.kind !== 'none')
      stages.push(options.encryption.kind === 'key' ? 'age -r RECIPIENT' : 'age -p');
  }
  if (bucket) return intoBucket(stages, bucket.target, recipe);
  return stages.join(' | ') + (recipe.isPiped ? ` > ${shellWord(path)}` : '');
}

/** As one would do it by hand, with Amazon's own command. */
function intoBucket(
  stages: readonly string[],
  { place: { spec }, key, path }: BucketTarget,
  { isPiped }: Recipe,
): string {
  const at = spec.endpoint === null ? '' : ` --endpoint-url ${shellWord(spec.endpoint)}`;
  const to = shellWord(`s3://${spec.bucket}/${key}`);
  const dump = stages.join(' | ');
  if (isPiped) return `${dump} | aws s3 cp${at} - ${to}`;
  return `${dump} && aws s3 cp${at} --recursive ${shellWord(localName(path))} ${to}`;
}

const known = new WeakMap<Programs, Promise<Compression['method'][]>>();

/** The ways of compressing that these programs were built with: from version 16 on, only they themselves know. */
async function methodsOf(programs: Programs): Promise<Compression['method'][]> {
  const found = known.get(programs) ?? probe(programs);
  known.set(programs, found);
  return await found;
}

async function probe(programs: Programs): Promise<Compression['method'][]> {
  if (programs.about.versionNum < 160_000) return ['none', 'gzip'];
  const has: Compression['method'][] = ['none'];
  for (const method of ['gzip', 'lz4', 'zstd'] as const) {
    // It looks at this before it looks for the server, which is not there.
    const args = ['-w', '-Fc', `--compress=${method}`, '-h', '/nowhere'];
    const { errors } = await runProgram(programs, 'pg_dump', args, { way: null, watchdog: { ms: 10_000 } });
    if (!/not support|unrecognized compression|invalid compression/i.test(errors.join('\n')))
      has.push(method);
  }
  return has;
}

const majorOf = (versionNum: number): number => Math.floor(versionNum / 10_000);

const tooOld = (programs: Programs, look: Look): Explanation => ({
  cause: 'tools-too-old',
  what: `pg_dump ${programs.about.version} can't read a server of version ${look.version}.`,
  why: 'It refuses servers that are newer than itself.',
  next: `Install PostgreSQL's client programs of version ${majorOf(look.versionNum)} or later.`,
});

const behindPooler: Explanation = {
  cause: 'behind-pooler',
  what: 'No backup is made through a pooler.',
  why: 'It shares its sessions among clients: settings of a dump would leak to others, and its snapshot is not its own.',
  next: "Give the environment the server's own address and port.",
};

const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
