import type { Environment } from '../../preload/contract/environments.ts';
import type { SchemaProgress } from '../../preload/contract/schema.ts';
import type { ServerPool } from '../servers/index.ts';
import { type KnownModel, keepReading, openKnownModels } from './known-models.ts';
import { type ReadNeeds, readSchema } from './read-schema.ts';
import stopSql from './stop.sql?raw';

/** How a step is told: what is done, and how much of it. */
export type OnStep = (step: string, done: number, total: number) => void;

export interface ReadingsNeeds {
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** Entry of the thread that joins; found by itself unless given. */
  worker?: string | undefined;
  /** A reading with definitions has come to its end and all of them are known. */
  onSettled(environment: Environment, model: KnownModel): void;
}

/** Readings of environments' structures, and what was read last. */
export interface Readings {
  read(
    environment: Environment,
    options: { cached: boolean; definitions: boolean },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<SchemaProgress, void, void>;
  /**
   * The present structure, definitions and all; what is known is taken where it still holds.
   *
   * @param freshMs how old it may be without being asked for again
   * @throws NOT_CONNECTED, or the server's error
   */
  model(
    environment: Environment,
    options: { onStep?: OnStep; signal?: AbortSignal | undefined; freshMs?: number },
  ): Promise<KnownModel>;
}

export function openReadings({ pool, worker, onSettled }: ReadingsNeeds): Readings {
  const known = openKnownModels();

  /** Tells in the end what was read, or what still holds. */
  const reading = async function* (
    environment: Environment,
    { cached, definitions }: { cached: boolean; definitions: boolean },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<SchemaProgress, KnownModel | undefined, void> {
    const key = keyOf(environment);
    const before = cached ? known.get(key) : undefined;
    const holds = before && (before.isSettled() || !definitions) ? before.fingerprint : '';
    const kept = known.begin(key);
    const { id } = environment;
    const result = (): KnownModel | undefined => kept.model() ?? before;
    let isWhole = false;
    try {
      yield* readSchema(
        {
          openSession: (until) => pool(id).lend(until),
          stop: async (pid) => {
            await pool(id).query(stopSql, [pid]);
          },
          worker,
        },
        { signal, definitions, known: holds || undefined, keep: kept.keeper },
      );
      isWhole = true;
      return result();
    } finally {
      // Who has heard the last definition may leave without waiting for the end.
      const model = kept.model() ?? (isWhole ? before : undefined);
      if (model?.isSettled()) {
        if (isWhole) model.seenAt = Date.now();
        onSettled(environment, model);
      }
    }
  };

  return {
    read: async function* (environment, options, signal) {
      if (options.cached) yield* known.get(keyOf(environment))?.replay(options.definitions) ?? [];
      yield* reading(environment, options, signal);
    },
    model: async (environment, { onStep, signal, freshMs = 0 }) => {
      // Says why when it is not connected, whatever is known from before.
      pool(environment.id);
      const last = known.get(keyOf(environment));
      if (last?.isSettled() && Date.now() - last.seenAt < freshMs) return last;
      return await toEnd(reading(environment, { cached: true, definitions: true }, signal), onStep);
    },
  };
}

/** The model of a database that is no environment. */
export async function readOnce(
  needs: ReadNeeds,
  { onStep, signal }: { onStep?: OnStep | undefined; signal?: AbortSignal | undefined },
): Promise<KnownModel> {
  const kept = keepReading();
  const reading = async function* (): AsyncGenerator<SchemaProgress, KnownModel | undefined, void> {
    yield* readSchema(needs, { signal, definitions: true, keep: kept.keeper });
    return kept.model();
  };
  return await toEnd(reading(), onStep);
}

async function toEnd(
  reading: AsyncGenerator<SchemaProgress, KnownModel | undefined, void>,
  onStep: OnStep | undefined,
): Promise<KnownModel> {
  for (;;) {
    const { done, value } = await reading.next();
    if (!done) {
      if (value.kind === 'step') onStep?.(value.step, value.done, value.total);
      continue;
    }
    if (!value) throw new Error('The reading ended without a structure.');
    return value;
  }
}

/** Another role sees another structure. */
const keyOf = ({ id, connection: { database, user, host, port } }: Environment): string =>
  `${id}\n${database}\n${user}\n${host}:${port}`;
