import { isSecretParameter } from '../../preload/contract/connection-parts.ts';

/** Stands for a secret that was left out. */
export const leftOut = '•••';

/** What stands after `=` or an option: quoted, unquoted, or pieces of both, as shells and libpq join them. */
const value = String.raw`(?:(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'])+(?:["']\S*)?|["']\S*)`;

/** A name of which the value is a secret; not that of a file that holds one. */
const name =
  String.raw`[\w-]{0,100}(?:passw|passphrase|pwd|secret|token|credential|(?:api|access|private)[-_]?key|(?<![a-z])pass(?![a-z]))` +
  String.raw`(?![\w-]{0,100}(?:file|path|stdin|url)(?![\w-]))[\w-]{0,100}`;

/** What to look for and what to put there, in their order: each takes what the ones before it have left. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Up to the last "@": a password may hold "/", "#", "?" and "@" that nobody has escaped, and blanks within quotes.
  [/((["'])[a-z][\w+.-]*:\/\/[^\s:'"]*):(?:(?!\2)[^\n])*@/gi, `$1:${leftOut}@`],
  [/(?<![\w+.-])([a-z][\w+.-]*:\/\/[^\s:'"]*):\S*@/gi, `$1:${leftOut}@`],
  // A token in the place of the user, as Git and package registries have it.
  [/(https?:\/\/)[^\s/?#@'":]+@/gi, `$1${leftOut}@`],
  // What follows in a query is kept.
  [new RegExp(String.raw`([?&]${name}=)[^&#\s'"]*`, 'gi'), `$1${leftOut}`],
  // Keys of age.
  [/AGE-SECRET-KEY-1[0-9A-Z]+/gi, leftOut],
  // Headers, to the end of the quotes that they stand in.
  [/((?<![\w-])(?:[\w-]*authorization|cookie)\s*[:=]\s*)[^"'\n]+/gi, `$1${leftOut}`],
  [/(\bbearer\s+)[^\s"']+/gi, `$1${leftOut}`],
  [new RegExp(String.raw`((?<![\w?&-])${name}["']?\s*[=:]\s*)${value}`, 'gi'), `$1${leftOut}`],
  // `--token x`, but not the words of a sentence.
  [new RegExp(String.raw`((?<!\S)--?${name}\s+)${value}`, 'gi'), `$1${leftOut}`],
  // SQL: `ALTER ROLE … PASSWORD '…'`.
  [/(\bpassword\s+e?)'(?:''|\\.|[^'\\])*(?:'|$)/gi, `$1${leftOut}`],
  [new RegExp(String.raw`(\bsshpass\s+-p\s*)${value}`, 'gi'), `$1${leftOut}`],
  [/((?<!\S)(?:-u|--user|--proxy-user)[\s=]+["']?[^\s:'"]*:)[^\s"']+/g, `$1${leftOut}`],
];

/** Takes out of a text, a command for example, what looks like a secret. It rather takes too much than too little. */
export function masked(text: string): string {
  return patterns.reduce((so, [pattern, instead]) => so.replace(pattern, instead), text);
}

/** A copy of an input that may be written down: secrets are replaced, within texts too. */
export function redact(input: unknown): unknown {
  if (typeof input === 'string') return masked(input);
  if (Array.isArray(input)) return input.map(redact);
  if (typeof input === 'object' && input !== null) {
    return Object.fromEntries(
      Object.entries(input).map(([name, inner]) => [name, isSecretParameter(name) ? leftOut : redact(inner)]),
    );
  }
  return input;
}
