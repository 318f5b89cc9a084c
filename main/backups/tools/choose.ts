import type { DumpProgram } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { Programs } from '../types.ts';
import { installCommand } from './install.ts';
import { type Machine, thisMachine } from './places.ts';
import { knowsRestrict, majorOf, releaseWave } from './version.ts';

/** What programs are wanted for. Versions are counted as `server_version_num` counts: 150018. */
export interface Wanted {
  /** `dump`: pg_dump; `globals`: pg_dumpall; `restore`: pg_restore; `script`: psql, for a plain dump. */
  need: 'dump' | 'globals' | 'restore' | 'script';
  /** The server to take from, or to restore to. */
  server: number;
  /** Of the server that a backup was taken from, where it is known. */
  source?: number | null;
  /** Of the archive to be restored, such as `1.16`. */
  archive?: string | null;
  /** The plain dump begins with `\restrict`. */
  isRestricted?: boolean;
}

export interface Choice {
  programs: Programs;
  /** A sentence each. */
  warnings: string[];
}

const programOf = { dump: 'pg_dump', globals: 'pg_dumpall', restore: 'pg_restore', script: 'psql' } as const;

/**
 * The programs that fit best: of the nearest major that is not older than any side's, the newest minor, on this machine
 * before others. `pg_dump` refuses servers of a newer major; one that is older than the server by its day of release may
 * write what a server can't read (15.20's `pg_attver`).
 */
export async function choose(
  wanted: Wanted,
  all: readonly Programs[],
  machine: Machine = thisMachine,
): Promise<Choice | { problem: Explanation }> {
  const program = programOf[wanted.need];
  const having = all.filter(({ about }) => about.programs.includes(program));
  const readable = oldestReader(wanted.archive);
  if (wanted.archive && readable === undefined) return { problem: unknownArchive(wanted.archive) };
  const least = Math.max(majorOf(wanted.server), readable ?? 0);
  const best = Math.max(least, majorOf(wanted.source ?? 0));
  const warnings: string[] = [];
  const usable = wanted.isRestricted ? having.filter(({ about }) => knowsRestrict(about.versionNum)) : having;

  let chosen = nearest(usable, best);
  if (!chosen && wanted.need !== 'dump' && wanted.need !== 'globals') {
    chosen = nearest(usable, least);
    if (chosen)
      warnings.push(
        `The backup comes from PostgreSQL ${majorOf(wanted.source ?? 0)}; ${program} ${chosen.about.version} may not know all that is in it.`,
      );
  }
  if (!chosen && wanted.need === 'script') {
    // psql speaks to every server; what the script asks for is the server's business.
    chosen = usable[0];
    if (chosen)
      warnings.push(
        `psql ${chosen.about.version} is older than the server; it runs the script all the same.`,
      );
  }
  if (!chosen) return { problem: await noneFits(wanted, program, having, best, machine) };

  if (wanted.need === 'dump' || wanted.need === 'globals') {
    const own = releaseWave(chosen.about.versionNum);
    const servers = releaseWave(wanted.server);
    if (own !== null && servers !== null && own < servers)
      warnings.push(
        `${program} ${chosen.about.version} was released before the server’s ${serverName(wanted.server)}, and may not know what that keeps in its catalogues. Update the client programs.`,
      );
  }
  if (wanted.need === 'restore' && majorOf(chosen.about.versionNum) >= 17 && majorOf(wanted.server) <= 16)
    warnings.push(
      `pg_restore ${chosen.about.version} sets transaction_timeout, which PostgreSQL ${majorOf(wanted.server)} does not know: one error that means nothing.`,
    );
  return { programs: chosen, warnings };
}

/** Programs of this machine that read an archive, newest minor of the nearest major first; for reading it back. */
export function readersOf(archive: string | null, all: readonly Programs[]): Programs[] {
  const least = oldestReader(archive);
  if (least === undefined) return [];
  return all
    .filter(({ about }) => about.kind === 'local' && about.programs.includes('pg_restore'))
    .filter(({ about }) => majorOf(about.versionNum) >= least)
    .sort(byNearness);
}

/** The first major whose pg_restore reads an archive; undefined when none is known to. */
function oldestReader(archive: string | null | undefined): number | undefined {
  if (!archive) return 0;
  const [major = 0, minor = 0] = archive.split('.').map(Number);
  if (major !== 1 || minor > 16) return undefined;
  return minor === 16 ? 17 : minor === 15 ? 16 : 0;
}

const byNearness = ({ about: a }: Programs, { about: b }: Programs): number =>
  majorOf(a.versionNum) - majorOf(b.versionNum) ||
  b.versionNum - a.versionNum ||
  Number(b.kind === 'local') - Number(a.kind === 'local');

const nearest = (all: readonly Programs[], major: number): Programs | undefined =>
  all.filter(({ about }) => majorOf(about.versionNum) >= major).sort(byNearness)[0];

const serverName = (versionNum: number): string => `${majorOf(versionNum)}.${versionNum % 10_000}`;

function unknownArchive(archive: string): Explanation {
  return {
    cause: 'archive-too-new',
    what: `The archive is of version ${archive}, which no program known here reads.`,
    why: 'It was written by a newer pg_dump than those of PostgreSQL 18 and 19.',
    next: 'Restore it with the pg_restore of the PostgreSQL version that wrote it.',
  };
}

async function noneFits(
  wanted: Wanted,
  program: DumpProgram,
  having: readonly Programs[],
  major: number,
  machine: Machine,
): Promise<Explanation> {
  const versions = [...new Set(having.map(({ about }) => about.version))];
  const command = await installCommand(major, machine);
  const there = versions.length
    ? `There ${versions.length === 1 ? 'is' : 'are'} ${program} ${versions.join(', ')}`
    : `No ${program} was found`;
  const next = command
    ? `Install the client programs of PostgreSQL ${major} with the command below, then look for programs again; or add a folder, container or host that has them.`
    : `Install the client programs of PostgreSQL ${major}, then look for programs again; or add a folder, container or host that has them.`;
  const base = { next, ...(command ? { command } : {}) };
  if (wanted.isRestricted && versions.length)
    return {
      ...base,
      cause: 'psql-too-old-for-restrict',
      what: 'No psql here can run this dump.',
      why: `${there}; the dump begins with \\restrict, which psql knows since August 2025 (13.22, 14.19, 15.14, 16.10, 17.6). An older one goes on without it.`,
    };
  return {
    ...base,
    cause: versions.length ? 'programs-too-old' : 'programs-missing',
    what: `No ${program} here fits PostgreSQL ${major}.`,
    why: `${there}; ${
      wanted.need === 'dump' || wanted.need === 'globals'
        ? `${program} refuses servers of a newer major version than its own.`
        : 'one at least as new as the server and the backup is needed.'
    }`,
  };
}
