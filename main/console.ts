import { join } from 'node:path';
import type { Router } from '@orpc/server';
import { sameConnection } from '../preload/contract/connection-place.ts';
import type { EnvironmentsView } from '../preload/contract/environments.ts';
import type { Contract } from '../preload/contract/index.ts';
import { activityAdvice, activityRouter } from './activity/index.ts';
import { auditRouter, openActs, openAuditLog } from './audit/index.ts';
import { backupsRoom } from './backups/index.ts';
import { openCompanions } from './companions/index.ts';
import { consoleRouter } from './console/index.ts';
import {
  createWay,
  environmentsRouter,
  openConnections,
  openEnvironmentList,
  viewOf,
} from './environments/index.ts';
import { healthRoom } from './health/index.ts';
import { importsRouter } from './imports/index.ts';
import { Broadcast } from './lib/broadcast.ts';
import { type Clock, realClock } from './lib/clock.ts';
import { type MachineEyes, watchMachine } from './lib/machine-watch.ts';
import { throttle } from './lib/throttle.ts';
import { locksRoom } from './locks/index.ts';
import { maintenanceRoom } from './maintenance/index.ts';
import type { MetricPoint } from './metrics/index.ts';
import { metricsRouter, openMetricStore, type SizeBeat, startSizeBeat } from './metrics/index.ts';
import { migrationsRouter } from './migrations/index.ts';
import type { MonitoringNeeds, MonitoringRoom } from './monitoring/index.ts';
import { queriesRoom } from './queries/index.ts';
import { implementContract, type RpcContext } from './rpc.ts';
import { readSamplePassword, sampleRoom } from './sample/index.ts';
import { schemaRoom } from './schema/index.ts';
import { scratchRoom } from './scratch/index.ts';
import { type Keychain, openSecrets, osKeychain, secretsRouter } from './secrets/index.ts';
import { serverRoom } from './server/index.ts';
import type { Resolve } from './servers/index.ts';
import { openSettings, type SettingsStore } from './settings/index.ts';
import { sqlRoom } from './sql/index.ts';
import { storageRoom } from './storage/index.ts';
import { openStore } from './store/index.ts';
import { openKnownHosts } from './tunnels/index.ts';
import { version } from './version.ts';
import { waitsRoom } from './waits/index.ts';

export interface ConsoleOptions {
  dataFolder: string;
  face: 'desktop' | 'browser' | 'command line';
  /** Absolute path of the `assets` folder. */
  assets: string;
  /** Browser face: makes a fresh one-time address. */
  mintLink?: () => string;
  /** electron-store's file in the desktop; conf's otherwise. */
  settings?: SettingsStore;
  /** The operating system's keychain unless given; null for none. `HOWDAH_KEYCHAIN=off` also means none. */
  keychain?: Keychain | null;
  /** Entry of the worker that runs the sample's workload. */
  workloadWorker?: string;
  /** Finds the addresses of names in place of the system. */
  resolve?: Resolve;
  /** Sees when this machine slept or its network changed; the machine's own clock and interfaces unless given. */
  eyes?: MachineEyes;
  /** By which jobs are due; the machine's own unless given. */
  jobClock?: Clock;
  /** Connect environments that are marked so. The command line does not. */
  connect?: boolean;
}

export interface Caller {
  who: string;
  face: string;
}

export interface Console {
  router: Router<Contract, RpcContext>;
  context(caller: Caller): RpcContext;
  dataFolder: string;
  /** What a person should hear about this start, for example that a damaged history file was moved aside. */
  notices: readonly string[];
  close(): Promise<void>;
}

/**
 * Puts the console together: settings, store, keychain, connections, and the router that the faces serve.
 *
 * @throws SettingsProblem, StoreTooNew: the message names the file; nothing was touched.
 */
export async function createConsole(options: ConsoleOptions): Promise<Console> {
  const { dataFolder } = options;
  const settings = options.settings ?? openSettings(dataFolder);
  const store = openStore(dataFolder);
  const metrics = openMetricStore(store);
  const audit = openAuditLog(store);
  let ready = false;
  const secrets = await openSecrets(chosenKeychain(options), { onChange: () => void onKeychain() });

  const view = new Broadcast<EnvironmentsView>();
  const points = new Map<string, Broadcast<MetricPoint>>();
  const sizeBeats = new Map<string, SizeBeat>();
  const pointsOf = (id: string): Broadcast<MetricPoint> => {
    const known = points.get(id);
    if (known) return known;
    const made = new Broadcast<MetricPoint>();
    points.set(id, made);
    return made;
  };

  /** Once a locked keychain is open, what waits only for a secret in it goes on. */
  async function onKeychain(): Promise<void> {
    if (!ready) return;
    await list.refreshPlaces();
    if (secrets.state().state !== 'open' || options.connect === false) return;
    for (const { id, connect } of list.all()) {
      const { state, problem } = connections.status(id);
      const waits = /^(password|tunnel-password|tunnel-passphrase|client-key-passphrase)-missing$/;
      if (connect && state === 'disconnected' && waits.test(problem?.cause ?? ''))
        void connections.connect(id);
    }
  }

  const publish = throttle(500, () => view.publish(viewOf(list, connections)));
  const keepsHistory = (id: string): boolean => list.all().some((one) => one.id === id && !one.transient);
  const onEvent = (id: string, kind: string, text: string, at = Date.now()): void => {
    const signed = acts.signed(text);
    if (keepsHistory(id)) metrics.addEvent(id, { at, kind, text: signed });
  };
  const acts = openActs(onEvent);
  /** The rooms that watch servers, once they are there. */
  let watching: readonly MonitoringRoom<unknown>[] = [];
  const beginMeasuring = (id: string): void => {
    if (sizeBeats.has(id) || !keepsHistory(id)) return;
    for (const room of watching) room.begin?.(id);
    const lastAt = metrics.sizes(id, Date.now() - 3_600_000).at(-1)?.at;
    const beat = startSizeBeat(
      () => connections.poolIfAny(id),
      lastAt,
      ({ at, sizes }) => metrics.addSizes(id, at, sizes),
    );
    sizeBeats.set(id, beat);
  };

  const list = await openEnvironmentList({
    settings,
    secrets,
    samplePassword: () => readSamplePassword({ dataFolder }),
    onChange: () => publish(),
  });
  const companions = openCompanions({ onChange: () => publish() });
  const knownHosts = openKnownHosts({ ownFile: join(dataFolder, 'known_hosts') });
  const connections = openConnections(
    (id, onChange) => {
      // Nothing is begun for one that was removed.
      list.find(id);
      return createWay({
        source: async () => {
          const { connection } = list.find(id);
          const password = await list.password(id).catch(() => undefined);
          // The keychain may take its time, and the address may have been changed meanwhile.
          const isStill = sameConnection(list.find(id).connection, connection);
          return {
            connection,
            password: isStill ? password : undefined,
            note: secrets.state().state === 'locked' ? 'The keychain is locked: unlock it first.' : undefined,
            secret: (kind, of) => list.secret(id, kind, of),
          };
        },
        companions,
        knownHosts,
        resolve: options.resolve,
        onChange,
      });
    },
    (id, from) => (keepsHistory(id) ? metrics.sessions(id, from, Date.now()) : []),
    {
      onSample: (id, sample, values) => {
        if (keepsHistory(id)) metrics.addSample(id, sample.at, values);
        pointsOf(id).publish({ at: sample.at, values, maxConnections: sample.maxConnections });
        beginMeasuring(id);
        if (keepsHistory(id)) for (const room of watching) room.sample?.(id, sample, values);
      },
      onEvent,
      onStarted: (id, at) => {
        if (keepsHistory(id)) metrics.noteStart(id, at);
      },
      onChange: () => publish(),
    },
  );

  ready = true;

  const info = {
    version,
    face: options.face,
    dataFolder,
    keychain: secrets.keychain,
    notices: [...settings.notices, ...store.notices],
  };
  const findEnvironment = (ref: string) => list.find(ref);
  const os = implementContract({ findEnvironment, audit, acts });
  const sample = sampleRoom(os, {
    dataFolder,
    assets: join(options.assets, 'samples'),
    workloadWorker: options.workloadWorker,
    runsWorkload: options.face !== 'command line',
    putEnvironment: async (system, draft) => {
      const known = list.all().find((one) => one.sample === system);
      if (known && !sameConnection(known.connection, draft.connection)) {
        await connections.disconnect(known.id);
        list.change(known.id, { connection: draft.connection });
      }
      const { id } = known ?? (await list.add(draft, { sample: system }));
      if (options.connect !== false) void connections.connect(id);
    },
    releaseEnvironments: async () => {
      const systems = list.all().filter((one) => one.sample !== undefined);
      await Promise.all(systems.map(({ id }) => connections.disconnect(id)));
    },
  });
  const scratch = scratchRoom({ server: sample.borrow });
  const schema = schemaRoom(os, {
    findEnvironment,
    isThere: (id) => list.all().some((one) => one.id === id),
    store,
    pool: connections.pool,
    openScratch: scratch.openScratch,
  });
  const backups = backupsRoom(os, {
    findEnvironment,
    environments: list.all,
    store,
    secrets,
    pool: connections.pool,
    reached: connections.reached,
    connect: connections.connect,
    status: connections.status,
    openScratch: scratch.openScratch,
    onEvent,
    jobClock: options.jobClock,
    audit,
    face: options.face,
    dataFolder,
    version,
  });
  const monitoring: MonitoringNeeds = {
    findEnvironment,
    environments: list.all,
    keepsHistory,
    store,
    pool: connections.pool,
    poolIfAny: connections.poolIfAny,
    reached: connections.reached,
    status: connections.status,
    current: connections.current,
    events: metrics.events,
    onEvent,
    now: Date.now,
    dataFolder,
  };
  const queries = queriesRoom(os, monitoring);
  const locks = locksRoom(os, monitoring);
  const waits = waitsRoom(os, monitoring);
  const storage = storageRoom(os, monitoring);
  const maintenance = maintenanceRoom(os, {
    ...monitoring,
    clock: options.jobClock ?? realClock,
    audit,
    face: options.face,
  });
  const server = serverRoom(os, monitoring);
  const health = healthRoom(os, {
    ...monitoring,
    advisers: {
      activity: activityAdvice({
        ...monitoring,
        points: (id, from, to) => metrics.points(id, from, to, Date.now()),
      }),
      queries: queries.advise,
      locks: locks.advise,
      storage: storage.advise,
      maintenance: maintenance.advise,
      server: server.advise,
    },
  });
  const sql = sqlRoom(os, monitoring);
  watching = [queries, locks, waits, storage, maintenance, server, health];
  const router = os.router({
    activity: activityRouter(os, {
      findEnvironment,
      current: connections.current,
      watch: connections.watch,
      pool: connections.pool,
      onEvent,
      onSignal: locks.noteSignal,
      hurry: connections.hurry,
    }),
    audit: auditRouter(os, { audit, findEnvironment }),
    backups: backups.router,
    console: consoleRouter(os, { settings, info, mintLink: options.mintLink }),
    environments: environmentsRouter(os, {
      list,
      connections,
      view,
      openWay: (source) => createWay({ source, companions, knownHosts, resolve: options.resolve }),
      knownHosts,
      companions,
      connectNew: options.connect !== false,
      forget: (id) => {
        sizeBeats.get(id)?.stop();
        sizeBeats.delete(id);
        points.get(id)?.close();
        points.delete(id);
        for (const room of watching) room.forget?.(id);
        metrics.forget(id);
      },
    }),
    health: health.router,
    imports: importsRouter(os, {
      list: list.all,
      add: (draft, { connect }) => list.add(draft, { connect }),
      setPassword: (id, password) => list.setPassword(id, password, true),
      removeAgain: (id) => list.remove(id),
      connect: (id) => {
        if (options.connect !== false) void connections.connect(id);
      },
    }),
    locks: locks.router,
    maintenance: maintenance.router,
    metrics: metricsRouter(os, {
      store: metrics,
      findEnvironment,
      points: pointsOf,
      maxConnections: (id) => connections.status(id).server?.maxConnections ?? null,
      sizeState: (id) => sizeBeats.get(id)?.state() ?? { nextAt: null, measuredMs: null },
    }),
    migrations: migrationsRouter(os, {
      findEnvironment,
      store,
      pool: connections.pool,
      loaded: async ({ sample: system }) => (system === undefined ? undefined : sample.loaded(system)),
      ownFolders: ({ sample: system }) => (system === undefined ? [] : sample.projects(system)),
      reached: connections.reached,
      openScratch: scratch.openScratch,
      models: schema.models,
      restoreNewest: backups.restoreNewest,
      onEvent,
    }),
    queries: queries.router,
    sample: sample.router,
    schema: schema.router,
    secrets: secretsRouter(os, { secrets, environments: list.all }),
    server: server.router,
    sql: sql.router,
    storage: storage.router,
    waits: waits.router,
  });
  const machine = watchMachine(() => connections.verify(), options.eyes);
  const roll = (): void => {
    const now = Date.now();
    metrics.roll(now);
    for (const room of watching) room.roll?.(now);
  };
  const rolling = setInterval(roll, 60_000);
  roll();
  if (options.connect !== false) {
    for (const { id, connect, sample: system, connection } of list.all()) {
      // A sample server that is down is started on purpose, with another port: nothing to look for until then.
      if (connect && (!system || (await sample.runsOn(connection.port)))) void connections.connect(id);
    }
  }
  // A command does what it was called for, and nothing that happens to be due meanwhile.
  if (options.face !== 'command line') {
    backups.startJobs();
    maintenance.startJobs();
  }

  return {
    router,
    context: ({ who, face }) => ({ who: `${who} via ${face}` }),
    dataFolder,
    notices: info.notices,
    close: async () => {
      clearInterval(rolling);
      machine.stop();
      for (const beat of sizeBeats.values()) beat.stop();
      await Promise.all(watching.map((room) => room.close?.()));
      await sql.close();
      await backups.close();
      await schema.close();
      await scratch.close();
      await connections.close();
      await companions.close();
      await sample.close({ keepServer: options.face === 'command line' });
      view.close();
      for (const one of points.values()) one.close();
      publish.stop();
      store.close();
    },
  };
}

/** The keychain to use: what was given, none when switched off, else the operating system's. */
function chosenKeychain({ keychain }: ConsoleOptions): Keychain | undefined {
  if (keychain !== undefined) return keychain ?? undefined;
  return process.env.HOWDAH_KEYCHAIN === 'off' ? undefined : osKeychain;
}
