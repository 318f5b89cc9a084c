import { ORPCError } from '@orpc/server';
import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { explanationIn } from '../../../preload/contract/error-data.ts';
import type { ServerPool } from '../../servers/index.ts';
import type { Store } from '../../store/index.ts';
import systemSql from '../restore/sql/system-identifier.sql?raw';
import databasesSql from './databases.sql?raw';
import { openSwapNotes, type SwapNote, shownNote } from './notes.ts';
import sizeSql from './size.sql?raw';
import { type ServerDatabases, standing } from './standing.ts';

export interface SwapNeeds {
  store: Store;
  /** All that are saved. */
  environments(): readonly Environment[];
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
}

/** A swap that was just done, as whoever did it knows it. */
export interface DoneSwap {
  environment: string;
  system: string | null;
  database: string;
  kept: string;
  oid: number;
  /** The backup that was restored. */
  backup: { id: string | null; path: string } | null;
  holds: SwapNote['holds'];
}

/** What swaps keep on servers. */
export interface Swaps {
  note(swap: DoneSwap): void;
  /** A kept database has got its name back: its note goes. @returns what is to be noted of the one that is kept now */
  undone(done: Pick<DoneSwap, 'environment' | 'system' | 'oid'>): Pick<DoneSwap, 'backup' | 'holds'>;
  /** One was dropped by Howdah. */
  dropped(note: SwapNote, environment: string): void;
  get(id: string): SwapNote | undefined;
  list(environment: string | undefined): Promise<{ swaps: KeptDatabase[]; limits: Explanation[] }>;
  remove(id: number): boolean;
}

export function openSwaps({ store, environments, pool }: SwapNeeds): Swaps {
  const notes = openSwapNotes(store);
  const isSaved = (id: string): boolean => environments().some((one) => one.id === id && !one.transient);

  const note: Swaps['note'] = ({ environment, backup, ...swap }) =>
    notes.add({
      ...swap,
      environment: isSaved(environment) ? environment : null,
      at: Date.now(),
      backup: backup?.id == null ? null : Number(backup.id),
      path: backup?.path ?? null,
    });

  /**
   * A note goes with what it tells of, unless it is of another environment: that may lead to another copy of the server,
   * where the database is still there. There it is seen as gone.
   */
  const settle = (one: SwapNote, environment: string): void => {
    if (one.environment === null || one.environment === environment) notes.remove(one.id);
  };

  /** Of one server. @throws NOT_CONNECTED, the server's error */
  async function ofServer(environment: string): Promise<KeptDatabase[]> {
    const session = pool(environment);
    const server = await readServer(session);
    const found = standing(environment, notes.of(environment, server.system), server);
    const oids = new Map(server.databases.map(({ oid, name }) => [name, oid]));
    const sized: KeptDatabase[] = [];
    for (const one of found) {
      const oid = one.state === 'kept' ? oids.get(one.kept) : undefined;
      sized.push(oid === undefined ? one : { ...one, bytes: await sizeOf(session, oid) });
    }
    return sized;
  }

  /** Of one environment; what can't be asked is shown as it was noted, with the reason. */
  async function ofEnvironment(environment: string, limits: Explanation[]): Promise<KeptDatabase[]> {
    try {
      return await ofServer(environment);
    } catch (error) {
      limits.push(reasonIn(error));
      return notes.of(environment, null).map((one) => shownNote(one, notAsked));
    }
  }

  return {
    note,
    undone: ({ environment, system, oid }) => {
      const found = notes.of(environment, system).find((one) => one.oid === oid);
      if (!found) return { backup: null, holds: 'unknown' };
      settle(found, environment);
      const { backup, path, holds } = found;
      return {
        backup: path === null ? null : { id: backup === null ? null : String(backup), path },
        holds: ({ former: 'restored', restored: 'former', unknown: 'unknown' } as const)[holds],
      };
    },
    dropped: settle,
    get: notes.get,
    list: async (environment) => {
      const limits: Explanation[] = [];
      if (environment !== undefined) return { swaps: await ofEnvironment(environment, limits), limits };
      const swaps: KeptDatabase[] = [];
      const all = notes.all();
      const owners = [...new Set(all.map((one) => one.environment).filter((id) => id !== null))];
      for (const id of owners) {
        const seen = await ofEnvironment(id, limits);
        const own = new Set(all.filter((one) => one.environment === id).map((one) => String(one.id)));
        swaps.push(...seen.filter((one) => one.id !== null && own.has(one.id)));
      }
      swaps.push(...all.filter((one) => one.environment === null).map((one) => shownNote(one, notSaved)));
      return { swaps: swaps.sort((a, b) => b.at - a.at), limits };
    },
    remove: notes.remove,
  };
}

async function readServer(session: ServerPool): Promise<ServerDatabases> {
  const databases = await session.query<{ oid: number; name: string }>(databasesSql);
  return { system: await systemOf(session), databases };
}

/** Null where the role may not ask. */
async function systemOf(session: ServerPool): Promise<string | null> {
  try {
    return (await session.query<{ system: string }>(systemSql))[0]?.system ?? null;
  } catch (error) {
    if (isLost(error)) throw error;
    return null;
  }
}

/** Null where the role may not see it, the files take longer than a statement may, or it has gone meanwhile. */
async function sizeOf(session: ServerPool, oid: number): Promise<number | null> {
  try {
    return (await session.query<{ bytes: number }>(sizeSql, [oid]))[0]?.bytes ?? null;
  } catch (error) {
    if (isLost(error)) throw error;
    return null;
  }
}

const isLost = (error: unknown): boolean => error instanceof ORPCError && error.code === 'NOT_CONNECTED';

const reasonIn = (error: unknown): Explanation =>
  explanationIn(error instanceof ORPCError ? error.data : undefined) ?? {
    cause: 'swaps-unread',
    what: 'What swaps keep could not be looked at.',
    why: error instanceof Error ? error.message : String(error),
    next: 'Look again; what was noted is shown as it was.',
  };

const notAsked = {
  state: 'unknown' as const,
  said: 'The server can’t be asked now. This is what was noted when the swap was done.',
};

const notSaved = {
  state: 'unknown' as const,
  said: 'It was kept through an address that is not saved here. An environment of the same server shows what became of it.',
};
