import type { Environment } from '../../preload/contract/environments.ts';
import type { TextProgress } from '../../preload/contract/schema.ts';
import { following } from '../lib/following.ts';
import type { Implementer } from '../rpc.ts';
import { endSoon, type ServerPool } from '../servers/index.ts';
import type { Store } from '../store/index.ts';
import { compareSources } from './compare-sources.ts';
import { modelTools } from './model-tools.ts';
import { openPlaces } from './places.ts';
import { openSnapshots } from './snapshots.ts';
import { openSnapshotKeeping } from './snapshots-keeping.ts';
import { noSuchSnapshot, type OpenedSource, openSources } from './sources.ts';
import { openReadings } from './sources-readings.ts';
import { type SqlSourceNeeds, withScratchOf } from './sql-source.ts';
import { tableFacts } from './table-facts.ts';
import { noSuchTable, sampleRows } from './table-rows.ts';
import { openTextThreads, sharedModel, type TextWork } from './text-threads.ts';

export interface SchemaNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** Whether there is an environment of that id. */
  isThere(id: string): boolean;
  store: Store;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** A database of its own for SQL files that are compared. */
  openScratch: SqlSourceNeeds['openScratch'];
  /** Entries of the threads that join rows and that write texts; found by themselves unless given. */
  worker?: string | undefined;
  textWorker?: string | undefined;
}

export function schemaRoom(os: Implementer, needs: SchemaNeeds) {
  const { findEnvironment, isThere, pool, store, worker } = needs;
  const places = openPlaces(store);
  const snapshots = openSnapshots(store);
  const threads = openTextThreads(needs.textWorker);
  const readings = openReadings({
    pool,
    worker,
    onSettled: (environment, model) => keeping.onSettled(environment, model),
  });
  const keeping = openSnapshotKeeping({ snapshots, threads, readings, isThere });
  const sources = openSources({
    findEnvironment,
    readings,
    snapshots,
    threads,
    openSqlSource: (path, options) => withScratchOf({ openScratch: needs.openScratch }, path, options),
    worker,
  });
  const closing = new AbortController();
  /** Until the caller goes away, or the console closes. */
  const until = (signal: AbortSignal | undefined): AbortSignal =>
    signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;

  /** Opens a source, then has the text thread write something of it. */
  const textOf = async function* (
    source: Parameters<typeof sources.open>[0],
    workOn: (opened: OpenedSource) => TextWork,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<TextProgress, void, void> {
    const opened = yield* following<TextProgress, OpenedSource>(signal, (tell, ending) =>
      sources.open(source, {
        field: 'source',
        signal: ending,
        onStep: (step, done, total) => tell({ kind: 'step', step, done, total }),
      }),
    );
    yield { kind: 'step', step: 'Writing', done: 0, total: 1 };
    for await (const piece of threads.run(workOn(opened), signal)) if (piece.kind === 'text') yield piece;
  };

  const router = os.schema.router({
    read: os.schema.read.handler(async function* ({ input, signal }) {
      yield* readings.read(findEnvironment(input.environment), input, until(signal));
    }),
    places: os.schema.places.handler(({ input }) => {
      const { id, connection } = findEnvironment(input.environment);
      return places.all(id, connection.database);
    }),
    savePlaces: os.schema.savePlaces.handler(({ input }) => {
      const { id, connection } = findEnvironment(input.environment);
      places.replace(id, connection.database, input.places);
    }),
    export: os.schema.export.handler(async function* ({ input, signal }) {
      const { source, format, schemas } = input;
      yield* textOf(source, ({ model }) => ({ kind: 'export', model, format, schemas }), until(signal));
    }),
    tableDdl: os.schema.tableDdl.handler(async ({ input, signal }) => {
      const { schema, table } = input;
      const environment = findEnvironment(input.environment);
      const write = async (anew: boolean) => {
        const { model, isNew } = await readings.modelSoon(environment, { signal, anew });
        const work = { kind: 'table-ddl' as const, model: sharedModel(model), schema, table };
        return { ...(await threads.ask(work, 'table', signal)), isNew };
      };
      const first = await write(false);
      // The lock that something of it waited for may be gone.
      const { text } = first.isWaiting && !first.isNew ? await write(true) : first;
      if (text === undefined) throw noSuchTable(schema, table);
      return { text };
    }),
    sampleRows: os.schema.sampleRows.handler(async ({ input, signal }) => {
      const session = await pool(findEnvironment(input.environment).id).lend(signal);
      try {
        return { ...(await sampleRows(session, input)), at: Date.now() };
      } finally {
        // What a view calls may have left something behind in its session.
        await endSoon(session.client);
      }
    }),
    tableFacts: os.schema.tableFacts.handler(({ input }) =>
      tableFacts(pool(findEnvironment(input.environment).id), input.schema, input.table),
    ),

    snapshots: os.schema.snapshots.handler(({ input }) => {
      if (input.environment === undefined) return snapshots.list();
      const { id, connection } = findEnvironment(input.environment);
      return snapshots.list({ environment: id, database: connection.database });
    }),
    takeSnapshot: os.schema.takeSnapshot.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const snapshot = yield* following<
        { kind: 'step'; step: string; done: number; total: number },
        Awaited<ReturnType<typeof keeping.take>>
      >(until(signal), (tell, ending) =>
        keeping.take(environment, input.name ?? null, {
          signal: ending,
          onStep: (step, done, total) => tell({ kind: 'step', step, done, total }),
        }),
      );
      yield { kind: 'taken', snapshot };
    }),
    renameSnapshot: os.schema.renameSnapshot.handler(({ input }) => {
      const renamed = snapshots.rename(input.id, input.name);
      if (!renamed) throw noSuchSnapshot(input.id, 'id');
      return renamed;
    }),
    removeSnapshot: os.schema.removeSnapshot.handler(({ input }) => {
      if (!snapshots.remove(input.id)) throw noSuchSnapshot(input.id, 'id');
    }),
    snapshotFile: os.schema.snapshotFile.handler(async function* ({ input, signal }) {
      yield* textOf(
        input.source,
        ({ model, notes }) => ({ kind: 'write-file', model, notes }),
        until(signal),
      );
    }),

    compare: os.schema.compare.handler(async function* ({ input, signal }) {
      yield* compareSources({ sources, threads, findEnvironment }, input, until(signal));
    }),
  });

  return {
    router,
    models: modelTools({ readings, threads, worker }),
    close: async (): Promise<void> => {
      await keeping.close();
      closing.abort(new Error('The console is closing.'));
      await threads.close();
    },
  };
}
