import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useMemo,
  useState,
} from 'react';
import { useLocation } from 'wouter';
import type { Environment } from '../../preload/contract/environments.ts';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { RemoveEnvironment } from '../environments/remove-environment.tsx';
import { StopSample } from '../home/stop-sample.tsx';
import { DropFiles } from '../imports/drop-files.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { LockedNotice } from '../secrets/locked-notice.tsx';
import { readPlace } from './address.ts';
import { useEnvironments } from './environments-provider.tsx';

const EnvironmentForm = lazy(() => import('../environments/environment-form.tsx'));
const ExportDialog = lazy(() => import('../imports/export-dialog.tsx'));
const KeychainDialog = lazy(() => import('../secrets/keychain-dialog.tsx'));

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
  /** Opens the import on the home screen, with files where some were dropped. */
  importFrom: (files?: readonly File[]) => void;
  /** Asks which environments go into a file. */
  exportAll: () => void;
  /** Shows what is kept in the keychain. */
  keychain: () => void;
  /** Asks before it stops the sample server. */
  stopSample: () => void;
}

/** The import that stands on the home screen in place of the list, until it is closed. */
export interface Importing {
  open: boolean;
  /** Files dropped last; a new list each time. */
  incoming: readonly File[];
  close: () => void;
}

interface Value {
  actions: Actions;
  importing: Importing;
  opened: Opened | undefined;
  close: () => void;
}

const Context = createContext<Value | undefined>(undefined);

type Opened =
  | { kind: 'add'; url: string | undefined; serial: number }
  | { kind: 'edit' | 'remove'; environment: Environment }
  | { kind: 'export' }
  | { kind: 'keychain' }
  | { kind: 'stop-sample' };

const noFiles: readonly File[] = [];

/** Gives the actions to everything inside. */
export function ActionsProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState<Opened>();
  const [incoming, setIncoming] = useState<readonly File[]>();
  const [, navigate] = useLocation();
  const close = useCallback(() => setOpened(undefined), []);
  const closeImport = useCallback(() => setIncoming(undefined), []);

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
      importFrom: (files = noFiles) => {
        setIncoming(files);
        navigate('/');
      },
      exportAll: () => setOpened({ kind: 'export' }),
      keychain: () => setOpened({ kind: 'keychain' }),
      stopSample: () => setOpened({ kind: 'stop-sample' }),
    }),
    [navigate],
  );

  const importing = useMemo<Importing>(
    () => ({ open: incoming !== undefined, incoming: incoming ?? noFiles, close: closeImport }),
    [incoming, closeImport],
  );
  const value = useMemo(() => ({ actions, importing, opened, close }), [actions, importing, opened, close]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useActions(): Actions {
  return useValue().actions;
}

export function useImporting(): Importing {
  return useValue().importing;
}

/** The form or the decision that an action opened, and what begins without one: dropped files, a locked keychain. */
export function ActionLayer() {
  const { actions, opened, close } = useValue();
  return (
    <>
      <DropFiles onFiles={actions.importFrom} />
      <LockedNotice onShow={actions.keychain} />
      {opened && <OpenedAction opened={opened} close={close} />}
    </>
  );
}

function OpenedAction({ opened, close }: { opened: Opened; close: () => void }) {
  const [location, navigate] = useLocation();
  const { environments } = useEnvironments();
  if (opened.kind === 'stop-sample') return <StopSample onClose={close} />;
  if (opened.kind === 'keychain') {
    return (
      <Suspense>
        <KeychainDialog onClose={close} />
      </Suspense>
    );
  }
  if (opened.kind === 'export') {
    return (
      <Suspense>
        <ExportDialog environments={environments ?? []} onClose={close} />
      </Suspense>
    );
  }
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
