import { createHash } from 'node:crypto';

/** Longest text kept of a statement, characters. */
const longestText = 500;

/**
 * What is told apart in a statement's text, in this order: comments, quoted texts (with backslashes, without, between
 * dollars; unfinished ones too), names and words, parameters, numbers, space.
 */
const token = new RegExp(
  [
    '--[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$)',
    "\\bE'(?:[^'\\\\]|''|\\\\[\\s\\S]?)*(?:'|$)",
    "(?:\\b(?:[BXN]|U&))?'(?:[^']|'')*(?:'|$)",
    '\\$([a-z_]\\w*)?\\$[\\s\\S]*?(?:\\$\\1\\$|$)',
    '"(?:[^"]|"")*(?:"|$)|[a-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*|\\$\\d+',
    '0[xob][\\da-f_]+|(?:\\d[\\d_]*\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?|\\s+',
  ].join('|'),
  'gi',
);

/**
 * A statement's text without its constants, so that the same statement is one whatever its values, and no value is kept:
 * quoted texts and numbers become `?`, lists of them one `?`, comments and line breaks a space. Works on texts that were
 * cut, and on what is no SQL at all.
 */
export function normalise(text: string): string {
  return text
    .replace(token, (found) => {
      if (/^(?:--|\/\*|\s)/.test(found)) return ' ';
      if (/^(?:"|\$\d+$)/.test(found)) return found;
      return /^[a-z_\u0080-\uffff]/i.test(found) && !/^(?:[ebxn]|u&)'/i.test(found) ? found : '?';
    })
    .replace(/\s+/g, ' ')
    .replace(/\(\s*\?(?:\s*,\s*\?)+\s*\)/g, '(?)')
    .replace(/\(\?\)(?:\s*,\s*\(\?\))+/g, '(?)')
    .trim()
    .slice(0, longestText);
}

/** What a statement without a query id goes by. */
export function hashOf(normalised: string): string {
  return `#${createHash('sha256').update(normalised).digest('hex').slice(0, 16)}`;
}
