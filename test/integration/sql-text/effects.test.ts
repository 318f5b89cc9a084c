import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectsOf } from '../../../main/sql-text/effects.ts';
import { openParser, type ParseStatement } from '../../../main/sql-text/index.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const setUp = `
  CREATE TABLE person (id bigint PRIMARY KEY, name varchar(20), age int, town text DEFAULT 'here');
  INSERT INTO person SELECT n, 'p' || n, n % 90 FROM generate_series(1, 50) n;
  CREATE TABLE town (id int PRIMARY KEY, name text);
  CREATE TABLE visit (person bigint, town int, at timestamptz);
  ALTER TABLE visit ADD CONSTRAINT visit_town FOREIGN KEY (town) REFERENCES town NOT VALID;
  ALTER TABLE visit ADD CONSTRAINT visit_at CHECK (at > '2000-01-01') NOT VALID;
  CREATE INDEX person_age ON person (age);
  CREATE UNIQUE INDEX person_name ON person (name);
  CREATE TABLE log (at timestamptz, text text) PARTITION BY RANGE (at);
  CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE log_2 (LIKE log);
  CREATE TABLE base (id int);
  CREATE TABLE heir () INHERITS (base);
  CREATE TABLE loose (id int);
  CREATE VIEW grown AS SELECT id FROM person;
  CREATE MATERIALIZED VIEW counted AS SELECT id AS age, count(*) FROM person GROUP BY id;
  CREATE UNIQUE INDEX counted_age ON counted (age);
  CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
  CREATE TRIGGER noted BEFORE INSERT ON visit FOR EACH ROW EXECUTE FUNCTION noted();
  CREATE POLICY own ON visit;
  CREATE RULE nothing AS ON DELETE TO visit DO INSTEAD NOTHING;
  CREATE SEQUENCE numbers;
  CREATE TYPE mood AS ENUM ('fine');
  CREATE STATISTICS of_person ON age, town FROM person;
`;

/** Every statement is run alone in a transaction that is rolled back; what is said of it must be what the server does. */
const statements = [
  'SELECT name FROM person',
  'SELECT name FROM person FOR UPDATE',
  "INSERT INTO town VALUES (1, 'x')",
  'INSERT INTO town SELECT id, name FROM person',
  'UPDATE person SET age = 1',
  'DELETE FROM loose',
  'TRUNCATE loose, visit',
  'LOCK TABLE person IN SHARE MODE',
  'LOCK TABLE person IN EXCLUSIVE MODE',
  'ALTER TABLE person ADD COLUMN a int',
  "ALTER TABLE person ADD COLUMN a text NOT NULL DEFAULT 'x'",
  'ALTER TABLE person ADD COLUMN a timestamptz DEFAULT now()',
  'ALTER TABLE person ADD COLUMN a float DEFAULT random()',
  'ALTER TABLE person ADD COLUMN a serial',
  'ALTER TABLE person ADD COLUMN a int GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE person ADD COLUMN a int GENERATED ALWAYS AS (age + 1) STORED',
  'ALTER TABLE person ADD COLUMN a int REFERENCES town',
  'ALTER TABLE person ADD COLUMN a int CHECK (a > 1)',
  'ALTER TABLE person DROP COLUMN town',
  'ALTER TABLE person ALTER COLUMN name TYPE text',
  'ALTER TABLE person ALTER COLUMN age TYPE bigint',
  'ALTER TABLE person ALTER COLUMN age SET DEFAULT 1',
  'ALTER TABLE person ALTER COLUMN age SET NOT NULL',
  'ALTER TABLE visit DROP CONSTRAINT visit_at',
  'ALTER TABLE visit DROP CONSTRAINT visit_town',
  'ALTER TABLE person ALTER COLUMN age SET STATISTICS 500',
  'ALTER TABLE person ALTER COLUMN age SET (n_distinct = 50)',
  'ALTER TABLE person ALTER COLUMN town SET STORAGE EXTERNAL',
  'ALTER TABLE person SET (fillfactor = 70)',
  'ALTER TABLE person SET (autovacuum_enabled = false)',
  'ALTER TABLE person RESET (fillfactor)',
  'ALTER TABLE person SET UNLOGGED',
  'ALTER TABLE person CLUSTER ON person_age',
  'ALTER TABLE person ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE person REPLICA IDENTITY FULL',
  'ALTER TABLE person OWNER TO CURRENT_USER',
  'ALTER TABLE person RENAME TO people',
  'ALTER TABLE person RENAME COLUMN age TO years',
  'ALTER TABLE person SET SCHEMA other',
  'ALTER TABLE person ADD CONSTRAINT old CHECK (age < 200)',
  'ALTER TABLE person ADD CONSTRAINT old CHECK (age < 200) NOT VALID',
  'ALTER TABLE person ADD UNIQUE (name, age)',
  'ALTER TABLE person ADD CONSTRAINT by_name UNIQUE USING INDEX person_name',
  'ALTER TABLE visit ADD FOREIGN KEY (person) REFERENCES person',
  'ALTER TABLE visit ADD FOREIGN KEY (person) REFERENCES person NOT VALID',
  'ALTER TABLE visit VALIDATE CONSTRAINT visit_at',
  'ALTER TABLE visit DISABLE TRIGGER noted',
  'ALTER TABLE log ATTACH PARTITION log_2 DEFAULT',
  'ALTER TABLE log DETACH PARTITION log_1',
  'ALTER TABLE loose INHERIT base',
  'ALTER TABLE heir NO INHERIT base',
  'ALTER INDEX person_age RENAME TO person_years',
  'ALTER INDEX person_age SET (fillfactor = 70)',
  'ALTER VIEW grown SET (security_barrier = true)',
  'ALTER SEQUENCE numbers CACHE 10',
  "ALTER TYPE mood ADD VALUE 'better'",
  'CREATE INDEX ON person (town)',
  'CREATE TABLE other_visit (person bigint REFERENCES person)',
  "CREATE TABLE log_3 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  'CREATE TABLE heir_2 () INHERITS (base)',
  'CREATE TABLE copied AS SELECT * FROM person',
  'CREATE OR REPLACE VIEW grown AS SELECT id FROM person WHERE id > 20',
  'CREATE TRIGGER again AFTER INSERT ON visit FOR EACH ROW EXECUTE FUNCTION noted()',
  'CREATE POLICY more ON visit',
  'ALTER POLICY own ON visit TO CURRENT_USER',
  'CREATE RULE again AS ON UPDATE TO visit DO INSTEAD NOTHING',
  'CREATE STATISTICS more ON age, name FROM person',
  'DROP TABLE loose',
  'DROP INDEX person_age',
  'DROP VIEW grown',
  'DROP MATERIALIZED VIEW counted',
  'DROP SEQUENCE numbers',
  'DROP TRIGGER noted ON visit',
  'DROP POLICY own ON visit',
  'DROP RULE nothing ON visit',
  'REFRESH MATERIALIZED VIEW counted',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY counted',
  'REINDEX TABLE person',
  'REINDEX INDEX person_age',
  'CLUSTER person USING person_age',
  'ANALYZE person',
  "COMMENT ON TABLE person IS 'x'",
  "COMMENT ON COLUMN person.age IS 'x'",
  "COMMENT ON INDEX person_age IS 'x'",
  "COMMENT ON TRIGGER noted ON visit IS 'x'",
  'GRANT SELECT ON person TO PUBLIC',
  'SET LOCAL lock_timeout = 1000',
];

const neverInTransaction = [
  'CREATE INDEX CONCURRENTLY ON person (town)',
  'DROP INDEX CONCURRENTLY person_age',
  'REINDEX TABLE CONCURRENTLY person',
  'REINDEX DATABASE effects',
  'VACUUM person',
  'VACUUM (FULL) person',
  'CREATE DATABASE another',
  'DROP DATABASE IF EXISTS another',
  "ALTER SYSTEM SET work_mem = '8MB'",
  'ALTER TABLE log DETACH PARTITION log_1 CONCURRENTLY',
  'CLUSTER',
];

const heldSql = `
  SELECT c.relname AS on, upper(regexp_replace(regexp_replace(l.mode, 'Lock$', ''), '(.)([A-Z])', '\\1 \\2', 'g')) AS mode
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
  WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND c.oid >= 16384 AND c.relkind NOT IN ('t')`;
const filesSql =
  "SELECT oid::int, relname, relfilenode::int AS file FROM pg_class WHERE oid >= 16384 AND relkind = 'r'";

describe('what is said of a statement’s effects', () => {
  let server: TestServer;
  let client: pg.Client;
  let parse: ParseStatement;
  beforeAll(async () => {
    server = await startPostgres();
    await server.query('CREATE DATABASE effects');
    client = await server.connect({ database: 'effects' });
    await client.query(`${setUp}; CREATE SCHEMA other`);
    parse = await openParser();
  });
  afterAll(async () => {
    await client.end();
    await server.remove();
  });

  const said = (sql: string) => {
    const parsed = parse(sql);
    if (!('statement' in parsed)) throw new Error(JSON.stringify(parsed));
    return effectsOf(parsed.statement);
  };

  it.each(statements)('is what the server does: %s', async (sql) => {
    const effects = said(sql);
    await client.query('BEGIN');
    try {
      const named = await client.query<{ name: string; oid: number }>(
        'SELECT name, to_regclass(name)::oid::int AS oid FROM unnest($1::text[]) AS name',
        [effects.locks.map(({ on }) => on)],
      );
      const before = await client.query<{ oid: number; file: number }>(filesSql);
      await client.query(sql);
      const held = await client.query<{ oid: number; mode: string }>(
        heldSql.replace('c.relname AS on', 'c.oid::int AS oid'),
      );
      const rank = (mode: string) => strength.indexOf(mode);
      for (const { on, mode } of effects.locks) {
        const oid = named.rows.find(({ name }) => name === on)?.oid;
        // A relation that was dropped is locked by its old oid.
        const strongest = held.rows
          .filter((row) => row.oid === oid)
          .map((row) => row.mode)
          .sort((a, b) => rank(b) - rank(a))[0];
        if (strongest === undefined && /^DROP/.test(sql)) continue;
        expect({ on, mode: strongest }).toEqual({ on, mode });
      }
      // No table that was there before is locked more than it is said to be; reading is not worth a word.
      const tables = new Set(before.rows.map(({ oid }) => oid));
      const isTold = effects.notes.some((note) => note.includes(' locked too'));
      const saidOf = new Set(named.rows.map(({ oid }) => oid));
      const unsaid = held.rows.filter(
        ({ oid, mode }) => !isTold && tables.has(oid) && !saidOf.has(oid) && rank(mode) > rank('ROW SHARE'),
      );
      expect(unsaid).toEqual([]);
      const after = await client.query<{ oid: number; file: number }>(filesSql);
      const rewritten = before.rows.some(({ oid, file }) =>
        after.rows.some((row) => row.oid === oid && row.file !== file),
      );
      if (effects.rewrites === 'no' && effects.risk !== 'destroy') expect(rewritten).toBe(false);
      if (effects.rewrites === 'yes' && !/MATERIALIZED/.test(sql)) expect(rewritten).toBe(true);
      expect(effects.inTransaction).toBe(true);
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it.each(neverInTransaction)('is refused within a transaction: %s', async (sql) => {
    expect(said(sql).inTransaction).toBe(false);
    await client.query('BEGIN');
    const refused = await client.query(sql).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    await client.query('ROLLBACK');
    expect(refused).toBe('25001');
  });

  it.each([
    ['SELECT 1', 'read'],
    ['SELECT count(*) FROM person', 'read'],
    ["SELECT setval('numbers', 1)", 'change'],
    ['DELETE FROM person', 'destroy'],
    ['WITH gone AS (SELECT 1) SELECT * FROM gone', 'read'],
    ['DROP FUNCTION noted()', 'destroy'],
    ["DO 'BEGIN END'", 'change'],
    ['EXPLAIN ANALYZE DELETE FROM person', 'change'],
    ['SHOW work_mem', 'read'],
    ['ALTER TABLE person DROP COLUMN age', 'destroy'],
  ])('says of %s that it is of risk %s', (sql, risk) => {
    expect(said(sql).risk).toBe(risk);
  });

  it('knows a query’s own names from those of tables', () => {
    expect(said('WITH gone AS (SELECT 1) SELECT * FROM gone, "My Table"').locks).toEqual([
      { mode: 'ACCESS SHARE', on: '"My Table"' },
    ]);
  });
});

const strength = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];
