import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '../../../renderer/theme/variables.css';
import '../../../renderer/theme/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import type { Environment, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import { InspectorSlot } from '../../../renderer/components/inspector-slot.ts';
import { queryClient } from '../../../renderer/lib/query-client.ts';
import Schema from '../../../renderer/schema/schema.tsx';
import { theme, variablesResolver } from '../../../renderer/theme/theme.ts';

/* The room in a frame of the shell's measures, with a made-up server behind it. */

const options = new URLSearchParams(window.location.search);

const environment: Environment = {
  id: 'fixture',
  name: 'billing-prod',
  group: '',
  color: 'red',
  protection: 'guarded',
  connection: {
    host: 'db.internal',
    port: 5432,
    database: 'billing',
    user: 'reader',
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
  since: 0,
  trend: [],
  findings: [],
};

function Fixture() {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  // The shell's shortcut.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      document.querySelector<HTMLInputElement>('main [data-filter]')?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <InspectorSlot.Provider value={slot}>
      <div
        style={{
          display: 'grid',
          gridTemplate: '3px 72px minmax(0, 1fr) 24px / 240px minmax(0, 1fr)',
          height: '100%',
        }}
      >
        <div style={{ gridColumn: '1 / 3', background: 'var(--env-red)' }} />
        <div style={{ gridRow: '2 / 4', borderRight: '1px solid var(--line)' }} />
        <div style={{ borderBottom: '1px solid var(--line)', background: 'var(--surface)' }} />
        <div style={{ display: 'flex', minHeight: 0, minWidth: 0, background: 'var(--surface)' }}>
          <main style={{ flex: 1, minWidth: 0, minHeight: 0, overflow: 'auto' }}>
            <h1 className="visually-hidden">Fixture</h1>
            <Schema environment={environment} status={status} />
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
  <MantineProvider
    theme={theme}
    cssVariablesResolver={variablesResolver}
    forceColorScheme={options.get('theme') === 'dark' ? 'dark' : 'light'}
  >
    <Notifications position="bottom-right" />
    <QueryClientProvider client={queryClient}>
      <Router hook={useHashLocation}>
        <Fixture />
      </Router>
    </QueryClientProvider>
  </MantineProvider>,
);
