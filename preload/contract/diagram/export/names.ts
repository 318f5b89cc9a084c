/** A name that was not given before: those that are the same get a number, within the quotes where there are some. */
export function apart(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1)
    free = name.endsWith('"') ? `${name.slice(0, -1)}_${number}"` : `${name}_${number}`;
  taken.add(free);
  return free;
}

/** On one line, and nothing that can't be seen or that is no character at all. */
export const printable = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
