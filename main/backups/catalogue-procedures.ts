import { rm, rmdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import type { Catalogue } from './catalogue/index.ts';
import { type BackupFiles, manifestPath, type ReadBackup } from './files/index.ts';
import { type OpenNeeds, openBackup } from './opened.ts';
import { refusing } from './refusals.ts';

export interface CatalogueNeeds extends OpenNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
}

/** What backups there are: `list`, `find`, `adopt`, `show`, `remove`. */
export function catalogueProcedures(os: Implementer, needs: CatalogueNeeds) {
  const { catalogue, files, findEnvironment } = needs;
  return {
    list: os.backups.list.handler(({ input }) =>
      catalogue.list(input.environment === undefined ? undefined : findEnvironment(input.environment).id),
    ),
    find: os.backups.find.handler(async ({ input, signal }) => {
      const folder = whole('folder', input.folder);
      const { backups } = await files.find(folder, { ...(signal ? { signal } : {}) });
      return await Promise.all(backups.map(async (one) => (await catalogue.get(one.path)) ?? one));
    }),
    adopt: os.backups.adopt.handler(async ({ input, signal }) => {
      const environment = findEnvironment(input.environment);
      const read = await files.read(whole('path', input.path), { ...(signal ? { signal } : {}) });
      if (read.problem) throw fail('INVALID', { ...read.problem, field: 'path' });
      return await catalogue.adopt(environment.id, read.backup);
    }),
    show: os.backups.show.handler(async ({ input, signal }) => {
      // Without a passphrase an encrypted one is shown as far as its manifest tells.
      const known = await catalogue.get(input.backup);
      const path = known?.path ?? whole('backup', input.backup);
      const read = await files.read(path, { ...(signal ? { signal } : {}) });
      if (!read.backup.isEncrypted || input.passphrase === undefined) return details(read, known);
      const opened = await refusing('passphrase', () => openBackup(needs, input, signal));
      try {
        return { ...details(read, known), toc: opened.inner?.toc ?? [] };
      } finally {
        await opened.close();
      }
    }),
    remove: os.backups.remove.handler(async ({ input }) => {
      const known = await catalogue.get(input.backup);
      const path = known?.path ?? whole('backup', input.backup);
      if (input.file) await removeFiles(path, files);
      if (known?.id) catalogue.remove(known.id);
      return await catalogue.list();
    }),
  };

  function details(read: ReadBackup, known: Awaited<ReturnType<Catalogue['get']>>) {
    return {
      backup: known ?? read.backup,
      toc: read.toc ?? [],
      command: read.manifest?.command ?? null,
      unknown: read.unknown,
      ...(read.problem ? { problem: read.problem } : {}),
    };
  }
}

/** Only what a backup consists of: a folder that holds anything else stays, with that. @throws INVALID */
async function removeFiles(path: string, files: BackupFiles): Promise<void> {
  const { backup, recognised, manifest, problem } = await files.look(path);
  if (!backup.isThere) return;
  if (problem && !manifest) throw fail('INVALID', { ...problem, field: 'backup' });
  if (recognised.format === 'directory' || (manifest && manifest.files[0]?.name !== '')) {
    const names = manifest?.files.map(({ name }) => name) ?? (await membersOf(path, files));
    for (const name of names) if (!name.includes('..')) await rm(join(path, name), { force: true });
    await rmdir(path).catch(() => undefined);
  } else await rm(path, { force: true });
  await rm(manifestPath(path), { force: true });
}

/** Of a folder that pg_dump made: its table of contents names its files. */
async function membersOf(path: string, files: BackupFiles): Promise<string[]> {
  const { toc } = await files.read(path);
  const ids = (toc ?? []).map(({ id }) => `${id}.dat`);
  const blobs = ['blobs.toc', ...(toc ?? []).map(({ id }) => `blobs_${id}.toc`)];
  const data = [...ids, ...blobs].flatMap((name) =>
    ['', '.gz', '.lz4', '.zst'].map((end) => `${name}${end}`),
  );
  return [...data, 'toc.dat'];
}

/** @throws INVALID when it isn't absolute */
function whole(field: string, path: string): string {
  if (isAbsolute(path)) return path;
  throw fail('INVALID', {
    cause: 'path-relative',
    field,
    what: `"${path}" is not a whole path.`,
    why: 'The console may run somewhere else than where you typed it.',
    next: 'Give the path from the root on.',
  });
}
