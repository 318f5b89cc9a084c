import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportPlace } from '../../preload/contract/imports.ts';

/** What the places depend on. */
export interface Machine {
  home: string;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

/** Files with connections at their usual places, those that are there. */
export async function findPlaces(machine: Machine): Promise<ImportPlace[]> {
  const there = await Promise.all(
    usualPlaces(machine).map(async (place) => {
      const facts = await stat(place.path).catch(() => undefined);
      return facts?.isFile() ? [place] : [];
    }),
  );
  const seen = new Set<string>();
  return there.flat().filter(({ path }) => {
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
}

/** Where the programs keep their files (their own manuals and sources), the most usual place first. */
function usualPlaces({ home, platform, env }: Machine): ImportPlace[] {
  const appData = env.APPDATA || join(home, 'AppData', 'Roaming');
  const share = env.XDG_DATA_HOME || join(home, '.local', 'share');
  const config = env.XDG_CONFIG_HOME || join(home, '.config');
  const windows = platform === 'win32';
  const mac = platform === 'darwin';
  const library = join(home, 'Library');
  const dbeaver = windows
    ? [appData]
    : mac
      ? [library]
      : [
          share,
          join(home, 'snap/dbeaver-ce/current/.local/share'),
          join(home, '.var/app/io.dbeaver.DBeaverCommunity/data'),
        ];
  const pgadmin = windows
    ? [join(appData, 'pgAdmin')]
    : [join(home, '.pgadmin'), ...(mac ? [join(library, 'Application Support', 'pgAdmin 4')] : [])];
  const service = [
    env.PGSERVICEFILE,
    windows ? join(appData, 'postgresql', '.pg_service.conf') : join(home, '.pg_service.conf'),
    env.PGSYSCONFDIR && join(env.PGSYSCONFDIR, 'pg_service.conf'),
    // Where Debian's libpq and the others' look.
    ...(windows
      ? []
      : [
          '/etc/postgresql-common/pg_service.conf',
          '/etc/pg_service.conf',
          '/etc/sysconfig/pgsql/pg_service.conf',
        ]),
  ];
  const password = [
    env.PGPASSFILE,
    windows ? join(appData, 'postgresql', 'pgpass.conf') : join(home, '.pgpass'),
  ];
  const dbgate = [
    env.WORKSPACE_DIR && join(env.WORKSPACE_DIR, 'connections.jsonl'),
    join(home, '.dbgate', 'connections.jsonl'),
    join(config, 'dbgate', 'connections.jsonl'),
  ];
  const place = (kind: ImportPlace['kind'], label: string) => (path: string) => ({ kind, path, label });
  const given = (paths: (string | undefined)[]): string[] => paths.filter((path): path is string => !!path);
  return [
    ...given(password).map(place('pgpass', 'Password file')),
    ...given(service).map(place('service', 'Connection service file')),
    ...dbeaver
      .map((folder) => join(folder, 'DBeaverData/workspace6/General/.dbeaver/data-sources.json'))
      .map(place('dbeaver', 'DBeaver')),
    ...pgadmin.map((folder) => join(folder, 'pgadmin4.db')).map(place('pgadmin', 'pgAdmin 4')),
    ...given(dbgate).map(place('dbgate', 'DbGate')),
  ];
}
