import pg from 'pg';
import { WayProblem } from '../lib/way-problem.ts';
import { CarefulConnection } from './careful-connection.ts';

export interface ClientConfig extends pg.ClientConfig {
  enableChannelBinding: boolean;
  sslnegotiation: 'postgres' | 'direct';
  /** Refuse a server that does not bind the channel, before anything secret is sent. */
  requireChannelBinding: boolean;
}

/**
 * `pg`'s client over a {@link CarefulConnection}, without what `pg` takes from this process's environment for options
 * that are left out (PGOPTIONS, PGSSLNEGOTIATION): that may be meant for another server.
 */
export class HowdahClient extends pg.Client {
  /** Why the connection was refused from this side. */
  refusal: WayProblem | undefined;

  constructor(given?: string | pg.ClientConfig) {
    const config = given as ClientConfig;
    const { stream, ssl, sslnegotiation, keepAlive, keepAliveInitialDelayMillis } = config;
    const connection = new CarefulConnection({
      stream,
      ssl,
      sslNegotiation: sslnegotiation,
      keepAlive,
      keepAliveInitialDelayMillis,
    });
    // Not a copy: the pool hides the password from enumeration.
    super(Object.create(config, { connection: { value: connection } }) as pg.ClientConfig);
    const { connectionParameters } = this as unknown as { connectionParameters: { options?: string } };
    connectionParameters.options = config.options ?? '';
    if (config.requireChannelBinding) this.#requireBinding(connection);
  }

  /** libpq: with channel_binding=require nothing is sent to a server that does not bind. */
  #requireBinding(connection: CarefulConnection): void {
    let bound = false;
    const refuse = (why: string): void => {
      this.refusal ??= bindingUnavailable(why);
      connection.stream.destroy(this.refusal);
    };
    connection.prependListener('authenticationCleartextPassword', () =>
      refuse('It asks for the password in the clear.'),
    );
    connection.prependListener('authenticationMD5Password', () => refuse('It asks for an MD5 password.'));
    connection.prependListener('authenticationSASL', ({ mechanisms = [] }: { mechanisms?: string[] }) => {
      if (mechanisms.includes('SCRAM-SHA-256-PLUS')) bound = true;
      else refuse('It offers SCRAM without channel binding.');
    });
    connection.prependListener('authenticationOk', () => {
      if (!bound) refuse('It lets the role in without SCRAM.');
    });
  }
}

function bindingUnavailable(why: string): WayProblem {
  return new WayProblem({
    cause: 'channel-binding-unavailable',
    what: 'The server does not offer channel binding.',
    why: `${why} channel_binding=require refuses that, and nothing was sent.`,
    next: 'Use TLS and a scram-sha-256 line in pg_hba.conf, or set channel_binding=prefer.',
    command: 'SHOW ssl; SHOW password_encryption; SELECT * FROM pg_hba_file_rules;',
  });
}
