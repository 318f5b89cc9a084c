import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '../../../renderer/theme/variables.css';
import '../../../renderer/theme/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Environment, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import Activity from '../../../renderer/activity/activity.tsx';
import { InspectorSlot } from '../../../renderer/components/inspector-slot.ts';
import Overview from '../../../renderer/metrics/overview.tsx';
import { theme, variablesResolver } from '../../../renderer/theme/theme.ts';

/* The two rooms in a frame of the shell's measures, with a made-up server behind them. */

const options = new URLSearchParams(window.location.search);
const play = options.get('play') ?? 'full';

const environment: Environment = {
  id: 'fixture',
  name: options.get('name') ?? 'billing-prod',
  group: '',
  color: 'red',
  protection: (options.get('protection') as Environment['protection'] | null) ?? 'guarded',
  connection: {
    host: 'db.internal',
    port: 5432,
    database: 'billing',
    user: 'o"brien',
    sslmode: 'require',
    parameters: {},
  },
  password: 'none',
  transient: false,
  connect: true,
};

const status: EnvironmentStatus = {
  environment: 'fixture',
  state: 'connected',
  since: Date.now(),
  server: {
    version: '17.2',
    versionNumber: 170_002,
    role: 'primary',
    startedAt: Date.now() - 12 * 86_400_000,
    database: 'billing',
    user: 'o"brien',
    superuser: false,
    maxConnections: 500,
    reservedConnections: 3,
    encrypted: true,
    pooled: false,
  },
  glance: {
    at: Date.now(),
    sessions: 251,
    active: 24,
    idleInTransaction: 12,
    waitingOnLock: 13,
    hidden: Number(options.get('hidden') ?? 0),
    oldestTransactionMs: 796_000,
    transactionsPerSecond: 1258,
  },
  cost: { msPerSecond: 0.9, sessions: 2, intervalMs: 1000, slowed: false },
  findings:
    play === 'empty' || options.get('findings') === '0'
      ? []
      : [
          {
            severity: 'bad',
            id: 'lock-waits',
            text: '13 sessions wait on a lock, the longest for 1 min 34 s.',
          },
          {
            severity: 'warning',
            id: 'idle-in-transaction',
            text: 'A session has been idle in its transaction for 13 min 4 s.',
          },
        ],
  trend: [],
};

function Fixture() {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const Screen = options.get('screen') === 'overview' ? Overview : Activity;
  return (
    <InspectorSlot.Provider value={slot}>
      <div style={{ display: 'grid', gridTemplate: '3px 72px 1fr 24px / 240px 1fr', height: '100%' }}>
        <div style={{ gridColumn: '1 / 3', background: 'var(--env-red)' }} />
        <div style={{ gridRow: '2 / 4', borderRight: '1px solid var(--line)' }} />
        <div style={{ borderBottom: '1px solid var(--line)', background: 'var(--surface)' }} />
        <div style={{ display: 'flex', minHeight: 0, minWidth: 0, background: 'var(--surface)' }}>
          <main style={{ flex: 1, minWidth: 0, minHeight: 0, overflow: 'auto' }}>
            <Screen environment={environment} status={status} />
          </main>
          <div ref={setSlot} style={{ display: 'flex', minHeight: 0 }} />
        </div>
        <div style={{ gridColumn: '1 / 3', borderTop: '1px solid var(--line)' }} />
      </div>
    </InspectorSlot.Provider>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variablesResolver}
      forceColorScheme={options.get('theme') === 'dark' ? 'dark' : 'light'}
    >
      <Notifications position="bottom-right" />
      <Fixture />
    </MantineProvider>
  </QueryClientProvider>,
);
