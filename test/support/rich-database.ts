/** Roles that `richDatabase` names. */
export const richRoles = `
CREATE ROLE "app owner" NOLOGIN;
CREATE ROLE reader NOLOGIN;
`;

/** One of everything that dumps have trouble with. Run by a superuser in an empty database. */
export const richDatabase = `
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION pg_trgm;
CREATE SCHEMA "My Schema" AUTHORIZATION "app owner";
COMMENT ON SCHEMA "My Schema" IS 'Text with ''quotes'', a \\ and
a second line';
CREATE DOMAIN "My Schema".positive AS integer CHECK (VALUE > 0);
CREATE TYPE "My Schema".mood AS ENUM ('sad', 'so so', 'it''s fine');
CREATE TABLE "My Schema"."Ünïcode ""table""
here" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "select" text COLLATE "C",
  mail citext UNIQUE,
  extra hstore,
  amount "My Schema".positive,
  twice integer GENERATED ALWAYS AS (amount * 2) STORED,
  mood "My Schema".mood DEFAULT 'so so',
  at timestamptz DEFAULT '2024-01-01 00:00:00+00',
  data bytea
);
ALTER TABLE "My Schema"."Ünïcode ""table""
here" OWNER TO "app owner";
INSERT INTO "My Schema"."Ünïcode ""table""
here" ("select", mail, extra, amount, data)
SELECT E'a\\tb\\n\\\\.\\n-- ' || i || '; $$', 'M' || i || '@example.org', hstore('k', i::text), i, decode(md5(i::text), 'hex')
FROM generate_series(1, 300) i;
CREATE TABLE parted (at date NOT NULL, n integer) PARTITION BY RANGE (at);
CREATE TABLE parted_2024 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
CREATE INDEX ON parted (n);
INSERT INTO parted SELECT date '2024-01-01' + i, i FROM generate_series(0, 500) i;
CREATE TABLE parent (id serial PRIMARY KEY, secret text);
CREATE TABLE child (extra text) INHERITS (parent);
CREATE TABLE refers (parent integer REFERENCES parent DEFERRABLE INITIALLY DEFERRED, CHECK (parent <> 13));
INSERT INTO parent (secret) SELECT 'secret ' || i FROM generate_series(1, 50) i;
INSERT INTO refers SELECT i FROM generate_series(1, 10) i;
ALTER TABLE parent ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own rows" ON parent FOR SELECT TO reader, "app owner" USING (secret LIKE 'secret 1%');
GRANT SELECT (id) ON parent TO reader WITH GRANT OPTION;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE "app owner" IN SCHEMA "My Schema" GRANT SELECT ON TABLES TO reader;
CREATE INDEX "trgm idx" ON parent USING gin (secret gin_trgm_ops);
CREATE STATISTICS some_stats ON n, at FROM parted_2024;
CREATE VIEW v AS SELECT id FROM parent WITH LOCAL CHECK OPTION;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) AS n FROM parent;
CREATE UNIQUE INDEX ON mv (n);
COMMENT ON COLUMN parent.secret IS 'shh';
CREATE FUNCTION f(a integer, OUT b text) LANGUAGE plpgsql AS $body$
BEGIN
  -- a line that looks like psql: \\connect elsewhere
  b := 'COPY public.x FROM stdin;' || a;
END
$body$;
CREATE FUNCTION g(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a + 1; END;
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
CREATE OPERATOR === (leftarg = integer, rightarg = integer, function = int4eq);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.secret := NEW.secret; RETURN NEW; END';
CREATE TRIGGER "stamp it" BEFORE UPDATE ON parent FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE EVENT TRIGGER watch_ddl ON ddl_command_end EXECUTE FUNCTION on_ddl();
CREATE RULE no_delete AS ON DELETE TO refers DO INSTEAD NOTHING;
CREATE SEQUENCE counter START 5 INCREMENT 3;
SELECT nextval('counter'), nextval('counter');
CREATE PUBLICATION pub FOR TABLE parted;
ALTER TABLE parent ALTER COLUMN secret SET STATISTICS 77;
ALTER TABLE parent ALTER COLUMN secret SET (n_distinct = 5);
SELECT lo_from_bytea(4242, '\\xdeadbeef'), lo_from_bytea(0, convert_to(repeat('large ', 1000), 'UTF8'));
COMMENT ON LARGE OBJECT 4242 IS 'a large object';
GRANT SELECT ON LARGE OBJECT 4242 TO reader;
`;

/** What belongs to the database itself. `name`: quoted. */
export const richTraits = (name: string): string => `
ALTER DATABASE ${name} SET search_path TO "My Schema", public;
ALTER DATABASE ${name} SET work_mem TO '5MB';
ALTER ROLE reader IN DATABASE ${name} SET statement_timeout TO '3s';
COMMENT ON DATABASE ${name} IS 'The rich one''s comment';
GRANT CREATE ON DATABASE ${name} TO reader;
ALTER DATABASE ${name} CONNECTION LIMIT 40;
`;
