import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** What a folder is to be looked through for: each of `units` is one project, or has nothing of a project above it. */
export interface Units {
  /** Absolute, in the order of their paths. */
  units: string[];
  /** Folders that this account may not read, absolute. */
  unreadable: string[];
  /** Undefined: all was walked. */
  stopped: 'folders' | 'time' | undefined;
}

export interface WalkLimits {
  /** Levels below the root at which a project may begin. */
  depth: number;
  folders: number;
  ms: number;
}

const usual: WalkLimits = { depth: 5, folders: 5000, ms: 10_000 };
const atOnce = 32;

/** Files and folders that stand in the root of a project. */
const marks = new Set(
  `.git .hg .svn package.json deno.json go.mod Cargo.toml pyproject.toml setup.py setup.cfg requirements.txt Pipfile
   manage.py alembic.ini Gemfile Rakefile mix.exs composer.json artisan pom.xml build.gradle build.gradle.kts flyway.conf
   flyway.toml liquibase.properties sqitch.conf sqitch.plan atlas.hcl diesel.toml dbmate.yml knexfile.js knexfile.ts
   knexfile.cjs knexfile.mjs drizzle.config.ts drizzle.config.js .sequelizerc ormconfig.json ormconfig.js`.split(
    /\s+/,
  ),
);
/** Where no project of somebody's own lies. */
const passedOver = new Set(
  `node_modules bower_components vendor venv env site-packages dist-packages __pycache__ dist build out target coverage
   tmp temp deps _build`.split(/\s+/),
);

interface Walked {
  path: string;
  parent: Walked | undefined;
  isProject: boolean;
  /** A project lies in it. */
  holdsProject: boolean;
}

/**
 * Parts a folder of projects (a workspace, `~/code`) into what is to be read on its own. A folder that is a project
 * itself, or has none below it, is one unit. Links to folders outside are followed, each folder once; hidden folders and
 * those that package managers and compilers fill are passed over.
 */
export async function projectUnits(root: string, limits: Partial<WalkLimits> = {}): Promise<Units> {
  const { depth, folders, ms } = { ...usual, ...limits };
  const until = performance.now() + ms;
  const realRoot = await realpath(root);
  const linked = new Set<string>();
  const unreadable: string[] = [];
  const all: Walked[] = [];
  let stopped: Units['stopped'];
  let level: Walked[] = [{ path: root, parent: undefined, isProject: false, holdsProject: false }];
  for (let at = 0; at <= depth && level.length > 0; at += 1) {
    const next: Walked[] = [];
    for (let start = 0; start < level.length && !stopped; start += atOnce) {
      const stretch = level.slice(start, start + atOnce);
      const lists = await Promise.all(stretch.map(({ path }) => listOf(path, unreadable)));
      for (const [index, folder] of stretch.entries()) {
        const entries = lists[index];
        if (!entries) continue;
        all.push(folder);
        folder.isProject = entries.some(({ name }) => marks.has(name));
        if (folder.isProject) for (let up = folder.parent; up; up = up.parent) up.holdsProject = true;
        else
          for (const entry of entries)
            if (await leadsOn(folder.path, entry, realRoot, linked))
              next.push({
                path: join(folder.path, entry.name),
                parent: folder,
                isProject: false,
                holdsProject: false,
              });
      }
      if (all.length >= folders) stopped = 'folders';
      else if (performance.now() > until) stopped = 'time';
    }
    level = stopped ? [] : next;
  }
  const isUnit = ({ isProject, holdsProject, parent }: Walked): boolean =>
    isProject || (!holdsProject && (!parent || parent.holdsProject));
  return {
    units: all
      .filter(isUnit)
      .map(({ path }) => path)
      .sort(),
    unreadable: unreadable.sort(),
    stopped,
  };
}

/** Whether `path` has what a project’s root has. */
export async function isProjectRoot(path: string): Promise<boolean> {
  return (await readdir(path).catch(() => [])).some((name) => marks.has(name));
}

async function listOf(path: string, unreadable: string[]): Promise<Dirent[] | undefined> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // One that went away meanwhile is none that could not be read.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') unreadable.push(path);
    return undefined;
  }
}

async function leadsOn(
  folder: string,
  entry: Dirent,
  realRoot: string,
  linked: Set<string>,
): Promise<boolean> {
  if (entry.name.startsWith('.') || passedOver.has(entry.name)) return false;
  if (entry.isDirectory()) return true;
  if (!entry.isSymbolicLink()) return false;
  const path = join(folder, entry.name);
  try {
    if (!(await stat(path)).isDirectory()) return false;
    const target = await realpath(path);
    // What lies below the root is walked where it lies; what holds the root would lead round in circles.
    const isKnown = linked.has(target) || `${target}${sep}`.startsWith(`${realRoot}${sep}`);
    const isAbove = `${realRoot}${sep}`.startsWith(`${target}${sep}`);
    if (isKnown || isAbove) return false;
    linked.add(target);
    return true;
  } catch {
    return false;
  }
}
