/** Characters that would break a line or can't be seen, each as a mark that can. */
const unseen: Record<string, string> = { '\n': '⏎', '\r': '␍', '\t': '→' };

/** A name or a text in one line: line ends and tabs as marks, so that a name can't look like two. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be shown.
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, (char) => unseen[char] ?? '␣');
}

/** A text as it is shown in a row: runs of white space are one space, and it ends where nobody reads on. */
export function excerpt(text: string, longest = 240): string {
  const flat = text
    .slice(0, longest * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return flat.length > longest ? `${flat.slice(0, longest)}…` : flat;
}

/**
 * A text as it is shown in a row beside another one. Where both begin alike for long, it begins shortly before they
 * part, so that the row shows what differs.
 */
export function differing(text: string, other: string | null): string {
  const whole = excerpt(text, 4000);
  if (whole === '') return 'empty';
  const beside = other === null ? '' : excerpt(other, 4000);
  let at = 0;
  while (at < whole.length && whole[at] === beside[at]) at += 1;
  if (at <= 24 || at === whole.length || at === beside.length) return excerpt(whole);
  const from = whole.lastIndexOf(' ', at - 8) + 1;
  return from <= 8 ? excerpt(whole) : excerpt(`… ${whole.slice(from)}`);
}

/** An identifier of SQL as a person writes it: quotes that are not needed are left out. */
export function unquoted(identifier: string): string {
  return identifier.replace(/"((?:[^"]|"")*)"/g, (whole, inner: string) =>
    /^[a-z_][a-z0-9_$]*$/.test(inner) ? inner : whole,
  );
}

/** The parts of a qualified name as SQL writes it: `"s"."a.b"` is `s` and `a.b`. */
export function nameParts(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
