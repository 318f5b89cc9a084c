import type { Adviser } from '../../preload/contract/advice.ts';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import type {
  HealthFacts,
  HealthLimit,
  HealthProgress,
  HealthReport,
  RoomLook,
} from '../../preload/contract/health.ts';
import { roomOrder } from '../../preload/contract/health-words.ts';
import { Broadcast } from '../lib/broadcast.ts';
import { fail } from '../lib/fail.ts';
import type { MonitoringNeeds } from '../monitoring/index.ts';
import { isClientSession } from '../sampler/index.ts';
import factsSql from './facts.sql?raw';
import { type Advise, type Looked, lookInto } from './looking.ts';
import { rankFindings } from './rank.ts';
import { withoutSecrets } from './secrets.ts';
import sizeSql from './size.sql?raw';

export interface ReportNeeds extends Pick<MonitoringNeeds, 'pool' | 'status' | 'current' | 'now'> {
  advisers: Partial<Record<Adviser, Advise>>;
  /** How long one room may look, ms. */
  patienceMs: number;
}

/** So many rooms look at once: a report is no emergency, and the pool is small. */
const atOnce = 2;

/**
 * Asks the rooms one after the other, and tells the report so far after each.
 *
 * @throws NOT_CONNECTED when there is nothing to look at
 */
export async function* reportOn(
  needs: ReportNeeds,
  environment: Environment,
  wanted: readonly Adviser[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<HealthProgress, void, void> {
  needs.pool(environment.id);
  const at = needs.now();
  const from = performance.now();
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const asked = roomOrder.filter((room) => needs.advisers[room] && (!wanted || wanted.includes(room)));
  const looks = new Map<Adviser, RoomLook>(
    asked.map((room) => [room, { room, state: 'waiting', tookMs: null, findings: 0 }]),
  );
  const looked: Looked[] = [];
  const told = new Broadcast<HealthProgress>();
  const facts = await readFacts(needs, environment);
  const soFar = (): HealthReport =>
    withoutSecrets({
      environment: { id: environment.id, name: environment.name },
      at,
      tookMs: performance.now() - from,
      facts,
      looks: [...looks.values()],
      findings: rankFindings(looked.flatMap(({ advised }) => advised.advice)),
      limits: limitsOf(looked),
    });
  const tell = (room: Adviser, change: Partial<RoomLook>): void => {
    const before = looks.get(room);
    if (before) looks.set(room, { ...before, ...change });
    told.publish({ report: soFar(), done: false });
  };
  const work = async (queue: Iterator<Adviser>): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const room = next.value;
      const advise = needs.advisers[room];
      if (!advise) continue;
      tell(room, { state: 'looking' });
      const one = await lookInto(room, advise, environment, { signal: either, patienceMs: needs.patienceMs });
      looked.push(one);
      const { state, tookMs, advised } = one;
      tell(room, { state, tookMs, findings: advised.advice.length });
    }
  };
  const queue = asked.values();
  const working = Promise.all(Array.from({ length: atOnce }, () => work(queue))).finally(() => told.close());
  // Awaited below; whoever goes away before gets no unhandled failure.
  working.catch(() => undefined);
  try {
    yield* told.follow(signal);
    await working;
    yield { report: soFar(), done: true };
  } finally {
    stop.abort();
  }
}

/** Each limit once: several rooms may lack the same right. */
function limitsOf(looked: readonly Looked[]): HealthLimit[] {
  const known = new Map<string, HealthLimit>();
  for (const { room, advised } of looked) {
    for (const limit of advised.limits) {
      const key = `${limit.cause} ${limit.what}`;
      if (!known.has(key)) known.set(key, { ...limit, room });
    }
  }
  return [...known.values()].sort((a, b) => roomOrder.indexOf(a.room) - roomOrder.indexOf(b.room));
}

async function readFacts(needs: ReportNeeds, environment: Environment): Promise<HealthFacts> {
  const { id, connection } = environment;
  const pool = needs.pool(id);
  const status = needs.status(id);
  const server = serverOf(status);
  const orNull = async <T>(read: () => Promise<T | undefined>): Promise<T | null> =>
    (await read().catch(() => undefined)) ?? null;
  const [sight, bytes, sessions] = await Promise.all([
    orNull(async () => (await pool.query<{ sight: HealthFacts['sight'] }>(factsSql))[0]?.sight ?? undefined),
    orNull(async () => (await pool.query<{ bytes: string }>(sizeSql))[0]?.bytes),
    orNull(async () => (await needs.current(id)).backends.filter(isClientSession).length),
  ]);
  return {
    address: status.host ?? `${connection.host}:${connection.port}`,
    version: server.version,
    role: server.role,
    startedAt: server.startedAt,
    database: server.database,
    user: server.user,
    sight,
    databaseBytes: bytes,
    sessions,
    maxConnections: server.maxConnections,
  };
}

function serverOf({ server }: EnvironmentStatus): NonNullable<EnvironmentStatus['server']> {
  if (server) return server;
  throw fail('NOT_CONNECTED', {
    cause: 'not-connected',
    what: 'It is not connected.',
    why: 'Nothing is known of its server yet.',
    next: 'Connect it, then run the report again.',
  });
}
