import { createPrivateKey } from 'node:crypto';
import type { Address, SessionWay } from './connect.ts';
import { connectTimeout } from './connect.ts';
import { readTlsFiles } from './tls-files.ts';

/** What leads a program of libpq to where a session went, all but the password. */
export interface LibpqWay {
  /** Names and values for its environment (PostgreSQL manual, "Environment Variables"). */
  variables: Record<string, string>;
  /**
   * Files that are to lie where only this account may read them, by the variable that is to hold each one's path. They
   * are what the session itself trusts and shows, which is more than libpq would find by itself.
   */
  files: Record<string, string>;
}

/** Parameters that libpq knows in its environment, beyond those that say where the server is. */
const byParameter: Record<string, string> = {
  options: 'PGOPTIONS',
  channel_binding: 'PGCHANNELBINDING',
  require_auth: 'PGREQUIREAUTH',
  krbsrvname: 'PGKRBSRVNAME',
  requirepeer: 'PGREQUIREPEER',
  sslnegotiation: 'PGSSLNEGOTIATION',
  sslcertmode: 'PGSSLCERTMODE',
  sslsni: 'PGSSLSNI',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
};

/**
 * The way that a session went, for programs of libpq: the same host of several, the same decision about TLS, the same
 * certificates. `prefer` and `allow` become what came of them.
 *
 * @throws WayProblem when a certificate's file can't be used.
 */
export async function libpqWay(address: Address, way: SessionWay): Promise<LibpqWay> {
  const { connection } = address;
  const { target } = way;
  const variables: Record<string, string> = {
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGDATABASE: connection.database,
    PGUSER: connection.user,
    PGCONNECT_TIMEOUT: String(Math.ceil(connectTimeout(connection) / 1000)),
    // The session knows no Kerberos: to try it first takes time and may end elsewhere.
    PGGSSENCMODE: 'disable',
    PGSSLMODE: 'disable',
  };
  if (target.address !== undefined) variables.PGHOSTADDR = target.address;
  for (const [name, value] of Object.entries(connection.parameters)) {
    const variable = byParameter[name];
    if (variable !== undefined) variables[variable] = value;
  }
  if (way.tls === false) {
    delete variables.PGSSLNEGOTIATION;
    if (variables.PGCHANNELBINDING === 'require') delete variables.PGCHANNELBINDING;
    return { variables, files: {} };
  }
  const { sslmode } = connection;
  const found = await readTlsFiles(connection, { clientKeyPassphrase: address.clientKeyPassphrase });
  const verifies = sslmode === 'verify-ca' || sslmode === 'verify-full';
  variables.PGSSLMODE = verifies ? sslmode : 'require';
  const files: Record<string, string> = {};
  // With any root certificate at hand libpq checks the chain, in `require` too. Where the session did not, the file is
  // one that is not there: an empty text stands for that.
  files.PGSSLROOTCERT = verifies || found.verifyCaBecauseOfRootCert ? textOf(found.ca) : '';
  if (found.crl) files.PGSSLCRL = textOf(found.crl);
  if (found.cert && found.key) {
    files.PGSSLCERT = textOf(found.cert);
    files.PGSSLKEY = found.passphrase === undefined ? textOf(found.key) : opened(found.key, found.passphrase);
  }
  return { variables, files };
}

type Pem = string | readonly string[] | undefined;

function textOf(pem: Pem): string {
  return [pem ?? []].flat().map(String).join('\n');
}

/** libpq takes a key's passphrase from no variable, so the key itself has to be open. */
function opened(key: Pem, passphrase: string): string {
  return createPrivateKey({ key: textOf(key), passphrase })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}
