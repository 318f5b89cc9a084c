import type { RunAction } from '../../../preload/contract/migration-runs.ts';
import type { MigrationToolId, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration } from '../tool.ts';
import { byNumber } from '../tools/shared/versions.ts';
import { refuse } from './refusal.ts';

/** What is known of both sides, as far as the order of steps depends on it. */
export interface Standing {
  tool: MigrationToolId;
  title: string;
  /** Ids that are applied, with a file or without; in the order in which they were applied where the tool goes by that. */
  applied: readonly string[];
  /** golang-migrate's row: the version, `-1`, or null where there is none. */
  version: string | null;
  dirty: { version: string; why: string } | null;
  /** In the order in which the tool runs them. */
  migrations: readonly FolderMigration[];
  problems: readonly TrackProblem[];
}

/** One migration in one direction. */
export interface Step {
  migration: FolderMigration;
  direction: 'up' | 'down';
  /** Null: the tool has no file for this direction, and only moves on. */
  file: string | null;
  /** golang-migrate's version afterwards; null for none. */
  target: string | null;
}

export interface Steps {
  steps: Step[];
  /** The state before and after, in the tool's words. */
  from: string;
  to: string;
}

/**
 * Which migrations an action runs, and in which order, by the tool's own rules. `up` beyond the last and `down` beyond
 * the first run what there is.
 *
 * @throws {Refusal} where the tool itself would refuse, or can't do it
 */
export function stepsOf(standing: Standing, action: RunAction): Steps {
  const broken = standing.problems.find(
    ({ severity, cause }) =>
      severity === 'bad' &&
      /^(migration-version-twice|migration-name-wrong|golang-migrate-many-rows)$/.test(cause),
  );
  if (broken) {
    const { severity: _, ...explanation } = broken;
    refuse(explanation);
  }
  return standing.tool === 'golang-migrate' ? numbered(standing, action) : listed(standing, action);
}

/** Whether an action takes something back: such belong to another procedure, with another risk. */
export const takesBack = ({ steps }: Steps, action: RunAction): boolean =>
  action.kind === 'down' || action.kind === 'redo' || steps.some(({ direction }) => direction === 'down');

/** golang-migrate: one version, and the files on the way from it. `migrate.go`: `read`, `readUp`, `readDown`. */
function numbered({ version, dirty, migrations }: Standing, action: RunAction): Steps {
  if (dirty)
    refuse({
      cause: 'dirty',
      what: `golang-migrate is dirty at version ${dirty.version}.`,
      why: dirty.why,
      next: 'See what of it is in the database, clean up, then force the version that is true.',
      command: `migrate force ${dirty.version === '-1' ? '-- -1' : dirty.version}`,
    });
  const place = version === null ? -1 : migrations.findIndex(({ id }) => id === version);
  if (version !== null && place < 0) refuse(noFile(version));
  const goingUp = (from: number, to: number): Step[] =>
    migrations.slice(from + 1, to + 1).map((one) => step(one, 'up', one.id));
  const goingDown = (from: number, to: number): Step[] =>
    migrations
      .slice(to + 1, from + 1)
      .map((one, index) => step(one, 'down', migrations[to + index]?.id ?? null))
      .reverse();
  const last = migrations.length - 1;
  const result = (steps: Step[]): Steps => ({
    steps,
    from: versionName(version),
    to: versionName(steps.length ? (steps.at(-1)?.target ?? null) : version),
  });
  switch (action.kind) {
    case 'up':
      return result(goingUp(place, Math.min(last, action.count === undefined ? last : place + action.count)));
    case 'down':
      if (place < 0) refuse(nothingApplied('golang-migrate'));
      return result(goingDown(place, Math.max(-1, place - action.count)));
    case 'redo':
      if (place < 0) refuse(nothingApplied('golang-migrate'));
      return result([...goingDown(place, place - 1), ...goingUp(place - 1, place)]);
    case 'goto': {
      const wanted = plainVersion(action.version);
      const target = migrations.findIndex(({ id }) => id === wanted);
      if (target < 0) refuse(unknown(action.version, 'golang-migrate'));
      return result(target > place ? goingUp(place, target) : goingDown(place, target));
    }
  }
}

/** The tools that keep a row an applied migration. */
function listed(standing: Standing, action: RunAction): Steps {
  const { tool, title, migrations } = standing;
  const applied = new Set(standing.applied);
  const pending = migrations.filter(({ id }) => !applied.has(id));
  const result = (steps: Step[]): Steps => {
    const after = new Set(applied);
    for (const { migration, direction } of steps) {
      if (direction === 'up') after.add(migration.id);
      else after.delete(migration.id);
    }
    return { steps, from: standingName(standing, applied), to: standingName(standing, after) };
  };
  const up = (some: readonly FolderMigration[]): Steps => {
    if (tool === 'goose') refuseLateOnes(standing);
    return result(some.map((one) => step(one, 'up', null)));
  };
  const backwards = (): FolderMigration[] => backFrom(standing, applied);
  switch (action.kind) {
    case 'up':
      return up(pending.slice(0, action.count ?? pending.length));
    case 'down': {
      const some = backwards().slice(0, action.count);
      if (!some.length) refuse(nothingApplied(title));
      return result(some.map((one) => back(standing, one)));
    }
    case 'redo': {
      const [last] = backwards();
      if (!last) refuse(nothingApplied(title));
      return result([back(standing, last), step(last, 'up', null)]);
    }
    case 'goto': {
      const wanted = tool === 'goose' ? plainVersion(action.version) : action.version;
      const at = migrations.findIndex(({ id }) => id === wanted);
      if (at < 0) refuse(unknown(action.version, title));
      if (!applied.has(wanted)) return up(pending.filter((one) => migrations.indexOf(one) <= at));
      const some: FolderMigration[] = [];
      for (const one of backwards()) {
        // goose stops as soon as what came last is not above the wanted one; the others go by the order of their files.
        if (tool === 'goose' && byNumber(one.id, wanted) <= 0) break;
        if (tool === 'goose' || migrations.indexOf(one) > at) some.push(one);
      }
      return result(some.map((one) => back(standing, one)));
    }
  }
}

/** What is applied, what is taken back first comes first. */
function backFrom(standing: Standing, applied: ReadonlySet<string>): FolderMigration[] {
  const { tool, migrations } = standing;
  if (tool !== 'goose') return migrations.filter(({ id }) => applied.has(id)).toReversed();
  return standing.applied
    .toReversed()
    .map((id) => migrations.find((one) => one.id === id) ?? refuse(noFile(id)));
}

function back({ tool, title }: Standing, migration: FolderMigration): Step {
  if (tool === 'home-made' && migration.downFile === null)
    refuse({
      cause: 'one-way',
      what: `${migration.name} can’t be taken back.`,
      why: 'There is no file that does it.',
      next: 'Write a migration that undoes it, or put a file beside it that is called the same with “.down.sql” at its end.',
    });
  // Without a down part goose runs nothing, and takes the row away.
  const file = migration.downFile ?? (tool === 'goose' || tool === 'dbmate' ? migration.file : null);
  const one = { ...step(migration, 'down', null), file };
  if (migration.kind === 'go') refuse(goCode(migration, title));
  return one;
}

function step(migration: FolderMigration, direction: 'up' | 'down', target: string | null): Step {
  if (migration.kind === 'go') refuse(goCode(migration, 'goose'));
  return { migration, direction, file: direction === 'up' ? migration.file : migration.downFile, target };
}

/** `up.go`: goose stops where a file that was never run is below the highest version that was. */
function refuseLateOnes({ migrations, applied }: Standing): void {
  const highest = applied.reduce((most, id) => (byNumber(id, most) > 0 ? id : most), '0');
  const late = migrations.filter(({ id }) => !applied.includes(id) && byNumber(id, highest) < 0);
  if (!late.length) return;
  refuse({
    cause: 'out-of-order',
    what: `goose would not go on: ${late.map(({ name }) => name).join(', ')} ${late.length > 1 ? 'were' : 'was'} never run, though version ${highest} was.`,
    why: 'It refuses what comes late, so that every database gets the files in one order.',
    next: 'Give the late file a number above the others, mark it as applied, or run goose itself with -allow-missing.',
    command: 'goose up -allow-missing',
  });
}

const versionName = (version: string | null): string =>
  version === null ? 'no version' : `version ${version}`;

function standingName({ migrations, tool }: Standing, applied: ReadonlySet<string>): string {
  const last = migrations.findLast(({ id }) => applied.has(id));
  const at = tool === 'home-made' ? last?.id : last && `version ${last.id}`;
  return `${applied.size} applied${at ? `, up to ${at}` : ''}`;
}

const plainVersion = (version: string): string => version.trim().replace(/^0+(?=\d)/, '');

const nothingApplied = (title: string) => ({
  cause: 'nothing-applied',
  what: 'There is nothing to take back.',
  why: `No migration of ${title} is applied here.`,
  next: 'Run the pending ones first.',
});

const noFile = (version: string) => ({
  cause: 'migration-file-missing',
  what: `The database is at version ${version}, and no file has it.`,
  why: 'The tool itself refuses to go on from there. Perhaps another branch is checked out.',
  next: 'Bring the file back, or record the version that the database is really at.',
});

const unknown = (version: string, title: string) => ({
  cause: 'version-unknown',
  what: `There is no migration ${version}.`,
  why: `No file of ${title}’s folder has that version.`,
  next: 'Look at the list for the versions that there are.',
});

const goCode = ({ name, file }: FolderMigration, title: string) => ({
  cause: 'go-migration',
  what: `${file ?? name} can’t be run from here.`,
  why: `It is written in Go, and built into a program of the project’s own with ${title}.`,
  next: 'Run that program up to and with this migration; Howdah can go on after it.',
});
