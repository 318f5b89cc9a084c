import type { ActivitySample, Backend, SessionState } from '../../../preload/contract/activity.ts';

/** A generator of numbers from 0 to 1 that is the same in each run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const databases = [
  'billing',
  'kronos_eam',
  'iotistic',
  'tau_lighting',
  'Ünïcode-Datenbank mit Leerzeichen',
  'edictflow',
];
const users = ['app', 'reporting', 'etl', 'grafana', 'o"brien', 'migrator'];
const applications = [
  'billing-api',
  'worker 🐘',
  'psql',
  '',
  'PostgreSQL JDBC Driver',
  'an-application-name-that-was-never-meant-to-be-read-by-a-person/build-2025.11.20+sha.9f8e7d6c5b4a',
  'metrics‮gnp.exe',
];
const queries = [
  'SELECT i.id, i.total, c.name FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE i.due_on < $1 ORDER BY i.due_on LIMIT $2',
  'UPDATE accounts\n   SET balance = balance - $1\n WHERE id = $2',
  'INSERT INTO readings (device_id, taken_at, value) VALUES ($1, $2, $3), ($4, $5, $6)',
  'COMMIT',
  'BEGIN',
  "SELECT '🐘🐘🐘', repeat('x', 400) FROM generate_series(1, 1000000)",
  'VACUUM (ANALYZE, VERBOSE) readings_2025_11_19',
  `WITH RECURSIVE tree AS (${'SELECT id, parent_id FROM zones UNION ALL '.repeat(12)}SELECT 1, 2) SELECT * FROM tree`,
];
const waits: readonly [string, string][] = [
  ['IO', 'DataFileRead'],
  ['LWLock', 'WALWrite'],
  ['Timeout', 'VacuumDelay'],
  ['IPC', 'BgworkerShutdown'],
];

export interface FixtureOptions {
  backends: number;
  /** How many of them this role may not see. */
  hidden: number;
  /** Whether there are chains of waiters. */
  blocking: boolean;
}

/** A server whose sessions all change from one sample to the next. */
export class FixtureServer {
  readonly #random = seeded(42);
  readonly #options: FixtureOptions;
  #backends: Backend[];
  #nextPid = 4000;

  constructor(options: FixtureOptions) {
    this.#options = options;
    this.#backends = Array.from({ length: options.backends }, () => this.#born(Date.now()));
  }

  /** The next sample: every session's times and most of their states and statements have changed. */
  sample(): ActivitySample {
    const now = Date.now();
    const ends = this.#options.backends > 20 ? 0.02 : 0;
    this.#backends = this.#backends.map((backend) =>
      this.#random() < ends ? this.#born(now) : this.#changed(backend, now),
    );
    const backends = this.#options.blocking ? this.#withChains(now) : this.#backends;
    const hidden = backends.map((backend, place) => (place < this.#options.hidden ? hide(backend) : backend));
    return {
      serverNow: now,
      at: now,
      backends: [...hidden, ...this.#own(now), ...background(now)],
      prepared: [],
      maxConnections: Math.max(100, Math.ceil(this.#options.backends / 100) * 125),
      reservedConnections: 3,
      hidden: this.#options.hidden,
      serverMs: 0.9,
      intervalMs: 1000,
    };
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  #born(now: number): Backend {
    const pid = this.#nextPid++;
    const connectedAt = now - Math.floor(this.#random() ** 3 * 3 * 86_400_000);
    return {
      pid,
      backendStart: new Date(connectedAt).toISOString(),
      database: this.#pick(databases),
      user: this.#pick(users),
      application: this.#pick(applications),
      client:
        this.#random() < 0.2 ? 'local' : `10.4.${pid % 200}.${(pid * 7) % 250}:${40_000 + (pid % 9000)}`,
      type: 'client backend',
      state: 'idle',
      waitType: 'Client',
      wait: 'ClientRead',
      connectedAt,
      transactionAt: null,
      queryAt: connectedAt,
      stateAt: connectedAt,
      waitingSince: null,
      waitsFor: null,
      leaderPid: null,
      queryId: String(this.#random()).slice(2, 20),
      query: this.#pick(queries).slice(0, 500),
      queryCut: false,
      blockedBy: [],
      own: false,
    };
  }

  #changed(backend: Backend, now: number): Backend {
    const roll = this.#random();
    const state: SessionState =
      roll < 0.22 ? 'active' : roll < 0.3 ? 'idle in transaction' : roll < 0.31 ? 'aborted' : 'idle';
    const since = now - Math.floor(this.#random() ** 6 * 4_000_000);
    const open = state !== 'idle';
    const wait =
      state === 'active'
        ? this.#random() < 0.3
          ? this.#pick(waits)
          : null
        : (['Client', 'ClientRead'] as const);
    return {
      ...backend,
      state,
      waitType: wait?.[0] ?? null,
      wait: wait?.[1] ?? null,
      query: this.#pick(queries).slice(0, 500),
      queryAt: since,
      stateAt: since + 5,
      transactionAt: open ? since - 20 : null,
      waitingSince: null,
      waitsFor: null,
      blockedBy: [],
    };
  }

  /** A chain five deep with a diamond in it, a queue, a prepared transaction, and a ring. */
  #withChains(now: number): Backend[] {
    const all = this.#backends;
    const pid = (place: number): number => (all[place] as Backend).pid;
    const behind: Record<number, number[]> = {
      11: [pid(10)],
      12: [pid(10)],
      13: [pid(11), pid(12)],
      14: [pid(13)],
      15: [pid(14)],
      16: [pid(15), pid(17)],
      21: [pid(20)],
      22: [pid(20), pid(21)],
      23: [pid(20), pid(21), pid(22)],
      31: [0],
      41: [pid(42)],
      42: [pid(41)],
      51: [999_999],
    };
    return all.map((backend, place) => {
      const blockedBy = behind[place];
      if (place === 10 || place === 20)
        return {
          ...backend,
          state: 'idle in transaction',
          transactionAt: chainStart - 700_000,
          stateAt: chainStart - 650_000,
          query: 'UPDATE accounts SET balance = 0',
        };
      if (!blockedBy) return backend;
      return {
        ...backend,
        state: 'waiting',
        waitType: 'Lock',
        wait: place === 31 ? 'relation' : 'transactionid',
        waitingSince: Math.min(now, chainStart + place * 500),
        waitsFor: { mode: 'RowExclusiveLock', target: 'public.orders' },
        queryAt: chainStart + place * 500,
        transactionAt: chainStart,
        blockedBy,
      };
    });
  }

  #own(now: number): Backend[] {
    return [
      {
        ...this.#born(now),
        pid: 3999,
        backendStart: 'own',
        application: 'howdah',
        state: 'active',
        own: true,
        connectedAt: now - 60_000,
        queryAt: now,
        transactionAt: now,
        query: 'SELECT …',
      },
    ];
  }
}

const chainStart = Date.now() - 95_000;

/** What a role without pg_read_all_stats gets of another role's session. */
function hide(backend: Backend): Backend {
  return {
    ...backend,
    backendStart: null,
    client: null,
    type: null,
    state: 'hidden',
    waitType: null,
    wait: null,
    connectedAt: null,
    transactionAt: null,
    queryAt: null,
    stateAt: null,
    waitingSince: null,
    waitsFor: null,
    leaderPid: null,
    queryId: null,
    query: '<insufficient privilege>',
    queryCut: false,
    blockedBy: [],
  };
}

function background(now: number): Backend[] {
  return [
    'checkpointer',
    'background writer',
    'walwriter',
    'autovacuum launcher',
    'logical replication launcher',
  ].map((type, place) => ({
    pid: 60 + place,
    backendStart: 'start',
    database: null,
    user: null,
    application: '',
    client: null,
    type,
    state: 'other',
    waitType: 'Activity',
    wait: 'CheckpointerMain',
    connectedAt: now - 86_400_000,
    transactionAt: null,
    queryAt: null,
    stateAt: null,
    waitingSince: null,
    waitsFor: null,
    leaderPid: null,
    queryId: null,
    query: null,
    queryCut: false,
    blockedBy: [],
    own: false,
  }));
}
