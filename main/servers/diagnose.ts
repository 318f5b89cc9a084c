import type { Duplex } from 'node:stream';
import type { Address } from './connect.ts';
import { clientConfig } from './connect.ts';
import { ConnectFailure } from './connect-failure.ts';
import { type Diagnosis, explain } from './explain.ts';
import { HowdahClient } from './howdah-client.ts';
import { placeOf, type Target } from './targets.ts';

/** How long a further look at the server may take, ms. */
const probeMs = 5000;

/**
 * Says why connecting failed. Where the server's words leave two causes open it is looked at once more: a refusal by
 * pg_hba.conf without TLS may only mean that TLS is required. No password is ever sent by that.
 */
export async function diagnose(error: unknown, address: Address): Promise<Diagnosis> {
  const { connection } = address;
  const broken = address.brokenBecause?.();
  const found = explain(broken ?? error, connection, address.password !== undefined);
  if (found.problem.cause === 'password-missing' && address.passwordNote) {
    return { ...found, problem: { ...found.problem, why: `${found.problem.why} ${address.passwordNote}` } };
  }
  if (found.problem.cause !== 'no-hba-line' || !(error instanceof ConnectFailure)) return found;
  const { target } = error.attempt;
  const triedTls = error.attempts.some(({ tls }) => tls);
  if (triedTls || target.host.startsWith('/') || !(await letsInWithTls(address, target))) return found;
  return {
    ...found,
    problem: {
      cause: 'tls-required',
      what: `The server lets "${connection.user}" in with TLS only.`,
      why: `sslmode ${connection.sslmode} does not encrypt, and pg_hba.conf has only hostssl lines for this connection.`,
      next: `Choose sslmode verify-full, or require where ${placeOf(target)} has no certificate that can be checked.`,
      command: 'SELECT * FROM pg_hba_file_rules;',
      ...(found.problem.server ? { server: found.problem.server } : {}),
    },
  };
}

/** Whether the server goes on to authentication when it is asked with TLS. The session is dropped there. */
async function letsInWithTls(address: Address, target: Target): Promise<boolean> {
  const client = new HowdahClient(
    clientConfig(
      { ...address, password: undefined },
      { applicationName: 'howdah', statementTimeoutMs: 0, lockTimeoutMs: 0, connectTimeoutMs: probeMs },
      { target, tls: { rejectUnauthorized: false } },
    ),
  );
  client.on('error', () => undefined);
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter & { stream: Duplex } };
  return await new Promise<boolean>((resolve) => {
    const settle = (answer: boolean): void => {
      connection.stream.destroy();
      resolve(answer);
    };
    for (const event of [
      'authenticationCleartextPassword',
      'authenticationMD5Password',
      'authenticationSASL',
      'authenticationOk',
    ]) {
      connection.prependListener(event, () => settle(true));
    }
    client.connect().then(
      () => settle(true),
      () => settle(false),
    );
  });
}
