import { readdir, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { type DumpProgram, dumpPrograms } from '../../../preload/contract/backups.ts';

/** The machine as far as finding programs goes; tests give one of their own. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** What stands before the folders that packages use: nothing, but for tests. */
  root: string;
}

export const thisMachine: Machine = { platform: process.platform, env: process.env, root: '' };

/** A folder that has at least one of the programs. */
export interface Folder {
  path: string;
  /** Without symbolic links: what makes it the same folder as another. */
  real: string;
  source: string;
  programs: DumpProgram[];
}

export const fileOf = (folder: string, program: DumpProgram, { platform }: Machine): string =>
  join(folder, platform === 'win32' ? `${program}.exe` : program);

/**
 * Where packages of the various systems put PostgreSQL's programs. One `*` each, within one step of the path.
 * Homebrew's unversioned and `libpq` folders come last, so that those of one version name the same folder first.
 */
function known({ root, env }: Machine): [pattern: string, source: string][] {
  const homebrew = ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'];
  const windows = ['ProgramFiles', 'ProgramW6432'].flatMap((name) => env[name] ?? []);
  return [
    [`${root}/usr/lib/postgresql/*/bin`, 'Debian'],
    [`${root}/usr/pgsql-*/bin`, 'Red Hat'],
    [`${root}/usr/lib/postgresql*/bin`, 'SUSE or Gentoo'],
    [`${root}/usr/libexec/postgresql*`, 'Alpine'],
    ...homebrew.map((at): [string, string] => [`${root}${at}/postgresql@*/bin`, 'Homebrew']),
    ...homebrew.flatMap((at): [string, string][] => [
      [`${root}${at}/postgresql*/bin`, 'Homebrew'],
      [`${root}${at}/libpq*/bin`, 'Homebrew'],
    ]),
    [`${root}/Applications/Postgres.app/Contents/Versions/*/bin`, 'Postgres.app'],
    [`${root}/Library/PostgreSQL/*/bin`, 'EDB'],
    [`${root}/opt/PostgreSQL/*/bin`, 'EDB'],
    ...[...new Set(windows)].map((at): [string, string] => [
      `${at.replaceAll('\\', '/')}/PostgreSQL/*/bin`,
      'EDB',
    ]),
  ];
}

/** Every folder of this machine that has programs, each once however many links lead there; `given` come first. */
export async function findFolders(machine: Machine, given: readonly string[]): Promise<Folder[]> {
  const found = new Map<string, Folder>();
  const add = async (path: string, source: string): Promise<void> => {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || found.has(real)) return;
    const programs = await programsIn(path, machine);
    if (programs.length) found.set(real, { path, real, source, programs });
  };
  for (const folder of given) await add(folder, 'set by you');
  for (const [pattern, source] of known(machine))
    for (const folder of await expand(pattern)) await add(folder, source);
  const path = machine.env.PATH ?? machine.env.Path ?? '';
  for (const folder of path.split(machine.platform === 'win32' ? ';' : delimiter).filter(Boolean))
    for (const one of await behind(folder, machine)) await add(one, 'PATH');
  return [...found.values()];
}

/** The programs that a folder has; Debian's wrapper, which chooses by cluster, is none. */
async function programsIn(folder: string, machine: Machine): Promise<DumpProgram[]> {
  const real = await Promise.all(
    dumpPrograms.map(async (program) => await realpath(fileOf(folder, program, machine)).catch(() => '')),
  );
  return dumpPrograms.filter((_, index) => real[index] && basename(real[index] ?? '') !== 'pg_wrapper');
}

/**
 * The folders that a folder of PATH leads to: where its programs are links, as Homebrew's and alternatives(8) are, those
 * with the programs themselves.
 */
async function behind(folder: string, machine: Machine): Promise<string[]> {
  const folders = new Set<string>();
  for (const program of dumpPrograms) {
    const file = fileOf(folder, program, machine);
    const real = await realpath(file).catch(() => undefined);
    if (real === undefined || basename(real) === 'pg_wrapper') continue;
    folders.add(basename(real) === basename(file) ? dirname(real) : folder);
  }
  return [...folders];
}

async function expand(pattern: string): Promise<string[]> {
  const steps = pattern.split('/');
  const at = steps.findIndex((step) => step.includes('*'));
  const parent = steps.slice(0, at).join('/') || '/';
  const [before = '', after = ''] = (steps[at] ?? '').split('*');
  const names = await readdir(parent).catch(() => []);
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length >= before.length)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => [parent, name, ...steps.slice(at + 1)].join('/'));
}
