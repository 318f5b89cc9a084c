import type { JobSchedule } from '../../../../preload/contract/backup-jobs.ts';
import type { Times } from '../../../lib/cron.ts';

/** What a scheduler of the system is to be told. */
export interface SystemOrder {
  id: string;
  name: string;
  schedule: JobSchedule;
  times: Times;
  dataFolder: string;
  command: OwnCommand;
  platform: NodeJS.Platform;
  machineZone: string;
}

export interface OwnCommand {
  /** A program and its first arguments. */
  words: string[];
  /** Whether it is known to be there, for a scheduler that knows no PATH. */
  isFound: boolean;
}

/** The job as an argument. `--scheduled`: its history tells who began it. */
export const jobWords = (job: string): string[] => ['backups', 'run', '--scheduled', job];

/** A file name of letters that every system takes, unlike that of any other job. */
export const slugOf = ({ id, name }: SystemOrder): string => {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `howdah-backup-${id}${plain === '' ? '' : `-${plain}`}`;
};

/** For a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w./:@+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** In the text or an attribute of XML; what XML can't hold is left out. */
export const xmlText = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters that XML has no place for.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** What every scheduler has to be told apart from. */
export function commonLimits({ command, platform }: SystemOrder): string[] {
  const limits: string[] = [];
  if (!command.isFound)
    limits.push('Where the command howdah lies is not known here: put its whole path in its place.');
  if (platform === 'linux')
    limits.push(
      'A password in the keychain can be read only while this account is logged in; else give it by a password file of libpq.',
    );
  return limits;
}

export const otherZone = ({ schedule, machineZone }: SystemOrder): boolean =>
  schedule.timeZone !== machineZone;
