import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Store } from '../store/index.ts';

/** A statement that steps speak of. */
export interface KnownStatement {
  id: number;
  key: string;
  firstAt: number;
  lastAt: number;
}

export interface KeptText {
  text: string;
  /** Length of the whole on the server, bytes. */
  bytes: number;
  cut: boolean;
}

/** Who and what the steps' ids stand for: statements, their texts, names of users and databases. */
export interface TextStore {
  /** Ids of these statements, made where they are new; all were seen at `at`. */
  ids(environment: number, keys: readonly string[], at: number): number[];
  find(environment: number, key: string): KnownStatement | undefined;
  statements(environment: number): Map<number, KnownStatement>;
  /** Statements seen at that time or later whose text is not there and could be: newest first. */
  withoutText(environment: number, since: number): string[];
  /** Keeps a text, cut to what is worth keeping. The same text is kept once. */
  keepText(environment: number, key: string, text: string, bytes: number): void;
  text(environment: number, key: string): KeptText | undefined;
  keepNames(environment: number, names: readonly { kind: string; oid: number; name: string }[]): void;
  /** `user 10` and `database 5` to their names. */
  names(environment: number): Map<string, string>;
  /** Drops statements that no step speaks of any more. */
  sweep(environment: number, before: number): void;
  /** Drops texts that nobody has. */
  sweepTexts(): void;
}

/** Most of a text that is kept, characters. */
export const mostText = 8_000;

export function openTextStore({ db }: Store): TextStore {
  const findStatement = db.prepare(
    'SELECT id, key, text, first_at AS firstAt, last_at AS lastAt FROM statement WHERE environment = ? AND key = ?',
  );
  const selectStatements = db.prepare(
    'SELECT id, key, first_at AS firstAt, last_at AS lastAt FROM statement WHERE environment = ?',
  );
  const putStatement = db.prepare(
    `INSERT INTO statement (environment, key, first_at, last_at) VALUES (?1, ?2, ?3, ?3)
     ON CONFLICT (environment, key) DO UPDATE SET last_at = max(last_at, ?3) RETURNING id`,
  );
  const findText = db.prepare('SELECT id FROM statement_text WHERE hash = ?');
  const insertText = db.prepare(
    'INSERT INTO statement_text (hash, text, bytes) VALUES (?, ?, ?) RETURNING id',
  );
  const setText = db.prepare('UPDATE statement SET text = ? WHERE environment = ? AND key = ?');
  const selectText = db.prepare(
    `SELECT t.text, t.bytes FROM statement s JOIN statement_text t ON t.id = s.text
     WHERE s.environment = ? AND s.key = ?`,
  );
  const putName = db.prepare(
    'INSERT OR REPLACE INTO statement_name (environment, kind, oid, name) VALUES (?, ?, ?, ?)',
  );
  const selectNames = db.prepare('SELECT kind, oid, name FROM statement_name WHERE environment = ?');
  const selectWithoutText = db.prepare(
    `SELECT key FROM statement
     WHERE environment = ? AND text IS NULL AND last_at >= ? AND key NOT LIKE '%.hidden' ORDER BY last_at DESC`,
  );
  const dropStatements = db.prepare('DELETE FROM statement WHERE environment = ? AND last_at < ?');
  const dropTexts = db.prepare(
    'DELETE FROM statement_text WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.text = statement_text.id)',
  );

  return {
    ids: (environment, keys, at) =>
      keys.map((key) => (putStatement.get(environment, key, at) as { id: number }).id),
    find: (environment, key) => findStatement.get(environment, key) as unknown as KnownStatement | undefined,
    statements: (environment) =>
      new Map((selectStatements.all(environment) as unknown as KnownStatement[]).map((one) => [one.id, one])),
    withoutText: (environment, since) =>
      (selectWithoutText.all(environment, since) as { key: string }[]).map(({ key }) => key),
    keepText: (environment, key, whole, bytes) => {
      const text = whole.slice(0, mostText);
      // With its length: of two that are alike as far as they are kept, each has its own.
      const hash = createHash('sha256').update(`${bytes} ${text}`).digest().subarray(0, 16);
      const known = findText.get(hash) as { id: number } | undefined;
      const { id } = known ?? (insertText.get(hash, deflateRawSync(text), bytes) as { id: number });
      setText.run(id, environment, key);
    },
    text: (environment, key) => {
      const row = selectText.get(environment, key) as { text: Uint8Array; bytes: number } | undefined;
      if (!row) return undefined;
      const text = inflateRawSync(row.text).toString('utf8');
      return { text, bytes: row.bytes, cut: text.length >= mostText && Buffer.byteLength(text) < row.bytes };
    },
    keepNames: (environment, names) => {
      for (const { kind, oid, name } of names) putName.run(environment, kind, oid, name);
    },
    names: (environment) =>
      new Map(
        (selectNames.all(environment) as { kind: string; oid: number; name: string }[]).map(
          ({ kind, oid, name }) => [`${kind} ${oid}`, name],
        ),
      ),
    sweep: (environment, before) => {
      dropStatements.run(environment, before);
    },
    sweepTexts: () => {
      dropTexts.run();
    },
  };
}
