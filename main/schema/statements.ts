import { fillTemplate, type KnownColumns } from '../servers/index.ts';

const files = import.meta.glob<string>('./catalog/*.sql', { query: '?raw', import: 'default', eager: true });

function file(name: string): string {
  const sql = files[`./catalog/${name}.sql`];
  if (sql === undefined) throw new Error(`catalog/${name}.sql is missing.`);
  return sql;
}

export const factsSql = file('facts');
export const readableSql = file('readable');
export const fingerprintSql = file('fingerprint');

/** What a statement of the reading needs to see, and how it is called when it can't. */
interface Reading {
  name: string;
  catalogs: string[];
  /** For a person: what is missing without it. */
  what: string;
  /** Not there on servers before this major version: nothing is missing then. */
  since?: number;
}

/** First what the names need, then what the rest is looked up in, then the rest; the largest come last. */
const readings: Reading[] = [
  { name: 'schemas', catalogs: ['pg_namespace'], what: 'Schemas' },
  { name: 'relations', catalogs: ['pg_class'], what: 'Tables, views and sequences' },
  { name: 'inheritance', catalogs: ['pg_inherits'], what: 'Inheritance and partitions' },
  { name: 'routines', catalogs: ['pg_proc'], what: 'Functions and procedures' },
  { name: 'types', catalogs: ['pg_type', 'pg_class'], what: 'Types' },
  { name: 'roles', catalogs: ['pg_roles'], what: 'Names of roles' },
  {
    name: 'lookups',
    catalogs: ['pg_am', 'pg_tablespace', 'pg_language'],
    what: 'Names of access methods, tablespaces and languages',
  },
  { name: 'extensions', catalogs: ['pg_extension'], what: 'Extensions' },
  { name: 'extension-members', catalogs: ['pg_depend'], what: 'What belongs to extensions' },
  { name: 'collations', catalogs: ['pg_collation', 'pg_namespace'], what: 'Names of collations' },
  { name: 'type-traits', catalogs: ['pg_type'], what: 'Storage and collations of types' },
  { name: 'enum-values', catalogs: ['pg_enum'], what: 'Values of enums' },
  { name: 'ranges', catalogs: ['pg_range', 'pg_opclass', 'pg_type', 'pg_namespace'], what: 'Range types' },
  { name: 'sequences', catalogs: ['pg_sequence'], what: 'What sequences count with' },
  { name: 'sequence-owners', catalogs: ['pg_depend', 'pg_sequence'], what: 'Columns that own sequences' },
  {
    name: 'dependencies',
    catalogs: ['pg_depend', 'pg_rewrite', 'pg_attrdef'],
    what: 'What views and routines depend on',
  },
  { name: 'triggers', catalogs: ['pg_trigger'], what: 'Triggers' },
  { name: 'policies', catalogs: ['pg_policy'], what: 'Policies of row security' },
  { name: 'event-triggers', catalogs: ['pg_event_trigger'], what: 'Event triggers' },
  { name: 'publications', catalogs: ['pg_publication'], what: 'Publications' },
  { name: 'publication-tables', catalogs: ['pg_publication_rel'], what: 'Tables of publications' },
  {
    name: 'publication-schemas',
    catalogs: ['pg_publication_namespace'],
    what: 'Schemas of publications',
    since: 15,
  },
  {
    name: 'foreign-servers',
    catalogs: ['pg_foreign_server', 'pg_foreign_data_wrapper'],
    what: 'Foreign servers',
  },
  { name: 'foreign-tables', catalogs: ['pg_foreign_table'], what: 'Servers of foreign tables' },
  { name: 'comments', catalogs: ['pg_description'], what: 'Comments' },
  { name: 'constraints', catalogs: ['pg_constraint'], what: 'Constraints' },
  { name: 'indexes', catalogs: ['pg_index', 'pg_class'], what: 'Indexes' },
  { name: 'column-types', catalogs: ['pg_attribute'], what: 'Types of columns' },
  { name: 'columns', catalogs: ['pg_attribute', 'pg_class'], what: 'Columns' },
];

/** After this statement all names are there. */
export const lastOfNames = 'types';

/** Catalogues that are not read, but whose contents a reader may look for here. */
const beside: { catalog: string; what: string; why: string }[] = [
  {
    catalog: 'pg_subscription',
    what: 'Subscriptions and where they connect to',
    why: 'Only superusers may read them.',
  },
  {
    catalog: 'pg_user_mapping',
    what: 'Options of user mappings',
    why: 'They may hold passwords: only superusers may read them.',
  },
];

export const catalogs = [
  ...new Set([...readings.flatMap((one) => one.catalogs), ...beside.map((one) => one.catalog)]),
];

/** The statements to run on this very server, and what can't be read. */
export function statementsFor(
  known: KnownColumns,
  major: number,
): { statements: { name: string; sql: string }[]; unseen: { what: string; why: string }[] } {
  const statements: { name: string; sql: string }[] = [];
  const unseen: { what: string; why: string }[] = [];
  for (const { name, catalogs: needed, what, since } of readings) {
    const missing = needed.find((catalog) => !known.has(catalog));
    if (missing === undefined)
      statements.push({ name, sql: `COPY (${withoutComment(fillTemplate(file(name), known))}) TO STDOUT` });
    else if (since === undefined || major >= since)
      unseen.push({ what, why: `This role may not read ${missing}.` });
  }
  for (const { catalog, what, why } of beside) if (!known.has(catalog)) unseen.push({ what, why });
  return { statements, unseen };
}

/** A comment at the end of a line would swallow what is put behind it; at the top it only costs. */
function withoutComment(sql: string): string {
  return sql.replace(/^(?:--.*\n)+/, '').trim();
}
