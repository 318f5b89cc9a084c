import { isLocalHost, parseConnectionUrl, UrlProblem } from '../../preload/contract/connection-url.ts';
import type { Connection, Environment, EnvironmentsView } from '../../preload/contract/environments.ts';
import { checkTypedName } from '../guard/index.ts';
import type { Broadcast } from '../lib/broadcast.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import type { Connections } from './connections.ts';
import { type EnvironmentList, freeName } from './environment-list.ts';
import { testConnection } from './test-steps.ts';

export interface EnvironmentsNeeds {
  list: EnvironmentList;
  connections: Connections;
  view: Broadcast<EnvironmentsView>;
  /** Whether a new environment is connected at once. */
  connectNew: boolean;
  /** Drops what is kept over time of an environment that was removed. */
  forget(id: string): void;
}

interface TypedPassword {
  password: string;
  remember: boolean;
}

export function environmentsRouter(
  os: Implementer,
  { list, connections, view, connectNew, forget }: EnvironmentsNeeds,
) {
  const keepPassword = async (id: string, typed: TypedPassword | undefined): Promise<void> => {
    if (typed) await list.setPassword(id, typed.password, typed.remember);
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
      await keepPassword(id, input.password);
      if (connectNew && input.connect) void connections.connect(id);
      return list.find(id);
    }),
    update: os.environments.update.handler(async ({ input }) => {
      const before = list.find(input.environment);
      const { id } = before;
      if (isDelicate(before, input.changes)) checkTypedName(before, input.confirm);
      const after = list.change(id, withoutUndefined(input.changes));
      const moved = input.changes.connection && addressOf(before.connection) !== addressOf(after.connection);
      // A password for one place must never be sent to another.
      if (moved && !input.password && identityOf(before.connection) !== identityOf(after.connection)) {
        await list.forgetPassword(id);
      }
      await keepPassword(id, input.password);
      if ((moved || input.password) && (after.connect || connections.status(id).state !== 'disconnected')) {
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
      const password = await list.password(original.id);
      if (password !== undefined) await list.setPassword(copy.id, password, original.password !== 'memory');
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
      if (input.password) {
        await keepPassword(id, input.password);
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
    test: os.environments.test.handler(async ({ input }) => {
      const saved = input.environment === undefined ? undefined : list.find(input.environment);
      const connection = 'connection' in input ? input.connection : (saved as Environment).connection;
      // The stored password is only tried where it belongs.
      const mayUse = saved && identityOf(saved.connection) === identityOf(connection);
      const password = input.password?.password ?? (mayUse ? await list.password(saved.id) : undefined);
      return testConnection({ connection, password });
    }),
    open: os.environments.open.handler(async ({ input }) => {
      const { connection, password } = parseOrFail(input.url);
      const one = list.addTransient({
        name: `${connection.user}@${connection.host}:${connection.port}/${connection.database}`.slice(0, 80),
        group: '',
        color: 'slate',
        protection: strictestOn(connection, list.all()),
        connection,
      });
      const typed = input.password?.password ?? password;
      if (typed !== undefined) await list.setPassword(one.id, typed, false);
      return list.find(one.id);
    }),
  });
}

/**
 * The strictest protection of any saved environment on the same server: an address typed out is no way round it.
 * Two names of one host can't be told to be one; names of this machine can.
 */
function strictestOn(connection: Connection, saved: Environment[]): Environment['protection'] {
  const place = placeOf(connection);
  const here = saved.filter((one) => !one.transient && placeOf(one.connection) === place);
  return (
    (['read-only', 'guarded'] as const).find((kind) => here.some(({ protection }) => protection === kind)) ??
    'open'
  );
}

function placeOf({ host, port }: Connection): string {
  const loopback = isLocalHost(host) && !host.startsWith('/');
  return `${loopback ? 'localhost' : host.toLowerCase()} ${port}`;
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
  const moved =
    changes.connection !== undefined && addressOf(changes.connection) !== addressOf(before.connection);
  // The name is what is typed to confirm: giving it another one is a step of the same kind.
  const renamed = changes.name !== undefined && changes.name !== before.name && before.protection !== 'open';
  return lowered || moved || renamed;
}

function addressOf(connection: Connection): string {
  const { host, port, database, user, sslmode, parameters } = connection;
  return JSON.stringify([host, port, database, user, sslmode, Object.entries(parameters).sort()]);
}

/** The place a password is for: server and role, whatever the database. */
function identityOf({ host, port, user }: Connection): string {
  return JSON.stringify([host, port, user]);
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
