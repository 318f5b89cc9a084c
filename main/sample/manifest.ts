import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { messageOf, SampleError } from './errors.ts';
import type { SampleSystem } from './types.ts';

/** How a part of a system gets into its database: as the named tool would put it there, or as psql would. */
export type Step =
  | { tool: 'sql'; file: string; settings?: Record<string, string> }
  | { tool: 'golang-migrate' | 'alembic' | 'knex' | 'file-runner'; folder: string };

/** A role of a system besides its owner. Roles with `login` get the server's password. */
export interface Role {
  name: string;
  login: boolean;
}

/** `system.json` of a system's folder. */
export interface Manifest {
  system: SampleSystem;
  /** The system's folder; the steps' paths start there. */
  folder: string;
  roles: Role[];
  steps: Step[];
}

/** The systems in the order in which they are shown. */
const ORDER = [
  'edictflow',
  'tau_lighting',
  'kronos_eam',
  'kronos_eam_production',
  'iotistic',
  'billing',
  'nebenkosten_config',
];

/**
 * Reads the manifests of all systems.
 * @throws SampleError `sample-assets-damaged`, naming the file
 */
export async function readManifests(assets: string): Promise<Manifest[]> {
  return await Promise.all(ORDER.map((id) => readManifest(assets, id)));
}

async function readManifest(assets: string, id: string): Promise<Manifest> {
  const folder = join(assets, id);
  const file = join(folder, 'system.json');
  try {
    const found: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof found !== 'object' || found === null) throw new Error('it holds no object');
    const has = found as Record<string, unknown>;
    const text = (name: string): string => {
      const value = has[name];
      if (typeof value !== 'string') throw new Error(`“${name}” is missing`);
      return value;
    };
    return {
      system: {
        id,
        title: text('title'),
        description: text('description'),
        database: text('database'),
        user: text('owner'),
        applications: has.applications as string[],
      },
      folder,
      roles: (has.roles ?? []) as Role[],
      steps: has.steps as Step[],
    };
  } catch (error) {
    throw new SampleError(
      'sample-assets-damaged',
      'A sample system can’t be read.',
      `${file}: ${messageOf(error)}.`,
      'Install Howdah anew.',
      { cause: error },
    );
  }
}

/** SHA-256, in hex, of each system's SQL files that are run as they stand, by system and by path below `assets`. */
export async function loadedFiles(
  assets: string,
  manifests: readonly Manifest[],
): Promise<Record<string, Record<string, string>>> {
  const loaded: Record<string, Record<string, string>> = {};
  for (const { system, folder, steps } of manifests) {
    const files: Record<string, string> = {};
    for (const step of steps) {
      if (step.tool !== 'sql') continue;
      const path = join(folder, step.file);
      const hash = createHash('sha256').update(await readFile(path));
      files[relative(assets, path).replaceAll('\\', '/')] = hash.digest('hex');
    }
    loaded[system.id] = files;
  }
  return loaded;
}

/** A digest of all files of the systems, to tell whether a cluster was made from these. */
export async function digestOf(assets: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(assets, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    hash.update(relative(assets, file).replaceAll('\\', '/'));
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}
