import type { TrackProblem } from '../../../../preload/contract/migrations.ts';
import type { FolderView, ToolLocation } from '../../tool.ts';

/** That the folder isn't there, or that nothing in it is a migration; undefined when neither is so. */
export async function emptiness(
  folder: FolderView,
  location: ToolLocation,
  found: number,
  title: string,
): Promise<TrackProblem | undefined> {
  if (found > 0) return undefined;
  const shown = location.folder === '' ? folder.root : location.folder;
  if (!(await folder.exists(location.folder || '.'))) {
    return {
      severity: 'bad',
      what: `There is no folder ${shown}.`,
      why: location.config
        ? `${location.config} says that the migrations lie there, below ${folder.root}.`
        : `It was moved, renamed or deleted, below ${folder.root}.`,
      next: 'Bring it back, or link the folder where the project lies now.',
      cause: 'migrations-folder-missing',
    };
  }
  return {
    severity: 'notice',
    what: `${shown} holds no migrations.`,
    why: `No file in it is named as ${title} names them.`,
    next: 'Create the first migration, or link another folder.',
    cause: 'migrations-folder-empty',
  };
}

/** Two files of one version. Only the first is shown as a migration. */
export const sameVersion = (
  title: string,
  version: string,
  files: readonly [string, string],
  consequence: string,
): TrackProblem => ({
  severity: 'bad',
  what: `Two files have version ${version}.`,
  why: `${files[0]} and ${files[1]}: ${title} ${consequence}`,
  next: 'Give one of them another version, if it has not been applied anywhere.',
  cause: 'migration-version-twice',
});

export const downWithoutUp = (file: string, consequence: string): TrackProblem => ({
  severity: 'warning',
  what: `${file} has no up file.`,
  why: consequence,
  next: 'Bring the up file back, or delete the down file.',
  cause: 'migration-down-without-up',
});

/** A file that the tool passes over or stumbles on because of its name. */
export const badName = (
  file: string,
  why: string,
  severity: TrackProblem['severity'] = 'warning',
): TrackProblem => ({
  severity,
  what: `${file} is not named as a migration.`,
  why,
  next: 'Rename it, or move it out of the folder.',
  cause: 'migration-name-wrong',
});

/** Rows that no file has. */
export function rowsWithoutFile(names: readonly string[], consequence: string): TrackProblem[] {
  if (names.length === 0) return [];
  const some = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return [
    {
      severity: 'warning',
      what:
        names.length === 1
          ? 'One applied migration has no file.'
          : `${names.length} applied migrations have no file.`,
      why: `${some}${more}. ${consequence}`,
      next: 'See whether another branch is checked out, or whether the files were deleted or merged.',
      cause: 'migration-file-missing',
    },
  ];
}
