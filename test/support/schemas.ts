import pg from 'pg';

/** Schemas of the tests' own: many plain tables, and one of everything. */

/** How many schemas the many tables stand in. */
export const manySchemas = 20;

/**
 * Makes `count` tables of ten columns, two foreign keys and three indexes each (the primary key's among them), spread
 * over twenty schemas.
 */
export async function makeManyTables(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SET synchronous_commit = off; SET client_min_messages = warning');
    await client.query(
      Array.from({ length: manySchemas }, (_, index) => `CREATE SCHEMA IF NOT EXISTS area_${index}`).join(
        ';',
      ),
    );
    for (let from = 0; from < count; from += 500) {
      const batch = Array.from({ length: Math.min(500, count - from) }, (_, index) => tableSql(from + index));
      await client.query(batch.join(';'));
    }
  } finally {
    await client.end();
  }
}

/** The table's name with its schema. */
export const manyTable = (index: number): string => `area_${index % manySchemas}.table_${index}`;

function tableSql(index: number): string {
  const name = manyTable(index);
  const parent = manyTable(Math.floor(index / 2));
  const other = manyTable(Math.floor(index / 3));
  return `CREATE TABLE ${name} (
    id bigint PRIMARY KEY,
    parent_id bigint NOT NULL REFERENCES ${parent},
    other_id bigint REFERENCES ${other},
    name text NOT NULL DEFAULT '',
    code varchar(40),
    amount numeric(12,2) DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz,
    detail jsonb);
    CREATE INDEX ON ${name} (parent_id); CREATE INDEX ON ${name} (created_at, code)`;
}

/**
 * SQL of a schema that uses every feature the model knows, for a server of a major version. Needs a superuser and an
 * empty database. Foreign data come from `file_fdw` where the server has it, else from a wrapper without a handler.
 */
export function everyFeatureSql(major: number): string {
  const since = (version: number, sql: string): string => (major >= version ? sql : '');
  return `
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'Where things are sold';
CREATE SCHEMA "Ünïcode 🐘";
CREATE EXTENSION pg_stat_statements SCHEMA shop;
CREATE EXTENSION pg_trgm SCHEMA public;

CREATE TYPE shop.mood AS ENUM ('sad', 'so-so', 'it''s "fine"');
COMMENT ON TYPE shop.mood IS 'How it feels';
CREATE TYPE shop.address AS (street text, zip varchar(10), town text COLLATE "C");
COMMENT ON COLUMN shop.address.zip IS 'As printed';
CREATE DOMAIN shop.positive AS numeric(10,2) DEFAULT 1.5 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE DOMAIN shop.feeling AS shop.mood DEFAULT 'sad';
CREATE DOMAIN shop.code AS text COLLATE "C";
CREATE TYPE shop.span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE shop.text_span AS RANGE (subtype = text, collation = "C");
CREATE TYPE shop.unfinished;

CREATE FUNCTION shop.area(width numeric, height numeric DEFAULT 1) RETURNS numeric
  LANGUAGE sql IMMUTABLE STRICT AS 'SELECT width * height';
CREATE FUNCTION shop.stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  AS $$BEGIN NEW.updated_at := now(); RETURN NEW; END$$;
COMMENT ON FUNCTION shop.stamp() IS 'Stamps';
CREATE PROCEDURE shop.tidy(INOUT n integer) LANGUAGE plpgsql AS $$BEGIN n := n + 1; END$$;
CREATE AGGREGATE shop.product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
CREATE FUNCTION shop.rows_of(n integer) RETURNS TABLE (a integer, b text) LANGUAGE sql STABLE
  AS $$SELECT g, g::text FROM generate_series(1, n) g$$;
CREATE FUNCTION shop.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN NULL; END$$;

CREATE SEQUENCE shop.loose AS smallint INCREMENT BY -2 MINVALUE -100 MAXVALUE 50 START 40 CACHE 5 CYCLE;
COMMENT ON SEQUENCE shop.loose IS 'Counts down';

CREATE TABLE shop.customer (
  id integer GENERATED ALWAYS AS IDENTITY (START 100) PRIMARY KEY,
  number serial,
  name text NOT NULL COLLATE "C",
  mood shop.mood NOT NULL DEFAULT 'so-so',
  home shop.address,
  price shop.positive,
  codes varchar(12)[] DEFAULT '{}',
  width numeric(8,3), height numeric(8,3),
  area numeric GENERATED ALWAYS AS (width * height) STORED,
  note text${since(14, ' COMPRESSION pglz')},
  gone text,
  picture bytea,
  at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz,
  CONSTRAINT name_given CHECK (name <> ''),
  CONSTRAINT not_inherited CHECK (number > 0) NO INHERIT,
  UNIQUE (name, number) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 70, autovacuum_enabled = false);
ALTER TABLE shop.customer DROP COLUMN gone;
ALTER TABLE shop.customer ALTER picture SET STORAGE EXTERNAL, ALTER name SET STATISTICS 500, ALTER number SET (n_distinct = -0.5);
ALTER TABLE shop.customer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE shop.customer IS 'Who buys; with a
line, a tab	and a \\ backslash';
COMMENT ON COLUMN shop.customer.name IS 'As they call themselves';
COMMENT ON CONSTRAINT name_given ON shop.customer IS 'Not empty';
CREATE INDEX customer_lower ON shop.customer (lower(name) DESC NULLS LAST) INCLUDE (number) WHERE mood <> 'sad';
CREATE INDEX customer_gin ON shop.customer USING gin (note public.gin_trgm_ops);
CREATE UNIQUE INDEX customer_number ON shop.customer (number)${since(15, ' NULLS NOT DISTINCT')};
COMMENT ON INDEX shop.customer_lower IS 'For search';
CREATE UNIQUE INDEX customer_replica ON shop.customer (id);
ALTER TABLE shop.customer REPLICA IDENTITY USING INDEX customer_replica;
CREATE TRIGGER stamp BEFORE UPDATE OF name ON shop.customer FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)
  EXECUTE FUNCTION shop.stamp();
COMMENT ON TRIGGER stamp ON shop.customer IS 'Keeps time';
ALTER TABLE shop.customer DISABLE TRIGGER stamp;

CREATE TABLE shop.orders (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  customer_id integer NOT NULL,
  parent_id bigint,
  during tsrange,
  CONSTRAINT by_customer FOREIGN KEY (customer_id) REFERENCES shop.customer ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT of_parent FOREIGN KEY (parent_id) REFERENCES shop.orders MATCH FULL DEFERRABLE,
  CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)
);
ALTER TABLE shop.orders ADD CONSTRAINT later_valid CHECK (id > 0) NOT VALID;
CLUSTER shop.orders USING orders_pkey;
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON shop.orders DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION shop.stamp();
CREATE POLICY own ON shop.customer AS RESTRICTIVE FOR UPDATE TO shop_reader
  USING (EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = customer.id)) WITH CHECK (name <> 'root');
CREATE POLICY everybody ON shop.customer FOR SELECT USING (true);
COMMENT ON POLICY own ON shop.customer IS 'Only with orders';

CREATE TABLE shop.event (at date NOT NULL, kind text NOT NULL, detail jsonb) PARTITION BY RANGE (at);
CREATE TABLE shop.event_2024 PARTITION OF shop.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE shop.event_2025 PARTITION OF shop.event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
  PARTITION BY LIST (lower(kind));
CREATE TABLE shop.event_2025_a PARTITION OF shop.event_2025 FOR VALUES IN ('a', 'b');
CREATE TABLE shop.event_rest PARTITION OF shop.event DEFAULT;
CREATE INDEX event_at ON shop.event (at);
CREATE TRIGGER stamp AFTER INSERT ON shop.event FOR EACH ROW EXECUTE FUNCTION shop.stamp();

CREATE TABLE shop.animal (id integer, name text DEFAULT 'nameless');
CREATE TABLE shop.dog (barks boolean) INHERITS (shop.animal);
CREATE TABLE shop.typed OF shop.address;
CREATE UNLOGGED TABLE shop.quick (id integer);
CREATE TABLE shop."empty" ();

CREATE VIEW shop.cheap WITH (security_barrier) AS
  SELECT id, name FROM shop.customer WHERE price < 10 WITH LOCAL CHECK OPTION;
CREATE VIEW shop.over_view AS SELECT c.name, shop.area(1, 2) AS size FROM shop.cheap c;
CREATE MATERIALIZED VIEW shop.counted AS SELECT count(*) AS n FROM shop.orders WITH NO DATA;
CREATE INDEX ON shop.counted (n);
COMMENT ON VIEW shop.cheap IS 'Below ten';

CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far TYPE 'oracle' VERSION '9' FOREIGN DATA WRAPPER nowhere OPTIONS (host 'far away', port '1');
COMMENT ON SERVER far IS 'Very far';
CREATE USER MAPPING FOR shop_reader SERVER far OPTIONS (password 'hunter2');
CREATE FOREIGN TABLE shop.remote (id integer OPTIONS (column_name 'ID'), name text) SERVER far OPTIONS (schema 'S');

CREATE EVENT TRIGGER watch_ddl ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
  EXECUTE FUNCTION shop.on_ddl();
ALTER EVENT TRIGGER watch_ddl DISABLE;
COMMENT ON EVENT TRIGGER watch_ddl IS 'Watches';

CREATE PUBLICATION "a few" FOR TABLE ${major >= 15 ? 'shop.orders (id, customer_id) WHERE (id > 10)' : 'shop.orders'}
  WITH (publish = 'insert, update');
CREATE PUBLICATION everything FOR ALL TABLES;
COMMENT ON PUBLICATION "a few" IS 'A few';
${since(13, 'ALTER PUBLICATION "a few" SET (publish_via_partition_root = true);')}
${since(15, 'CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA shop;')}

GRANT USAGE ON SCHEMA shop TO shop_reader;
GRANT SELECT, INSERT ON shop.orders TO shop_reader WITH GRANT OPTION;
GRANT SELECT ON shop.event TO PUBLIC;
GRANT UPDATE (name) ON shop.customer TO "Odd ""role"" 🐘";
GRANT EXECUTE ON FUNCTION shop.stamp() TO shop_reader;
GRANT USAGE ON SEQUENCE shop.loose TO shop_reader;
GRANT USAGE ON TYPE shop.mood TO shop_reader;
REVOKE EXECUTE ON FUNCTION shop.stamp() FROM PUBLIC;
ALTER TABLE shop.quick OWNER TO shop_owner;
${since(14, 'CREATE FUNCTION shop.newest() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT max(id) FROM shop.orders; END;')}
${since(15, 'CREATE VIEW shop.invoker WITH (security_invoker) AS SELECT 1 AS one;')}
${since(18, 'ALTER TABLE shop.orders ADD COLUMN twice bigint GENERATED ALWAYS AS (id * 2) VIRTUAL; ALTER TABLE shop.orders ADD CONSTRAINT soft CHECK (id > 1) NOT ENFORCED; ALTER TABLE shop.orders ADD CONSTRAINT during_there NOT NULL during NOT VALID;')}
`;
}

/** Roles that {@link everyFeatureSql} speaks of; once for a server. */
export const everyFeatureRolesSql = `
CREATE ROLE shop_reader LOGIN PASSWORD 'shop';
CREATE ROLE shop_owner;
CREATE ROLE "Odd ""role"" 🐘";
`;
