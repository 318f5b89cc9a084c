import { ORPCError } from '@orpc/client';
import type { Comparison, ComparisonProgress, SnapshotInfo } from '../../../preload/contract/schema.ts';
import type { HowdahClient } from '../../../renderer/lib/client.ts';
import { environments, played, snapshotsAt, statuses } from './data.ts';

/*
 * Stands in for renderer/lib/client.ts. The hash says what to play, since the page's own state is in the search:
 * #model=kronos|awkward|same|unseen|<number of differences>&play=full|slow|error|away|wrong|bare&theme=dark
 */
const options = new URLSearchParams(window.location.hash.slice(1));
const play = options.get('play') ?? 'full';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let snapshots: SnapshotInfo[] = play === 'bare' ? [] : snapshotsAt(Date.now());

function trouble(): ORPCError<string, unknown> | undefined {
  if (play === 'error') {
    return new ORPCError('SERVER_ERROR', {
      data: {
        what: 'kronos_eam could not be read.',
        why: 'The role may not read pg_class.',
        next: 'Ask for SELECT on pg_catalog to be granted back.',
        cause: 'permission-denied',
        server: { message: 'permission denied for table pg_class', sqlstate: '42501' },
      },
    });
  }
  if (play === 'away') {
    return new ORPCError('NOT_CONNECTED', {
      data: {
        what: 'kronos staging 🐘 "eu" is not connected.',
        why: 'Nobody has connected it since Howdah was started.',
        next: 'Connect it, then compare again.',
        cause: 'not-connected',
      },
    });
  }
  if (play === 'wrong') {
    return new ORPCError('INVALID', {
      data: {
        what: 'There is nothing at /srv/nowhere.',
        why: 'No file or folder of this name is on the console’s machine.',
        next: 'Give the path of a snapshot’s file, an SQL file or a folder of SQL files.',
        cause: 'path-unknown',
        field: 'wanted.path',
      },
    });
  }
  return undefined;
}

const schema = {
  async snapshots({ environment }: { environment?: string }): Promise<SnapshotInfo[]> {
    return snapshots.filter((one) => !environment || one.environment === environment);
  },
  async takeSnapshot(
    { environment, name }: { environment: string; name?: string },
    { signal }: { signal: AbortSignal },
  ) {
    return (async function* () {
      yield { kind: 'step', step: 'Reading names', done: 1, total: 3 };
      await pause(play === 'slow' ? 600_000 : 150);
      if (signal.aborted) return;
      const [like] = snapshotsAt(Date.now());
      if (!like) return;
      const taken = {
        ...like,
        id: Date.now(),
        environment,
        name: name ?? null,
        takenAt: Date.now(),
        automatic: false,
      };
      snapshots = [taken, ...snapshots];
      yield { kind: 'taken', snapshot: taken };
    })();
  },
  async renameSnapshot({ id, name }: { id: number; name: string | null }) {
    snapshots = snapshots.map((one) => (one.id === id ? { ...one, name } : one));
  },
  async removeSnapshot({ id }: { id: number }) {
    snapshots = snapshots.filter((one) => one.id !== id);
  },
  async snapshotFile() {
    return (async function* () {
      yield { kind: 'text', name: 'kronos.howdah-schema.json', text: '{}', last: true };
    })();
  },
  async compare(input: Comparison, { signal }: { signal: AbortSignal }) {
    return (async function* (): AsyncGenerator<ComparisonProgress> {
      for (const of of ['wanted', 'actual'] as const) {
        yield { kind: 'step', of, step: 'Reading the structure', done: 2, total: 3 };
      }
      yield { kind: 'step', of: 'wanted', step: 'Printing definitions', done: 412, total: 1240 };
      const problem = trouble();
      if (problem) throw problem;
      if (play === 'slow') await pause(600_000);
      await pause(60);
      if (signal.aborted) return;
      const { differences, migration, unseen } = played(options.get('model') ?? 'kronos');
      const label = (side: Comparison['wanted']): string =>
        side.kind === 'environment'
          ? (environments.find(({ id }) => id === side.environment)?.name ?? '')
          : side.kind === 'path'
            ? side.path
            : 'kronos_eam_production, Tuesday 14:05';
      const side = (which: 'wanted' | 'actual') => ({
        label: label(input[which]),
        database: 'kronos_eam',
        serverVersion: '15.18',
        at: Date.now(),
        unseen: unseen[which === 'wanted' ? 0 : 1],
      });
      yield { kind: 'sides', wanted: side('wanted'), actual: side('actual') };
      for (let at = 0; at === 0 || at < differences.length; at += 500) {
        yield {
          kind: 'differences',
          differences: differences.slice(at, at + 500),
          last: at + 500 >= differences.length,
        };
      }
      const { statements, leftOut } = migration;
      for (let at = 0; at === 0 || at < statements.length; at += 500) {
        const last = at + 500 >= statements.length;
        yield {
          kind: 'script',
          statements: statements.slice(at, at + 500),
          leftOut: last ? leftOut : [],
          last,
        };
      }
    })();
  },
};

const never = { async *[Symbol.asyncIterator]() {} };

export function onLinkState(): () => void {
  return () => undefined;
}

export const client = {
  schema,
  environments: {
    async watch(_input: unknown, { signal }: { signal: AbortSignal }) {
      return (async function* () {
        yield { environments, statuses };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield* never;
      })();
    },
    async connect({ environment }: { environment: string }) {
      return statuses.find((one) => one.environment === environment);
    },
  },
} as unknown as HowdahClient;
