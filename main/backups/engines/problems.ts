import { readFile } from 'node:fs/promises';
import type { EngineWhere } from '../../../preload/contract/backup-engines.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { EngineRun } from './program.ts';
import { rootRefused } from './program.ts';
import type { EngineKind } from './types.ts';
import { sayWhere } from './where.ts';

export const titles: Record<EngineKind, string> = { pgbackrest: 'pgBackRest', barman: 'Barman' };

interface About {
  kind: EngineKind;
  where: EngineWhere;
  /** What could not be done, for example `The stanza shop can't be read`. */
  what: string;
  /** ms that it was given. */
  patienceMs?: number;
}

/** What a run that failed has come to, in words. */
export async function runProblem(run: EngineRun, about: About): Promise<Explanation> {
  const { kind, where, what } = about;
  const title = titles[kind];
  const text = run.errors.filter((line) => line.trim() !== '').join('\n');
  const said = {
    server: { message: text.slice(-4000) || `It ended with code ${run.code} and said nothing.` },
  };
  if (run.isLate)
    return {
      cause: 'engine-hangs',
      what: `${what}.`,
      why: `${title} did not answer within ${(about.patienceMs ?? 0) / 1000} s, and was ended.`,
      next: 'Look whether its repository can be reached: a dead network drive or bucket makes it wait.',
      ...(text ? said : {}),
    };
  if (run.isTooLong)
    return {
      cause: 'engine-answer',
      what: `${what}.`,
      why: `${title} prints more than can be held.`,
      next: 'Look at what it prints when you run it yourself.',
    };
  if (run.code === rootRefused)
    return {
      cause: 'engine-as-root',
      what: `${what}.`,
      why: `${title} would run as root, and what root writes the server's account can't change: archiving would stop.`,
      next: 'Say which account it runs as, such as postgres; or say root, when that is what you want.',
    };
  if (isMissing(run, kind)) return await missing(kind, where, what);
  const known = bySaying.find(([pattern]) => pattern.test(text))?.[1];
  return {
    cause: 'engine-failed',
    what: `${what}.`,
    why: `${title} ended ${run.code === null ? 'before it was done' : `with code ${run.code}`}; its own words say why.`,
    next: 'Mend what it names, then try again.',
    ...known,
    ...said,
  };
}

/** Whether the program itself is not there. */
export const isMissing = ({ code, errors }: EngineRun, kind: EngineKind): boolean =>
  (code === 127 || code === 126 || code === null) &&
  new RegExp(`${kind}\\b.*not found|not found.*\\b${kind}\\b|stat ${kind}: no such`, 'i').test(
    errors.join('\n'),
  );

/** That an answer is not what it is known to be. */
export function answerProblem(kind: EngineKind, what: string, answer: string, why: string): Explanation {
  return {
    cause: 'engine-answer',
    what: `${what}.`,
    why: `${titles[kind]} did not answer as it is known to: ${why}`,
    next: 'Run the same command yourself, and see what stands before or after the JSON.',
    server: { message: answer.trim().slice(0, 500) || 'It printed nothing.' },
  };
}

async function missing(kind: EngineKind, where: EngineWhere, what: string): Promise<Explanation> {
  const command = where.kind === 'local' ? await installCommand(kind) : undefined;
  return {
    cause: 'engine-missing',
    what: `${what}.`,
    why: `There is no program ${kind} ${sayWhere(where)}.`,
    next: 'Install it there, or name the place where it is.',
    ...(command === undefined ? {} : { command }),
  };
}

/** The packages are called like the programs in Debian, Alpine and PostgreSQL's own repositories. */
async function installCommand(kind: EngineKind): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const kin = [...release.matchAll(/^ID(?:_LIKE)?=["']?([^"'\n]*)/gm)].flatMap(([, ids = '']) =>
    ids.split(' '),
  );
  if (kin.includes('debian') || kin.includes('ubuntu')) return `sudo apt-get install -y ${kind}`;
  if (kin.some((id) => ['rhel', 'fedora', 'centos'].includes(id))) return `sudo dnf install -y ${kind}`;
  return undefined;
}

type Words = Pick<Explanation, 'cause' | 'why' | 'next'>;

const bySaying: readonly (readonly [RegExp, Words])[] = [
  [
    /sudo: .*password is required|is not in the sudoers|not allowed to execute/i,
    {
      cause: 'engine-account',
      why: 'sudo asks for a password, and nobody is there to type it.',
      next: 'Let this account run the program without one (NOPASSWD in sudoers), or start Howdah as the other account.',
    },
  ],
  [
    /(runuser: )?user .* does not exist|sudo: unknown user|unable to find user/i,
    {
      cause: 'engine-account',
      why: 'There is no such account.',
      next: 'Name the account that the engine runs as.',
    },
  ],
  [
    /sudo: not found|runuser: not found|(sudo|runuser): command not found/i,
    {
      cause: 'engine-account',
      why: 'Without sudo (or runuser, for root) nothing can be run as another account.',
      next: 'Install sudo, or start Howdah as that account.',
    },
  ],
  [
    /please run barman as '/i,
    {
      cause: 'engine-account',
      why: 'Barman runs as its own account only.',
      next: 'Name that account, which stands in its words; Howdah then uses sudo.',
    },
  ],
  [
    /docker: not found|No such container|is not running|Cannot connect to the Docker daemon|docker daemon/i,
    {
      cause: 'engine-unreachable',
      why: 'The container can’t be had.',
      next: 'Look at it with docker ps, and whether this account may use docker.',
    },
  ],
  [
    /^ssh: |Permission denied \(|Host key verification failed|Connection (refused|timed out|closed|reset)|kex_exchange/im,
    {
      cause: 'engine-unreachable',
      why: 'The host was not reached by ssh, or did not let this account in.',
      next: 'Try ssh to it from a terminal; it must work without a question.',
    },
  ],
  [
    /option:? repo\d+-cipher-pass|command requires option: .*cipher-pass/i,
    {
      cause: 'engine-key-missing',
      why: 'The repository is encrypted, and the configuration that was read holds no key for it.',
      next: 'Give the configuration file that has repo-cipher-pass, and an account that may read it.',
    },
  ],
  [
    /unable to load info file[\s\S]*key\/value found outside of section|CryptoError|cipher (header|context)/i,
    {
      cause: 'engine-key-missing',
      why: 'The repository’s files can’t be read as they are: they are encrypted with another key, or damaged.',
      next: 'Compare repo-cipher-type and repo-cipher-pass with those it was made with.',
    },
  ],
  [
    /requires option: pg\d*-path|does this stanza exist|missing stanza|Unknown server|has a stanza-create been performed/i,
    {
      cause: 'engine-unknown-name',
      why: 'Its configuration has nothing of that name, or it has not been made ready yet.',
      next: 'Look at the name; a new stanza is made ready with stanza-create.',
    },
  ],
  [
    /unable to open (missing )?file '[^']*\.conf'|Configuration file .* does not exist|configuration file .*(not found|Permission denied)|No configuration file/i,
    {
      cause: 'engine-config',
      why: 'Its configuration file is not there, or this account may not read it.',
      next: 'Give the path of the file, and the account that it belongs to.',
    },
  ],
  [
    /key\/value found outside of section|MissingSectionHeader|parsing error|ParsingError|invalid option|DuplicateSection/i,
    {
      cause: 'engine-config',
      why: 'Its configuration file can’t be understood.',
      next: 'Mend the line that it names.',
    },
  ],
  [
    /unable to acquire lock|another backup|lock file .*(busy|held)|already running|Another (backup|action) is in progress/i,
    {
      cause: 'engine-busy',
      why: 'Another backup, or another command that changes the same, is at work.',
      next: 'Wait until it has finished.',
    },
  ],
  [
    /unable to find primary cluster|\bDbConnectError|could not connect|connection to server|Impossible to start the backup|PostgreSQL server is not/i,
    {
      cause: 'engine-server',
      why: 'The engine does not reach its server, or the server is not set up for it.',
      next: 'Run the engine’s own check (pgbackrest check, barman check): it names what is missing.',
    },
  ],
  [
    /WAL segment .* was not archived|archive_mode|archive_command|has not been received/i,
    {
      cause: 'engine-archive',
      why: 'WAL does not reach the archive, without which no backup is any good.',
      next: 'Look at archive_command and at the server’s log.',
    },
  ],
  [
    /checksum (error|verification failed)/i,
    {
      cause: 'engine-damage',
      why: 'Pages of the cluster are damaged: their checksum is wrong.',
      next: 'Look after the file and block that it names before the last good backup is gone by retention.',
    },
  ],
  [
    /No space left on device|Disk quota exceeded/i,
    { cause: 'disk-full', why: 'There is no space left in the repository.', next: 'Make room there.' },
  ],
  [
    /Permission denied/i,
    {
      cause: 'engine-account',
      why: 'This account may not read what belongs to the engine.',
      next: 'Name the account that the engine runs as.',
    },
  ],
];

/** By what an engine says itself, in its answer, is bad about a repository. */
export const wordsFor = (text: string): Words | undefined =>
  bySaying.find(([pattern]) => pattern.test(text))?.[1];
