import type { EngineBackup } from '../../../preload/contract/backup-engines.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import {
  backupOf,
  complaintIn,
  isSettled,
  type Listed,
  parseBackup,
  parseBackups,
  parseMethod,
  parseServers,
  readingOf,
  type Shown,
} from './barman-listing.ts';
import { answerProblem, runProblem } from './problems.ts';
import { type EngineRun, runAt } from './program.ts';
import { type Asking, type BackupType, EngineFailure, type Reading } from './types.ts';

/** Backups that are asked about at the same time: each answer takes a Python of its own. */
const atOnce = 3;
/** Backups that are asked about in one reading at most, newest first; the others stay as they are listed. */
const mostAsked = 60;
/** How long `barman backup` waits for the WAL that makes its backup usable, seconds. */
const walWaitSeconds = 300;

type Command = [string, ...string[]];

const barman = (config: string | null, ...args: string[]): Command => [
  'barman',
  ...(config === null ? [] : ['-c', config]),
  ...args,
];

/** Reads one server's catalogue. @throws EngineFailure */
export async function readBarman(asking: Asking): Promise<Reading> {
  const { name } = asking.engine;
  const what = `The backups of ${name} can't be read`;
  const [version, text] = await Promise.all([versionOf(asking), ask(asking, what, 'list-backup', name)]);
  const listed = understood(what, text, () => parseBackups(text, name));
  if (!listed) throw new EngineFailure(answerProblem('barman', what, text, `there is no ${name} in it.`));
  const ordered = [...listed].sort((a, b) => b.backup_id.localeCompare(a.backup_id));
  const newestDone = ordered.find(({ status }) => status === 'DONE' || status === 'WAITING_FOR_WALS');
  const before = new Map((asking.known ?? []).map((one) => [one.label, one]));
  const shown = new Map<string, Shown>();
  const wanted = ordered
    .filter((one) => one === newestDone || !isSettled(one, before.get(one.backup_id)))
    .slice(0, mostAsked);
  const work = async (): Promise<void> => {
    for (let one = wanted.shift(); one; one = wanted.shift()) {
      const details = await show(asking, one).catch(() => undefined);
      if (details) shown.set(one.backup_id, details);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  asking.signal?.throwIfAborted();
  const backups = ordered.map((one, index): EngineBackup => {
    const known = before.get(one.backup_id);
    const fresh = backupOf(one, shown.get(one.backup_id), index === 0);
    if (shown.has(one.backup_id) || !isSettled(one, known)) return fresh;
    // What retention says of it may have changed all the same.
    return known.state === 'good' ? { ...known, said: fresh.said } : known;
  });
  return { ...readingOf(backups, newestDone && shown.get(newestDone.backup_id)), version };
}

/** One may have been deleted since it was listed. */
async function show(asking: Asking, { backup_id: id }: Listed): Promise<Shown> {
  const { name } = asking.engine;
  return parseBackup(await ask(asking, `The backup ${id} can't be read`, 'show-backup', name, id), name);
}

/** The servers that its configuration has. @throws EngineFailure */
export async function findBarman(asking: Asking): Promise<string[]> {
  const what = "The servers of Barman can't be listed";
  const text = await ask(asking, what, 'list-server');
  return understood(what, text, () => parseServers(text));
}

/** The command of a backup. @throws EngineFailure when there is no such kind of backup */
export async function barmanBackup(asking: Asking, type: BackupType): Promise<Command> {
  const { name, config } = asking.engine;
  if (type === 'differential')
    throw new EngineFailure({
      cause: 'engine-backup-type',
      what: 'Barman makes no differential backups.',
      why: 'Its backups are whole, or build on the one before.',
      next: 'Choose a full or an incremental one.',
    });
  const kind = type === 'incremental' ? await incremental(asking) : [];
  const wait = ['--wait', '--wait-timeout', String(walWaitSeconds)];
  return barman(config, 'backup', ...kind, ...wait, name);
}

/** By files with rsync; by blocks with PostgreSQL 17 and Barman 3.11. */
async function incremental(asking: Asking): Promise<string[]> {
  const { name } = asking.engine;
  const what = `The server ${name} can't be read`;
  const [version, text] = await Promise.all([versionOf(asking), ask(asking, what, 'show-server', name)]);
  const method = understood(what, text, () => parseMethod(text, name));
  if (method === 'rsync' || method === 'local-rsync') return ['--reuse-backup', 'link'];
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (method === 'postgres' && (major > 3 || (major === 3 && minor >= 11)))
    return ['--incremental', 'latest'];
  throw new EngineFailure({
    cause: 'engine-backup-type',
    what: `Barman can't make an incremental backup of ${name}.`,
    why: `Its backup_method is ${method}, with which version ${version ?? 'unknown'} makes whole ones only.`,
    next: 'Choose a full one. Incremental ones need backup_method = rsync; or Barman 3.11 and PostgreSQL 17.',
  });
}

async function versionOf(asking: Asking): Promise<string | null> {
  if (asking.version) return asking.version;
  const run = await runAt(asking.engine.where, ['barman', '--version'], asking);
  return /\d+(\.\d+)+/.exec(run.output)?.[0] ?? null;
}

/** @throws EngineFailure when it fails, says that it could not, or was not fast enough */
async function ask(asking: Asking, what: string, ...args: string[]): Promise<string> {
  const { engine, patienceMs } = asking;
  const run = await runAt(engine.where, barman(engine.config, '-f', 'json', ...args), asking);
  asking.signal?.throwIfAborted();
  const complaint = complaintIn(run.output);
  if (run.code === 0 && complaint === undefined && !run.isLate && !run.isTooLong) return run.output;
  throw new EngineFailure(await problemOf(withComplaint(run, complaint), asking, what, patienceMs));
}

const withComplaint = (run: EngineRun, complaint: string | undefined): EngineRun =>
  complaint === undefined ? run : { ...run, errors: [...run.errors, ...complaint.split('\n')] };

const problemOf = (run: EngineRun, asking: Asking, what: string, patienceMs: number): Promise<Explanation> =>
  runProblem(run, { kind: 'barman', where: asking.engine.where, what, patienceMs });

function understood<T>(what: string, text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new EngineFailure(answerProblem('barman', what, text, (error as Error).message.slice(0, 300)));
  }
}
