import type { Connection, TypedSecret } from '../../preload/contract/connection.ts';
import { sameConnection, samePlace } from '../../preload/contract/connection-place.ts';
import { addressText, parseConnectionUrl, UrlProblem } from '../../preload/contract/connection-url.ts';
import type {
  Environment,
  EnvironmentDraft,
  EnvironmentsView,
  TestResult,
} from '../../preload/contract/environments.ts';
import type { Companions } from '../companions/index.ts';
import { checkProtectors, checkTypedName, guardsAmong, isLooser, type Protectors } from '../guard/index.ts';
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

/** What is to become of a saved environment. */
interface Update extends Typed {
  changes: { [Field in keyof EnvironmentDraft]?: EnvironmentDraft[Field] | undefined };
  confirm?: string | undefined;
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
  const inTurn = takeTurns();
  const isTyped = ({ password, secrets }: Typed): boolean =>
    password !== undefined || (secrets !== undefined && secrets.length > 0);
  /** Walks to what is in the form, or to what is saved. A stored secret is only tried where it belongs. */
  const walkFor = (input: TestInput, signal: AbortSignal | undefined) => {
    const saved = input.environment === undefined ? undefined : list.find(input.environment);
    const connection = 'connection' in input ? input.connection : (saved as Environment).connection;
    const mayUse = (): boolean => {
      const now = list.all().find(({ id }) => id === saved?.id);
      return now !== undefined && samePlace(now.connection, connection);
    };
    const stored = async (): Promise<string | undefined> => {
      const password = saved && mayUse() ? await list.password(saved.id) : undefined;
      // It may have been moved while the keychain was asked.
      return mayUse() ? password : undefined;
    };
    const way = openWay(async () => ({
      connection,
      password: input.password?.password ?? (await stored()),
      secret: async (kind, of) =>
        input.secrets?.find((one) => one.kind === kind && one.of === of)?.value ??
        (saved && (mayUse() || kind !== 'client-key-passphrase')
          ? await list.secret(saved.id, kind, of)
          : undefined),
    }));
    return walk(way, connection, signal);
  };
  const update = async (id: string, input: Update): Promise<Environment> => {
    const before = list.find(id);
    const changes = withoutUndefined(input.changes);
    const wanted = { ...before, ...changes };
    checkUpdate(before, wanted, await protectorsFor(before, wanted, list.all()), input.confirm);
    list.checkName(wanted.name, id);
    const moved = !sameConnection(before.connection, wanted.connection);
    const elsewhere = moved && !samePlace(before.connection, wanted.connection);
    const connects = before.connect || connections.status(id).state !== 'disconnected';
    if (moved || isTyped(input)) await connections.disconnect(id);
    // A password for one place must never be sent to another: it goes before the address does, and nothing that
    // began before is still under way when the next one comes.
    if (elsewhere) {
      await list.leaveSample(id);
      await (input.password ? list.forgetPassword(id) : list.forgetSecrets(id));
    }
    list.change(id, changes);
    if (moved) await connections.disconnect(id);
    await keep(id, input);
    if ((moved || isTyped(input)) && connects) void connections.connect(id);
    return list.find(id);
  };
  const snapshot = (): EnvironmentsView => viewOf(list, connections);

  return os.environments.router({
    list: os.environments.list.handler(snapshot),
    watch: os.environments.watch.handler(async function* ({ signal }) {
      yield snapshot();
      yield* view.follow(signal, { fresh: true });
    }),
    add: os.environments.add.handler(async ({ input }) => {
      const { connection, protection } = input.draft;
      const guards = await guardsAmong(list.all());
      checkProtectors(input.draft, await guards.protectors(connection, protection), input.confirm);
      const { id } = await list.add(input.draft, { connect: input.connect });
      await keep(id, input);
      if (connectNew && input.connect) void connections.connect(id);
      return list.find(id);
    }),
    update: os.environments.update.handler(async ({ input }) => {
      const { id } = list.find(input.environment);
      return await inTurn(id, () => update(id, input));
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
      await inTurn(id, () => list.forgetPassword(id));
      return list.find(id);
    }),
    connect: os.environments.connect.handler(async ({ input }) => {
      const { id } = list.find(input.environment);
      // A typed password takes the place of a stored one, on a protected environment too, without its name and without
      // a line in the audit log: it changes nothing on the server, which decides by itself whether it lets it in, and a
      // wrong one is mended by typing again.
      if (isTyped(input)) {
        await inTurn(id, async () => {
          await keep(id, input);
          await connections.disconnect(id);
        });
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
        protection: await (await guardsAmong(list.all())).strictest(connection),
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

/** All environments with their states, for every screen. */
export function viewOf(list: EnvironmentList, connections: Connections): EnvironmentsView {
  const environments = list.all();
  return { environments, statuses: environments.map(({ id }) => connections.status(id)) };
}

/** Who protects the server that an environment is moved to, or on which it is to be protected less. */
async function protectorsFor(
  before: Environment,
  wanted: Environment,
  all: Environment[],
): Promise<Protectors> {
  const moved = !sameConnection(before.connection, wanted.connection);
  if (!moved && !isLooser(wanted.protection, before.protection)) return { environments: [], certain: true };
  const guards = await guardsAmong(all.filter(({ id }) => id !== before.id));
  const protectors = await guards.protectors(wanted.connection, wanted.protection);
  if (isLooser(wanted.protection, before.protection)) return protectors;
  // It is there already, and as it was.
  const known = await guards.protectors(before.connection, before.protection);
  const ids = new Set(known.certain ? known.environments.map(({ id }) => id) : []);
  return { ...protectors, environments: protectors.environments.filter(({ id }) => !ids.has(id)) };
}

/**
 * Wants one name typed: of the environment itself where a change to it is delicate, or of the one that protects its
 * server, whichever is protected more strictly. @throws CONFIRMATION_REQUIRED
 */
function checkUpdate(
  before: Environment,
  wanted: Environment,
  protectors: Protectors,
  confirm: string | undefined,
): void {
  const [first] = protectors.environments;
  const isOwn = isDelicate(before, wanted) && (!first || isLooser(first.protection, before.protection));
  if (isOwn) checkTypedName(before, confirm);
  else checkProtectors(wanted, protectors, confirm);
}

/** Whether a change takes a step that an environment's protection is there to make deliberate. */
function isDelicate(before: Environment, wanted: Environment): boolean {
  if (before.protection === 'open') return false;
  return (
    isLooser(wanted.protection, before.protection) ||
    !sameConnection(wanted.connection, before.connection) ||
    // The name is what is typed to confirm: giving it another one is a step of the same kind.
    wanted.name !== before.name
  );
}

/** Runs work on one environment after what was begun on it before: an address and its secrets change together. */
function takeTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(id);
    const mine = Promise.resolve(before).then(work);
    const ended = mine.catch(() => undefined);
    last.set(id, ended);
    try {
      return await mine;
    } finally {
      if (last.get(id) === ended) last.delete(id);
    }
  };
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
