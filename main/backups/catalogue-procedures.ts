import { isAbsolute } from 'node:path';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import { findInBucket, isBucketPath } from './buckets/index.ts';
import type { Catalogue } from './catalogue/index.ts';
import type { Manifest, ReadBackup } from './files/index.ts';
import { type OpenNeeds, openBackup, readWhole } from './opened.ts';
import { refusing } from './refusals.ts';
import { removeBackup } from './remove-files.ts';

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
      const backups = isBucketPath(folder)
        ? await refusing('folder', () => findInBucket(needs.buckets, files, folder, signal))
        : (await files.find(folder, { ...(signal ? { signal } : {}) })).backups;
      return await Promise.all(backups.map(async (one) => (await catalogue.get(one.path)) ?? one));
    }),
    adopt: os.backups.adopt.handler(async ({ input, signal }) => {
      const environment = findEnvironment(input.environment);
      const { read, close } = await refusing('path', () =>
        readWhole(needs, whole('path', input.path), signal),
      );
      await close();
      // Other text is no hindrance to Howdah.
      if (read.problem && read.recognised.text === 'utf-8')
        throw fail('INVALID', { ...read.problem, field: 'path' });
      return await catalogue.adopt(environment.id, read.backup);
    }),
    show: os.backups.show.handler(async ({ input, signal }) => {
      // One that is encrypted is shown as far as its manifest tells, unless it is to be opened.
      const known = await catalogue.get(input.backup);
      const path = known?.path ?? whole('backup', input.backup);
      const { read, close } = await refusing('backup', () => readWhole(needs, path, signal));
      await close();
      const isOpened = input.passphrase !== undefined || input.opens;
      if (!read.backup.isEncrypted || !isOpened) return details(read, known);
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
      if (input.file) await removeBackup(needs, path);
      if (known?.id) catalogue.remove(known.id);
      return await catalogue.list();
    }),
  };

  function details(read: ReadBackup, known: Awaited<ReturnType<Catalogue['get']>>) {
    return {
      backup: known ?? read.backup,
      toc: read.toc ?? [],
      command: read.manifest?.command ?? null,
      manifest: read.manifest ? factsOf(read.manifest) : null,
      unknown: read.unknown,
      ...(read.problem ? { problem: read.problem } : {}),
    };
  }
}

function factsOf({ who, howdah, files, databaseBytes, rows, encryption }: Manifest) {
  return {
    who,
    howdah,
    files: files.length,
    databaseBytes,
    counted: rows && {
      tables: rows.length,
      rows: rows.reduce((sum, table) => sum + table.rows, 0),
      hasChecksums: rows.some(({ checksum }) => checksum !== undefined),
    },
    encryptedBy: encryption?.by ?? null,
    recipient: encryption?.recipient ?? null,
  };
}

/** @throws INVALID when it isn't absolute */
function whole(field: string, path: string): string {
  if (isAbsolute(path) || isBucketPath(path)) return path;
  throw fail('INVALID', {
    cause: 'path-relative',
    field,
    what: `"${path}" is not a whole path.`,
    why: 'The console may run somewhere else than where you typed it.',
    next: 'Give the path from the root on.',
  });
}
