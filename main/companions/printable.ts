import { stripVTControlCharacters } from 'node:util';
import { masked } from '../lib/mask.ts';

const mark = '•••';

/** Longest line that is kept, in characters. */
export const longestLine = 2000;

/**
 * Makes a line of a program's output fit to be shown: no escape sequences, no control characters, none that turn
 * the direction of writing, secrets replaced, cut at {@link longestLine}.
 */
export function printable(line: string, secrets: Iterable<string>): string {
  const shown = hideSecrets(withoutControls(line), secrets);
  return shown.length > longestLine ? `${shown.slice(0, longestLine - 1)}…` : shown;
}

/** Replaces secrets as they are, as a URL, and as JSON would have them; and passwords inside of any URL. */
export function hideSecrets(text: string, secrets: Iterable<string>): string {
  let hidden = text;
  // The longest first, so that a secret that holds another one leaves no rest.
  for (const form of [...new Set([...secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length)) {
    hidden = hidden.replaceAll(form, mark);
  }
  // Looking for URLs takes a time that grows with the square of a line that has none.
  return /:\/\/|[?&]password=/i.test(hidden) ? masked(hidden) : hidden;
}

function formsOf(secret: string): string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), withoutControls(secret)];
  try {
    forms.push(encodeURIComponent(secret));
  } catch {
    // Half of a surrogate pair has no form in a URL.
  }
  return forms.filter((form) => form !== '');
}

function withoutControls(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll('\t', '  ')
      // C0, DEL, C1; then what turns the direction of writing (Unicode Standard Annex 9) and line separators.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be dropped.
      .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '')
  );
}
