import type { AuditEntry } from '../../../preload/contract/audit.ts';
import type { Ask, Connection } from '../../../preload/contract/connection.ts';
import type {
  CompanionLine,
  Environment,
  EnvironmentColor,
  EnvironmentStatus,
  Finding,
} from '../../../preload/contract/environments.ts';

/** Canned environments for looking at the screens: many, with long, foreign and unlucky names, in every state. */

const colors: EnvironmentColor[] = [
  'slate',
  'green',
  'teal',
  'cyan',
  'blue',
  'indigo',
  'violet',
  'magenta',
  'red',
  'orange',
  'amber',
  'lime',
];

const awkwardNames = [
  'billing-prod',
  'billing-staging',
  'a-very-long-environment-name-that-somebody-thought-was-a-good-idea-eu-central-1',
  'تقارير الإنتاج',
  'données 🐘 analytics',
  '数据仓库-生产',
  'x',
  'kronos_eam_production',
];

const findings: Finding[] = [
  { severity: 'notice', id: 'limited-visibility', text: "18 sessions' states are hidden from this role." },
  {
    severity: 'warning',
    id: 'idle-in-transaction',
    text: 'A session has been idle in its transaction for 12 min.',
  },
  { severity: 'bad', id: 'connections-near-limit', text: '96 of 97 usable connections are taken.' },
  { severity: 'warning', id: 'lock-waits', text: '3 sessions wait on a lock, the longest for 22 s.' },
];

/** The awkward ways to a server, by the index of the environment. */
const ways: Record<number, Partial<Connection>> = {
  0: {
    otherHosts: [
      { host: 'db-0b.eu-central-1.rds.example.com', port: 5432 },
      { host: 'db-0c.eu-west-1.rds.example.com', port: 5432 },
    ],
    parameters: {
      target_session_attrs: 'primary',
      sslrootcert: '/etc/ssl/certs/rds-global-bundle.pem',
      options: '-c search_path=billing,public',
      keepalives_idle: '30',
    },
    tunnel: {
      host: 'bastion-of-the-inner-network.frankfurt.example.com',
      port: 2222,
      user: 'howdah_monitor',
      auth: 'key',
      keyFile: '~/.ssh/keys-of-the-billing-team/id_ed25519_howdah_2026',
      jump: 'ada@edge.example.com:22,ada@second.example.com',
    },
    companion: {
      command: 'kubectl --context billing-prod --namespace databases port-forward svc/postgres 5433:5432',
      waitFor: '127.0.0.1:5433',
      timeoutSeconds: 30,
    },
  },
  1: { tunnel: { host: 'bastion', auth: 'auto' } },
  3: { tunnel: { host: 'bastion', auth: 'agent' } },
  8: { tunnel: { host: 'bastion.example.com', auth: 'auto' } },
  9: {
    host: 'localhost',
    companion: { command: 'cloud-sql-proxy --port 5433 project:region:instance', timeoutSeconds: 30 },
  },
  10: { tunnel: { host: 'bastion.example.com', user: 'ada', auth: 'password' } },
  11: {
    host: 'localhost',
    companion: { command: 'cloud-sql-proxy --port 5433 project:region:instance', timeoutSeconds: 30 },
  },
  14: { tunnel: { host: 'bastion.example.com', user: 'ada', auth: 'key', keyFile: '~/.ssh/id_ed25519' } },
  13: {
    companion: { command: 'docker compose up -d db', timeoutSeconds: 60, stop: 'docker compose stop db' },
  },
  15: { parameters: { service: 'orders' }, fromService: ['host', 'port', 'user'] },
};

export const hostKeyAsk: Extract<Ask, { kind: 'host-key' }> = {
  kind: 'host-key',
  host: 'bastion.example.com:22',
  type: 'ssh-ed25519',
  fingerprint: 'SHA256:k3Zb1Xo0Qy6P0mSg3nWb5rT8hJ2cVdE9uLfA4iNqK7w',
  key: 'AAAAC3NzaC1lZDI1NTE5AAAAIIm1a2b3c4d5e6f7g8h9i0jklmnopqrstuvwxyzABCDE',
};

/** `count` environments; the first few are the awkward ones. */
export function makeEnvironments(count: number): Environment[] {
  const groups = [
    'Production',
    'Staging',
    'Customers (on premises, reached through the jump host in Frankfurt)',
    '',
  ];
  return Array.from({ length: count }, (_, index): Environment => {
    const group = groups[Math.floor((index * groups.length) / count)] ?? '';
    return {
      id: `env-${index}`,
      name:
        awkwardNames[index] ??
        `${['orders', 'ledger', 'search', 'auth', 'mail', 'iotistic'][index % 6]}-${index}`,
      group,
      color: group === 'Production' ? 'red' : (colors[index % colors.length] ?? 'slate'),
      protection: group === 'Production' ? (index % 3 === 0 ? 'read-only' : 'guarded') : 'open',
      connection: {
        host:
          index === 4
            ? '/var/run/postgresql'
            : index === 5
              ? 'fd00::1:2:3'
              : `db-${index}.eu-central-1.rds.example.com`,
        port: 5432 + (index % 3),
        database:
          index === 2 ? 'a_database_name_of_the_longest_kind_that_postgresql_will_let_us' : `app_${index}`,
        user: index % 4 === 0 ? 'howdah_monitor' : 'postgres',
        sslmode: 'verify-full',
        parameters: {},
        ...ways[index],
      },
      password: (['keychain', 'memory', 'none'] as const)[index % 3] ?? 'none',
      transient: index === 7,
      connect: true,
    };
  });
}

/** The state of the environment at `index` at the moment `now`; it moves a little each second. */
export function makeStatus(environment: Environment, index: number, now: number): EnvironmentStatus {
  const state =
    index % 11 === 3
      ? 'lost'
      : index % 13 === 6
        ? 'disconnected'
        : index % 17 === 9
          ? 'connecting'
          : 'connected';
  const since = now - 1000 * (40 + index * 7);
  const beat = Math.floor(now / 2000);
  const wave = (offset: number): number => 0.5 + 0.5 * Math.sin((beat + offset * 13) / 7);
  const max = index % 5 === 1 ? 5000 : 100;
  const sessions = index === 1 ? 96 : Math.round(max * (0.1 + 0.5 * wave(index)));
  const hasFacts = state === 'connected' || state === 'lost';
  const mine: Finding[] =
    state === 'connected' && index % 4 === 1 ? findings.slice(index % 3, (index % 3) + 2) : [];
  const status: EnvironmentStatus = {
    environment: environment.id,
    state,
    since,
    findings: mine.sort((a, b) => rank(b) - rank(a)),
    trend: state === 'disconnected' ? [] : makeTrend(index, beat),
  };
  if (hasFacts) {
    status.server = {
      version: ['15.18', '17.6', '14.22', '18.1'][index % 4] ?? '17.6',
      versionNumber: [150018, 170006, 140022, 180001][index % 4] ?? 170006,
      role: index % 6 === 5 ? 'standby' : 'primary',
      startedAt: now - 86_400_000 * (index + 1.3),
      database: environment.connection.database,
      user: environment.connection.user,
      superuser: index % 4 === 3,
      maxConnections: max,
      reservedConnections: 3,
      encrypted: true,
      pooled: index === 1,
    };
    status.glance = {
      at: state === 'connected' ? now - 900 : now - 44_000,
      sessions,
      active: Math.round(sessions * 0.2 * wave(index + 1)),
      idleInTransaction: index % 4 === 1 ? 3 : 0,
      waitingOnLock: index % 12 === 1 ? 4 : 0,
      hidden: index % 9 === 8 ? 18 : 0,
      oldestTransactionMs: index % 3 === 0 ? null : 1500 + index * index * 1000,
      transactionsPerSecond: index % 7 === 0 ? null : wave(index + 2) * 10 ** (index % 6),
    };
    status.cost = {
      msPerSecond: 0.4 + index * 0.02,
      sessions: 2,
      intervalMs: index % 8 === 2 ? 8000 : 2000,
      slowed: index % 8 === 2,
    };
  }
  if (state === 'lost') {
    status.retryAt = now - (now % 8000) + 8000;
    status.problem = {
      what: `The connection to ${environment.connection.host}:${environment.connection.port} was lost.`,
      why: 'The server, the network or something between them closed it.',
      next: 'Howdah connects again by itself.',
      cause: 'connection-lost',
      server: { message: 'terminating connection due to administrator command', sqlstate: '57P01' },
    };
  }
  if (index === 6) {
    status.problem = {
      what: `The server refused the password of "${environment.connection.user}".`,
      why: 'The password is wrong, or the role does not exist: the server does not say which.',
      next: 'Enter the password again.',
      cause: 'password-wrong',
      server: {
        message: `password authentication failed for user "${environment.connection.user}"`,
        sqlstate: '28P01',
      },
    };
  }
  return { ...status, ...onTheWay(index, now) };
}

/** What the way to a server adds to its state: companions, tunnels, questions. */
function onTheWay(index: number, now: number): Partial<EnvironmentStatus> {
  const since = now - (now % 600_000);
  const hops = ['ada@edge.example.com:22', 'ada@second.example.com:22'];
  const last = 'howdah_monitor@bastion-of-the-inner-network.frankfurt.example.com:2222';
  const statuses: Record<number, Partial<EnvironmentStatus>> = {
    0: {
      tunnel: { state: 'open', since, hops: [...hops, last] },
      companion: { state: 'ready', since, restarts: 2 },
      host: 'db-0b.eu-central-1.rds.example.com:5432',
    },
    1: {
      tunnel: { state: 'open', since, hops: ['ada@bastion:22'] },
      findings: [
        ...findings.slice(2, 3),
        {
          severity: 'warning',
          id: 'behind-pooler',
          text: 'A pooler in transaction mode stands in between: session settings, prepared statements, LISTEN and advisory locks do not hold across transactions, and cancelling may hit another session.',
        },
      ],
    },
    3: {
      tunnel: { state: 'lost', since, hops: ['ada@bastion:22'] },
      problem: {
        what: 'The SSH tunnel through bastion:22 was lost.',
        why: 'The SSH server closed the connection.',
        next: 'Howdah connects again by itself.',
        cause: 'tunnel-lost',
        command: 'ssh -p 22 ada@bastion',
      },
    },
    8: {
      state: 'disconnected',
      ask: hostKeyAsk,
      problem: {
        what: 'The SSH server bastion.example.com:22 is not known yet.',
        why: `It shows a host key of type ssh-ed25519 that no known_hosts file has: ${hostKeyAsk.fingerprint}.`,
        next: 'Compare the fingerprint with what the administrator of that server says, then trust it.',
        cause: 'tunnel-host-key-unknown',
      },
    },
    9: { companion: { state: 'starting', since: now - 4000, restarts: 0 } },
    10: {
      state: 'disconnected',
      ask: { kind: 'secret', secret: 'ssh-password', of: 'ada@bastion.example.com:22', wasWrong: true },
      problem: {
        what: 'The SSH server refused the password of ada@bastion.example.com:22.',
        why: 'It is not the one that this account has there.',
        next: 'Enter it again.',
        cause: 'tunnel-authentication-refused',
      },
    },
    11: {
      state: 'disconnected',
      companion: { state: 'failed', since, restarts: 5 },
      problem: {
        what: 'The companion command ended.',
        why: 'It ended with exit code 1 before 127.0.0.1:5433 accepted connections.',
        next: 'Its output below says why; run it in a shell to try.',
        cause: 'companion-died',
        command: 'cloud-sql-proxy --port 5433 project:region:instance',
      },
    },
    14: {
      ask: {
        kind: 'secret',
        secret: 'key-passphrase',
        of: '/home/ada/.ssh/keys-of-the-billing-team/id_ed25519_howdah_2026',
        wasWrong: false,
      },
      problem: {
        what: 'The key /home/ada/.ssh/keys-of-the-billing-team/id_ed25519_howdah_2026 wants its passphrase.',
        why: 'None is stored for it.',
        next: 'Enter it.',
        cause: 'tunnel-passphrase-missing',
      },
    },
    13: { companion: { state: 'done', since, restarts: 0 } },
  };
  const added = statuses[index] ?? {};
  // Those that never got through know nothing of their server.
  const unknown = [8, 10, 11].includes(index)
    ? { server: undefined, glance: undefined, cost: undefined, trend: [] }
    : {};
  return { ...added, ...unknown } as Partial<EnvironmentStatus>;
}

/** What a companion prints: `count` lines from line `from` on, some of them very long. */
export function companionLines(from: number, count: number, now: number): CompanionLine[] {
  const texts = [
    'Forwarding from 127.0.0.1:5433 -> 5432',
    'Handling connection for 5433',
    `E1112 14:03:22.123456   12345 portforward.go:409] an error occurred forwarding 5433 -> 5432: error forwarding port 5432 to pod ${'3f2a9c'.repeat(14)}, uid : failed to execute portforward in network namespace`,
    '\tat   indented output keeps its   spaces',
    '数据库 ready ✓',
  ];
  return Array.from({ length: count }, (_, at): CompanionLine => {
    const line = from + at;
    if (line % 41 === 40) {
      return {
        at: now - (count - at) * 900,
        stream: 'howdah',
        text: 'It ended with exit code 1; started again.',
      };
    }
    return {
      at: now - (count - at) * 900,
      stream: line % 5 === 2 ? 'error' : 'out',
      text: texts[line % texts.length] ?? '',
    };
  });
}

/** `count` acts, newest first, in every outcome. */
export function makeAudit(environments: readonly Environment[], count: number, now: number): AuditEntry[] {
  const procedures = [
    'activity.terminate',
    'activity.cancel',
    'environments.update',
    'environments.add',
    'environments.forgetPassword',
  ];
  const outcomes = ['done', 'done', 'done', 'failed', 'refused', 'started'] as const;
  return Array.from({ length: count }, (_, index): AuditEntry => {
    const environment = environments[index % Math.max(1, environments.length)];
    const procedure = procedures[index % procedures.length] ?? 'activity.cancel';
    const outcome = outcomes[(index * 7) % outcomes.length] ?? 'done';
    return {
      id: count - index,
      at: now - index * index * 4000 - 3000,
      tookMs: outcome === 'started' ? null : 12 + index,
      who: index % 3 === 0 ? 'dba via command line' : 'dba via browser',
      environment: environment?.id ?? null,
      environmentName: environment?.name ?? null,
      procedure,
      risk: procedure === 'activity.terminate' ? 'destroy' : 'change',
      input: JSON.stringify({
        environment: environment?.id,
        backends: [{ pid: 4000 + index, backendStart: '2026-01-12 14:03:22.123+00' }],
      }),
      outcome,
      result:
        outcome === 'started'
          ? null
          : outcome === 'refused'
            ? 'The environment is read-only.'
            : outcome === 'failed'
              ? 'permission denied to terminate process (SQLSTATE 42501)'
              : `pid ${4000 + index}: ended, its transaction was rolled back`,
    };
  });
}

function makeTrend(index: number, beat: number): (number | null)[] {
  return Array.from({ length: 60 }, (_, at) =>
    index % 5 === 2 && at > 20 && at < 31
      ? null
      : Math.round(20 + 12 * Math.sin((at + beat + index * 5) / 6) + (at % 3)),
  );
}

function rank({ severity }: Finding): number {
  return { notice: 1, warning: 2, bad: 3 }[severity];
}
