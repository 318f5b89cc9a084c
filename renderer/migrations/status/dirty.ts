import type { Explanation } from '../../../preload/contract/common.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';

/** What it means that a track is dirty or failed, and the ways out as its tool has them. */
export function dirtyExplanation(
  { tool, title }: Pick<MigrationTrack, 'tool' | 'title'>,
  { version, why }: NonNullable<MigrationTrack['dirty']>,
): Explanation {
  return {
    cause: 'migrations-dirty',
    what: `${title} stopped in the middle of ${version}.`,
    why,
    next:
      waysOut[tool] ??
      `See what of ${version} is in the database, complete it or take it back, then tell ${title} where it stands.`,
  };
}

const waysOut: Partial<Record<MigrationTrack['tool'], string>> = {
  'golang-migrate':
    'See in its file and in the database how far it came. Complete it by hand and force its version, or take back what it did, force the version before it, and run up again.',
  flyway:
    'Take back by hand what it left, run flyway repair, which removes the failed row, then migrate again.',
  prisma:
    'Complete or take back by hand what it left, then mark it with prisma migrate resolve --applied or --rolled-back.',
  liquibase:
    'See what the changeset left, mend it by hand, and run update again; release the lock first if it is held.',
  atlas: 'See how far it came, mend it by hand, and set the version with atlas migrate set.',
};
