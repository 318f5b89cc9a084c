import { type ChangelogFile, type ChangelogItem, changeSetOf } from './liquibase-changeset.ts';

const HEADER = /^\s*(?:--|\/\*+)\s*liquibase\s+formatted\s+sql\b(.*)$/im;
const CHANGESET = /^\s*-{2,}\s*changeset\s+("[^"]+"|[^:\n]+?):\s*("[^"]+"|\S+)(.*)$/i;
const ATTRIBUTE = /([A-Za-z]+):("[^"]*"|'[^']*'|\S+)/g;

export const isFormattedSql = (text: string): boolean => HEADER.test(text.slice(0, 4000));

/** Change sets of a formatted SQL file: `parser/core/formattedsql/FormattedSqlChangeLogParser`. */
export function formattedSql(text: string, file: string): ChangelogFile {
  const doubts: string[] = [];
  const header = attributesOf(HEADER.exec(text)?.[1] ?? '');
  const items: ChangelogItem[] = [];
  let current: { start: RegExpExecArray; preconditions: boolean; rollback: boolean } | undefined;
  const finish = (): void => {
    if (!current) return;
    const [, author = '', id = '', rest = ''] = current.start;
    const attributes = attributesOf(rest);
    const { preconditions, rollback } = current;
    items.push({
      changeSet: changeSetOf(attributes, file, header.text('logicalFilePath'), {
        id: unquoted(id),
        author: unquoted(author.trim()),
        preconditions,
        rollback,
      }),
    });
  };
  for (const line of text.split(/\r?\n/)) {
    const start = CHANGESET.exec(line);
    if (start) {
      finish();
      current = { start, preconditions: false, rollback: false };
    } else if (/^\s*(?:--|\/\*)\s*changeset\b/i.test(line)) {
      doubts.push(`${file} has a change set that can’t be read: ${line.trim().slice(0, 80)}.`);
    } else if (current && /^\s*(?:--|\/\*)\s*rollback\b/i.test(line)) current.rollback = true;
    else if (current && /^\s*--\s*precondition/i.test(line)) current.preconditions = true;
  }
  finish();
  return { items, doubts };
}

function attributesOf(rest: string): { text(name: string): string | null } {
  const values = new Map(
    [...rest.matchAll(ATTRIBUTE)].map(([, name, value]) => [
      (name as string).toLowerCase(),
      unquoted(value as string),
    ]),
  );
  return { text: (name) => values.get(name.toLowerCase()) ?? null };
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');
