import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { BackupOptions, BackupProgress } from '../../preload/contract/backups.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import { isBucketPath } from './buckets/index.ts';
import type { ProgramRoom } from './choosing.ts';
import { type BackupTask, backupKey, createBackup } from './create/index.ts';
import { verifyReadable } from './files/index.ts';
import { defaultName, defaultPath } from './naming.ts';
import type { OpenNeeds } from './opened.ts';
import type { Reached } from './types.ts';

export interface MakeNeeds extends OpenNeeds {
  programs: ProgramRoom;
  /** `server_version_num`. @throws NOT_CONNECTED */
  versionOf(environment: string): Promise<number>;
  /** @throws NOT_CONNECTED */
  reached(id: string): Reached;
  onEvent(id: string, kind: string, text: string): void;
  /** Where backups go that are given no path. */
  folder: string;
  /** Howdah's own. */
  version: string;
}

/** What is to be backed up, and where to: a path of its own, else a name in a folder, else among Howdah's own. */
interface Order {
  options: BackupOptions;
  path?: string | undefined;
  /** Absolute, or `s3://PLACE/prefix`. */
  inFolder?: string | undefined;
  /** For the name: several may come to one folder in the same second. */
  tag?: string | undefined;
}

/** Makes backups and notes them, for whoever asks: a person or a job. */
export interface Making {
  /** @throws INVALID, NOT_CONNECTED */
  task(environment: Environment, order: Order, signal: AbortSignal | undefined): Promise<BackupTask>;
  /** `job`: the one that makes it, by its id. */
  make(task: BackupTask, job?: string): AsyncGenerator<BackupProgress, void, void>;
}

export function openMaking(needs: MakeNeeds): Making {
  const { catalogue, files, programs, secrets, reached, onEvent } = needs;
  return {
    task: async (environment, { options, path, inFolder, tag }, signal) => {
      if (path !== undefined && !isAbsolute(path) && !isBucketPath(path)) throw relative(path);
      const server = await needs.versionOf(environment.id);
      const need = options.contents.what === 'globals' ? ('globals' as const) : ('dump' as const);
      const fit = await programs.fitting({ need, server }, options.tools);
      const { database } = environment.connection;
      const facts = { folder: needs.folder, environment, database, options, at: new Date(), tag };
      const to = path ?? (inFolder === undefined ? defaultPath(facts) : within(inFolder, defaultName(facts)));
      if (path === undefined && isAbsolute(to)) await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      const target = isBucketPath(to) ? await needs.buckets.target(to) : undefined;
      return {
        reached: reached(environment.id),
        programs: fit.programs,
        environment: { id: environment.id, name: environment.name },
        options,
        path: target?.path ?? to,
        ...(target ? { bucket: { buckets: needs.buckets, target } } : {}),
        version: needs.version,
        signal,
      };
    },
    make: async function* (task, job) {
      const events = createBackup(task, {
        verifyReadable: async (path, options) =>
          await verifyReadable(files, path, { programs: await programs.all(), ...options }),
        countObjects: async (path, signal) => (await files.read(path, { signal })).toc?.length ?? null,
        key: () => backupKey(secrets),
      });
      for await (const event of events) {
        if (event.kind !== 'finished') {
          yield event;
          continue;
        }
        const backup = await catalogue.record(event.backup, job);
        if (backup.environment)
          onEvent(
            backup.environment,
            'backup',
            `Backup of ${backup.database ?? 'the globals'} made: ${backup.path}`,
          );
        yield { kind: 'finished', backup };
      }
    },
  };
}

/** A bucket's folders are parted by `/` on every system. */
const within = (folder: string, name: string): string =>
  isAbsolute(folder) ? join(folder, name) : `${folder.replace(/\/+$/, '')}/${name}`;

const relative = (path: string): Error =>
  fail('INVALID', {
    cause: 'path-relative',
    field: 'path',
    what: `"${path}" is not a whole path.`,
    why: 'The console may run somewhere else than where you typed it.',
    next: 'Give the path from the root on.',
  });
