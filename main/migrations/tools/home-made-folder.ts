import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderEntry, FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { digestsOf, overAll, someSay } from './shared/content.ts';
import { asTrackProblem } from './shared/file-problem.ts';
import { filesIn, foldersOf, hasFile, joined, type ProjectFolder } from './shared/find-folders.ts';
import { downWithoutUp, emptiness, sameVersion } from './shared/folder-problems.ts';
import { isSqlxProject } from './shared/sqlx-project.ts';
import { byCodePoint, byNature, plainNumber } from './shared/versions.ts';

const NUMBERED = /^\d+[\w.-]*\.sql$/;
const DOWN = /[._-](down|undo|rollback|revert)\.sql$/i;
/** Folders of numbered SQL files that are not migrations. */
const OTHER_KIND =
  /(^|\/)(seeds?|fixtures?|tests?|examples?|queries|data|deploy|revert|verify|initdb.*|docker-entrypoint.*)(\/|$)/i;
const TELLING = /(^|\/)(migrations?|migrate|changes|patches|updates|schema|sql|db|database|versions|ddl)$/i;
/** Marks of tools in the files themselves. */
const MARKED = /^\s*--\s*(migrate:up|\+goose\s+up|\+migrate\s+up|liquibase\s+formatted)|^--changeset\s/im;

export async function homeMadeFolders(folder: FolderView): Promise<ToolLocation[]> {
  const found: ToolLocation[] = [];
  for (const place of await foldersOf(folder)) {
    if (await isHomeMade(folder, place))
      found.push({ tool: 'home-made', folder: place.path, config: null, table: null, settings: {} });
  }
  return found;
}

/** Numbered SQL files that bear no mark of a tool. */
async function isHomeMade(folder: FolderView, { path, entries }: ProjectFolder): Promise<boolean> {
  const files = filesIn(entries, NUMBERED).filter(({ name }) => !DOWN.test(name));
  if (files.length < (TELLING.test(path) ? 1 : 3) || OTHER_KIND.test(path)) return false;
  // golang-migrate's and sqlx's pairs, Atlas's sum, Drizzle's journal.
  if (files.some(({ name }) => /\.up\.sql$/.test(name)) || hasFile(entries, 'atlas.sum')) return false;
  if (await folder.exists(joined(path, 'meta/_journal.json'))) return false;
  if (await isSqlxProject(folder, path)) return false;
  return !(await someSay(folder, path, files, MARKED));
}

export async function readHomeMade(folder: FolderView, location: ToolLocation): Promise<FolderReading> {
  const problems: TrackProblem[] = [];
  const files = filesIn(await folder.list(location.folder), /\.sql$/i);
  const downs = new Map(
    files.filter(({ name }) => DOWN.test(name)).map(({ name }) => [name.replace(DOWN, ''), name]),
  );
  const ups = files.filter(({ name }) => !DOWN.test(name)).sort((a, b) => byNature(a.name, b.name));
  const used = new Set<string>();
  const migrations = await overAll(ups, async (file) => {
    const down = downs.get(file.name.replace(/([._-]up)?\.sql$/i, ''));
    if (down) used.add(down);
    return await readFile(folder, location, file, down, problems);
  });
  for (const down of downs.values())
    if (!used.has(down))
      problems.push(
        downWithoutUp(joined(location.folder, down), 'There is nothing that it could take back.'),
      );
  problems.push(...sameNumbers(ups), ...twoOrders(ups));
  const empty = await emptiness(folder, location, migrations.length, 'a home-made runner');
  if (!empty && downs.size === 0) problems.push(oneWay);
  return { migrations, problems: empty ? [empty, ...problems] : problems };
}

async function readFile(
  folder: FolderView,
  location: ToolLocation,
  file: FolderEntry,
  down: string | undefined,
  problems: TrackProblem[],
): Promise<FolderMigration> {
  const path = joined(location.folder, file.name);
  let checksums: string[] | null = null;
  try {
    const digests = await digestsOf(folder, { path, bytes: file.bytes }, ['sha256', 'sha1', 'md5']);
    checksums = digests.map((digest) => digest.toString('hex'));
  } catch (error) {
    problems.push(asTrackProblem(error));
  }
  return {
    id: file.name,
    name: file.name.replace(/([._-]up)?\.sql$/i, ''),
    file: path,
    downFile: down === undefined ? null : joined(location.folder, down),
    reversible: down !== undefined,
    parents: [],
    labels: [],
    checksums,
  };
}

function sameNumbers(files: readonly FolderEntry[]): TrackProblem[] {
  const known = new Map<string, string>();
  const problems: TrackProblem[] = [];
  for (const { name } of files) {
    const digits = /^\d+/.exec(name)?.[0];
    if (digits === undefined) continue;
    const number = plainNumber(digits);
    const twin = known.get(number);
    if (twin) {
      const consequence = 'the project’s own runner may take them by name, or for one and the same.';
      problems.push({ ...sameVersion('here', number, [twin, name], consequence), severity: 'warning' });
    } else known.set(number, name);
  }
  return problems;
}

/** A runner that sorts names as texts takes `10_x` before `9_x`. */
function twoOrders(files: readonly FolderEntry[]): TrackProblem[] {
  const asTexts = files.map(({ name }) => name).sort(byCodePoint);
  const at = files.findIndex(({ name }, index) => name !== asTexts[index]);
  if (at < 0) return [];
  return [
    {
      severity: 'warning',
      what: `The order of the files depends on how names are sorted.`,
      why: `By number ${files[at]?.name} comes next, by text ${asTexts[at]}. Which way the project’s own runner sorts is not known; here they are sorted by number.`,
      next: 'Give all numbers the same length.',
      cause: 'home-made-two-orders',
    },
  ];
}

const oneWay: TrackProblem = {
  severity: 'notice',
  what: 'The folder goes one way.',
  why: 'None of its files has a counterpart that takes it back.',
  next: 'To undo one, write a migration that does.',
  cause: 'home-made-one-way',
};
