import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Fault } from './found.ts';
import { lineAt } from './json.ts';

/** A node of a YAML file, with the line it begins on; aliases and merge keys are resolved. */
export type Yaml =
  | { kind: 'map'; line: number; entries: ReadonlyMap<string, Yaml> }
  | { kind: 'list'; line: number; items: readonly Yaml[] }
  /** `text` as it is written: a port 0543 stays that. Null is empty. */
  | { kind: 'scalar'; line: number; text: string };

/** Nodes that a file may have once every alias is replaced by what it stands for. */
const mostNodes = 100_000;
const deepest = 60;

/** The most lines and characters of YAML that are read: as many as take less than a second. */
const mostLines = 25_000;
const longest = 1_000_000;

export type ReadYaml = { value: Yaml } | { fault: Fault };

class YamlProblem extends Error {
  override name = 'YamlProblem';
  readonly line: number | null;
  constructor(line: number | null, message: string) {
    super(message);
    this.line = line;
  }
}

/** Reads YAML 1.2 with YAML 1.1's merge keys, as Compose does. A fault names its line and never quotes the text. */
export function readYaml(text: string): ReadYaml {
  if (text.length > longest || lineAt(text, text.length) > mostLines) {
    const most = `${mostLines} lines or ${longest / 1_000_000} MB`;
    return {
      fault: { line: null, text: `The YAML is longer than ${most}. A Compose file is much shorter.` },
    };
  }
  const steep = nestedTooDeep(text);
  if (steep !== undefined)
    return { fault: { line: steep, text: `The YAML is nested more than ${deepest} deep.` } };
  try {
    const counter = new LineCounter();
    // Keys are checked below: the library compares each with each.
    const document = parseDocument(text, {
      lineCounter: counter,
      prettyErrors: false,
      uniqueKeys: false,
      strict: true,
      logLevel: 'error',
    });
    const [error] = document.errors;
    if (error) {
      throw new YamlProblem(counter.linePos(error.pos[0]).line, inWords(error.code));
    }
    const reader = new Reader((offset) => counter.linePos(offset).line, targetsOf(document));
    if (!document.contents) throw new YamlProblem(null, 'The YAML is empty.');
    return { value: reader.read(document.contents, 0) };
  } catch (error) {
    if (error instanceof YamlProblem) return { fault: { line: error.line, text: error.message } };
    // Whatever the library throws may quote the text.
    return { fault: { line: null, text: 'The YAML can’t be read.' } };
  }
}

/** Line on which flow brackets or indentation go too deep; the library would go down with them. */
function nestedTooDeep(text: string): number | undefined {
  let brackets = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^[ ]*(?:- ){61}/.test(line)) return index + 1;
    for (const letter of line.matchAll(/[[\]{}]/g)) {
      brackets += letter[0] === '[' || letter[0] === '{' ? 1 : brackets > 0 ? -1 : 0;
      // Brackets in texts count too, so there is room for a few that are not closed.
      if (brackets > 1000) return index + 1;
    }
    if (/^ {2000}/.test(line) && line.trim() !== '') return index + 1;
  }
  return undefined;
}

function inWords(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'A tab is used for indentation; YAML takes blanks only.';
    case 'BAD_ALIAS':
      return 'An alias (*name) refers to an anchor (&name) that is not there.';
    case 'MISSING_CHAR':
      return 'A quote, a bracket, a comma or a colon is missing.';
    case 'MULTIPLE_DOCS':
      return 'There is a second document in the file; Compose takes one.';
    case 'BAD_INDENT':
      return 'The indentation does not fit the lines before.';
    case 'BAD_DQ_ESCAPE':
      return 'A backslash in double quotes is followed by something that is no escape.';
    case 'TAG_RESOLVE_FAILED':
      return 'A tag (!name) is not known.';
    default:
      return 'The YAML is malformed here.';
  }
}

/** What each alias stands for: the anchor of its name that comes last before it. The library would look anew each time. */
function targetsOf(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Alias: (_, alias) => {
      const target = anchors.get(alias.source);
      if (target) targets.set(alias, target);
    },
    Value: (_, node) => {
      if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

class Reader {
  readonly #lineOf: (offset: number) => number;
  readonly #targets: ReadonlyMap<Alias, Node>;
  #nodes = 0;

  constructor(lineOf: (offset: number) => number, targets: ReadonlyMap<Alias, Node>) {
    this.#lineOf = lineOf;
    this.#targets = targets;
  }

  read(node: unknown, depth: number): Yaml {
    const line = this.#line(node);
    this.#nodes += 1;
    if (this.#nodes > mostNodes) {
      throw new YamlProblem(
        line,
        'There are too many nodes once aliases are replaced; this looks like an attack.',
      );
    }
    if (depth > deepest) throw new YamlProblem(line, `The YAML is nested more than ${deepest} deep.`);
    if (isAlias(node)) {
      const target = this.#targets.get(node);
      if (!target) throw new YamlProblem(line, inWords('BAD_ALIAS'));
      return this.read(target, depth + 1);
    }
    if (isMap(node)) return this.#map(node, line, depth);
    if (isSeq(node)) {
      return { kind: 'list', line, items: node.items.map((item) => this.read(item, depth + 1)) };
    }
    if (isScalar(node)) {
      const { value } = node;
      return {
        kind: 'scalar',
        line,
        text: value === null ? '' : typeof value === 'string' ? value : (node.source ?? ''),
      };
    }
    return { kind: 'scalar', line, text: '' };
  }

  #map(node: { items: { key: unknown; value: unknown }[] }, line: number, depth: number): Yaml {
    const own = new Map<string, Yaml>();
    const merged = new Map<string, Yaml>();
    for (const { key, value } of node.items) {
      const at = this.#line(key);
      if (!isScalar(key))
        throw new YamlProblem(at, 'A key is a list or a map, or an alias, where a name is expected.');
      const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
      const read = this.read(value, depth + 1);
      if (name === '<<') {
        const sources = read.kind === 'list' ? read.items : [read];
        for (const source of sources) {
          if (source.kind !== 'map')
            throw new YamlProblem(at, 'A merge key (<<) takes a map, or a list of them.');
          for (const [inner, one] of source.entries) if (!merged.has(inner)) merged.set(inner, one);
        }
        continue;
      }
      if (own.has(name)) throw new YamlProblem(at, 'A key is there twice in the same map.');
      // A value is found by its key's line.
      own.set(name, { ...read, line: at });
    }
    for (const [name, value] of merged) if (!own.has(name)) own.set(name, value);
    return { kind: 'map', line, entries: own };
  }

  #line(node: unknown): number {
    const range = (node as Node | null)?.range;
    return range ? this.#lineOf(range[0]) : 1;
  }
}

/** A value of a map; undefined where it is none or has no such key. */
export function at(yaml: Yaml | undefined, key: string): Yaml | undefined {
  return yaml?.kind === 'map' ? yaml.entries.get(key) : undefined;
}

export function textAt(yaml: Yaml | undefined, key: string): string | undefined {
  const found = at(yaml, key);
  return found?.kind === 'scalar' ? found.text : undefined;
}

/** The items of a list, or the one value that stands in its place. */
export function listAt(yaml: Yaml | undefined, key: string): readonly Yaml[] {
  const found = at(yaml, key);
  if (!found) return [];
  return found.kind === 'list' ? found.items : [found];
}
