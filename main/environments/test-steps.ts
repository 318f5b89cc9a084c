import { lookup } from 'node:dns/promises';
import { createConnection } from 'node:net';
import type { Connection, TestResult } from '../../preload/contract/environments.ts';
import { type Address, connectClient, explainFailure, readFacts } from '../servers/index.ts';
import visibilitySql from './visibility.sql?raw';

type Step = TestResult['steps'][number];
type StepName = Step['step'];

const order: StepName[] = ['name', 'port', 'tls', 'authentication', 'database', 'visibility'];

/** At which step each cause of failure shows itself; what is not here shows at authentication. */
const stepOfCause: Record<string, StepName> = {
  'name-not-found': 'name',
  'nothing-listening': 'port',
  'host-silent': 'port',
  'tls-not-offered': 'tls',
  'certificate-not-trusted': 'tls',
  'no-such-database': 'database',
  'no-connect-privilege': 'database',
  'too-many-connections': 'database',
  'starting-up': 'database',
};

/**
 * Walks the way to a server: name, port, TLS, authentication, database, and what the role may see there.
 * Never throws for a server's fault; the result names the failing step, its cause and what to do.
 */
export async function testConnection(address: Address): Promise<TestResult> {
  const { connection } = address;
  const steps: Step[] = [];
  const timed = async (step: StepName, work: () => Promise<string>): Promise<void> => {
    const from = performance.now();
    const detail = await work();
    steps.push({ step, outcome: 'good', ms: performance.now() - from, detail });
  };
  let from = performance.now();
  try {
    await timed('name', () => resolveName(connection));
    await timed('port', () => knock(connection));
    from = performance.now();
    const { client, tls } = await connectClient(address, {
      applicationName: 'howdah',
      statementTimeoutMs: 5000,
      lockTimeoutMs: 500,
    });
    try {
      const ms = performance.now() - from;
      const server = await readFacts(client, tls !== false);
      steps.push(
        {
          step: 'tls',
          outcome: 'good',
          ms: 0,
          detail: tls ? `Encrypted (sslmode ${connection.sslmode}).` : 'Not encrypted.',
        },
        { step: 'authentication', outcome: 'good', ms, detail: `Accepted as "${server.user}".` },
        {
          step: 'database',
          outcome: 'good',
          ms: 0,
          detail: `PostgreSQL ${server.version}, ${server.role}, "${server.database}".`,
        },
      );
      await timed('visibility', async () => {
        const { rows } = await client.query<{ sees_all: boolean }>(visibilitySql);
        return rows[0]?.sees_all
          ? 'Sees all sessions.'
          : "Limited visibility: the state of other roles' sessions is hidden. GRANT pg_monitor would show it.";
      });
      return { good: true, steps, server };
    } finally {
      await client.end().catch(() => undefined);
    }
  } catch (error) {
    const problem = explainFailure(error, connection, address.password !== undefined);
    return {
      good: false,
      steps: failedAt(steps, problem.cause, performance.now() - from, problem.what),
      problem,
    };
  }
}

/** The steps done, then those that must have gone well before this failure, the failed one, and the rest skipped. */
function failedAt(done: Step[], cause: string, ms: number, detail: string): Step[] {
  const reached = order.indexOf(stepOfCause[cause] ?? 'authentication');
  const failed = Math.max(reached, done.length);
  return order.map((step, index) => {
    const known = done[index];
    if (known && index !== failed) return known;
    if (index === failed) return { step, outcome: 'bad', ms, detail };
    return index < failed
      ? { step, outcome: 'good', ms: 0, detail: '' }
      : { step, outcome: 'skipped', ms: 0, detail: 'Not reached.' };
  });
}

async function resolveName({ host }: Connection): Promise<string> {
  if (host.startsWith('/')) return 'A socket directory.';
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address }) => address).join(', ');
}

/** Opens and closes a connection without a word. */
function knock({ host, port }: Connection): Promise<string> {
  const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  return new Promise((resolve, reject) => {
    const socket = createConnection({ ...target, timeout: 10_000 });
    socket.once('connect', () => {
      socket.destroy();
      resolve('Something listens.');
    });
    socket.once('timeout', () => {
      socket.destroy();
      reject(Object.assign(new Error('No answer within 10 s.'), { code: 'ETIMEDOUT' }));
    });
    socket.once('error', reject);
  });
}
