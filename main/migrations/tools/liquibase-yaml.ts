import { parseDocument } from 'yaml';
import { type ChangelogFile, type ChangelogItem, changeSetOf, inclusionOf } from './liquibase-changeset.ts';

type Fields = Record<string, unknown>;

/** Change sets and includes of a changelog in YAML or JSON, which is YAML too. */
export function yamlChangelog(text: string, file: string): ChangelogFile {
  const doubts: string[] = [];
  const items: ChangelogItem[] = [];
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) doubts.push(`${file} can’t be read: ${error.message.split('\n')[0]}.`);
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: 1000 });
  } catch {
    doubts.push(`${file} can’t be read: it refers to itself too often.`);
  }
  const list = isFields(root) ? root.databaseChangeLog : undefined;
  if (!Array.isArray(list)) return { items, doubts: [...doubts, `${file} has no list databaseChangeLog.`] };
  let logicalPath: string | null = null;
  for (const entry of list) {
    if (!isFields(entry)) continue;
    for (const [key, value] of Object.entries(entry)) {
      if (key === 'logicalFilePath') logicalPath = String(value);
      else if (key === 'preConditions') doubts.push(`${file} has preconditions of its own.`);
      else if (key === 'modifyChangeSets')
        doubts.push(`${file} changes its change sets by modifyChangeSets.`);
      else if (!isFields(value)) continue;
      else if (key === 'include' || key === 'includeAll')
        items.push({ include: inclusionOf(attributesOf(value), key === 'includeAll', Object.keys(value)) });
      else if (key === 'changeSet')
        items.push({
          changeSet: changeSetOf(attributesOf(value), file, logicalPath, {
            id: String(value.id ?? ''),
            author: String(value.author ?? ''),
            preconditions: value.preConditions !== undefined,
            rollback: value.rollback === undefined ? null : true,
          }),
        });
    }
  }
  return { items, doubts };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const attributesOf = (fields: Fields): { text(name: string): string | null } => ({
  text: (name) => {
    const value = fields[name];
    return value === undefined || value === null || typeof value === 'object' ? null : String(value);
  },
});
