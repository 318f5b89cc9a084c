import { setTimeout as sleep } from 'node:timers/promises';
import { implement } from '@orpc/server';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { Ask, Connection, TypedSecret } from '../../../preload/contract/connection.ts';
import type {
  Environment,
  EnvironmentsView,
  Finding,
  TestResult,
} from '../../../preload/contract/environments.ts';
import { contract } from '../../../preload/contract/index.ts';
import { companionLines, hostKeyAsk, makeStatus } from './data.ts';

type Step = TestResult['steps'][number];

/** The environments that all rooms of the acted console share. */
export interface EnvironmentStore {
  all: Environment[];
}

/**
 * The environments of a console that is only acted. A test of a connection asks for what it is made to ask: a host
 * key for each new SSH host, a password for `auth: password` (`wrong` is refused), a passphrase for a key file. It
 * fails at a host with `refused` in its name, and finds a pooler on port 6432.
 */
export function environmentsFixture(store: EnvironmentStore) {
  const os = implement(contract).environments;
  const trusted = new Set<string>();
  /** Environments whose question was answered. */
  const answered = new Set<string>();

  const find = (ref: string): Environment => {
    const one = store.all.find(({ id, name }) => id === ref || name === ref);
    if (!one) throw new Error(`No environment ${ref}.`);
    return one;
  };
  const view = (): EnvironmentsView => {
    const now = Date.now();
    const statuses = store.all.map((environment, index) => {
      const status = makeStatus(environment, index, now);
      if (!status.ask || !answered.has(environment.id)) return status;
      const { ask: _, problem: __, ...rest } = status;
      return { ...rest, state: 'connecting' as const };
    });
    return { environments: store.all, statuses };
  };
  const statusOf = (ref: string) => {
    const { id } = find(ref);
    const status = view().statuses.find(({ environment }) => environment === id);
    if (!status) throw new Error(`No status of ${ref}.`);
    return status;
  };
  const walkFor = (
    input: { secrets?: TypedSecret[] | undefined } & ({ connection: Connection } | { environment: string }),
  ) => {
    const connection = 'connection' in input ? input.connection : find(input.environment).connection;
    return walk(connection, input.secrets ?? [], trusted);
  };

  return {
    list: os.list.handler(view),
    watch: os.watch.handler(async function* ({ signal }) {
      while (!signal?.aborted) {
        yield view();
        await sleep(1000, undefined, signal ? { signal } : {}).catch(() => undefined);
      }
    }),
    add: os.add.handler(({ input, errors }) => {
      if (store.all.some(({ name }) => name === input.draft.name)) {
        throw errors.INVALID({ data: nameTaken });
      }
      const added: Environment = {
        ...input.draft,
        id: `env-${Math.random()}`,
        password: input.password ? 'memory' : 'none',
        transient: false,
        connect: true,
      };
      store.all = [...store.all, added];
      return added;
    }),
    update: os.update.handler(({ input }) => {
      const before = find(input.environment);
      const changes = Object.fromEntries(
        Object.entries(input.changes).filter(([, value]) => value !== undefined),
      );
      const after = { ...before, ...changes } as Environment;
      store.all = store.all.map((one) => (one.id === before.id ? after : one));
      return after;
    }),
    duplicate: os.duplicate.handler(({ input }) => {
      const original = find(input.environment);
      const copy = { ...original, id: `env-${Math.random()}`, name: `${original.name} copy` };
      store.all = [...store.all, copy];
      return copy;
    }),
    remove: os.remove.handler(({ input }) => {
      const { id, name } = find(input.environment);
      store.all = store.all.filter((one) => one.id !== id);
      return { removed: name };
    }),
    reorder: os.reorder.handler(({ input }) => {
      store.all = input.order.map(({ environment, group }) => ({ ...find(environment), group }));
    }),
    forgetPassword: os.forgetPassword.handler(({ input }) => find(input.environment)),
    connect: os.connect.handler(async ({ input }) => {
      const { ask } = statusOf(input.environment);
      await sleep(600);
      const isAnswer =
        ask?.kind === 'host-key'
          ? trusted.has(ask.host)
          : input.secrets?.some(({ value }) => value !== 'wrong') === true;
      if (isAnswer) answered.add(find(input.environment).id);
      return statusOf(input.environment);
    }),
    disconnect: os.disconnect.handler(({ input }) => statusOf(input.environment)),
    test: os.test.handler(async ({ input }) => {
      let last: TestResult | undefined;
      for await (const soFar of walkFor(input)) last = soFar;
      if (!last) throw new Error('The walk had no step.');
      return last;
    }),
    walk: os.walk.handler(({ input }) => walkFor(input)),
    trustHost: os.trustHost.handler(({ input }) => {
      trusted.add(input.host);
    }),
    companionOutput: os.companionOutput.handler(async function* ({ signal }) {
      yield companionLines(0, 230, Date.now());
      for (let from = 230; !signal?.aborted; from += 1) {
        await sleep(900, undefined, signal ? { signal } : {}).catch(() => undefined);
        yield companionLines(from, 1, Date.now());
      }
    }),
  };
}

/** Walks the way to a server as the connection makes it, a step each half second. */
async function* walk(
  connection: Connection,
  secrets: readonly TypedSecret[],
  trusted: ReadonlySet<string>,
): AsyncGenerator<TestResult, void> {
  const steps = stepsOf(connection).map(
    (step): Step => ({ step, outcome: 'skipped', ms: 0, detail: 'Not reached.' }),
  );
  const soFar = { done: false, good: false, findings: [] };
  for (const step of steps) {
    const { step: name } = step;
    Object.assign(step, { outcome: 'running', detail: '' });
    yield { ...soFar, steps: structuredClone(steps) };
    await sleep(name === 'tunnel' ? 900 : 450);
    const end = name === 'tunnel' ? tunnelEnd(connection, secrets, trusted) : serverEnd(connection, name);
    const detail = end?.detail ?? details[name];
    Object.assign(step, { outcome: end ? 'bad' : 'good', ms: 0.4 + name.length ** 3, detail });
    if (!end) continue;
    const { detail: _, ...why } = end;
    yield { ...soFar, done: true, steps, ...why };
    return;
  }
  yield { done: true, good: true, steps, findings: connection.port === 6432 ? remarks : [] };
}

const remarks: Finding[] = [
  {
    severity: 'warning',
    id: 'behind-pooler',
    text: 'A pooler in transaction mode stands in between: session settings, prepared statements, LISTEN and advisory locks do not hold across transactions, and cancelling may hit another session.',
  },
  {
    severity: 'bad',
    id: 'password-known',
    text: 'The password equals the name of the user, on a server that others can reach.',
  },
  {
    severity: 'notice',
    id: 'limited-visibility',
    text: 'States of other roles are hidden: GRANT pg_monitor TO app lifts it.',
  },
];

type End = { detail: string; problem: Explanation; ask?: Ask } | undefined;

function stepsOf({ tunnel, companion, host }: Connection): Step['step'][] {
  return [
    ...(companion ? (['companion'] as const) : []),
    ...(tunnel ? (['tunnel'] as const) : []),
    ...(tunnel || host.startsWith('/') ? [] : (['name'] as const)),
    'port',
    'tls',
    'authentication',
    'database',
    'privileges',
    'visibility',
  ];
}

const details: Record<Step['step'], string> = {
  companion: 'Ready on 127.0.0.1:5433.',
  tunnel: 'ada@jump.example.com:22, ada@bastion.example.com:22',
  name: '10.0.12.7, fd00::1:2:3',
  port: 'Something listens.',
  tls: 'TLS 1.3, certificate of db.example.com by Example CA, until 2027-03-01',
  authentication: 'scram-sha-256',
  database: 'PostgreSQL 17.6, primary',
  privileges: 'CONNECT; pg_monitor',
  visibility: 'All sessions.',
};

function tunnelEnd(
  { tunnel }: Connection,
  secrets: readonly TypedSecret[],
  trusted: ReadonlySet<string>,
): End {
  if (!tunnel) return undefined;
  const place = `${tunnel.host}:${tunnel.port ?? 22}`;
  if (!trusted.has(place)) {
    const ask = { ...hostKeyAsk, host: place };
    const what = `The SSH server ${place} is not known yet.`;
    return {
      detail: what,
      ask,
      problem: {
        what,
        why: `It shows ${ask.fingerprint}.`,
        next: 'Compare it, then trust it.',
        cause: 'tunnel-host-key-unknown',
      },
    };
  }
  const secret = tunnel.auth === 'password' ? 'ssh-password' : tunnel.keyFile ? 'key-passphrase' : undefined;
  if (!secret) return undefined;
  const of = secret === 'ssh-password' ? `${tunnel.user ?? 'ada'}@${place}` : (tunnel.keyFile ?? '');
  const typed = secrets.find((one) => one.kind === secret && one.of === of);
  if (typed && typed.value !== 'wrong') return undefined;
  const wasWrong = typed !== undefined;
  const what =
    secret === 'ssh-password'
      ? wasWrong
        ? `The SSH server refused the password of ${of}.`
        : `The SSH server wants a password for ${of}.`
      : wasWrong
        ? `The passphrase of ${of} is wrong.`
        : `The key ${of} wants its passphrase.`;
  const why = wasWrong ? '' : 'None is stored for it.';
  return {
    detail: what,
    ask: { kind: 'secret', secret, of, wasWrong },
    problem: {
      what,
      why,
      next: 'Enter it.',
      cause: wasWrong ? 'tunnel-authentication-refused' : 'tunnel-password-missing',
    },
  };
}

function serverEnd({ host, port }: Connection, step: Step['step']): End {
  if (step !== 'port' || !host.includes('refused')) return undefined;
  const what = `Nothing listens on ${host}:${port}.`;
  return {
    detail: what,
    problem: {
      what,
      why: 'The host answered that no program has that port open: PostgreSQL is not running there, listens on another port, or only on its own loopback address.',
      next: 'Start it, or look at listen_addresses and port in its postgresql.conf.',
      cause: 'nothing-listening',
      command: `pg_isready -h ${host} -p ${port}`,
      server: { message: `connect ECONNREFUSED 10.0.12.7:${port}`, system: 'ECONNREFUSED' },
    },
  };
}

const nameTaken = {
  field: 'name',
  cause: 'name-taken',
  what: 'There is already an environment of that name.',
  why: 'Names tell environments apart on every screen and on the command line.',
  next: 'Choose another name.',
};
