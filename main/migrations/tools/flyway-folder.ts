import { crc32 } from 'node:zlib';
import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderEntry, FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { byVersion, plainVersion, versionParts } from './flyway-version.ts';
import { eachChunk, overAll, textOrNothing } from './shared/content.ts';
import { byteOrderMark } from './shared/decode-text.ts';
import { asTrackProblem } from './shared/file-problem.ts';
import { filesIn, foldersOf, joined, relativeTo } from './shared/find-folders.ts';
import { badName, emptiness, sameVersion } from './shared/folder-problems.ts';
import { keyValues, sections } from './shared/settings-files.ts';
import { byCodePoint } from './shared/versions.ts';

const SQL = /^([VURB])(.*?)__(.*)\.sql$/;
const KINDS: Record<string, 'versioned' | 'repeatable' | 'undo' | 'baseline'> = {
  V: 'versioned',
  R: 'repeatable',
  U: 'undo',
  B: 'baseline',
};
const CONFIG = /^flyway(\.\w+)?\.(conf|toml)$/;
/** Where Java's build tools put what `classpath:` finds. */
const CLASSPATH = ['src/main/resources', 'src/main/java', ''];
const KEYS = ['locations', 'table', 'defaultSchema', 'schemas', 'encoding'];

export async function locateFlyway(folder: FolderView): Promise<ToolLocation[]> {
  const all = await foldersOf(folder);
  const found = new Map<string, ToolLocation>();
  const add = (path: string, config: string | null, settings: Map<string, string>): void => {
    const schema = settings.get('defaultSchema') ?? settings.get('schemas')?.split(',')[0]?.trim();
    const name = settings.get('table');
    const table = name || schema ? { schema: schema ?? null, name: name ?? 'flyway_schema_history' } : null;
    const encoding = settings.get('encoding');
    found.set(path, { tool: 'flyway', folder: path, config, table, settings: encoding ? { encoding } : {} });
  };
  for (const { path, entries } of all) {
    for (const { name } of filesIn(entries, CONFIG)) {
      const config = joined(path, name);
      const settings = settingsOf(await textOrNothing(folder, config), name.endsWith('.toml'));
      for (const place of (settings.get('locations') ?? '').split(',')) {
        for (const inside of placesOf(path.replace(/(^|\/)conf$/, ''), place.trim()))
          if (all.some((one) => one.path === inside)) add(inside, config, settings);
      }
    }
  }
  for (const { path, entries } of all) {
    if (filesIn(entries, /^V[\d._]+__.*\.sql$/).length === 0) continue;
    // What lies within a known location belongs to it: Flyway looks into folders of folders.
    if ([...found.keys()].some((known) => known === path || path.startsWith(`${known}/`) || known === ''))
      continue;
    add(path, null, new Map());
  }
  return [...found.values()];
}

export async function readFlywayFolder(folder: FolderView, location: ToolLocation): Promise<FolderReading> {
  const problems: TrackProblem[] = [];
  const known = new Map<string, FolderMigration>();
  const files = await filesBelow(folder, location.folder);
  const read = await overAll(files, (file) => readFile(folder, location, file, problems));
  for (const migration of read) {
    const twin = migration && known.get(migration.id);
    if (twin) problems.push(twins(twin, migration));
    else if (migration) known.set(migration.id, migration);
  }
  for (const undo of known.values()) {
    if (undo.kind !== 'undo') continue;
    known.delete(undo.id);
    const versioned = known.get(undo.id.slice(1));
    if (versioned) known.set(versioned.id, { ...versioned, downFile: undo.file, reversible: true });
    else problems.push(undoAlone(undo.file ?? undo.name));
  }
  const migrations = [...known.values()].sort(inOrder);
  const empty = await emptiness(folder, location, migrations.length, 'Flyway');
  return { migrations, problems: empty ? [empty, ...problems] : problems };
}

/**
 * CRC-32 of a text's lines without their ends, as a signed number; a BOM is left out. Lines end at LF, CR or both, so
 * that is the sum of all other bytes. Fact: `ChecksumCalculator`.
 */
export class LineSum {
  #sum = 0;
  #begun = false;

  add(chunk: Buffer): void {
    let start = this.#begun ? 0 : byteOrderMark(chunk);
    this.#begun = true;
    for (let at = start; at <= chunk.length; at++) {
      const byte = chunk[at];
      if (at < chunk.length && byte !== 0x0a && byte !== 0x0d) continue;
      if (at > start) this.#sum = crc32(chunk.subarray(start, at), this.#sum);
      start = at + 1;
    }
  }

  toString(): string {
    return String(this.#sum | 0);
  }
}

async function readFile(
  folder: FolderView,
  location: ToolLocation,
  file: { path: string; name: string; bytes: number },
  problems: TrackProblem[],
): Promise<FolderMigration | undefined> {
  const [, prefix = '', version = '', words = ''] = SQL.exec(file.name) ?? [];
  if (prefix === '' || (prefix === 'R') !== (version === '') || (prefix !== 'R' && !versionParts(version))) {
    if (/^[VURB]\d|^R__|^[VUB].*__/.test(file.name))
      problems.push(
        badName(file.path, 'Flyway passes over it: it looks for V1.2__words.sql, R__words.sql, U and B.'),
      );
    return undefined;
  }
  const kind = KINDS[prefix] ?? 'versioned';
  const description = words.replaceAll('_', ' ');
  const plain = plainVersion(version);
  return {
    id: kind === 'repeatable' ? `R__${words}` : kind === 'versioned' ? plain : `${prefix}${plain}`,
    name: file.name.replace(/\.sql$/, ''),
    file: file.path,
    downFile: null,
    reversible: false,
    parents: [],
    labels: [description],
    checksums: kind === 'undo' ? null : await checksumsOf(folder, location, file, kind, problems),
    kind,
  };
}

async function checksumsOf(
  folder: FolderView,
  location: ToolLocation,
  file: { path: string; bytes: number },
  kind: string,
  problems: TrackProblem[],
): Promise<string[] | null> {
  // Another encoding is decoded first; which bytes that gives can't be told without Java's tables.
  if (!/^utf-?8$/i.test(location.settings.encoding ?? 'UTF-8')) return null;
  const sum = new LineSum();
  let placeholders = false;
  try {
    await eachChunk(folder, file, (chunk) => {
      sum.add(chunk);
      placeholders ||= kind === 'repeatable' && chunk.includes('${');
    });
  } catch (error) {
    problems.push(asTrackProblem(error));
    return null;
  }
  // Of a repeatable one with placeholders, Flyway sums what they are replaced by.
  return placeholders ? null : [sum.toString()];
}

/** All files of a location, those of its folders too. */
async function filesBelow(
  folder: FolderView,
  path: string,
): Promise<{ path: string; name: string; bytes: number }[]> {
  const entries: FolderEntry[] = await folder.list(path);
  const inside = await Promise.all(
    entries.map((entry) => {
      const place = joined(path, entry.name);
      if (entry.kind === 'folder') return filesBelow(folder, place);
      return entry.name.endsWith('.sql') ? [{ path: place, name: entry.name, bytes: entry.bytes }] : [];
    }),
  );
  return inside.flat();
}

/** Baselines before the versioned one of the same version, repeatable ones last and by their words. */
function inOrder(a: FolderMigration, b: FolderMigration): number {
  const last = Number(a.kind === 'repeatable') - Number(b.kind === 'repeatable');
  if (last !== 0) return last;
  if (a.kind === 'repeatable') return byCodePoint(a.labels[0] ?? '', b.labels[0] ?? '');
  return byVersion(a.id.replace('B', ''), b.id.replace('B', '')) || byCodePoint(b.id, a.id);
}

function settingsOf(text: string, toml: boolean): Map<string, string> {
  if (toml) {
    const section = sections(text).get('flyway') ?? new Map<string, string[]>();
    return new Map(
      [...section].filter(([key]) => KEYS.includes(key)).map(([key, value]) => [key, value.join(',')]),
    );
  }
  const values = [...keyValues(text)].map(([key, value]) => [key.replace(/^flyway\./, ''), value] as const);
  return new Map(values.filter(([key]) => KEYS.includes(key)));
}

/** `filesystem:sql` and `classpath:db/migration` as paths of the project. */
function placesOf(base: string, place: string): string[] {
  const [, scheme = 'classpath', path = ''] = /^(?:(filesystem|classpath):)?(.*)$/.exec(place) ?? [];
  if (path === '' || /[*?]/.test(path)) return [];
  return scheme === 'filesystem'
    ? [relativeTo(base, path)]
    : CLASSPATH.map((root) => relativeTo(base, joined(root, path)));
}

const twins = (one: FolderMigration, other: FolderMigration): TrackProblem =>
  sameVersion(
    'Flyway',
    one.id,
    [one.file ?? one.name, other.file ?? other.name],
    'stops: “Found more than one migration”.',
  );

const undoAlone = (file: string): TrackProblem => ({
  severity: 'warning',
  what: `${file} has no versioned migration.`,
  why: 'There is nothing that it could undo.',
  next: 'Bring the versioned file back, or delete this one.',
  cause: 'migration-down-without-up',
});
