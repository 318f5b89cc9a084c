import type { Finds } from './found.ts';
import { ExpansionProblem, expand } from './variables.ts';

/** `NAME=value` of a `.env` file. */
export interface Assignment {
  name: string;
  /** The value before names are replaced; an escaped dollar sign is {@link heldDollar}. */
  raw: string;
  /** Of the name, from 1. */
  line: number;
  /** Single-quoted values are taken as they are. */
  expands: boolean;
}

/** Stands for a dollar sign that is none of a reference. No text has it: a file with NUL bytes is refused. */
const heldDollar = '\0';

/**
 * Reads a `.env` file as dotenv, Compose and a shell do: comments, `export`, three kinds of quotes, all of them over
 * several lines, and escapes in double quotes.
 */
export function readEnvFile(text: string, finds: Pick<Finds, 'fault'>): Assignment[] {
  const assignments: Assignment[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^\s*(?:#|$)/.test(line)) continue;
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]{0,199})\s*=[ \t]*/.exec(line);
    if (!match) {
      if (!/^\s*(?:export|unset|set)\s+[\w\s-]+$/.test(line)) {
        finds.fault(index + 1, 'This line does not read NAME=value.');
      }
      continue;
    }
    const [start, name = ''] = match;
    const rest = line.slice(start.length);
    const quote = rest[0];
    if (quote !== '"' && quote !== "'" && quote !== '`') {
      assignments.push({ name, line: index + 1, expands: true, raw: unquoted(rest) });
      continue;
    }
    const quoted = quotedFrom(lines, index, start.length, quote);
    if (!quoted) {
      finds.fault(index + 1, 'The quote that opens on this line is not closed.');
      continue;
    }
    const first = index;
    index = quoted.lastLine;
    if (!/^\s*(?:#|$)/.test(quoted.after)) {
      finds.fault(
        first + 1,
        first === index
          ? 'Something stands after the closing quote.'
          : `The quote that opens on this line closes on line ${index + 1}, with something after it.`,
      );
      continue;
    }
    const raw = quote === '"' ? withoutEscapes(quoted.inside) : quoted.inside;
    assignments.push({ name, line: first + 1, expands: quote !== "'", raw });
  }
  return assignments;
}

/** Up to a comment, which begins with a blank before its #. */
function unquoted(rest: string): string {
  const comment = rest.startsWith('#') ? 0 : rest.search(/\s#/);
  return (comment < 0 ? rest : rest.slice(0, comment)).trim().replaceAll('\\$', heldDollar);
}

function quotedFrom(
  lines: string[],
  first: number,
  column: number,
  quote: string,
): { inside: string; after: string; lastLine: number } | undefined {
  const inside: string[] = [];
  for (let index = first; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const from = index === first ? column + 1 : 0;
    const end = closingQuote(line, from, quote);
    if (end >= 0) {
      inside.push(line.slice(from, end));
      return { inside: inside.join('\n'), after: line.slice(end + 1), lastLine: index };
    }
    inside.push(line.slice(from));
  }
  return undefined;
}

function closingQuote(line: string, from: number, quote: string): number {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === '\\' && quote === '"') at += 1;
    else if (line[at] === quote) return at;
  }
  return -1;
}

function withoutEscapes(text: string): string {
  const meanings: Record<string, string> = { n: '\n', r: '\r', t: '\t', $: heldDollar };
  return text.replace(/\\([nrt$"\\])/g, (_, letter: string) => meanings[letter] ?? letter);
}

/** The values of a file, names replaced. */
export interface EnvValues {
  /** In the order of the file, each once. */
  names(): Iterable<string>;
  get(name: string): EnvValue | undefined;
}

export interface EnvValue {
  text: string;
  /** Of the assignment that counts, from 1. */
  line: number;
  /** Names it refers to that nobody sets. */
  unknown: readonly string[];
}

/** How long a chain of names may be. */
const longestChain = 100;

/**
 * Replaces names by values; of several assignments to a name the last one counts, and one that refers to itself means
 * the one before. Circles and what is too long are told with file line and names, and have no value.
 */
export function envValues(assignments: Assignment[], finds: Pick<Finds, 'fault'>): EnvValues {
  const versions = new Map<string, Assignment[]>();
  for (const one of assignments) {
    const known = versions.get(one.name);
    if (known) known.push(one);
    else versions.set(one.name, [one]);
  }
  const done = new Map<Assignment, EnvValue>();
  const failed = new Map<Assignment, ExpansionProblem>();
  /** Assignments whose value is being worked out, outermost first. */
  const chain: Assignment[] = [];
  const told = new Set<string>();

  const work = (one: Assignment): EnvValue => {
    const known = done.get(one);
    if (known) return known;
    const failure = failed.get(one);
    if (failure) throw failure;
    if (chain.includes(one)) {
      const names = [...chain.slice(chain.indexOf(one)), one].map(({ name }) => name);
      throw new ExpansionProblem(`Names refer to each other in a circle: ${names.join(' → ')}.`);
    }
    if (chain.length >= longestChain) {
      throw new ExpansionProblem(`A value refers on through more than ${longestChain} names.`);
    }
    chain.push(one);
    try {
      const unknown = new Set<string>();
      const text = one.expands
        ? expand(one.raw, {
            dialect: 'env',
            onUnknown: (name) => unknown.add(name),
            lookUp: (name) => {
              const meant = name === one.name ? before(one) : versions.get(name)?.at(-1);
              if (!meant) return undefined;
              const value = work(meant);
              for (const inner of value.unknown) unknown.add(inner);
              return value.text;
            },
          })
        : one.raw;
      const value = { text: text.replaceAll(heldDollar, '$'), line: one.line, unknown: [...unknown] };
      done.set(one, value);
      return value;
    } catch (error) {
      if (error instanceof ExpansionProblem) failed.set(one, error);
      throw error;
    } finally {
      chain.pop();
    }
  };
  const before = (one: Assignment): Assignment | undefined => {
    const all = versions.get(one.name) ?? [];
    const earlier = all[all.indexOf(one) - 1];
    // Without a default, a name that stands for itself and nothing else is a circle of one.
    if (!earlier && new RegExp(`\\$(?:${one.name}(?!\\w)|\\{${one.name}\\})`).test(one.raw)) return one;
    return earlier;
  };

  return {
    names: () => versions.keys(),
    get: (name) => {
      const one = versions.get(name)?.at(-1);
      if (!one) return undefined;
      try {
        return work(one);
      } catch (error) {
        if (!(error instanceof ExpansionProblem)) throw error;
        if (!told.has(error.message)) finds.fault(one.line, error.message);
        told.add(error.message);
        return undefined;
      }
    },
  };
}
