import { fillTemplate, type KnownColumns } from '../servers/index.ts';

const files = import.meta.glob<string>('./catalog/**/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function file(name: string): string {
  const sql = files[`./catalog/${name}.sql`];
  if (sql === undefined) throw new Error(`catalog/${name}.sql is missing.`);
  return sql;
}

export const factsSql = file('facts');
export const readableSql = file('readable');

/** Not of a temporary table; those are listed at the top of `fingerprint.sql`. */
function isLasting(relation: string): string {
  return `${relation} NOT IN (SELECT oid FROM temporary)`;
}

/** Which rows of a catalogue the model is made of; those that a database begins with are left out. */
const fingerprinted: Record<string, string> = {
  pg_class: "(relkind <> 't' OR reloptions IS NOT NULL) AND oid >= 16384 AND relpersistence <> 't'",
  pg_attribute: `attnum > 0 AND attrelid >= 16384 AND ${isLasting('attrelid')}`,
  pg_index: `indexrelid >= 16384 AND ${isLasting('indexrelid')}`,
  pg_attrdef: `oid >= 16384 AND ${isLasting('adrelid')}`,
  pg_constraint: `oid >= 16384 AND ${isLasting('conrelid')}`,
  pg_ts_config_map: 'mapcfg >= 16384',
  pg_type: "typtype <> 'c' AND typinput <> 'array_in'::regproc AND oid >= 16384",
  pg_range: 'rngtypid >= 16384',
  pg_trigger: `NOT tgisinternal AND oid >= 16384 AND ${isLasting('tgrelid')}`,
  pg_rewrite: `oid >= 16384 AND ${isLasting('ev_class')}`,
  pg_inherits: isLasting('inhrelid'),
  pg_sequence: isLasting('seqrelid'),
  pg_description: "objoid >= 16384 OR classoid = 'pg_namespace'::regclass AND age(xmin) < 2147483647",
  // What belongs to extensions, columns that own sequences, and schemas of publications, which 14 doesn't have.
  pg_depend:
    "(deptype = 'e' OR deptype IN ('a', 'i') AND objid IN (SELECT seqrelid FROM pg_catalog.pg_sequence) " +
    "OR classid = (SELECT to_regclass('pg_catalog.pg_publication_namespace'))) " +
    `AND objid >= 16384 AND ${isLasting('objid')}`,
  ...Object.fromEntries(
    ['pg_foreign_table', 'pg_seclabel', 'pg_default_acl'].map((catalog) => [catalog, 'true']),
  ),
  ...Object.fromEntries(
    [
      ...['pg_tablespace', 'pg_proc', 'pg_enum', 'pg_policy', 'pg_extension'],
      ...['pg_event_trigger', 'pg_publication', 'pg_publication_rel', 'pg_foreign_server'],
      ...['pg_foreign_data_wrapper', 'pg_collation', 'pg_conversion', 'pg_statistic_ext', 'pg_operator'],
      ...[
        'pg_opfamily',
        'pg_opclass',
        'pg_amop',
        'pg_amproc',
        'pg_cast',
        'pg_transform',
        'pg_language',
        'pg_am',
      ],
      ...['pg_ts_parser', 'pg_ts_template', 'pg_ts_dict', 'pg_ts_config'],
    ].map((catalog) => [catalog, 'oid >= 16384']),
  ),
};

export const fingerprintSql = [
  file('fingerprint').trim(),
  ...Object.entries(fingerprinted).map(([catalog, rows]) =>
    withoutComment(file('fingerprint-catalog')).replaceAll('{{catalog}}', catalog).replace('{{rows}}', rows),
  ),
].join('\nUNION ALL\n');

/** What a statement of the reading needs to see, and how it is called when it can't. */
interface Reading {
  name: string;
  catalogs: string[];
  /** For a person: what is missing without it. */
  what: string;
  /** Not there on servers before this major version: nothing is missing then. */
  since?: number;
  /** Without it something else is said to be missing already. */
  silent?: boolean;
}

/** Of these the model holds the statements that make them. */
const others: Reading[] = [
  { name: 'rules', catalogs: ['pg_rewrite', 'pg_class'], what: 'Rules' },
  { name: 'statistics', catalogs: ['pg_statistic_ext'], what: 'Extended statistics' },
  { name: 'collations', catalogs: ['pg_collation', 'pg_depend'], what: 'Collations' },
  { name: 'conversions', catalogs: ['pg_conversion', 'pg_depend'], what: 'Conversions' },
  { name: 'operators', catalogs: ['pg_operator', 'pg_depend'], what: 'Operators' },
  {
    name: 'operator-families',
    catalogs: ['pg_opfamily', 'pg_am', 'pg_amop', 'pg_amproc', 'pg_depend'],
    what: 'Operator families',
  },
  {
    name: 'operator-classes',
    catalogs: ['pg_opclass', 'pg_opfamily', 'pg_am', 'pg_amop', 'pg_amproc', 'pg_depend'],
    what: 'Operator classes',
  },
  { name: 'casts', catalogs: ['pg_cast', 'pg_depend'], what: 'Casts' },
  { name: 'transforms', catalogs: ['pg_transform', 'pg_language', 'pg_depend'], what: 'Transforms' },
  { name: 'languages', catalogs: ['pg_language', 'pg_depend'], what: 'Procedural languages' },
  { name: 'access-methods', catalogs: ['pg_am', 'pg_depend'], what: 'Access methods' },
  {
    name: 'foreign-data-wrappers',
    catalogs: ['pg_foreign_data_wrapper', 'pg_depend'],
    what: 'Foreign-data wrappers',
  },
  { name: 'user-mappings', catalogs: ['pg_user_mappings'], what: 'User mappings' },
  { name: 'text-search-parsers', catalogs: ['pg_ts_parser', 'pg_depend'], what: 'Parsers of text search' },
  {
    name: 'text-search-templates',
    catalogs: ['pg_ts_template', 'pg_depend'],
    what: 'Templates of text search',
  },
  {
    name: 'text-search-dictionaries',
    catalogs: ['pg_ts_dict', 'pg_ts_template', 'pg_depend'],
    what: 'Dictionaries of text search',
  },
  {
    name: 'text-search-configurations',
    catalogs: ['pg_ts_config', 'pg_ts_config_map', 'pg_ts_parser', 'pg_ts_dict', 'pg_depend'],
    what: 'Configurations of text search',
  },
  { name: 'subscriptions', catalogs: ['pg_subscription'], what: 'Subscriptions' },
  { name: 'security-labels', catalogs: ['pg_seclabel'], what: 'Security labels' },
];

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
  {
    name: 'aggregates',
    catalogs: ['pg_aggregate', 'pg_proc', 'pg_operator'],
    what: 'What aggregates are made of',
    silent: true,
  },
  { name: 'default-privileges', catalogs: ['pg_default_acl'], what: 'Default privileges' },
  { name: 'toast-options', catalogs: ['pg_class'], what: 'Storage parameters of TOAST tables' },
  {
    name: 'index-statistics',
    catalogs: ['pg_index', 'pg_attribute'],
    what: 'Statistics targets of indexes',
  },
  ...others.map(({ name, catalogs, what }) => ({ name: `others/${name}`, catalogs, what })),
  { name: 'comments', catalogs: ['pg_description'], what: 'Comments' },
  { name: 'constraints', catalogs: ['pg_constraint'], what: 'Constraints' },
  { name: 'indexes', catalogs: ['pg_index', 'pg_class'], what: 'Indexes' },
  { name: 'column-types', catalogs: ['pg_attribute'], what: 'Types of columns' },
  { name: 'columns', catalogs: ['pg_attribute', 'pg_class'], what: 'Columns' },
];

/** After this statement all names are there. */
export const lastOfNames = 'types';

/** What is never read, but may be looked for here; superusers know where else to look. */
const beside: { catalog: string; column: string; what: string; why: string }[] = [
  {
    catalog: 'pg_subscription',
    column: 'subconninfo',
    what: 'Where subscriptions connect to',
    why: 'Only superusers may read it.',
  },
  {
    catalog: 'pg_user_mapping',
    column: 'umoptions',
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
  for (const { name, catalogs: needed, what, since, silent } of readings) {
    const missing = needed.find((catalog) => !known.has(catalog));
    if (missing === undefined)
      statements.push({ name, sql: `COPY (${withoutComment(fillTemplate(file(name), known))}) TO STDOUT` });
    else if (!silent && (since === undefined || major >= since))
      unseen.push({ what, why: `This role may not read ${missing}.` });
  }
  for (const { catalog, column, what, why } of beside)
    if (!known.get(catalog)?.has(column)) unseen.push({ what, why });
  return { statements, unseen };
}

/** A comment at the end of a line would swallow what is put behind it; at the top it only costs. */
function withoutComment(sql: string): string {
  return sql.replace(/^(?:--.*\n)+/, '').trim();
}
