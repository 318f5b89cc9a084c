import { type ChangelogFile, type ChangelogItem, changeSetOf, inclusionOf } from './liquibase-changeset.ts';

const PART =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\])?\s*>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

/** Change sets and includes of an XML changelog. Only elements and attributes are read; entities of its own are not. */
export function xmlChangelog(text: string, file: string): ChangelogFile {
  const items: ChangelogItem[] = [];
  const doubts: string[] = [];
  const open: string[] = [];
  let logicalPath: string | null = null;
  let current:
    | { attributes: Map<string, string>; preconditions: boolean; rollback: boolean | null }
    | undefined;
  const finish = (): void => {
    if (!current) return;
    const { attributes, preconditions, rollback } = current;
    items.push({
      changeSet: changeSetOf({ text: (name) => attributes.get(name) ?? null }, file, logicalPath, {
        id: attributes.get('id') ?? '',
        author: attributes.get('author') ?? '',
        preconditions,
        rollback,
      }),
    });
    current = undefined;
  };
  for (const [, closing, element, written, empty] of text.matchAll(PART)) {
    if (!element) continue;
    const name = element.slice(element.indexOf(':') + 1);
    if (closing) {
      open.pop();
      if (name === 'changeSet') finish();
      continue;
    }
    const attributes = attributesOf(written ?? '');
    const value = (key: string): string | null => attributes.get(key) ?? null;
    if (name === 'databaseChangeLog') logicalPath = value('logicalFilePath');
    else if (name === 'changeSet') {
      current = { attributes, preconditions: false, rollback: null };
      if (empty) finish();
    } else if (name === 'include' || name === 'includeAll')
      items.push({ include: inclusionOf({ text: value }, name === 'includeAll', [...attributes.keys()]) });
    else if (name === 'preConditions' && current) current.preconditions = true;
    else if (name === 'preConditions') doubts.push(`${file} has preconditions of its own.`);
    else if (name === 'rollback' && current && open.at(-1) === 'changeSet') current.rollback = true;
    else if (/^(?:removeChangeSetProperty|modifyChangeSets)$/.test(name))
      doubts.push(`${file} changes its change sets by ${name}.`);
    if (!empty) open.push(name);
  }
  if (open.length > 0) doubts.push(`${file} is not whole: <${open.at(-1)}> is never closed.`);
  return { items, doubts };
}

function attributesOf(written: string): Map<string, string> {
  return new Map(
    [...written.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name, double, single]) => [
      (name as string).slice((name as string).indexOf(':') + 1),
      entities(double ?? single ?? ''),
    ]),
  );
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const entities = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, number?: string, name?: string) =>
    name ? (NAMED[name] ?? whole) : String.fromCodePoint(Number.parseInt(hex ?? number ?? '', hex ? 16 : 10)),
  );
