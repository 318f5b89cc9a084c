import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import { companionEnvironment } from '../../companions/index.ts';
import { type Address, placeOf, type SessionWay } from '../../servers/index.ts';

/** Where an environment's sessions went, for programs that are to go there too. */
export interface Reached {
  address: Address;
  way: SessionWay;
}

/** Tools that talk to PostgreSQL by libpq, and so know all of its parameters. */
const onLibpq = new Set<MigrationToolId>(['alembic', 'django', 'rails', 'diesel', 'sqitch']);
/** Tools that talk by npm's `pg`, for which `require` means what libpq calls `verify-full`. */
const onNodePg = new Set<MigrationToolId>(['knex', 'node-pg-migrate', 'drizzle', 'typeorm', 'sequelize']);

/** Of the connection's parameters, what drivers of all kinds understand in a URL. */
const forAll = new Set(['options', 'sslrootcert', 'sslcert', 'sslkey']);
/** Said by Howdah itself, or of no meaning for one known server. */
const forNone = new Set([
  'application_name',
  'fallback_application_name',
  'hostaddr',
  'load_balance_hosts',
  'target_session_attrs',
  'service',
  'servicefile',
  'passfile',
  'pool_max_conns',
]);

const byParameter: Record<string, string> = {
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  channel_binding: 'PGCHANNELBINDING',
  require_auth: 'PGREQUIREAUTH',
  gssencmode: 'PGGSSENCMODE',
  krbsrvname: 'PGKRBSRVNAME',
  requirepeer: 'PGREQUIREPEER',
  sslnegotiation: 'PGSSLNEGOTIATION',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslrootcert: 'PGSSLROOTCERT',
  sslcrl: 'PGSSLCRL',
  sslcrldir: 'PGSSLCRLDIR',
  sslsni: 'PGSSLSNI',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
};

/**
 * The variables that tell a tool where to go and as whom: `DATABASE_URL`, libpq's own, and those that the tool itself
 * reads (each tool's documentation of its environment variables). They hold the password.
 */
export function variablesFor(tool: MigrationToolId, { address, way }: Reached): Record<string, string> {
  const { connection } = address;
  const { target } = way;
  const { user, database } = connection;
  const password = passwordFor({ address, way });
  const sslmode = agreedMode({ address, way });
  const port = String(target.port);
  const pg: Record<string, string> = {
    PGHOST: target.host,
    PGPORT: port,
    PGDATABASE: database,
    PGUSER: user,
    PGSSLMODE: onNodePg.has(tool) ? nodeMode(sslmode) : sslmode,
    PGAPPNAME: `${tool} (howdah)`,
  };
  if (password) pg.PGPASSWORD = password;
  if (target.address !== undefined) pg.PGHOSTADDR = target.address;
  for (const [name, value] of Object.entries(connection.parameters)) {
    const variable = byParameter[name];
    if (variable !== undefined && !forNone.has(name)) pg[variable] = value;
  }
  const url = (withPassword: boolean): string =>
    urlOf({
      scheme: 'postgresql',
      user,
      password: withPassword ? password : undefined,
      host: target.host,
      port,
      database,
      query: queryFor(tool, connection.parameters, onNodePg.has(tool) ? nodeMode(sslmode) : sslmode),
    });
  return { DATABASE_URL: url(true), ...pg, ...own() };

  function own(): Record<string, string> {
    const jdbc = (): string => {
      const query = Object.entries(queryFor(tool, connection.parameters, sslmode));
      const written = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
      return `jdbc:postgresql://${inUrl(target.host)}:${port}/${encodeURIComponent(database)}?${written}`;
    };
    const given = (name: string): Record<string, string> => (password ? { [name]: password } : {});
    switch (tool) {
      case 'flyway':
        return { FLYWAY_URL: jdbc(), FLYWAY_USER: user, ...given('FLYWAY_PASSWORD') };
      case 'liquibase':
        return {
          LIQUIBASE_COMMAND_URL: jdbc(),
          LIQUIBASE_COMMAND_USERNAME: user,
          ...given('LIQUIBASE_COMMAND_PASSWORD'),
        };
      case 'laravel':
        return {
          DB_CONNECTION: 'pgsql',
          DB_HOST: target.host,
          DB_PORT: port,
          DB_DATABASE: database,
          DB_USERNAME: user,
          ...given('DB_PASSWORD'),
        };
      case 'sqitch':
        // The password is psql's own to read.
        return { SQITCH_TARGET: `db:${url(false).replace(/^postgresql:/, 'pg:')}` };
      case 'atlas':
        return { DATABASE_URL_WITHOUT_PASSWORD: url(false) };
      default:
        return {};
    }
  }
}

/** The whole environment of a tool's process: this one's, without what may lead it to another server. */
export function environmentFor(variables: Record<string, string>): NodeJS.ProcessEnv {
  const around = Object.entries(companionEnvironment()).filter(
    ([name]) =>
      !/^(PG[A-Z]+|(DATABASE|DB)_[A-Z_]+|(FLYWAY|LIQUIBASE)_[A-Z_]+|SQITCH_(TARGET|USERNAME|PASSWORD))$/.test(
        name,
      ),
  );
  // Python holds its output back where nobody sits at a terminal.
  return { ...Object.fromEntries(around), PYTHONUNBUFFERED: '1', ...variables };
}

/** The password of the server that was reached. */
export const passwordFor = ({ address, way }: Reached): string | undefined =>
  address.passwordAt?.get(placeOf(way.target)) ?? address.password;

/**
 * A secret in the forms in which programs print it: as it is, and percent-encoded as libraries of all kinds do, with
 * small or capital letters, a plus for a blank, and more or fewer of the signs left as they are.
 */
export function formsOfSecret(secret: string): string[] {
  const capital = (text: string): string =>
    text.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const small = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const [common, uri] = [encodeURIComponent(secret.toWellFormed()), encodeURI(secret.toWellFormed())];
  const encoded = [common, capital(common), uri, capital(common).replaceAll('%2F', '/')];
  return [
    ...new Set(
      [secret, ...encoded, ...encoded.map((text) => text.replaceAll('%20', '+'))].flatMap((text) => [
        text,
        small(text),
      ]),
    ),
  ].filter((form) => form !== '');
}

/**
 * What came of `prefer` and `allow`: a tool is to go the same way as the sessions do, and not all tools know how to fall
 * back.
 */
function agreedMode({ address, way }: Reached): string {
  const { sslmode } = address.connection;
  if (way.tls === false) return 'disable';
  return sslmode === 'prefer' || sslmode === 'allow' ? 'require' : sslmode;
}

const nodeMode = (sslmode: string): string => (sslmode === 'require' ? 'no-verify' : sslmode);

function queryFor(
  tool: MigrationToolId,
  parameters: Record<string, string>,
  sslmode: string,
): Record<string, string> {
  const kept = Object.entries(parameters).filter(
    ([name]) => forAll.has(name) || (onLibpq.has(tool) && name in byParameter && !forNone.has(name)),
  );
  return { sslmode, ...Object.fromEntries(kept) };
}

interface UrlParts {
  scheme: string;
  user: string;
  password: string | undefined;
  host: string;
  port: string;
  database: string;
  query: Record<string, string>;
}

function urlOf({ scheme, user, password, host, port, database, query }: UrlParts): string {
  const isSocket = host.startsWith('/');
  const who = `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}@`;
  const where = isSocket ? '' : `${inUrl(host)}:${port}`;
  // Not URLSearchParams: it writes a space as "+", which libpq takes for a plus sign.
  const all = isSocket ? { host, port, ...query } : query;
  const asked = Object.entries(all)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${scheme}://${who}${where}/${encodeURIComponent(database)}?${asked}`;
}

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
