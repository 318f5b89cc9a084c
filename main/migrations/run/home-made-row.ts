import type { FolderMigration } from '../tool.ts';
import { choiceOf, type HomeMadeState } from '../tools/home-made-match.ts';
import { types } from '../tools/shared/columns.ts';
import { type Digests, digestNames } from './analysis.ts';
import { refuse } from './refusal.ts';

export interface HomeColumn {
  name: string;
  type: string;
  notNull: boolean;
  /** The server gives a value itself. */
  filled: boolean;
}

/** Columns and their values for one file; `now` stands for the server's clock. */
export interface HomeValues {
  values: Record<string, string | number | boolean>;
  /** Columns that get the server's time. */
  times: string[];
}

const DURATION = /(execution|duration|elapsed|took|run)_?(time)?_?(ms|millis|milliseconds)?$/i;
const TIME = /^(applied|run|ran|executed|installed|migrated|created|performed|finished)/i;
const CHECKSUM = /checksum|hash|digest|sha|md5/i;
const SUCCESS = /^(success|succeeded|ok|is_applied|applied)$/i;

/**
 * The row that the project's own runner would write for a file, as the rows that are there and the columns' names show
 * it. Columns that the server fills are left to it.
 *
 * @throws {Refusal} where a column must have a value and which one is not known
 */
export function homeMadeRow(
  state: HomeMadeState,
  columns: readonly HomeColumn[],
  migrations: readonly FolderMigration[],
  migration: FolderMigration,
  { digests, ms }: { digests: Digests; ms: number },
): HomeValues {
  const choice = nameChoice(state, migrations);
  const form = formOf(state, choice, migrations);
  const values: HomeValues['values'] = { [choice.column]: form(migration) };
  const times: string[] = [];
  const unknown: string[] = [];
  for (const { name, type, notNull, filled } of columns) {
    if (name === choice.column || filled) continue;
    const digits = /^\d+/.exec(migration.id)?.[0];
    if (types.timestamp.test(type) || type === 'date') {
      if (notNull || TIME.test(name)) times.push(name);
    } else if (CHECKSUM.test(name) && (types.text.test(type) || type === 'bytea'))
      values[name] = (type === 'bytea' ? '\\x' : '') + checksumLike(state, name, choice, migrations, digests);
    else if (DURATION.test(name) && /int|numeric|double|real/.test(type)) values[name] = Math.round(ms);
    else if (SUCCESS.test(name) && type === 'boolean') values[name] = true;
    else if (/^(name|title|description)$/i.test(name) && types.text.test(type)) values[name] = migration.name;
    else if (/^(version|number|id|seq|sequence)$/i.test(name) && digits && notNull)
      values[name] = types.text.test(type) ? digits : Number(digits);
    else if (notNull) unknown.push(name);
  }
  if (unknown.length) refuse(unknownColumns(state, unknown));
  return { values, times };
}

/** @throws {Refusal} where the files and the rows have nothing to do with each other */
export function nameChoice(state: HomeMadeState, migrations: readonly FolderMigration[]) {
  const choice = choiceOf(state, migrations);
  if (!choice) refuse(noColumn(state));
  if (state.rows.length && !choice.matched) refuse(noMatch(state));
  return choice;
}

/** The values, as they stand, of the rows that mean this migration. */
export function storedNames(
  state: HomeMadeState,
  migrations: readonly FolderMigration[],
  id: string,
): { column: string; stored: unknown[] } {
  const { column, idOf } = nameChoice(state, migrations);
  const stored = state.rows
    .map((row) => row[column])
    .filter((value) => (idOf(value) ?? String(value)) === id);
  return { column, stored };
}

/** How the rows write a file's name: with folder or without, with its ending or without, or by its number alone. */
function formOf(
  { rows }: HomeMadeState,
  { column, idOf }: ReturnType<typeof nameChoice>,
  migrations: readonly FolderMigration[],
): (migration: FolderMigration) => string {
  const forms: ((migration: FolderMigration) => string)[] = [
    ({ id }) => id,
    ({ id }) => id.replace(/\.sql$/i, ''),
    ({ name }) => name,
    ({ id, file }) => file ?? id,
    ({ id }) => /^\d+/.exec(id)?.[0] ?? id,
    ({ id }) => (/^\d+/.exec(id)?.[0] ?? id).replace(/^0+(?=\d)/, ''),
  ];
  const byId = new Map(migrations.map((one) => [one.id, one]));
  const fits = (form: (typeof forms)[number]): number =>
    rows.filter((row) => {
      const one = byId.get(idOf(row[column]) ?? '');
      return one && form(one) === String(row[column]);
    }).length;
  let best = { form: forms[0] as (typeof forms)[number], fit: 0 };
  for (const form of forms) {
    const fit = fits(form);
    if (fit > best.fit) best = { form, fit };
  }
  return best.form;
}

/** By the digest that fits most rows; of SHA-256 where none has one. */
function checksumLike(
  { rows }: HomeMadeState,
  column: string,
  { column: names, idOf }: ReturnType<typeof nameChoice>,
  migrations: readonly FolderMigration[],
  digests: Digests,
): string {
  const byId = new Map(migrations.map(({ id, checksums }) => [id, checksums ?? []]));
  const fit = digestNames.map(
    (_, index) =>
      rows.filter((row) => {
        const sum = byId.get(idOf(row[names]) ?? '')?.[index];
        return sum !== undefined && String(row[column]).trim().toLowerCase() === sum;
      }).length,
  );
  const most = Math.max(...fit);
  const length = String(rows.at(-1)?.[column] ?? '').trim().length;
  const byLength = ({ 64: 'sha256', 40: 'sha1', 32: 'md5' } as const)[length] ?? 'sha256';
  const name = most > 0 ? (digestNames[fit.indexOf(most)] ?? 'sha256') : byLength;
  return digests[name];
}

const tableOf = ({ table: { schema, name } }: HomeMadeState): string => `"${schema}.${name}"`;

const noColumn = (state: HomeMadeState) => ({
  cause: 'home-made-column-unknown',
  what: `Which column of ${tableOf(state)} holds the files’ names is not known.`,
  why: 'No column is called so that it would show, and there are no rows to go by.',
  next: 'Set the column.',
});

const noMatch = (state: HomeMadeState) => ({
  cause: 'home-made-unmatched',
  what: `None of the ${state.rows.length} rows of ${tableOf(state)} names a file of this folder.`,
  why: 'Another folder or another column is meant: to run these files would run again what has run.',
  next: 'Set the column and the folder.',
});

const unknownColumns = (state: HomeMadeState, names: readonly string[]) => ({
  cause: 'home-made-columns',
  what: `A row of ${tableOf(state)} can’t be written.`,
  why: `What the project’s own runner puts into ${names.map((name) => `"${name}"`).join(', ')} is not known, and it must not be empty.`,
  next: 'Give those columns a default, or run the files with the project’s own runner.',
});
