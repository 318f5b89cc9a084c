import { createHash } from 'node:crypto';
import type { TrackProblem } from '../../preload/contract/migrations.ts';
import type { ReadLocation } from './pairing.ts';
import type { FolderEntry, FolderMigration, FolderView, MigrationTool } from './tool.ts';
import { asTrackProblem } from './tools/shared/file-problem.ts';
import { parentOf } from './tools/shared/find-folders.ts';
import { chunksOf, openFolder } from './tools/shared/folder-view.ts';

/** A linked project as it was read. */
export interface Project {
  /** Absolute. */
  root: string;
  places: ReadLocation[];
  problems: TrackProblem[];
  /**
   * SHA-256 of a file of it, in hex; undefined when it can't be read or is above 2 MB.
   * @param file relative to the project
   */
  hashOf(file: string): Promise<string | undefined>;
  view: FolderView | undefined;
}

/** For how long a project that was read is taken as it was: for one look at many environments. ms. */
const freshMs = 2000;
const hashLimit = 2 * 1024 * 1024;

/** Reads projects' folders, each once for all environments that are linked to it and look at the same time. */
export function openProjects(tools: readonly MigrationTool[]): { read(root: string): Promise<Project> } {
  const known = new Map<string, { at: number; project: Promise<Project> }>();
  /** By path, size and time of change: a file that was hashed once is not read again. */
  const hashes = new Map<string, Promise<string | undefined>>();
  return {
    read: (root) => {
      const before = known.get(root);
      if (before && performance.now() - before.at < freshMs) return before.project;
      const project = readProject(root, tools, hashes);
      known.set(root, { at: performance.now(), project });
      for (const [path, { at }] of known) if (performance.now() - at > freshMs) known.delete(path);
      return project;
    },
  };
}

async function readProject(
  root: string,
  tools: readonly MigrationTool[],
  hashes: Map<string, Promise<string | undefined>>,
): Promise<Project> {
  const problems: TrackProblem[] = [];
  let view: FolderView;
  try {
    view = await openFolder(root);
  } catch (error) {
    return {
      root,
      places: [],
      problems: [asTrackProblem(error, 'bad')],
      hashOf: async () => undefined,
      view: undefined,
    };
  }
  const read = await Promise.all(
    tools.map(async (tool) => {
      try {
        const locations = await tool.locate(view);
        return await Promise.all(
          locations.map(async (location) => ({
            project: root,
            location,
            reading: await tool.readFolder(view, location),
          })),
        );
      } catch (error) {
        problems.push(asTrackProblem(error));
        return [];
      }
    }),
  );
  const places = withoutEchoes(read.flat());
  return { root, places, problems, view, hashOf: (file) => hashed(view, file, hashes) };
}

/** A folder that some tool knows as its own is not a home-made one too. */
export function withoutEchoes<T extends Pick<ReadLocation, 'location'>>(places: T[]): T[] {
  const owned = new Set(
    places.filter(({ location }) => location.tool !== 'home-made').map(({ location }) => location.folder),
  );
  return places.filter(({ location }) => location.tool !== 'home-made' || !owned.has(location.folder));
}

const named = new WeakMap<readonly FolderEntry[], ReadonlyMap<string, FolderEntry>>();

/** A folder's entries by name; made once for each list, which a view gives for as long as it lives. */
function byName(entries: readonly FolderEntry[]): ReadonlyMap<string, FolderEntry> {
  const known = named.get(entries) ?? new Map(entries.map((entry) => [entry.name, entry]));
  named.set(entries, known);
  return known;
}

async function hashed(
  view: FolderView,
  file: string,
  hashes: Map<string, Promise<string | undefined>>,
): Promise<string | undefined> {
  const folder = parentOf(file);
  const entry = byName(await view.list(folder)).get(file.slice(folder ? folder.length + 1 : 0));
  if (!entry || entry.bytes > hashLimit) return undefined;
  const key = `${view.root}\n${file}\n${entry.bytes}\n${entry.modifiedAt}`;
  const before = hashes.get(key);
  if (before) return await before;
  const making = (async () => {
    const hash = createHash('sha256');
    try {
      for await (const chunk of chunksOf(view, file, hashLimit)) hash.update(chunk);
    } catch {
      return undefined;
    }
    return hash.digest('hex');
  })();
  if (hashes.size > 50_000) hashes.clear();
  hashes.set(key, making);
  return await making;
}

/** The file of a migration in one direction. */
export const fileOf = (
  { file, downFile }: Pick<FolderMigration, 'file' | 'downFile'>,
  direction: 'up' | 'down',
): string | null => (direction === 'up' ? file : downFile);
