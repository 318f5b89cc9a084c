import { parseInfo, readingOf, type Stanza } from './pgbackrest-info.ts';
import { answerProblem, runProblem } from './problems.ts';
import { runAt } from './program.ts';
import { type Asking, type BackupOrder, EngineFailure, type Reading } from './types.ts';

type Command = [string, ...string[]];

const pgbackrest = (config: string | null, ...args: string[]): Command => [
  'pgbackrest',
  ...(config === null ? [] : [`--config=${config}`]),
  ...args,
];

/** Where its packages have their configuration (pgBackRest user guide, "Configuration"). */
const configured = ['/etc/pgbackrest', '/etc/pgbackrest.conf'];

/** Reads one stanza. @throws EngineFailure when nothing of it can be read */
export async function readPgBackRest(asking: Asking): Promise<Reading> {
  const { name } = asking.engine;
  const what = `The stanza ${name} can't be read`;
  const [version, stanzas] = await Promise.all([versionOf(asking), info(asking, what, `--stanza=${name}`)]);
  const stanza = stanzas.find((one) => one.name === name) ?? stanzas[0];
  if (!stanza)
    throw new EngineFailure({
      cause: 'engine-unknown-name',
      what: `${what}.`,
      why: 'The repository has no stanza of that name.',
      next: 'Look at the name; a new stanza is made ready with pgbackrest stanza-create.',
    });
  return { ...readingOf(stanza, what), version };
}

/** The stanzas that its repositories or its configuration have. @throws EngineFailure */
export async function findPgBackRest(asking: Asking): Promise<string[]> {
  const stanzas = await info(asking, "The stanzas of pgBackRest can't be listed");
  const invalid = stanzas.find(({ name }) => name === '[invalid]');
  if (invalid && stanzas.length === 1) {
    const reading = readingOf(invalid, "The stanzas of pgBackRest can't be listed");
    if (reading.problem) throw new EngineFailure(reading.problem);
  }
  // Headings only: other lines may hold keys and passwords.
  const own = asking.env.PGBACKREST_CONFIG;
  const files = asking.engine.where.kind === 'local' && own ? [own] : configured;
  const { output } = await runAt(
    asking.engine.where,
    ['grep', '-rhsoE', '--include=*.conf', '^[[:space:]]*\\[[A-Za-z0-9_.-]+\\]', ...files],
    asking,
  );
  const headings = [...output.matchAll(/\[([\w.-]+)\]/g)].flatMap(([, name]) => name ?? []);
  const names = [...stanzas.map(({ name }) => name), ...headings];
  return [...new Set(names)].filter((name) => /^[\w.-]+$/.test(name) && name !== 'global').sort();
}

/**
 * The command of a backup. It goes to one repository; where there are several that one is named, though pgBackRest itself
 * would take the first, so that it can be seen.
 *
 * @throws EngineFailure when there is no such repository
 */
export function pgBackRestBackup(
  { engine, repositories = [] }: Asking,
  { type, repository }: BackupOrder,
): Command {
  const keys = repositories.map(({ key }) => key);
  if (repository !== null && keys.length > 0 && !keys.includes(repository))
    throw new EngineFailure({
      cause: 'engine-repository-unknown',
      what: `The stanza ${engine.name} has no repository ${repository}.`,
      why: `It was read to have ${keys.join(', ')}.`,
      next: 'Choose one of these; read the engine again when its configuration was changed.',
    });
  const chosen = repository ?? (keys.length > 1 ? Math.min(...keys) : null);
  const types = { full: 'full', differential: 'diff', incremental: 'incr' } as const;
  return pgbackrest(
    engine.config,
    `--stanza=${engine.name}`,
    `--type=${types[type]}`,
    ...(chosen === null ? [] : [`--repo=${chosen}`]),
    '--log-level-console=info',
    'backup',
  );
}

/** The label in a line of its log. */
export const labelIn = (line: string): string | undefined => /new backup label = (\S+)/.exec(line)?.[1];

async function versionOf(asking: Asking): Promise<string | null> {
  if (asking.version) return asking.version;
  const { output } = await runAt(asking.engine.where, ['pgbackrest', 'version'], asking);
  return /\d+(\.\d+)+\w*/.exec(output)?.[0] ?? null;
}

async function info(asking: Asking, what: string, ...args: string[]): Promise<Stanza[]> {
  const { engine, patienceMs } = asking;
  // Its log must not stand between the JSON; what goes wrong is said on standard error.
  const quiet = ['--log-level-console=off', '--log-level-stderr=warn'];
  const command = pgbackrest(engine.config, ...args, ...quiet, '--output=json', 'info');
  const run = await runAt(engine.where, command, asking);
  asking.signal?.throwIfAborted();
  if (run.code !== 0 || run.isLate || run.isTooLong)
    throw new EngineFailure(
      await runProblem(run, { kind: 'pgbackrest', where: engine.where, what, patienceMs }),
    );
  try {
    return parseInfo(run.output);
  } catch (error) {
    const why = (error as Error).message.slice(0, 300);
    throw new EngineFailure(answerProblem('pgbackrest', what, run.output, why));
  }
}
