import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  type BackupKey,
  type BackupTask,
  type CreateNeeds,
  createBackup,
} from '../../main/backups/create/index.ts';
import { openBackupFiles, verifyReadable } from '../../main/backups/files/index.ts';
import type { Reached } from '../../main/backups/types.ts';
import { type Backup, BackupOptions, type BackupProgress } from '../../preload/contract/backups.ts';
import { testPrograms } from './backup-programs.ts';
import { standardBinaries, type TestServer } from './postgres.ts';

type Options = Parameters<typeof BackupOptions.parse>[0];

/** What a backup needs, joined as the console joins it. */
export function backupNeeds(key?: BackupKey): CreateNeeds & { close(): Promise<void> } {
  const files = openBackupFiles();
  return {
    verifyReadable: (path, options) =>
      verifyReadable(files, path, { programs: [testPrograms()], ...options }),
    countObjects: async (path) => (await files.read(path)).toc?.length ?? null,
    key: async () => {
      if (!key) throw new Error('There is no key.');
      return key;
    },
    close: () => files.close(),
  };
}

/** A task with this test's programs. */
export const backupTask = (
  reached: Reached,
  path: string,
  options: Options = {},
  more: Partial<BackupTask> = {},
): BackupTask => ({
  reached,
  programs: testPrograms(),
  environment: { id: 'here', name: 'Here' },
  options: BackupOptions.parse(options),
  path,
  version: '0.0.0',
  ...more,
});

/** Makes a backup to its end. */
export async function backUp(task: BackupTask, needs: CreateNeeds): Promise<BackupProgress[]> {
  const events: BackupProgress[] = [];
  for await (const event of createBackup(task, needs)) events.push(event);
  return events;
}

/** The backup that came of it. @throws when it failed */
export function made(events: readonly BackupProgress[]): Backup {
  const last = events.at(-1);
  if (last?.kind !== 'finished') throw new Error(`No backup: ${JSON.stringify(last)}`);
  return last.backup;
}

/** Runs one of PostgreSQL's programs by hand against a test's server. */
export function byHand(server: TestServer, program: string, args: string[], input?: Buffer): string {
  return execFileSync(
    join(standardBinaries(), program),
    ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', ...args],
    {
      env: { PATH: process.env.PATH, PGPASSWORD: 'postgres' },
      encoding: 'utf8',
      maxBuffer: 1e9,
      ...(input ? { input } : {}),
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
}

/** A database as text, for comparison. */
export const asText = (server: TestServer, database: string): string =>
  byHand(server, 'pg_dump', ['-d', database]).replace(/^\\(un)?restrict .*$/gm, '');
