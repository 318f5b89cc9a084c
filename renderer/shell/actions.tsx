import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { Environment } from '../../preload/contract/environments.ts';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { RemoveEnvironment } from '../environments/remove-environment.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { readPlace } from './address.ts';

const EnvironmentForm = lazy(() => import('../environments/environment-form.tsx'));

/** What can be done from anywhere: the rail, the home screen, the context bar, the palette. */
export interface Actions {
  /** Opens the form for a new environment, filled from a connection URL where one is given. */
  add: (url?: string) => void;
  edit: (environment: Environment) => void;
  remove: (environment: Environment) => void;
  duplicate: (environment: Environment) => Promise<void>;
  connect: (environment: Environment) => Promise<void>;
  disconnect: (environment: Environment) => Promise<void>;
  copyLink: () => Promise<void>;
}

const Context = createContext<
  { actions: Actions; opened: Opened | undefined; close: () => void } | undefined
>(undefined);

type Opened =
  | { kind: 'add'; url: string | undefined; serial: number }
  | { kind: 'edit' | 'remove'; environment: Environment };

/** Gives the actions to everything inside. */
export function ActionsProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState<Opened>();

  const actions = useMemo<Actions>(
    () => ({
      add: (url) => setOpened((before) => ({ kind: 'add', url, serial: nextSerial(before) })),
      edit: (environment) => setOpened({ kind: 'edit', environment }),
      remove: (environment) => setOpened({ kind: 'remove', environment }),
      duplicate: (environment) =>
        attempt(environment, async () => {
          const copy = await client.environments.duplicate({ environment: environment.id });
          notifyDone('Duplicated. The copy is not connected yet.', { environment: copy });
          setOpened({ kind: 'edit', environment: copy });
        }),
      connect: (environment) =>
        attempt(environment, () => client.environments.connect({ environment: environment.id })),
      disconnect: (environment) =>
        attempt(environment, () => client.environments.disconnect({ environment: environment.id })),
      copyLink,
    }),
    [],
  );

  const value = useMemo(() => ({ actions, opened, close: () => setOpened(undefined) }), [actions, opened]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useActions(): Actions {
  return useValue().actions;
}

/** The form or the decision that an action opened. Rendered once, inside the frame. */
export function ActionLayer() {
  const { opened, close } = useValue();
  const [location, navigate] = useLocation();
  if (!opened) return null;
  if (opened.kind === 'remove') {
    const { environment } = opened;
    return (
      <RemoveEnvironment
        environment={environment}
        onClose={close}
        onRemoved={() => {
          if (readPlace(location).environment === environment.id) navigate('/');
        }}
      />
    );
  }
  return (
    <Suspense>
      <EnvironmentForm
        key={opened.kind === 'add' ? `add ${opened.serial}` : opened.environment.id}
        environment={opened.kind === 'edit' ? opened.environment : undefined}
        url={opened.kind === 'add' ? opened.url : undefined}
        onClose={close}
      />
    </Suspense>
  );
}

function useValue() {
  const value = useContext(Context);
  if (!value) throw new Error('useActions stands outside of ActionsProvider.');
  return value;
}

async function attempt(environment: Environment, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    notifyProblem(explain(error), { environment, id: `act-${environment.id}` });
  }
}

async function copyLink(): Promise<void> {
  try {
    const { address } = await client.console.link();
    if (address === null) {
      notifyDone('Only the browser face has an address to copy.');
      return;
    }
    await navigator.clipboard.writeText(address);
    notifyDone('Copied a one-time address for another browser on this machine.');
  } catch (error) {
    notifyProblem(explain(error));
  }
}

function nextSerial(before: Opened | undefined): number {
  return before?.kind === 'add' ? before.serial + 1 : 0;
}
