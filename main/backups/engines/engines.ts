import { randomUUID } from 'node:crypto';
import type {
  Engine,
  EngineDraft,
  EngineProgress,
  EngineWhere,
} from '../../../preload/contract/backup-engines.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { ServerPool } from '../../servers/index.ts';
import type { Store } from '../../store/index.ts';
import archivedSql from './archived.sql?raw';
import { readBarman } from './barman.ts';
import { findEngines } from './find.ts';
import { readPgBackRest } from './pgbackrest.ts';
import { openEngineRows } from './rows.ts';
import { backUp, commandOf } from './run.ts';
import { type Archived, type Asking, type BackupOrder, EngineFailure, type Reading } from './types.ts';
import { faultIn, faultInWhere } from './where.ts';
import { withArchived } from './window.ts';

export interface EngineNeeds {
  store: Store;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  onEvent(id: string, kind: string, text: string): void;
  /** The variables that engines' programs are started with; this process's unless given. */
  env?: NodeJS.ProcessEnv;
  /** How long an engine may take to answer, ms. */
  patienceMs?: number;
  clock?: (() => number) | undefined;
}

/** The engines that somebody noted: read, and asked to back up. */
export interface Engines {
  /** As they were last read; of one environment (by id) or all. */
  list(environment?: string): Engine[];
  /** The same, read now. What can't be read says why, and keeps what was known. */
  readAll(environment?: string, signal?: AbortSignal): Promise<Engine[]>;
  /** What is configured at a place and not noted yet. @throws EngineFailure */
  find(where: EngineWhere, signal?: AbortSignal): Promise<EngineDraft[]>;
  /** `environment` of a draft is an id. @throws EngineRefusal when it is wrong, noted already, or can't be read */
  add(draft: EngineDraft, signal?: AbortSignal): Promise<Engine>;
  /** @throws EngineRefusal */
  change(id: string, draft: EngineDraft, signal?: AbortSignal): Promise<Engine>;
  /** @throws EngineRefusal when there is none */
  remove(id: string): void;
  /**
   * Has the engine make a backup, and tells how it goes; the last event is `finished` or `failed`. The signal ends the
   * program, which releases its own lock. `run` is the name by which it can be cancelled.
   *
   * @throws EngineRefusal before anything else when there is no such engine or repository, or it makes no backups of that type
   */
  run(
    id: string,
    order: BackupOrder,
    signal?: AbortSignal,
    run?: string,
  ): AsyncGenerator<EngineProgress, void, void>;
}

/** What is wrong with what was asked, with the field. */
export class EngineRefusal extends EngineFailure {
  override name = 'EngineRefusal';
  readonly field: string;

  constructor(field: string, problem: Explanation) {
    super(problem);
    this.field = field;
  }
}

const defaultPatienceMs = 60_000;
/** How long a program is taken to be of the version that it told, ms: Barman takes half a second to tell. */
const versionMs = 3_600_000;
/** Engines that are read at the same time. */
const atOnce = 3;

export function openEngines(needs: EngineNeeds): Engines {
  const { pool, onEvent, env = process.env, patienceMs = defaultPatienceMs, clock = Date.now } = needs;
  const rows = openEngineRows(needs.store);

  const asking = (engine: EngineDraft & Partial<Engine>, signal: AbortSignal | undefined): Asking => ({
    engine,
    signal,
    patienceMs,
    env,
    known: engine.backups ?? [],
    repositories: engine.repositories ?? [],
    version: clock() - (engine.readAt ?? 0) < versionMs ? (engine.version ?? null) : null,
  });
  const read = async (engine: EngineDraft & Partial<Engine>, signal?: AbortSignal): Promise<Reading> => {
    const ask = asking(engine, signal);
    const [reading, archived] = await Promise.all([
      engine.kind === 'pgbackrest' ? readPgBackRest(ask) : readBarman(ask),
      engine.environment ? archivedOf(engine.environment) : undefined,
    ]);
    return withArchived(reading, archived);
  };
  const archivedOf = async (environment: string): Promise<Archived | undefined> => {
    try {
      return (await pool(environment).query<Archived & Record<string, unknown>>(archivedSql))[0];
    } catch {
      // Not connected, or not allowed: then the window is what the engine itself tells.
      return undefined;
    }
  };
  const known = (id: string): Engine => {
    const engine = rows.get(id);
    if (engine) return engine;
    throw new EngineRefusal('id', {
      cause: 'engine-not-noted',
      what: 'There is no such engine.',
      why: 'It is not noted, or was removed.',
      next: 'Look at howdah backups engines list.',
    });
  };
  const reread = async (id: string, signal?: AbortSignal): Promise<Engine> => {
    const engine = known(id);
    try {
      rows.keep(id, await read(engine, signal), clock());
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      rows.keep(id, { problem: error.problem }, clock());
    }
    return rows.get(id) ?? engine;
  };
  /** Reads a draft before it is noted. @throws EngineRefusal */
  const tried = async (
    draft: EngineDraft,
    before: Engine | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Reading> => {
    const fault = faultIn(draft);
    if (fault)
      throw new EngineRefusal(fault.field, {
        cause: 'engine-draft',
        what: `"${draft.name}" can't be noted so.`,
        why: fault.why,
        next: 'Give it as the engine itself has it.',
      });
    const like = rows.like(draft);
    if (like && like.id !== before?.id)
      throw new EngineRefusal('name', {
        cause: 'engine-known',
        what: `"${draft.name}" is noted already.`,
        why: 'It is the same stanza or server, in the same place.',
        next: 'Change that one.',
      });
    try {
      const reading = await read(draft, signal);
      if (!reading.problem || reading.backups.length > 0) return reading;
      throw new EngineFailure(reading.problem);
    } catch (error) {
      throw error instanceof EngineFailure
        ? new EngineRefusal(fieldOf[error.problem.cause] ?? 'where', error.problem)
        : error;
    }
  };

  return {
    list: (environment) => rows.list(environment),
    readAll: async (environment, signal) => {
      const waiting = rows.list(environment).map(({ id }) => id);
      const work = async (): Promise<void> => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
          if (rows.get(id)) await reread(id, signal);
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      return rows.list(environment);
    },
    find: async (where, signal) => {
      const fault = faultInWhere(where);
      if (fault !== undefined)
        throw new EngineRefusal('where', {
          cause: 'engine-draft',
          what: 'That is no place to look in.',
          why: fault,
          next: 'Name this machine, a container or a host.',
        });
      const found = await findEngines(where, (engine) => asking(engine, signal));
      return found.filter((draft) => !rows.like(draft));
    },
    add: async (draft, signal) => {
      const reading = await tried(draft, undefined, signal);
      const id = rows.add(draft);
      rows.keep(id, reading, clock());
      return known(id);
    },
    change: async (id, draft, signal) => {
      const reading = await tried(draft, known(id), signal);
      rows.change(id, draft);
      rows.keep(id, reading, clock());
      return known(id);
    },
    remove: (id) => {
      known(id);
      rows.remove(id);
    },
    run: async function* (id, order, signal, run = randomUUID()) {
      const engine = known(id);
      const command = await commandOf(asking(engine, signal), order).catch((error: unknown) => {
        const field = error instanceof EngineFailure && fieldOf[error.problem.cause];
        throw field ? new EngineRefusal(field, error.problem) : error;
      });
      for await (const event of backUp(asking(engine, signal), command, { run, reread: () => reread(id) })) {
        if (event.kind === 'finished' && event.engine.environment)
          onEvent(
            event.engine.environment,
            'backup',
            `${engine.kind === 'pgbackrest' ? 'pgBackRest' : 'Barman'} backup of ${engine.name} made: ${event.label ?? 'without a label'}`,
          );
        yield event;
      }
    },
  };
}

const fieldOf: Record<string, string> = {
  'engine-unknown-name': 'name',
  'engine-backup-type': 'type',
  'engine-repository-unknown': 'repository',
  'engine-config': 'config',
  'engine-key-missing': 'config',
};
