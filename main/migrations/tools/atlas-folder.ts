import { createHash } from 'node:crypto';
import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderEntry, FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { eachChunk } from './shared/content.ts';
import { asTrackProblem, FileProblem } from './shared/file-problem.ts';
import { filesIn, joined } from './shared/find-folders.ts';
import { emptiness, sameVersion } from './shared/folder-problems.ts';

interface Sum {
  name: string;
  hash: string;
}

/** `-- atlas:sum ignore` and `-- atlas:checkpoint` (`reDirective`). */
const IGNORED = /^[ -~]*atlas:sum +ignore\s*$/m;
const CHECKPOINT = /^[ -~]*atlas:checkpoint\b/m;

export async function readAtlasFolder(folder: FolderView, location: ToolLocation): Promise<FolderReading> {
  const problems: TrackProblem[] = [];
  const files = filesIn(await folder.list(location.folder), /\.sql$/);
  const plain = location.settings.format === undefined || location.settings.format === 'atlas';
  const sums = plain ? await sumsOf(folder, location, files, problems) : undefined;
  if (!plain) problems.push(otherFormat(location.settings.format ?? ''));
  const byVersion = new Map<string, FolderMigration>();
  for (const { name } of files) {
    // A down file of another tool's is none of Atlas's.
    if (!plain && /\.down\.sql$/.test(name)) continue;
    const version = name.replace(/\.sql$/, '').split('_')[0] ?? name;
    const twin = byVersion.get(version);
    if (twin) problems.push(sameVersion('Atlas', version, [twin.name, name], 'records one row for both.'));
    else byVersion.set(version, migration(version, name, location.folder, sums?.get(name)));
  }
  const empty = await emptiness(folder, location, byVersion.size, 'Atlas');
  const migrations = [...byVersion.values()];
  return { migrations, problems: empty ? [empty, ...problems] : problems };
}

interface Summed {
  hash: string | null;
  checkpoint: boolean;
}

/** Each file's cumulative hash; and whether `atlas.sum` says the same. */
async function sumsOf(
  folder: FolderView,
  location: ToolLocation,
  files: readonly FolderEntry[],
  problems: TrackProblem[],
): Promise<Map<string, Summed> | undefined> {
  const hash = createHash('sha256');
  const found = new Map<string, Summed>();
  const sums: Sum[] = [];
  try {
    for (const { name, bytes } of files) {
      let head: string | undefined;
      let ignored = false;
      hash.update(name);
      await eachChunk(folder, { path: joined(location.folder, name), bytes }, (chunk) => {
        head ??= chunk.subarray(0, 4096).toString('latin1');
        ignored ||= IGNORED.test(head.split('\n')[0] ?? '');
        if (!ignored) hash.update(chunk);
      });
      const sum = ignored ? null : hash.copy().digest('base64');
      if (sum) sums.push({ name, hash: sum });
      found.set(name, { hash: sum, checkpoint: CHECKPOINT.test(leadingComments(head ?? '')) });
    }
    const listed = await folder.textIfAny(joined(location.folder, 'atlas.sum'), 16 * 1024 * 1024);
    const fault = files.length === 0 ? undefined : compare(sums, listed);
    if (fault) problems.push(sumWrong(joined(location.folder, 'atlas.sum'), fault));
    return found;
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    problems.push(asTrackProblem(error));
    return undefined;
  }
}

/** Directives of the file as a whole stand in comments that an empty line parts from the rest. */
function leadingComments(head: string): string {
  const comments = /^(?:(?:#|--)[^\n]*\n)+/.exec(head)?.[0] ?? '';
  const rest = head.slice(comments.length);
  return rest === '' || /^[ \t]*\r?\n/.test(rest) ? comments : '';
}

/** What is wrong with `atlas.sum`, as `atlas migrate validate` would find it. */
function compare(sums: readonly Sum[], listed: string | undefined): string | undefined {
  if (listed === undefined) return 'It isn’t there.';
  const [head = '', ...lines] = listed.split(/\r?\n/).filter((line) => line !== '');
  const known = lines.map((line) => line.split(' h1:')).map(([name = '', hash = '']) => ({ name, hash }));
  for (const [index, { name, hash }] of sums.entries()) {
    const there = known[index];
    if (there?.name === name && there.hash === hash) continue;
    if (there?.name === name) return `${name} was edited after the sums were made, or a file before it.`;
    if (known.some((other) => other.name === name))
      return `${there?.name ?? 'A file'} is gone since the sums were made.`;
    return `${name} came after the sums were made.`;
  }
  if (known.length > sums.length) return `${known[sums.length]?.name} is gone since the sums were made.`;
  const whole = createHash('sha256');
  for (const { name, hash } of sums) whole.update(name).update(hash);
  return head === `h1:${whole.digest('base64')}`
    ? undefined
    : 'Its first line, the sum of the whole, is wrong.';
}

const migration = (
  version: string,
  name: string,
  folder: string,
  sum: Summed | undefined,
): FolderMigration => ({
  id: version,
  name: name.replace(/\.sql$/, ''),
  file: joined(folder, name),
  downFile: null,
  // `migrate down` plans the way back from the two states of the schema.
  reversible: null,
  parents: [],
  labels: sum?.checkpoint ? ['checkpoint'] : [],
  checksums: sum?.hash ? [sum.hash] : null,
  ...(sum?.checkpoint ? { kind: 'checkpoint' } : {}),
});

const sumWrong = (path: string, why: string): TrackProblem => ({
  severity: 'bad',
  what: `${path} does not fit the files.`,
  why: `${why} Atlas refuses to run such a folder.`,
  next: 'If the files are right, make it anew.',
  cause: 'atlas-sum-wrong',
  command: 'atlas migrate hash',
});

const otherFormat = (format: string): TrackProblem => ({
  severity: 'notice',
  what: `The folder is laid out as ${format} does it.`,
  why: 'Atlas hashes such folders by rules that are not known here, so changes of files are not seen.',
  next: 'Compare with `atlas migrate status`.',
  cause: 'atlas-other-format',
});
