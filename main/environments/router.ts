import type { Connection, TypedSecret } from '../../preload/contract/connection.ts';
import { sameConnection, samePlace } from '../../preload/contract/connection-place.ts';
import {
  addressText,
  isLocalHost,
  parseConnectionUrl,
  UrlProblem,
} from '../../preload/contract/connection-url.ts';
import type { Environment, EnvironmentsView, TestResult } from '../../preload/contract/environments.ts';
import type { Companions } from '../companions/index.ts';
import { checkTypedName } from '../guard/index.ts';
import type { Broadcast } from '../lib/broadcast.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import type { KnownHosts } from '../tunnels/index.ts';
import type { Connections } from './connections.ts';
import { type EnvironmentList, freeName } from './environment-list.ts';
import { walk } from './walk.ts';
import type { Way, WaySource } from './way.ts';

export interface EnvironmentsNeeds {
  list: EnvironmentList;
  connections: Connections;
  view: Broadcast<EnvironmentsView>;
  /** Whether a new environment is connected at once. */
  connectNew: boolean;
  /** A way of its own for a test, which closes it again. */
  openWay(source: () => Promise<WaySource>): Way;
  knownHosts: Pick<KnownHosts, 'trust'>;
  companions: Pick<Companions, 'output'>;
  /** Drops what is kept over time of an environment that was removed. */
  forget(id: string): void;
}

/** Secrets as they come with a call. */
interface Typed {
  password?: { password: string; remember: boolean } | undefined;
  secrets?: TypedSecret[] | undefined;
}

/** What a test is about: a saved environment, or the fields of a form. */
type TestInput = Typed &
  ({ environment: string } | { connection: Connection; environment?: string | undefined });

export function environmentsRouter(
  os: Implementer,
  { list, connections, view, connectNew, forget, openWay, knownHosts, companions }: EnvironmentsNeeds,
) {
  const keep = async (id: string, { password, secrets = [] }: Typed): Promise<void> => {
    if (password) await list.setPassword(id, password.password, password.remember);
    for (const secret of secrets) await list.setSecret(id, secret);
  };
  const isTyped = ({ password, secrets }: Typed): boolean =>
    password !== undefined || (secrets !== undefined && secrets.length > 0);
  /** Walks to what is in the form, or to what is saved. A stored secret is only tried where it belongs. */
  const walkFor = (input: TestInput, signal: AbortSignal | undefined) => {
    const saved = input.environment === undefined ? undefined : list.find(input.environment);
    const connection = 'connection' in input ? input.connection : (saved as Environment).connection;
    const mayUse = saved && samePlace(saved.connection, connection) ? saved.id : undefined;
    const way = openWay(async () => ({
      connection,
      password: input.password?.password ?? (mayUse ? await list.password(mayUse) : undefined),
      secret: async (kind, of) =>
        input.secrets?.find((one) => one.kind === kind && one.of === of)?.value ??
        (saved && (mayUse || kind !== 'client-key-passphrase')
          ? await list.secret(saved.id, kind, of)
          : undefined),
    }));
    return walk(way, connection, signal);
  };
  const snapshot = (): EnvironmentsView => viewOf(list, connections);

  return os.environments.router({
    list: os.environments.list.handler(snapshot),
    watch: os.environments.watch.handler(async function* ({ signal }) {
      yield snapshot();
      yield* view.follow(signal, { fresh: true });
    }),
    add: os.environments.add.handler(async ({ input }) => {
      const { id } = await list.add(input.draft, { connect: input.connect });
      await keep(id, input);
      if (connectNew && input.connect) void connections.connect(id);
      return list.find(id);
    }),
    update: os.environments.update.handler(async ({ input }) => {
      const before = list.find(input.environment);
      const { id } = before;
      if (isDelicate(before, input.changes)) checkTypedName(before, input.confirm);
      const after = list.change(id, withoutUndefined(input.changes));
      const moved = input.changes.connection && !sameConnection(before.connection, after.connection);
      // A password for one place must never be sent to another.
      if (moved && !input.password && !samePlace(before.connection, after.connection)) {
        await list.forgetSecrets(id);
      }
      await keep(id, input);
      if ((moved || isTyped(input)) && (after.connect || connections.status(id).state !== 'disconnected')) {
        await connections.disconnect(id);
        void connections.connect(id);
      }
      return list.find(id);
    }),
    duplicate: os.environments.duplicate.handler(async ({ input }) => {
      const original = list.find(input.environment);
      const { name, group, color, protection, connection } = original;
      const copy = await list.add(
        { name: freeName(`${name.slice(0, 75)} copy`, list.all()), group, color, protection, connection },
        { connect: false },
      );
      await list.copySecrets(original.id, copy.id);
      return list.find(copy.id);
    }),
    remove: os.environments.remove.handler(async ({ input }) => {
      const one = list.find(input.environment);
      // Of one that was opened for a call nothing is kept, so nothing can be lost.
      if (!one.transient) checkTypedName(one, input.confirm);
      await connections.drop(one.id);
      await list.remove(one.id);
      forget(one.id);
      return { removed: one.name };
    }),
    reorder: os.environments.reorder.handler(({ input }) => {
      list.reorder(input.order.map(({ environment, group }) => ({ id: list.find(environment).id, group })));
    }),
    forgetPassword: os.environments.forgetPassword.handler(async ({ input }) => {
      const { id } = list.find(input.environment);
      await list.forgetPassword(id);
      return list.find(id);
    }),
    connect: os.environments.connect.handler(async ({ input }) => {
      const { id } = list.find(input.environment);
      if (isTyped(input)) {
        await keep(id, input);
        await connections.disconnect(id);
      }
      if (input.keep) list.change(id, { connect: true });
      return connections.connect(id);
    }),
    disconnect: os.environments.disconnect.handler(async ({ input }) => {
      const { id } = list.find(input.environment);
      list.change(id, { connect: false });
      return connections.disconnect(id);
    }),
    test: os.environments.test.handler(async ({ input, signal }) => {
      let last: TestResult | undefined;
      for await (const result of walkFor(input, signal)) last = result;
      if (!last?.done) throw signal?.reason ?? new Error('The test was ended.');
      return last;
    }),
    walk: os.environments.walk.handler(async function* ({ input, signal }) {
      yield* walkFor(input, signal);
    }),
    trustHost: os.environments.trustHost.handler(({ input }) => {
      knownHosts.trust(input.host, input.type, input.key);
    }),
    companionOutput: os.environments.companionOutput.handler(async function* ({ input, signal }) {
      const { companion } = list.find(input.environment).connection;
      if (companion) yield* companions.output(companion, signal);
    }),
    open: os.environments.open.handler(async ({ input }) => {
      const { connection, password, clientKeyPassphrase } = parseOrFail(input.url);
      const one = list.addTransient({
        name: `${connection.user}@${addressText(connection)}/${connection.database}`.slice(0, 80),
        group: '',
        color: 'slate',
        protection: strictestOn(connection, list.all()),
        connection,
      });
      const typed = input.password?.password ?? password;
      if (typed !== undefined) await list.setPassword(one.id, typed, false);
      await keep(one.id, { secrets: input.secrets?.map((secret) => ({ ...secret, remember: false })) });
      if (clientKeyPassphrase !== undefined) {
        const of = connection.parameters.sslkey ?? '~/.postgresql/postgresql.key';
        await list.setSecret(one.id, {
          kind: 'client-key-passphrase',
          of,
          value: clientKeyPassphrase,
          remember: false,
        });
      }
      return list.find(one.id);
    }),
  });
}

/**
 * The strictest protection of any saved environment on the same server: an address typed out is no way round it.
 * Two names of one host can't be told to be one; names of this machine can.
 */
function strictestOn(connection: Connection, saved: Environment[]): Environment['protection'] {
  const places = new Set(placesOf(connection));
  // Through a tunnel the same address is another server.
  const here = saved.filter(
    (one) =>
      !one.transient && !one.connection.tunnel && placesOf(one.connection).some((place) => places.has(place)),
  );
  return (
    (['read-only', 'guarded'] as const).find((kind) => here.some(({ protection }) => protection === kind)) ??
    'open'
  );
}

function placesOf({ host, port, otherHosts = [] }: Connection): string[] {
  return [{ host, port }, ...otherHosts].map((one) => {
    const loopback = isLocalHost(one.host) && !one.host.startsWith('/');
    return `${loopback ? 'localhost' : one.host.toLowerCase()} ${one.port}`;
  });
}

/** All environments with their states, for every screen. */
export function viewOf(list: EnvironmentList, connections: Connections): EnvironmentsView {
  const environments = list.all();
  return { environments, statuses: environments.map(({ id }) => connections.status(id)) };
}

/** Whether changes to a protected environment take a step that its protection is there to make deliberate. */
function isDelicate(
  before: Environment,
  changes: { [K in keyof Environment]?: Environment[K] | undefined },
): boolean {
  const rank = { open: 0, guarded: 1, 'read-only': 2 } as const;
  const lowered = changes.protection !== undefined && rank[changes.protection] < rank[before.protection];
  const moved = changes.connection !== undefined && !sameConnection(changes.connection, before.connection);
  // The name is what is typed to confirm: giving it another one is a step of the same kind.
  const renamed = changes.name !== undefined && changes.name !== before.name && before.protection !== 'open';
  return lowered || moved || renamed;
}

function parseOrFail(url: string) {
  try {
    return parseConnectionUrl(url);
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    throw fail('INVALID', {
      cause: 'url-malformed',
      field: error.field,
      what: error.message,
      why: 'The connection URL could not be read.',
      next: 'A connection URL reads postgres://user@host:5432/database.',
    });
  }
}

/** Optional fields that were sent as undefined are no changes. */
function withoutUndefined<T extends object>(changes: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}
