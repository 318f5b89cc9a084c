import type {
  MigrationEntry,
  MigrationStatus,
  MigrationTrack,
} from '../../../preload/contract/migrations.ts';
import { atOnce } from './in-slices.ts';

/** What one environment has of a block: its track, and the entries by id. */
export interface Column {
  track: MigrationTrack;
  entries: ReadonlyMap<string, MigrationEntry>;
}

/** Tracks of one tool and folder over all environments: one table of the matrix. */
export interface Block {
  key: string;
  title: string;
  /** What tells it from others of its tool: the folder, or the table where none is linked. */
  place: string;
  columns: ReadonlyMap<string, Column>;
  /** Union of the migrations, in the order in which the tool runs them. */
  rows: BlockRow[];
}

export interface BlockRow {
  id: string;
  name: string;
  /** Environments that have the track stand differently with it. */
  differs: boolean;
}

interface Gathered {
  tool: string;
  title: string;
  project: string | null;
  folder: string | null;
  table: string;
  columns: Map<string, Column>;
}

/** Columns of tracks that were brought together before: most stay the same from one time to the next. */
const knownColumns = new WeakMap<MigrationTrack, Column>();

/** `mergeBlocks` in one go, for few. */
export const blocksOf = (statuses: readonly MigrationStatus[]): Block[] => atOnce(mergeBlocks(statuses));

/**
 * Brings the tracks of environments together, in small steps: for many environments all of them take longer than the
 * window may stand still. Tracks of one tool belong together when they are of one folder. Where one
 * has no folder, or another checkout's, the migrations tell: at least half of those of the shorter one have to be in the
 * other as well. Of several tracks of one environment with the same folder (a table in each schema), each goes with those
 * of the same table.
 */
export function* mergeBlocks(statuses: readonly MigrationStatus[]): Generator<void, Block[], void> {
  const gathered: Gathered[] = [];
  // Those with a folder first: they say what belongs together, and the others join them.
  const tracks = statuses
    .flatMap(({ environment, tracks: own }) => own.map((track) => ({ environment, track })))
    .sort((a, b) => Number(a.track.project === null) - Number(b.track.project === null));
  for (const { environment, track } of tracks) {
    const column = columnOf(track);
    const table = tableOf(track);
    const choices = gathered.filter((one) => !one.columns.has(environment) && belongs(one, column));
    const home = choices.find((one) => one.table === table) ?? choices[0];
    if (home) home.columns.set(environment, column);
    else {
      const { tool, title, project, folder } = track;
      gathered.push({ tool, title, project, folder, table, columns: new Map([[environment, column]]) });
    }
    yield;
  }
  const blocks: Block[] = [];
  for (const one of gathered) blocks.push(yield* blockOf(one));
  return blocks.sort(
    (a, b) => compare(a.title, b.title) || compare(a.place, b.place) || compare(a.key, b.key),
  );
}

function columnOf(track: MigrationTrack): Column {
  const known = knownColumns.get(track);
  if (known) return known;
  const column = { track, entries: new Map(track.entries.map((entry) => [entry.id, entry])) };
  knownColumns.set(track, column);
  return column;
}

function belongs(one: Gathered, { track, entries }: Column): boolean {
  if (one.tool !== track.tool) return false;
  if (one.project !== null && one.project === track.project) return one.folder === track.folder;
  for (const other of one.columns.values()) {
    const [few, many] =
      other.entries.size < entries.size ? [other.entries, entries] : [entries, other.entries];
    if (few.size === 0) return one.table === tableOf(track);
    // Names only where both know files: a table alone knows ids.
    const byName = one.project !== null && track.project !== null;
    let common = 0;
    for (const [id, { name }] of few) {
      const same = many.get(id);
      if (same && (!byName || same.name === name)) common += 1;
    }
    return common * 2 >= few.size;
  }
  return false;
}

/** Rows that are compared in one step. */
const rowsAtOnce = 100;

function* blockOf(one: Gathered): Generator<void, Block, void> {
  const { tool, title, project, folder, table, columns } = one;
  const tracks = [...columns.values()];
  const names = new Map<string, string>();
  for (const { track } of tracks) {
    for (const { id, name, file } of track.entries) if (file !== null || !names.has(id)) names.set(id, name);
    yield;
  }
  const ids = yield* inOrder(tracks.map(({ track }) => track.entries.map(({ id }) => id)));
  const rows: BlockRow[] = [];
  for (const id of ids) {
    rows.push({ id, name: names.get(id) ?? id, differs: differs(tracks, id) });
    if (rows.length % rowsAtOnce === 0) yield;
  }
  const key = `${tool}\n${project ?? ''}\n${folder ?? ''}\n${table}`;
  return { key, title, place: folder ?? table, columns, rows };
}

/** What such a tool's table holds is only where it stands: without files, nothing is known of any other migration. */
const onlyPlace: ReadonlySet<string> = new Set(['golang-migrate', 'alembic']);

/** Whether environments stand differently with a migration, as far as that is known. */
function differs(columns: readonly Column[], id: string): boolean {
  let first: string | undefined;
  for (const { track, entries } of columns) {
    const state = entries.get(id)?.state;
    if (state === undefined && track.project === null && onlyPlace.has(track.tool)) continue;
    const said = state ?? (track.project === null ? 'pending' : 'absent');
    first ??= said;
    if (said !== first) return true;
  }
  return false;
}

/**
 * One order of all ids that keeps the order of each list where they agree. The longest list is the measure; what others
 * have beside it stands after what it follows there.
 */
export const unionInOrder = (lists: readonly (readonly string[])[]): string[] => atOnce(inOrder(lists));

function* inOrder(lists: readonly (readonly string[])[]): Generator<void, string[], void> {
  const next = new Map<string | null, string | null>([[null, null]]);
  for (const list of lists.toSorted((a, b) => b.length - a.length)) {
    let before: string | null = null;
    for (const id of list) {
      if (!next.has(id)) {
        next.set(id, next.get(before) ?? null);
        next.set(before, id);
      }
      before = id;
    }
    yield;
  }
  const order: string[] = [];
  for (let id = next.get(null); id; id = next.get(id)) order.push(id);
  return order;
}

const tableOf = ({ table }: MigrationTrack): string => (table ? `${table.schema}.${table.name}` : '');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
