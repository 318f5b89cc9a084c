import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factsOf } from '../../../main/schema/diff/facts.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { binariesOf, hasServerVersions, type Major } from '../../support/server-versions.ts';

/** Statements of each form that the script has; what is said of them is held against what a server does. */
const setup = `
CREATE EXTENSION postgres_fdw;
CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('a');
CREATE DOMAIN s.positive AS integer;
CREATE TYPE s.pair AS (a integer);
CREATE FUNCTION s.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE s.other (id integer PRIMARY KEY);
CREATE TABLE s.t (id integer PRIMARY KEY, n integer, v varchar(10), d s.positive, ref integer REFERENCES s.other);
CREATE TABLE s.typed OF s.pair;
INSERT INTO s.other SELECT generate_series(1, 100);
INSERT INTO s.t SELECT i, i, 'x', i, i FROM generate_series(1, 100) i;
ALTER TABLE s.t ADD CONSTRAINT unproven CHECK (n > 0) NOT VALID;
ALTER TABLE s.t ADD CONSTRAINT unproven_key FOREIGN KEY (n) REFERENCES s.other NOT VALID;
CREATE INDEX t_n ON s.t (n);
CREATE INDEX t_e ON s.t ((n + 1));
CREATE TABLE s.heir (extra integer) INHERITS (s.t);
CREATE TABLE s.loose (LIKE s.t);
ALTER TABLE s.loose ADD CONSTRAINT unproven CHECK (n > 0);
CREATE TABLE s.parted (id integer, n integer) PARTITION BY RANGE (id);
CREATE TABLE s.part PARTITION OF s.parted FOR VALUES FROM (0) TO (10);
CREATE TABLE s.later (id integer, n integer);
CREATE INDEX parted_n ON ONLY s.parted (n);
CREATE INDEX part_n ON s.part (n);
CREATE SEQUENCE s.seq;
CREATE VIEW s.v AS SELECT id FROM s.t;
CREATE MATERIALIZED VIEW s.m AS SELECT id FROM s.t;
CREATE TRIGGER tr BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION s.touch();
CREATE POLICY p ON s.t USING (true);
CREATE RULE r AS ON DELETE TO s.t DO INSTEAD NOTHING;
CREATE STATISTICS s.st ON id, n FROM s.t;
CREATE PUBLICATION pub;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE s.f (id integer) SERVER far;
`;

const statements = [
  'ALTER TABLE "s"."t" ADD CONSTRAINT "c" CHECK ((n > 0)) NOT VALID',
  'ALTER TABLE "s"."t" ADD CONSTRAINT "c" CHECK ((n > 0))',
  'ALTER TABLE "s"."t" ADD CONSTRAINT "c" UNIQUE (n)',
  'ALTER TABLE "s"."t" ADD CONSTRAINT "c" FOREIGN KEY (n) REFERENCES s.other(id)',
  'ALTER TABLE "s"."t" ADD CONSTRAINT "c" FOREIGN KEY (n) REFERENCES s.other(id) NOT VALID',
  'ALTER TABLE "s"."t" VALIDATE CONSTRAINT "unproven"',
  'ALTER TABLE "s"."t" VALIDATE CONSTRAINT "unproven_key"',
  'ALTER TABLE "s"."t" DROP CONSTRAINT "unproven"',
  'ALTER TABLE "s"."t" DROP CONSTRAINT "t_ref_fkey"',
  'ALTER TABLE "s"."t" ALTER COLUMN "n" SET NOT NULL',
  'ALTER TABLE "s"."t" ALTER COLUMN "n" DROP NOT NULL',
  'ALTER TABLE "s"."t" ALTER COLUMN "n" SET DEFAULT 4',
  'ALTER TABLE ONLY "s"."t" ALTER COLUMN "n" SET STATISTICS 5',
  'ALTER TABLE ONLY "s"."t" ALTER COLUMN "v" SET STORAGE EXTERNAL',
  'ALTER TABLE ONLY "s"."t" ALTER COLUMN "v" SET COMPRESSION pglz',
  'ALTER TABLE ONLY "s"."t" ALTER COLUMN "n" SET ("n_distinct"=\'5\')',
  'ALTER TABLE "s"."t" ALTER COLUMN "n" TYPE bigint USING "n"::bigint',
  'ALTER TABLE "s"."t" ADD COLUMN "x" integer DEFAULT 4 NOT NULL',
  'ALTER TABLE "s"."t" ADD COLUMN "x" integer GENERATED ALWAYS AS (n * 2) STORED',
  'ALTER TABLE "s"."loose" ADD COLUMN "x" integer GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE "s"."t" DROP COLUMN "v"',
  'ALTER TABLE "s"."loose" SET UNLOGGED',
  'ALTER TABLE ONLY "s"."t" SET ("fillfactor"=\'50\')',
  'ALTER TABLE ONLY "s"."t" RESET ("fillfactor")',
  'ALTER TABLE "s"."t" CLUSTER ON "t_n"',
  'ALTER TABLE "s"."t" DISABLE TRIGGER "tr"',
  'ALTER TABLE "s"."t" ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE ONLY "s"."t" REPLICA IDENTITY FULL',
  'ALTER TABLE "s"."t" OWNER TO "deb"',
  'ALTER TABLE "s"."t" DISABLE RULE "r"',
  'ALTER TABLE "s"."loose" INHERIT "s"."t"',
  'ALTER TABLE "s"."heir" NO INHERIT "s"."t"',
  'ALTER TABLE ONLY "s"."parted" ATTACH PARTITION "s"."later" FOR VALUES FROM (10) TO (20)',
  'ALTER TABLE "s"."parted" DETACH PARTITION "s"."part"',
  'ALTER FOREIGN TABLE "s"."f" ADD COLUMN "x" integer',
  'CREATE INDEX i ON s.t USING btree (n)',
  'CREATE UNIQUE INDEX i ON ONLY s.t USING btree (n)',
  'DROP INDEX "s"."t_n"',
  'ALTER INDEX "s"."parted_n" ATTACH PARTITION "s"."part_n"',
  'ALTER INDEX "s"."t_e" ALTER COLUMN 1 SET STATISTICS 5',
  'DROP TABLE "s"."loose"',
  'CREATE OR REPLACE VIEW "s"."v" AS\nSELECT t.id\n   FROM s.t',
  'DROP VIEW "s"."v"',
  'DROP MATERIALIZED VIEW "s"."m"',
  'CREATE TRIGGER x BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.touch()',
  'DROP TRIGGER "tr" ON "s"."t"',
  'CREATE POLICY "x" ON "s"."t" FOR ALL TO PUBLIC USING (true)',
  'DROP POLICY "p" ON "s"."t"',
  'CREATE RULE x AS ON UPDATE TO s.t DO NOTHING',
  'DROP RULE r ON s.t',
  'CREATE STATISTICS s.x ON id, v FROM s.t',
  'ALTER SEQUENCE "s"."seq" INCREMENT BY 4 MINVALUE 1 MAXVALUE 900',
  'ALTER SEQUENCE "s"."seq" OWNED BY "s"."t"."n"',
  'DROP SEQUENCE "s"."seq"',
  'ALTER TYPE "s"."pair" ADD ATTRIBUTE "b" integer CASCADE',
  'ALTER PUBLICATION "pub" ADD TABLE ONLY "s"."t"',
  'ALTER PUBLICATION "pub" DROP TABLE ONLY "s"."t"',
  'COMMENT ON TABLE "s"."t" IS \'x\'',
  'COMMENT ON COLUMN "s"."t"."n" IS \'x\'',
  'COMMENT ON TRIGGER "tr" ON "s"."t" IS \'x\'',
  'COMMENT ON CONSTRAINT "unproven" ON "s"."t" IS \'x\'',
  'COMMENT ON POLICY "p" ON "s"."t" IS \'x\'',
  'COMMENT ON INDEX "s"."t_n" IS \'x\'',
  'GRANT SELECT ON TABLE "s"."t" TO "deb"',
];

/** From weak to strong; those that do not stand in anybody's way are left out. */
const strengths = [
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

describe.runIf(hasServerVersions).each([15, 18] as Major[])('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres({
      binaries: binariesOf(major),
      settings: { shared_preload_libraries: '' },
    });
    await server.query('CREATE ROLE deb');
    await server.query(setup);
    await server.query('ALTER PUBLICATION pub ADD TABLE s.other');
  });
  afterAll(() => server?.remove());

  it('what is said of locks, rewriting and scanning is what happens', { timeout: 60_000 }, async () => {
    const client = await server.connect();
    const files = async (): Promise<Map<string, string>> => {
      const { rows } = await client.query(
        `SELECT quote_ident(relname) AS name, relfilenode::text AS file FROM pg_class
         WHERE relnamespace = 's'::regnamespace AND relkind IN ('r', 'm')`,
      );
      return new Map(rows.map(({ name, file }) => [name, file]));
    };
    /** Scans of whole tables by this session that no statistics have been told of yet. */
    const scans = async (): Promise<number> => {
      const { rows } = await client.query(
        `SELECT coalesce(sum(seq_scan), 0)::int AS n FROM pg_stat_xact_user_tables WHERE schemaname = 's'`,
      );
      return rows[0].n;
    };
    const said: Record<string, unknown> = {};
    const seen: Record<string, unknown> = {};
    for (const sql of statements) {
      const before = await files();
      if (sql.includes('DROP TABLE ONLY')) await client.query('ALTER PUBLICATION pub ADD TABLE s.t');
      const { rows: names } = await client.query(
        `SELECT oid, 's.' || quote_ident(relname) AS name FROM pg_class WHERE relnamespace = 's'::regnamespace`,
      );
      await client.query('BEGIN');
      const scansBefore = await scans();
      await client.query(sql);
      const { rows: locks } = await client.query(
        `SELECT relation AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL`,
      );
      const scansAfter = await scans();
      const after = await files();
      await client.query('ROLLBACK');
      if (sql.includes('DROP TABLE ONLY')) await client.query('ALTER PUBLICATION pub DROP TABLE s.t');
      const strongest = new Map<string, number>();
      for (const { oid, mode } of locks) {
        const name = names.find((one) => one.oid === oid)?.name;
        const strength = strengths.indexOf(mode);
        if (name && strength > 0) strongest.set(name, Math.max(strength, strongest.get(name) ?? 0));
      }
      const facts = factsOf(sql);
      const named = facts.locks.map(({ on, mode }) => [on.replaceAll('"', ''), mode] as const);
      said[sql] = {
        locks: Object.fromEntries(named),
        rewrites: facts.rewrites,
        scans: facts.scans || facts.rewrites === 'yes',
      };
      const on = new Set(named.map(([name]) => name));
      seen[sql] = {
        // Heirs and indexes follow; what is said is of what the statement names.
        locks: Object.fromEntries(
          [...strongest]
            .filter(([name]) => on.has(name) || on.size === 0)
            .map(([name, at]) => [
              name,
              (strengths[at] ?? '')
                .replace(/Lock$/, '')
                .replace(/(?<=.)([A-Z])/g, ' $1')
                .toUpperCase(),
            ]),
        ),
        rewrites: [...before].some(([name, file]) => after.has(name) && after.get(name) !== file)
          ? 'yes'
          : 'no',
        scans: scansAfter > scansBefore,
      };
    }
    expect(said).toEqual(seen);
  });
});
