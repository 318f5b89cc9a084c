import { ORPCError } from '@orpc/client';
import type { ActivitySample, BackendRef } from '../../../preload/contract/activity.ts';
import type { Preferences } from '../../../preload/contract/console.ts';
import type { HowdahClient } from '../../../renderer/lib/client.ts';
import { seeded } from './backends.ts';
import { fixtureHistory, fixtureSizes, measure } from './history.ts';

/*
 * Stands in for renderer/lib/client.ts. The address says what to play:
 * ?backends=400&hidden=0&blocking=1&play=full|loading|empty|error
 */
const options = new URLSearchParams(window.location.search);
const play = options.get('play') ?? 'full';
const worker = new Worker(new URL('./server.worker.ts', import.meta.url), { type: 'module' });
worker.postMessage({
  backends: play === 'empty' ? 0 : Number(options.get('backends') ?? 400),
  hidden: Number(options.get('hidden') ?? 0),
  blocking: play !== 'empty' && options.get('blocking') !== '0',
});

/** The next sample off the wire. */
const nextSample = (): Promise<ActivitySample> =>
  new Promise((resolve) => {
    const take = ({ data }: MessageEvent<ActivitySample>): void => {
      last = data;
      resolve(data);
    };
    worker.addEventListener('message', take, { once: true });
  });

let last: ActivitySample | undefined;
void nextSample();
let preferences: Preferences = { theme: 'system', railCollapsed: false, tables: {} };

const trouble = () =>
  new ORPCError('SERVER_ERROR', {
    data: {
      what: 'The server refused the question.',
      why: 'The role has no right to read pg_stat_activity.',
      next: 'Ask for EXECUTE on pg_stat_get_activity to be granted back.',
      cause: 'permission-denied',
      server: { message: 'permission denied for function pg_stat_get_activity', sqlstate: '42501' },
    },
  });

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function ready(): Promise<void> {
  if (play === 'loading') await new Promise(() => undefined);
  if (play === 'error') throw trouble();
}

const find = (ref: BackendRef) => last?.backends.find(({ pid }) => pid === ref.pid);

const activity = {
  async watch(_input: unknown, { signal }: { signal: AbortSignal }) {
    await ready();
    return (async function* () {
      while (!signal.aborted) {
        yield await nextSample();
      }
    })();
  },
  async detail({ backend: ref }: { backend: BackendRef }) {
    const backend = find(ref);
    if (!backend) throw trouble();
    const waiting = backend.state === 'waiting';
    return {
      backend,
      query: `${backend.query ?? ''}\n-- the whole text`,
      truncatedByServer: backend.pid % 3 === 0,
      trackActivityQuerySize: 1024,
      ssl: backend.client === 'local' ? null : 'TLSv1.3 TLS_AES_256_GCM_SHA384',
      locks: [
        ...(waiting
          ? [
              {
                type: 'relation',
                mode: 'AccessExclusiveLock',
                granted: false,
                relation: 'public.accounts',
                target: null,
              },
            ]
          : []),
        {
          type: 'relation',
          mode: 'RowExclusiveLock',
          granted: true,
          relation: 'public.accounts',
          target: null,
        },
        {
          type: 'relation',
          mode: 'AccessShareLock',
          granted: true,
          relation: 'public.accounts_owner_created_at_idx',
          target: null,
        },
        { type: 'virtualxid', mode: 'ExclusiveLock', granted: true, relation: null, target: '14/8812' },
      ],
    };
  },
  async impact({ backends }: { backends: BackendRef[] }) {
    await sleep(120);
    return {
      backends: backends.map((ref) => {
        const backend = find(ref);
        return {
          pid: ref.pid,
          found: backend !== undefined,
          who: backend
            ? `${backend.user} (${backend.application}) from ${backend.client} on ${backend.database}`
            : `pid ${ref.pid}`,
          what: backend?.query ?? 'It is gone.',
          unblocks: (last?.backends ?? [])
            .filter(({ blockedBy }) => blockedBy.includes(ref.pid))
            .map(({ pid }) => pid),
          warnings: backend?.transactionAt ? ['Its open transaction is rolled back.'] : [],
        };
      }),
    };
  },
  async cancel(input: { backends: BackendRef[] }) {
    return answer(input.backends);
  },
  async terminate(input: { backends: BackendRef[] }) {
    return answer(input.backends);
  },
};

function answer(backends: BackendRef[]) {
  const kinds = ['done', 'sent', 'refused', 'gone'] as const;
  return {
    results: backends.map(({ pid }, place) => ({
      pid,
      outcome: backends.length === 1 ? ('done' as const) : (kinds[place % 4] ?? 'done'),
      message:
        place % 4 === 2
          ? 'permission denied to terminate process: only roles with the SUPERUSER attribute may terminate processes of roles with the SUPERUSER attribute'
          : 'As the server said.',
    })),
  };
}

const metrics = {
  async history(input: { window: '1h' | '24h' | '7d' | '30d'; from?: number; to?: number }) {
    await ready();
    if (play === 'empty')
      return { ...fixtureHistory(input.window), series: {}, events: [], maxConnections: null };
    return fixtureHistory(input.window, input.from, input.to);
  },
  async watch(_input: unknown, { signal }: { signal: AbortSignal }) {
    await ready();
    const random = seeded(7);
    return (async function* () {
      while (!signal.aborted && play !== 'empty') {
        yield { at: Date.now(), values: measure(Date.now(), random), maxConnections: 500 };
        await sleep(1000);
      }
    })();
  },
  async databases(input: { window: '1h' | '24h' | '7d' | '30d' }) {
    await ready();
    if (play === 'empty') return { databases: [], measuredMs: null, nextAt: Date.now() + 60_000, total: [] };
    return fixtureSizes(input.window);
  },
};

const consoleRoom = {
  async preferences() {
    return preferences;
  },
  async savePreferences(change: Partial<Preferences>) {
    preferences = { ...preferences, ...change };
    return preferences;
  },
};

export function onLinkState(): () => void {
  return () => undefined;
}

export const client = { activity, metrics, console: consoleRoom } as unknown as HowdahClient;
