/** What a script of pg_dump's or pg_restore's says of itself. Names are as the server has them. */
export interface ScriptFacts {
  /** `PostgreSQL database dump complete` was there, and nothing was open at the end. */
  isWhole: boolean;
  /** It is one of pg_dump's at all: the comment at its head. */
  isDump: boolean;
  /** It ends within the rows of a table. */
  endsInRows: boolean;
  setsTransactionTimeout: boolean;
  /** It sets the hidden option `pg_attver`, which only servers with a late update know. */
  setsAttver: boolean;
  isRestricted: boolean;
  encoding: string | null;
  /** The names of databases that it goes to by itself. */
  connects: string[];
  /** Commands of psql's that no dump has. */
  commands: string[];
  /** Roles that things are given to. */
  owners: Set<string>;
  /** Roles that something is granted to. */
  grantees: Set<string>;
  /** Roles that policies name. */
  policyRoles: Set<string>;
  extensions: Set<string>;
  /** Those of them that lie in the schema public. */
  extensionsInPublic: Set<string>;
  createsPublic: boolean;
  drops: boolean;
  /** `ENCODING = 'UTF8' LOCALE = 'C'` and so on, of its CREATE DATABASE. */
  createDatabase: string | null;
  /** What belongs to the database itself: settings, comment, privileges, owner. */
  ofDatabase: string[];
  /** Rows of its COPY blocks, by the statement's table, as it is written. */
  rows: Map<string, number>;
}

export function newFacts(): ScriptFacts {
  return {
    isWhole: false,
    isDump: false,
    endsInRows: false,
    setsTransactionTimeout: false,
    setsAttver: false,
    isRestricted: false,
    encoding: null,
    connects: [],
    commands: [],
    owners: new Set(),
    grantees: new Set(),
    policyRoles: new Set(),
    extensions: new Set(),
    extensionsInPublic: new Set(),
    createsPublic: false,
    drops: false,
    createDatabase: null,
    ofDatabase: [],
    rows: new Map(),
  };
}

/** An identifier as pg_dump writes it. */
const id = String.raw`(?:"(?:[^"]|"")+"|[^\s";,()]+)`;
const pattern = (text: string): RegExp => new RegExp(text.replaceAll('ID', `(${id})`), 's');

const owner = pattern(' OWNER TO ID;$');
const grant = pattern('^GRANT .* TO (?:GROUP )?ID(?: WITH GRANT OPTION)?(?: GRANTED BY ID)?;$');
const defaults = pattern(
  String.raw`^ALTER DEFAULT PRIVILEGES FOR ROLE ID .*(?:TO|FROM) ID(?: WITH GRANT OPTION)?;$`,
);
const session = pattern('^SET SESSION AUTHORIZATION ID;$');
const policy = new RegExp(String.raw`^CREATE POLICY .*? TO ((?:${id}(?:, )?)+)(?: USING| WITH CHECK|;)`, 's');
const extension = pattern('^CREATE EXTENSION (?:IF NOT EXISTS )?ID(?: WITH SCHEMA ID)?');
const database = pattern('^CREATE DATABASE ID(?: WITH)? ?(.*);$');
const copied = /^COPY (.*) \([^)]*\) FROM stdin|^COPY (.*) FROM stdin/s;

/** Notes what a statement says. @param text bytes, one a character */
export function noteStatement(facts: ScriptFacts, text: string): void {
  if (text.startsWith('--')) {
    if (text.startsWith('-- PostgreSQL database dump complete')) facts.isWhole = true;
    else if (text === '-- PostgreSQL database dump') facts.isDump = true;
    return;
  }
  if (text === '') return;
  // Whatever comes behind its end belongs to another script.
  if (!text.startsWith('\\')) facts.isWhole = false;
  const head = text.slice(0, 40);
  if (/^SET transaction_timeout\b/.test(head)) facts.setsTransactionTimeout = true;
  else if (head.startsWith('SET client_encoding')) facts.encoding = /'([^']+)'/.exec(text)?.[1] ?? null;
  else if (head.startsWith('SET SESSION')) addRole(facts.owners, session.exec(text)?.[1]);
  else if (head.startsWith('GRANT ') && !isOfDatabase(text)) addRole(facts.grantees, grant.exec(text)?.[1]);
  else if (head.startsWith('CREATE POLICY')) {
    const list = policy.exec(text)?.[1] ?? '';
    for (const name of list.match(new RegExp(id, 'g')) ?? []) addRole(facts.policyRoles, name);
  } else if (head.startsWith('ALTER DEFAULT PRIVILEGES')) {
    const found = defaults.exec(text);
    addRole(facts.grantees, found?.[1]);
    addRole(facts.grantees, found?.[2]);
  } else if (head.startsWith('ALTER ') && !isOfDatabase(text)) {
    addRole(facts.owners, owner.exec(text)?.[1]);
  } else if (head.startsWith('CREATE EXTENSION')) {
    const [, name, schema] = extension.exec(text) ?? [];
    if (name !== undefined) facts.extensions.add(plainName(name));
    if (name !== undefined && schema === 'public') facts.extensionsInPublic.add(plainName(name));
  } else if (head.startsWith('CREATE DATABASE')) facts.createDatabase = database.exec(text)?.[2] ?? '';
  else if (/^CREATE SCHEMA public;/.test(head)) facts.createsPublic = true;
  else if (head.startsWith('DROP ')) facts.drops = true;
  if (isOfDatabase(text)) facts.ofDatabase.push(text);
  if (isAttver(text)) facts.setsAttver = true;
}

/** Notes a command of psql's. */
export function noteCommand(facts: ScriptFacts, line: string): void {
  const word = /^\\\S+/.exec(line.trim())?.[0] ?? '';
  if (word === '\\restrict') facts.isRestricted = true;
  else if (word === '\\connect' || word === '\\c') facts.connects.push(line.trim().slice(word.length).trim());
  else if (word !== '\\unrestrict' && word !== '\\encoding') facts.commands.push(word);
}

export function noteRows(facts: ScriptFacts, statement: string, rows: number): void {
  const found = copied.exec(statement);
  const name = utf8(found?.[1] ?? found?.[2] ?? '');
  facts.rows.set(name, (facts.rows.get(name) ?? 0) + rows);
}

/** Whether a statement, or the line that begins it, is about the database itself rather than what is in it. */
export const isOfDatabase = (text: string): boolean =>
  /^(?:ALTER DATABASE |ALTER ROLE .+ IN DATABASE |COMMENT ON DATABASE |SECURITY LABEL .*ON DATABASE |(?:GRANT|REVOKE) [A-Z, ]+ ON DATABASE |(?:CREATE|DROP) DATABASE )/.test(
    text,
  );

export const isAttver = (text: string): boolean => /^ALTER .* SET \([^)]*\bpg_attver=/s.test(text);

/** A statement that is about the database, written for one of another name; undefined for others. */
export function forDatabase(bytes: string, quotedName: string): string | undefined {
  const text = utf8(bytes);
  const name = (head: string, rest: string): string =>
    text.replace(
      new RegExp(`^(${head})${id}(${rest})`, 's'),
      (_all, before, after) => `${before}${quotedName}${after}`,
    );
  let written: string;
  if (text.startsWith('ALTER DATABASE ')) {
    if (!new RegExp(`^ALTER DATABASE ${id} (SET|OWNER TO|CONNECTION LIMIT|IS_TEMPLATE) `).test(text))
      return undefined;
    written = name('ALTER DATABASE ', ' ');
  } else if (text.startsWith('ALTER ROLE ')) written = name(`ALTER ROLE ${id} IN DATABASE `, ' SET ');
  else if (text.startsWith('COMMENT ')) written = name('COMMENT ON DATABASE ', ' IS ');
  else if (/^(GRANT|REVOKE) /.test(text))
    written = name('(?:GRANT|REVOKE) [A-Z, ]+ ON DATABASE ', ' (?:TO|FROM) ');
  else return undefined;
  return written === text && !text.includes(` ${quotedName} `) ? undefined : written;
}

function addRole(roles: Set<string>, written: string | undefined): void {
  if (written === undefined || /^(PUBLIC|CURRENT_USER|CURRENT_ROLE|SESSION_USER|DEFAULT)$/.test(written))
    return;
  const name = plainName(written);
  if (!name.startsWith('pg_')) roles.add(name);
}

const plainName = (written: string): string =>
  utf8(written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written);

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
