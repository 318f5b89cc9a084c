import type { Advice } from '../../preload/contract/advice.ts';
import type { Rates } from '../../preload/contract/server.ts';
import type { Setting } from '../../preload/contract/server-settings.ts';
import { finding, type Seen } from './finding.ts';
import { inWords } from './settings/units.ts';

/** What settings do harm, and what of the files is not in effect. */
export function settingsAdvice({ settings: { settings, fileErrors }, rates }: Seen): Advice[] {
  const byName = new Map(settings.map((one) => [one.name, one]));
  const advice: Advice[] = [];
  const isOff = (name: string): boolean => byName.get(name)?.raw === 'off';
  if (isOff('fsync'))
    advice.push(
      finding({
        kind: 'fsync-off',
        severity: 'bad',
        title: 'fsync is off: a crash of the machine may destroy the cluster',
        object: 'fsync',
        evidence: [`fsync = off${placeOf(byName.get('fsync'))}.`],
        harm: 'After a power failure or a crash of the system the data may be damaged beyond repair.',
        remedy: 'Turn it on, unless everything in this cluster can be made anew.',
        statement: "ALTER SYSTEM SET fsync = 'on'; SELECT pg_reload_conf();",
        source: 'PostgreSQL manual, 20.5.1 “WAL Settings”',
      }),
    );
  if (isOff('full_page_writes'))
    advice.push(
      finding({
        kind: 'full-page-writes-off',
        severity: 'bad',
        title: 'full_page_writes is off: a torn page stays damaged',
        object: 'full_page_writes',
        evidence: [`full_page_writes = off${placeOf(byName.get('full_page_writes'))}.`],
        harm: 'A page that was half written when the machine stopped can’t be put right from the WAL.',
        remedy: 'Turn it on, unless the file system is known never to write a page in part.',
        statement: "ALTER SYSTEM SET full_page_writes = 'on'; SELECT pg_reload_conf();",
        source: 'PostgreSQL manual, 20.5.1 “WAL Settings”',
      }),
    );
  for (const { place, name, message } of fileErrors ?? [])
    advice.push(
      finding({
        kind: 'settings-file-error',
        severity: 'warning',
        title: `A settings file has a mistake: ${place}`,
        object: place,
        evidence: [`${name ? `${name}: ` : ''}${message}.`],
        harm: 'Nothing of the files is taken at the next reload, and the server does not start again with them.',
        remedy: 'Correct the line, then reload.',
        source: 'PostgreSQL manual, “pg_file_settings”',
      }),
    );
  const pending = settings.filter(({ pendingRestart }) => pendingRestart);
  if (pending.length > 0)
    advice.push(
      finding({
        kind: 'settings-pending',
        severity: 'notice',
        title: `${pending.length === 1 ? `${pending[0]?.name} waits` : `${pending.length} settings wait`} for a restart`,
        evidence: pending.map(
          ({ name, value, pending: next }) =>
            `${name} is ${value}${next === null ? '' : ` and becomes ${next}`}.`,
        ),
        harm: 'The next restart changes more than whoever restarts it may expect.',
        remedy: 'Restart at a time of your choice, or take the change back.',
        source: 'PostgreSQL manual, “pg_settings”',
      }),
    );
  const often = checkpointAdvice(byName, rates);
  return often ? [...advice, often] : advice;
}

const placeOf = (setting: Setting | undefined): string => (setting?.place ? `, set in ${setting.place}` : '');

/** How many checkpoints came before their time, with the WAL of the same steps. */
export function checkpointsOf({ series, stepMs }: Pick<Rates, 'series' | 'stepMs'>) {
  const sum = (name: 'checkpoints.timed' | 'checkpoints.requested' | 'wal'): number =>
    (series[name]?.mean ?? []).reduce<number>((all, rate) => all + ((rate ?? 0) * stepMs) / 1000, 0);
  return {
    timed: Math.round(sum('checkpoints.timed')),
    requested: Math.round(sum('checkpoints.requested')),
    wal: sum('wal'),
  };
}

/** The fewest checkpoints by which one can tell. */
const fewest = 10;

/**
 * Checkpoints mostly requested by the WAL. CHECKPOINT, CREATE DATABASE and base backups request them too: only where as
 * much WAL was written as it takes was it that.
 */
function checkpointAdvice(byName: ReadonlyMap<string, Setting>, rates: Seen['rates']): Advice | undefined {
  const { timed, requested, wal } = checkpointsOf(rates);
  const most = Number(byName.get('max_wal_size')?.raw ?? Number.NaN) * 1024 * 1024;
  if (requested < fewest || requested <= timed || !(wal / requested >= most * 0.3)) return undefined;
  return finding({
    kind: 'checkpoints-requested',
    severity: 'notice',
    title: 'Most checkpoints come before their time',
    object: 'max_wal_size',
    evidence: [
      `Of ${timed + requested} checkpoints of the last day ${requested} were requested; ${inWords(String(Math.round(wal / 1024 / 1024)), 'MB')} of WAL was written, and max_wal_size is ${byName.get('max_wal_size')?.value}.`,
    ],
    harm: 'Each checkpoint makes full pages go into the WAL again, and writing comes in bursts.',
    remedy: 'Raise max_wal_size, as far as the disk under pg_wal has room.',
    statement: `ALTER SYSTEM SET max_wal_size = '${Math.round((most * 2) / 1024 / 1024)}MB'; SELECT pg_reload_conf();`,
    source: 'PostgreSQL manual, 20.5.2 “Checkpoints”',
  });
}
