import type { Environment } from '../../preload/contract/environments.ts';
import type { SchemaProgress } from '../../preload/contract/schema.ts';
import type { SchemaModel } from '../../preload/contract/schema-model.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import { endSoon, type ServerPool } from '../servers/index.ts';
import type { Store } from '../store/index.ts';
import { collectModel } from './collect.ts';
import { openKnownModels } from './known-models.ts';
import { openPlaces } from './places.ts';
import { type ReadNeeds, readSchema } from './read-schema.ts';
import stopSql from './stop.sql?raw';
import { tableFacts } from './table-facts.ts';
import { sampleRows } from './table-rows.ts';

export interface SchemaNeeds {
  findEnvironment(ref: string): Environment;
  store: Store;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /**
   * Opens a session of its own on a connected environment's server.
   * @throws NOT_CONNECTED
   */
  openSession(id: string, signal: AbortSignal | undefined): ReturnType<ReadNeeds['openSession']>;
  /** Writes a model as text: for `export`. */
  exportModel(
    model: SchemaModel,
    options: { format: 'mermaid' | 'dbml' | 'svg' | 'ddl'; schemas: string[] },
  ): Promise<{ name: string; text: string }> | { name: string; text: string };
  /** Entry of the thread that joins; found by itself unless given. */
  worker?: string | undefined;
}

export function schemaRouter(os: Implementer, needs: SchemaNeeds) {
  const { findEnvironment, pool } = needs;
  const known = openKnownModels();
  const places = openPlaces(needs.store);

  const read = async function* (
    { id, connection }: Environment,
    { cached, definitions }: { cached: boolean; definitions: boolean },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<SchemaProgress, void, void> {
    // Another role sees another structure.
    const key = `${id}\n${connection.database}\n${connection.user}\n${connection.host}:${connection.port}`;
    if (cached) yield* known.replay(key, definitions);
    yield* readSchema(
      {
        openSession: (until) => needs.openSession(id, until),
        stop: async (pid) => {
          await pool(id).query(stopSql, [pid]);
        },
        worker: needs.worker,
      },
      {
        signal,
        definitions,
        known: cached ? known.fingerprint(key, definitions) : undefined,
        keep: known.keep(key),
      },
    );
  };

  return os.schema.router({
    read: os.schema.read.handler(async function* ({ input, signal }) {
      yield* read(findEnvironment(input.environment), input, signal);
    }),
    places: os.schema.places.handler(({ input }) => {
      const { id, connection } = findEnvironment(input.environment);
      return places.all(id, connection.database);
    }),
    savePlaces: os.schema.savePlaces.handler(({ input }) => {
      const { id, connection } = findEnvironment(input.environment);
      places.replace(id, connection.database, input.places);
    }),
    export: os.schema.export.handler(async ({ input, signal }) => {
      const environment = findEnvironment(input.environment);
      const model = await collectModel(read(environment, { cached: true, definitions: true }, signal));
      if (!model)
        throw fail('UNEXPECTED', {
          cause: 'unexpected',
          what: 'The structure could not be read.',
          why: 'The reading ended without one.',
          next: 'Try again; please report it if it comes again.',
        });
      return needs.exportModel(model, input);
    }),
    sampleRows: os.schema.sampleRows.handler(async ({ input, signal }) => {
      const { id } = findEnvironment(input.environment);
      const session = await needs.openSession(id, signal);
      try {
        return { ...(await sampleRows(session, input)), at: Date.now() };
      } finally {
        await endSoon(session.client);
      }
    }),
    tableFacts: os.schema.tableFacts.handler(({ input }) =>
      tableFacts(pool(findEnvironment(input.environment).id), input.schema, input.table),
    ),
  });
}
