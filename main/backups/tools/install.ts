import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, thisMachine } from './places.ts';

/** Majors that a distribution may be asked for: its own repository has hardly ever all of them. */
const debian = (major: number): string =>
  'sudo apt-get install -y postgresql-common ca-certificates && ' +
  'sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && ' +
  `sudo apt-get install -y postgresql-client-${major}`;

const redHat = (major: number, release: string): string =>
  `sudo dnf install -y https://download.postgresql.org/pub/repos/yum/reporpms/${release}-$(uname -m)/pgdg-${
    release.startsWith('F-') ? 'fedora' : 'redhat'
  }-repo-latest.noarch.rpm && sudo dnf install -y postgresql${major}`;

/**
 * The command that gets the client programs of a major version onto this machine: from PostgreSQL's own repository
 * where the system's may lack that version. Sources: postgresql.org/download by system; formulae and package names of
 * Homebrew, winget, Alpine, SUSE and Arch. Undefined for systems that are not known.
 */
export async function installCommand(
  major: number,
  machine: Machine = thisMachine,
): Promise<string | undefined> {
  if (machine.platform === 'darwin') return `brew install postgresql@${major}`;
  if (machine.platform === 'win32') return `winget install --id PostgreSQL.PostgreSQL.${major} -e`;
  if (machine.platform !== 'linux') return undefined;
  const release = await readFile(join(machine.root || '/', 'etc/os-release'), 'utf8').catch(() => '');
  const field = (name: string): string =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(release)?.[1]?.toLowerCase() ?? '';
  const kin = [field('ID'), ...field('ID_LIKE').split(' ')];
  const version = Number.parseInt(field('VERSION_ID'), 10);
  if (kin.includes('debian') || kin.includes('ubuntu')) return debian(major);
  if (field('ID') === 'fedora') return redHat(major, `F-${version}`);
  if (kin.includes('rhel') || kin.includes('fedora') || kin.includes('centos'))
    // Amazon's own numbers are not those of Red Hat, and PostgreSQL's repository does not serve it.
    return field('ID') === 'amzn' ? `sudo dnf install -y postgresql${major}` : redHat(major, `EL-${version}`);
  if (kin.includes('alpine')) return `sudo apk add postgresql${major}-client`;
  if (kin.some((one) => one.includes('suse'))) return `sudo zypper install -y postgresql${major}`;
  if (kin.includes('arch')) return 'sudo pacman -S postgresql-libs';
  return undefined;
}
