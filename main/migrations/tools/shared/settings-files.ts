import type { FolderView } from '../../tool.ts';
import { textOrNothing } from './content.ts';

/**
 * Values of `KEY=value` lines, as `.env` files and Java's properties have them; `#` and `!` begin comments, quotes around
 * a value are taken off. Later lines win. Nothing is expanded, and what holds a `$` is left out: it can't be known here.
 */
export function keyValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (!match?.[1] || /^\s*[#!]/.test(line)) continue;
    const value = unquoted(match[2] ?? '');
    if (!value.includes('$')) values.set(match[1], value);
  }
  return values;
}

/** The `.env` of the project's root, empty without one. Only the asked-for names are kept: the rest may be secret. */
export async function environmentFile(
  folder: FolderView,
  base: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const all = keyValues(await textOrNothing(folder, base === '' ? '.env' : `${base}/.env`));
  return new Map([...all].filter(([name]) => names.includes(name)));
}

/**
 * Sections of an INI or TOML file whose values are texts, booleans or flat lists of texts; `[a "b"]` is `a.b`, as Git's
 * and Sqitch's files mean it. What is more complicated is left out.
 */
export function sections(text: string): Map<string, Map<string, string[]>> {
  const found = new Map<string, Map<string, string[]>>();
  let section = new Map<string, string[]>();
  found.set('', section);
  for (const line of joinLists(text).split(/\r?\n/)) {
    const head = /^\s*\[+\s*([^\]"]+?)\s*(?:"([^"]*)")?\s*\]+\s*(?:[#;].*)?$/.exec(line);
    if (head?.[1]) {
      const name = head[2] === undefined ? head[1].replaceAll('"', '') : `${head[1]}.${head[2]}`;
      section = found.get(name) ?? new Map<string, string[]>();
      found.set(name, section);
      continue;
    }
    const pair = /^\s*["']?([A-Za-z_][\w.-]*)["']?\s*=\s*(.*?)\s*$/.exec(line);
    if (pair?.[1]) section.set(pair[1], listOf(pair[2] ?? ''));
  }
  return found;
}

/** Puts a list that goes over several lines on one. */
const joinLists = (text: string): string =>
  text.replace(/=\s*\[[^\]]*\]/g, (list) => list.replace(/#[^\n]*/g, '').replace(/\s*\r?\n\s*/g, ' '));

function listOf(value: string): string[] {
  const list = /^\[(.*)\]\s*(?:#.*)?$/.exec(value);
  // Git's files and TOML escape quotes and backslashes alike.
  if (!list) return [unquoted(value.replace(/\s+[#;].*$/, '')).replace(/\\(["\\])/g, '$1')];
  return [...(list[1] ?? '').matchAll(/"([^"]*)"|'([^']*)'/g)].map((item) => item[1] ?? item[2] ?? '');
}

const unquoted = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
