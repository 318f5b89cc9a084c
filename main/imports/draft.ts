import type { Connection } from '../../preload/contract/connection.ts';
import { isLocalHost, isOnThisMachine } from '../../preload/contract/connection-url.ts';
import type { EnvironmentDraft, Finding } from '../../preload/contract/environments.ts';
import { knownPassword } from '../lib/known-password.ts';
import type { Address } from './address.ts';
import { isContainerName } from './same-place.ts';

/** What a file tells of a connection besides its address. */
export interface Naming {
  /** The name it has there. */
  name?: string | undefined;
  /** A word for it where it has no name: a service, the beginning of variables’ names. */
  hint?: string | undefined;
  /** What the file’s own name says: `production` of `.env.production`. */
  stage?: string | undefined;
  group?: string | undefined;
}

/** Names of databases that say nothing about what is in them. */
const sayNothing = new Set(
  'postgres postgresql pg db database app main default test public data template1 root admin'.split(' '),
);

/** The colour of one that nothing is known of; it gives way to one that is used less. */
export const plainColor: EnvironmentDraft['color'] = 'slate';

/** An environment as it is proposed: named, coloured and protected by what is known of it. */
export function draftOf(connection: Connection, naming: Naming): EnvironmentDraft {
  const name = nameOf(connection, naming);
  const words = [name, naming.stage, naming.group, connection.host, connection.tunnel?.host].join(' ');
  return {
    name,
    group: (naming.group ?? '').trim().slice(0, 80),
    color: stageOf(words) === 'production' ? 'red' : stageOf(words) === 'staging' ? 'amber' : plainColor,
    protection: isOnThisMachine(connection) ? 'open' : 'guarded',
    connection,
  };
}

function stageOf(words: string): 'production' | 'staging' | undefined {
  if (/(?:^|[^a-z])(?:preprod|pre-prod|staging|stage|stg)(?:[^a-z]|$)/i.test(words)) return 'staging';
  if (/(?:^|[^a-z])(?:prod|production|prd)(?:[^a-z]|$)/i.test(words)) return 'production';
  return undefined;
}

function nameOf(connection: Connection, { name, hint, stage }: Naming): string {
  const given = name?.trim();
  if (given) return /^postgres(?:ql)?:\/\//i.test(given) ? 'connection' : given.slice(0, 80);
  const { database } = connection;
  const says = (text: string | undefined): text is string => !!text && !sayNothing.has(text.toLowerCase());
  const what = says(database) ? database : says(hint) ? hint : database;
  const where = stage || placeOf(connection);
  const whole = where === '' || what === where ? what : `${what}-${where}`;
  return whole.replace(/\s+/g, ' ').slice(0, 80).trim();
}

function placeOf(connection: Connection): string {
  const { host, tunnel } = connection;
  const cloud = /^\/cloudsql\/[^/]*:([^:/]+)$/.exec(host)?.[1];
  if (cloud) return cloud;
  if (isLocalHost(host)) return tunnel ? firstLabel(tunnel.host) : 'local';
  return firstLabel(host);
}

function firstLabel(host: string): string {
  return /^[\d.:[\]a-f]+$/i.test(host) && /[.:]/.test(host) ? host : (host.split('.')[0] ?? host);
}

const poolerPorts: ReadonlyMap<number, string> = new Map([
  [6432, 'PgBouncer'],
  [6543, 'Supabase’s pooler'],
]);

/** What should be known of a connection before it is taken, whatever file it came from. */
export function notesOn({ connection, password }: Pick<Address, 'connection' | 'password'>): Finding[] {
  const notes: Finding[] = [];
  const { host, port } = connection;
  const known = knownPassword(password, connection);
  if (known) {
    notes.push({
      severity: isOnThisMachine(connection) ? 'notice' : 'warning',
      id: 'password-known',
      text:
        known === 'own'
          ? 'The password is the name of the user or the database, which everybody tries first.'
          : 'The password is one of those that everybody knows.',
    });
  }
  if (isContainerName(host)) {
    notes.push({
      severity: 'warning',
      id: 'host-in-container',
      text: `“${host}” looks like the name of a container, which is known only to other containers. From this machine it is mostly localhost with the port that Compose publishes.`,
    });
  }
  const pooler = poolerPorts.get(port);
  if (pooler) {
    notes.push({
      severity: 'notice',
      id: 'pooler-port',
      text: `Port ${port} is mostly ${pooler}. In transaction mode it hands sessions on, and some things do not work behind it.`,
    });
  }
  return notes;
}
