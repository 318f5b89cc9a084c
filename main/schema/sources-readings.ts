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
   * @throws NOT_CONNECTED, or the server's error
   */
  model(
    environment: Environment,
    options: { onStep?: OnStep; signal?: AbortSignal | undefined },
  ): Promise<KnownModel>;
  /**
   * The structure as it is known, where it still holds, or was seen a moment ago. No lock is waited for: what is locked
   * stays `waiting`.
   *
   * @param anew whether what was locked is asked for once more
   * @returns `isNew`: it was read just now
   * @throws NOT_CONNECTED, or the server's error
   */
  modelSoon(
    environment: Environment,
    options: { signal?: AbortSignal | undefined; anew: boolean },
  ): Promise<{ model: KnownModel; isNew: boolean }>;
}

/** How old a structure may be that is taken without looking again, ms. */
const freshMs = 5000;

interface HowToRead {
  /** What is known is taken where it still holds. */
  cached: boolean;
  definitions: boolean;
  /** Locks are not waited for. */
  soon?: boolean;
  /** What is known is not enough where some of it waits for a lock. */
  anew?: boolean;
}

export function openReadings({ pool, worker, onSettled }: ReadingsNeeds): Readings {
  const known = openKnownModels();

  /** Tells in the end what was read, or what still holds. */
  const reading = async function* (
    environment: Environment,
    { cached, definitions, soon = false, anew = !soon }: HowToRead,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<SchemaProgress, KnownModel | undefined, void> {
    const key = keyOf(environment);
    const before = cached ? known.get(key) : undefined;
    const isEnough = before?.isSettled() || !definitions || (!anew && before?.isAsked());
    const holds = before && isEnough ? before.fingerprint : '';
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
        {
          ...{ signal, definitions, known: holds || undefined, keep: kept.keeper },
          ...(soon ? { printing: { retries: [] } } : {}),
        },
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
    model: async (environment, { onStep, signal }) => {
      // Says why when it is not connected, whatever is known from before.
      pool(environment.id);
      return await toEnd(reading(environment, { cached: true, definitions: true }, signal), onStep);
    },
    modelSoon: async (environment, { signal, anew }) => {
      pool(environment.id);
      const last = known.get(keyOf(environment));
      const isFresh = last && Date.now() - last.seenAt < freshMs;
      if (isFresh && (last.isSettled() || (!anew && last.isAsked()))) return { model: last, isNew: false };
      const how = { cached: true, definitions: true, soon: true, anew };
      const model = await toEnd(reading(environment, how, signal), undefined);
      return { model, isNew: model !== last };
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
