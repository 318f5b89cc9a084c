import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import styles from './app.module.css';
import { Loading } from './components/loading.tsx';
import { colorSchemeHint, KeptTheme } from './console/theme-choice.ts';
import { Home } from './home/home.tsx';
import { queryClient } from './lib/query-client.ts';
import { SampleProvider } from './sample/sample-provider.tsx';
import { ActionsProvider } from './shell/actions.tsx';
import { EnvironmentPage } from './shell/environment-page.tsx';
import { EnvironmentsProvider } from './shell/environments-provider.tsx';
import { Frame } from './shell/frame.tsx';
import { motion, theme, variablesResolver } from './theme/theme.ts';

const Audit = lazy(() => import('./audit/audit.tsx'));

const colorSchemeManager = colorSchemeHint();
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** The whole window: what every screen stands on, the frame, and the way from an address to a screen. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variablesResolver}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <KeptTheme />
        <Notifications
          position="bottom-left"
          limit={3}
          transitionDuration={motion}
          containerWidth={420}
          zIndex={400}
          className={styles.notices ?? ''}
        />
        <Router hook={useHashLocation}>
          <EnvironmentsProvider>
            <SampleProvider>
              <ActionsProvider>
                <Frame>
                  <Suspense fallback={<Loading label="Loading the screen" />}>
                    <Switch>
                      <Route path="/" component={Home} />
                      <Route<{ id: string; room?: string }> path="/environments/:id/:room?/*?">
                        {({ id, room }) => <EnvironmentPage id={id} room={room} />}
                      </Route>
                      <Route path="/audit" component={Audit} />
                      <Route>
                        <Redirect to="/" replace />
                      </Route>
                    </Switch>
                  </Suspense>
                </Frame>
              </ActionsProvider>
            </SampleProvider>
          </EnvironmentsProvider>
        </Router>
      </MantineProvider>
    </QueryClientProvider>
  );
}
