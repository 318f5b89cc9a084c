import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import type { Effects, ParsedStatement } from '../../sql-text/index.ts';
import type { Part } from './sections.ts';

/** One statement with what its text tells. */
export interface Looked {
  text: string;
  /** In the file, from 1. */
  line: number;
  /** Undefined where it could not be parsed. */
  statement: ParsedStatement | undefined;
  effects: Effects | undefined;
  /** The parser's words. */
  problem?: string;
}

/** What will make a part fail, or do something else than it seems to, as far as its text tells. */
export function partFaults(
  tool: MigrationToolId,
  transaction: Part['transaction'],
  units: readonly (readonly Looked[])[],
): string[] {
  const all = units.flat();
  return [
    ...outsideOnly(tool, transaction, units),
    ...endsEarly(tool, transaction, all),
    ...newEnumValues(transaction, units),
    ...emptySearchPath(all),
  ];
}

/** CREATE INDEX CONCURRENTLY, VACUUM and the like, where there is a transaction. SQLSTATE 25001. */
function outsideOnly(
  tool: MigrationToolId,
  transaction: Part['transaction'],
  units: readonly (readonly Looked[])[],
): string[] {
  const ways: Partial<Record<MigrationToolId, string>> = {
    'golang-migrate':
      'golang-migrate sends a file in one go, and the server runs several statements sent so in one transaction: put it into a file of its own.',
    dbmate: 'Put it into a file of its own, with “-- migrate:up transaction:false”.',
    goose: 'Put “-- +goose NO TRANSACTION” at the top of the file.',
    'home-made': 'Put it into a file of its own.',
  };
  return units.flatMap((unit) => {
    if (transaction !== 'own' && unit.length < 2) return [];
    return unit
      .filter(({ effects }) => effects?.inTransaction === false)
      .map(({ line, text }) =>
        `Line ${line}: ${headOf(text)} can’t run within a transaction, and there is one. ${ways[tool] ?? ''}`.trim(),
      );
  });
}

/** COMMIT and ROLLBACK where the tool, or the server, thinks that its transaction goes on. */
function endsEarly(
  tool: MigrationToolId,
  transaction: Part['transaction'],
  all: readonly Looked[],
): string[] {
  return all
    .filter(({ statement }) => statement && /COMMIT$|ROLLBACK$|PREPARE$/.test(kindOf(statement)))
    .map(({ line, text }) =>
      transaction === 'own'
        ? `Line ${line}: ${headOf(text)} ends the transaction that ${tool} has begun: what follows, the record of the migration too, is no longer undone with it.`
        : `Line ${line}: what comes before ${headOf(text)} stays when something after it fails.`,
    );
}

/** SQLSTATE 55P04: a value that is used in the transaction that adds it. */
function newEnumValues(transaction: Part['transaction'], units: readonly (readonly Looked[])[]): string[] {
  const groups = transaction === 'own' ? [units.flat()] : units;
  return groups.flatMap((group) =>
    group.flatMap(({ statement, line }, index) => {
      const value =
        statement?.node === 'AlterEnumStmt' && !statement.fields.oldVal && statement.fields.newVal;
      if (typeof value !== 'string') return [];
      const literal = `'${value.replaceAll("'", "''")}'`;
      const use = group.slice(index + 1).find(({ text }) => text.includes(literal));
      return use
        ? [
            `Line ${use.line}: it seems to use the value ${literal}, which line ${line} adds. The server refuses that in one transaction (SQLSTATE 55P04): put ADD VALUE into a migration before.`,
          ]
        : [];
    }),
  );
}

/** pg_dump's files leave the session without a search path, and so what comes after them. */
function emptySearchPath(all: readonly Looked[]): string[] {
  const found = all.find(({ text }) =>
    /set_config\s*\(\s*'search_path'\s*,\s*''\s*,\s*false\s*\)|^set\s+(session\s+)?search_path\s*(=|to)\s*''\s*$/i.test(
      text,
    ),
  );
  return found
    ? [
        `Line ${found.line}: it empties the search path of the session: later names without a schema are not found.`,
      ]
    : [];
}

const kindOf = ({ node, fields }: ParsedStatement): string =>
  node === 'TransactionStmt' && typeof fields.kind === 'string' ? fields.kind : '';

/** A statement's command, such as `CREATE INDEX CONCURRENTLY`. */
export function headOf(text: string): string {
  const words = text.trim().split(/\s+/).slice(0, 5);
  const end = words.findIndex((word, index) => index > 0 && !/^[A-Z]+;?$/i.test(word));
  const head = (end < 0 ? words : words.slice(0, end)).join(' ').replace(/;$/, '').toUpperCase();
  const concurrent =
    /^((?:CREATE|DROP)(?: UNIQUE)? INDEX CONCURRENTLY|REINDEX \w+ CONCURRENTLY|ALTER \w+|CREATE \w+|DROP \w+|COMMIT|ROLLBACK|VACUUM)/.exec(
      head,
    );
  return concurrent?.[1] ?? head;
}
