import type { Difference } from '../../../preload/contract/schema-diff.ts';
import { differing, excerpt, nameParts, oneLine } from './text.ts';
import { kindHeading, type State } from './words.ts';

/** A difference as the list shows it. Texts are in one line. */
export interface Entry {
  index: number;
  difference: Difference;
  /** The table, view or type it belongs to, as it is called; null for what stands alone. */
  table: string | null;
  /** The whole name: `public.documents.size`. */
  name: string;
  /** What differs, in a few words: `type, default`. */
  what: string;
  wanted: string;
  actual: string;
  /** Lower case, for the filter. */
  searched: string;
}

export type ListRow =
  | { kind: 'group'; key: string; label: string; count: number; isOpen: boolean }
  | { kind: 'entry'; key: string; entry: Entry };

/** What a list shows of all differences. */
export interface ListView {
  group: 'kind' | 'table';
  /** Words that all must be found. */
  filter: string;
  /** States to be shown; all when empty. */
  states: ReadonlySet<State>;
  /** Keys of groups that are folded. */
  folded: ReadonlySet<string>;
}

/** Prepares differences for the list. */
export function entriesOf(differences: readonly Difference[]): Entry[] {
  const tables = new Set<string>();
  for (const { kind, name } of differences) if (isRelation(kind) || kind === 'column') tables.add(name);
  return differences.map((difference, index) => {
    const name = fullName(difference);
    const shown = difference.attributes.filter(
      (attribute) => !isQuiet(attribute.name, attribute.wanted ?? attribute.actual, difference.state),
    );
    const wanted = sideWords(difference, 'wanted', shown);
    const actual = sideWords(difference, 'actual', shown);
    const what = difference.attributes.map((attribute) => attribute.name).join(', ');
    return {
      index,
      difference,
      table: tableOf(difference, tables),
      name,
      what: difference.state === 'changed' || difference.state === 'unknown' ? what : '',
      wanted,
      actual,
      searched: `${difference.kind} ${name} ${what} ${wanted} ${actual}`.toLowerCase(),
    };
  });
}

/** The name of what differs, with the column where it is one. */
export function fullName({ name, part }: Pick<Difference, 'name' | 'part'>): string {
  return oneLine(part === null ? name : `${name}.${part}`);
}

/** Rows of the list: groups with their differences, those without any left out. */
export function listRows(entries: readonly Entry[], view: ListView): ListRow[] {
  const words = view.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, { label: string; alone: boolean; entries: Entry[] }>();
  for (const entry of entries) {
    const { state, kind } = entry.difference;
    if (view.states.size > 0 && !view.states.has(state)) continue;
    if (!words.every((word) => entry.searched.includes(word))) continue;
    const alone = view.group === 'kind' || entry.table === null;
    const key = alone ? `kind ${kind}` : `table ${entry.table}`;
    const group = groups.get(key);
    if (group) group.entries.push(entry);
    else groups.set(key, { label: alone ? kindHeading(kind) : (entry.table ?? ''), alone, entries: [entry] });
  }
  const ordered = [...groups];
  if (view.group === 'table') {
    ordered.sort(
      ([, a], [, b]) =>
        Number(a.alone) - Number(b.alone) ||
        (a.alone ? 0 : a.label < b.label ? -1 : a.label > b.label ? 1 : 0),
    );
  }
  return ordered.flatMap(([key, { label, entries: members }]): ListRow[] => {
    const isOpen = !view.folded.has(key);
    const head: ListRow = { kind: 'group', key, label: oneLine(label), count: members.length, isOpen };
    if (!isOpen) return [head];
    return [
      head,
      ...members.map((entry): ListRow => ({ kind: 'entry', key: `entry ${entry.index}`, entry })),
    ];
  });
}

/** How an entry is called below its group: the table's name need not be said again. */
export function nameInGroup(entry: Entry, group: ListView['group']): { kind: string; name: string } {
  const { kind, name, part } = entry.difference;
  if (group === 'kind' || entry.table === null) return { kind: '', name: entry.name };
  if (part !== null) return { kind, name: oneLine(part) };
  if (name.startsWith(`${entry.table}: `)) return { kind, name: oneLine(name.slice(entry.table.length + 2)) };
  if (name === entry.table) return { kind, name: '' };
  // An index lies in the schema of its table.
  const schema = `${entry.difference.schema}.`;
  const own = kind === 'index' && name.startsWith(schema) ? name.slice(schema.length) : name;
  return { kind, name: oneLine(own) };
}

const isRelation = (kind: string): boolean =>
  kind === 'table' || kind === 'foreign table' || kind === 'view' || kind === 'materialized view';

const standingAlone = new Set([
  'schema',
  'extension',
  'type',
  'foreign server',
  'sequence',
  'routine',
  'publication',
  'event trigger',
]);

/** The table a difference belongs to. `tables`: names of those that differ themselves or in their columns. */
function tableOf(difference: Difference, tables: ReadonlySet<string>): string | null {
  const { kind, name, part, schema } = difference;
  if (standingAlone.has(kind)) return tables.has(name) ? name : null;
  if (kind === 'index') return tableOfIndex(difference) ?? name;
  if (part !== null || isRelation(kind)) return name;
  // `schema.table: constraint`, where each name may hold a colon too: a table that is known counts most.
  const from = schema === null ? 0 : schema.length + 1;
  let first: string | null = null;
  for (let at = name.indexOf(': ', from); at >= 0; at = name.indexOf(': ', at + 1)) {
    const head = name.slice(0, at);
    if (tables.has(head)) return head;
    first ??= head;
  }
  return first ?? name;
}

const identifier = '(?:"(?:[^"]|"")+"|[^\\s".(]+)';
const ofIndex = new RegExp(
  `^CREATE (?:UNIQUE )?INDEX ${identifier} ON (?:ONLY )?(${identifier}(?:\\.${identifier})?) USING `,
);

function tableOfIndex({ schema, attributes }: Difference): string | null {
  const value = (name: string): string | null | undefined => {
    const attribute = attributes.find((one) => one.name === name);
    return attribute?.wanted ?? attribute?.actual;
  };
  const text = value('table') ?? ofIndex.exec(value('definition') ?? '')?.[1];
  if (!text) return null;
  const parts = nameParts(text);
  return parts.length > 1 ? parts.join('.') : `${schema}.${parts[0]}`;
}

/** Attributes that go without saying of something that is there on one side only. */
function isQuiet(name: string, value: string | null, state: State): boolean {
  if (state === 'changed' || state === 'unknown') return false;
  return (
    value === 'no' ||
    (name === 'persistence' && value === 'permanent') ||
    name === 'owner' ||
    name === 'privileges'
  );
}

/** What one side has, in one line. */
function sideWords(
  { kind, state, part }: Difference,
  side: 'wanted' | 'actual',
  attributes: Difference['attributes'],
): string {
  if (state === (side === 'wanted' ? 'only-actual' : 'only-wanted')) return '';
  const known = attributes.filter((attribute) => attribute[side] !== null || attribute.notKnown);
  if (state === 'changed' || state === 'unknown') {
    return attributes
      .map((attribute) => {
        const { name, [side]: value, notKnown } = attribute;
        const other = side === 'wanted' ? attribute.actual : attribute.wanted;
        const words = value === null ? (notKnown ? 'not known' : 'none') : differing(value, other);
        return attributes.length > 1 ? `${name}: ${words}` : words;
      })
      .join(' · ');
  }
  const definition = known.find(({ name }) => name === 'definition');
  if (definition) return excerpt(definition[side] ?? 'not known');
  const words = known
    .filter(({ name }) => name !== 'table' || kind !== 'index')
    .map(({ name, [side]: value }) => {
      if (name === 'type' && part !== null) return excerpt(value ?? '');
      if (value === 'yes') return name;
      return `${name}${part === null ? ':' : ''} ${excerpt(value ?? 'not known')}`;
    });
  return words.join(', ') || 'there';
}
