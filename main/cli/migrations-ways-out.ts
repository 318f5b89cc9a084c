import { printConnectionUrl } from '../../preload/contract/connection-url.ts';
import type { WayOut } from '../../preload/contract/migration-runs.ts';
import type { Chosen, TrackOptions } from './migrations-track.ts';

/** The call that failed, as far as the calls that put it right repeat it. */
export interface FailedCall {
  chosen: Chosen;
  options: TrackOptions;
  /** The command's name and its own arguments, such as `up -n 2`; those after the name stand behind ENV. */
  words: readonly string[];
}

/**
 * What to type to go one way out: a call of `howdah migrations`, or a statement for the server. Undefined where there is
 * nothing to type, or no safe way to write it for a shell. A guarded environment's name is left to be typed.
 */
export function typedWayOut({ act }: WayOut, { chosen, options, words }: FailedCall): string | undefined {
  switch (act?.kind) {
    case 'force':
      return call(['force', act.version === '-1' ? 'none' : act.version]);
    case 'mark':
      return call(['mark-applied', act.id]);
    case 'unmark':
      return call(['unmark', act.id]);
    case 'again':
      return call(words);
    case 'statement':
      return act.sql.replace(/\s+/g, ' ');
    default:
      return undefined;
  }

  function call([name = '', ...rest]: readonly string[]): string | undefined {
    const { environment, track } = chosen;
    // Of a URL the password is left out: it comes by PGPASSWORD or is asked for.
    const env = environment.transient ? printConnectionUrl(environment.connection) : environment.name;
    const all = [
      'howdah',
      'migrations',
      name,
      env,
      ...rest,
      ...(options.dir ?? []).flatMap((folder) => ['--dir', folder]),
      // A track has another key once its table is there; its tool stays.
      ...(options.track !== undefined && track.table ? ['--track', options.track] : []),
      ...(options.tool !== undefined || (options.track !== undefined && !track.table)
        ? ['--tool', track.tool]
        : []),
      ...(options.passwordStdin ? ['--password-stdin'] : []),
    ];
    const quoted = all.map((word) => quote(word));
    return quoted.includes(undefined) ? undefined : quoted.join(' ');
  }
}

/** One word of the shell that the call came from; undefined for what no shell has a safe way to write. */
function quote(word: string): string | undefined {
  if (/^[\w./:@+,=-]+$/.test(word)) return word;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters that are refused.
  if (word === '' || /[\u0000-\u001f\u007f-\u009f]/.test(word)) return undefined;
  if (process.platform === 'win32') return /["%!^]/.test(word) ? undefined : `"${word}"`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
