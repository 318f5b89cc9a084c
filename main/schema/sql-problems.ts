import { fail } from '../lib/fail.ts';
import { serverWords } from '../servers/index.ts';
import { linesBefore, placeOf } from '../sql-text/index.ts';

/** How much of a statement an error shows, characters. */
const shown = 160;

/** A path that no structure can be made from. */
export function pathProblem(path: string, why: string): ReturnType<typeof fail> {
  return fail('INVALID', {
    field: 'path',
    cause: 'sql-path',
    what: `${path} can’t be taken as a structure.`,
    why: `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}.`,
    next: 'Name a snapshot’s file, an SQL file, or a folder of SQL files.',
  });
}

/** Something in a file that can’t be run. */
export function fileProblem(file: string, line: number, what: string, more: number): ReturnType<typeof fail> {
  return fail('INVALID', {
    field: 'path',
    cause: 'sql-unreadable',
    what: `${file}, line ${line}: can’t be run.`,
    why: `It ${what}.${more ? ` There ${more === 1 ? 'is one more problem' : `are ${more} more problems`} of this kind.` : ''}`,
    next: 'Change the file, or name another one; nothing was run.',
  });
}

/**
 * A statement that failed, where it stands in its file, or a file that can't end.
 *
 * @param error the server's, or why in words
 */
export function statementFailed(
  file: string,
  step: { line: number; sql: string } | undefined,
  error: unknown,
): ReturnType<typeof fail> {
  const words = typeof error === 'string' ? undefined : serverWords(error);
  const position = Number((error as { position?: string }).position ?? 0);
  const line = step
    ? step.line + (position ? linesBefore(step.sql, placeOf(step.sql, position - 1)) : 0)
    : undefined;
  return fail('INVALID', {
    field: 'path',
    cause: 'sql-failed',
    what: `${file}${line === undefined ? '' : `, line ${line}`}: ${step ? 'the statement failed' : 'the file can’t be run'}.`,
    why: words ? sentence(words.message) : String(error),
    next: 'Mend the file and compare again. The scratch database is gone.',
    ...(step ? { command: shortened(step.sql) } : {}),
    ...(words ? { server: words } : {}),
  });
}

/** The beginning of a statement, with texts in quotes taken out: they may be secrets, and are never what is wrong with its form. */
export function shortened(sql: string): string {
  const bare = sql
    .slice(0, shown * 20)
    .replace(/'(?:[^']|'')*(?:'|$)/g, "'…'")
    .replace(/(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?(?:\1|$)/g, '$1…$1')
    .replace(/\s+/g, ' ');
  return bare.length <= shown ? bare : `${bare.slice(0, shown - 1)}…`;
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
