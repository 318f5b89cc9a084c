import type { Explanation } from '../../preload/contract/common.ts';
import {
  type MigrationState,
  type MigrationStatus,
  type MigrationTrack,
  migrationStates,
  type TrackProblem,
} from '../../preload/contract/migrations.ts';
import { readCandidates } from './candidates.ts';
import { chosenReading, undetected, withDescribed } from './described.ts';
import { compareWithFirstSeen } from './first-seen.ts';
import { readHolders } from './lock-holders.ts';
import type { HomeMade, Notebook } from './notebook.ts';
import { type Pair, pair, type ReadTable, recognise } from './pairing.ts';
import placeSql from './place.sql?raw';
import type { openProjects, Project } from './projects.ts';
import { ambiguous, unreadable } from './status-problems.ts';
import type { MigrationTool, StateQuery, StateTable } from './tool.ts';

export interface StatusNeeds {
  tools: readonly MigrationTool[];
  notebook: Notebook;
  projects: ReturnType<typeof openProjects>;
}

/** A track as it is shown, with what its actions need. */
export interface TrackInside {
  track: MigrationTrack;
  pair: Pair;
  project: Project | undefined;
}

export interface Status {
  status: Omit<MigrationStatus, 'folders'>;
  inside: Map<string, TrackInside>;
}

/**
 * Where one environment stands: every tool that left a table in its database or has a folder in its linked projects.
 *
 * @param query runs one read-only statement there, under lock_timeout
 * @param folders absolute paths of linked projects
 * @param undescribed a home-made table to be read as it is found, whatever was described of it
 * @throws the server's error where the catalogue itself can't be read
 */
export async function readStatus(
  { tools, notebook, projects: allProjects }: StatusNeeds,
  environment: string,
  query: StateQuery,
  folders: readonly string[],
  undescribed?: Pick<HomeMade, 'schema' | 'table'>,
): Promise<Status> {
  const projects = await Promise.all(folders.map((folder) => allProjects.read(folder)));
  // One after the other: a look at fifty environments of one server is to take one session of each, not four.
  const [here] = await query<{ database: string; schema: string | null }>(placeSql);
  const candidates = await readCandidates(query);
  const database = here?.database ?? '';
  const byId = new Map(tools.map((tool) => [tool.id, tool]));
  const homes = notebook
    .homes(environment, database)
    .filter(({ schema, table }) => schema !== undescribed?.schema || table !== undescribed.table);
  const places = await withDescribed(
    projects.flatMap((project) => project.places),
    projects,
    homes,
    byId.get('home-made'),
  );
  const recognised = recognise(tools, candidates, places).map((choices) => chosenReading(choices, homes));
  const chosen = [...recognised, ...(await undetected(query, homes, recognised))];
  const unread: { table: StateTable; problem: TrackProblem }[] = [];
  const tables: ReadTable[] = [];
  for (const { table } of chosen) {
    const tool = byId.get(table.tool);
    if (!tool) continue;
    try {
      tables.push({ table, tool, state: await tool.readState(query, table) });
    } catch (error) {
      unread.push({ table, problem: unreadable(error, table) });
    }
  }
  const pairs = pair(tables, places, ({ tool }) => byId.get(tool));
  const holders = await readHolders(query, pairs, database, here?.schema ?? 'public');
  const inside = new Map<string, TrackInside>();
  for (const one of pairs) {
    const project = projects.find(({ root }) => root === one.place?.project);
    const track = trackOf(one, holders.get(one) ?? null);
    const others = chosen.find(({ table }) => table === one.table)?.others ?? [];
    if (others.length && !one.place) track.problems.push(ambiguous(one, others, byId));
    await compareWithFirstSeen(track, project, notebook, environment, database);
    inside.set(track.key, { track, pair: one, project });
  }
  const tracks = [...inside.values()].map(({ track }) => track);
  for (const { table, problem } of unread) tracks.push(unreadTrack(table, problem, byId));
  const [problem] = projects.flatMap(({ problems }) => problems);
  return {
    status: {
      environment,
      at: Date.now(),
      tracks: tracks.sort((a, b) => (a.key < b.key ? -1 : 1)),
      ...(problem ? { problem: plain(problem) } : {}),
    },
    inside,
  };
}

function trackOf({ tool, table, place, reading }: Pair, lockedBy: string | null): MigrationTrack {
  const counts = Object.fromEntries(migrationStates.map((state) => [state, 0])) as Record<
    MigrationState,
    number
  >;
  for (const { state } of reading.entries) counts[state] += 1;
  return {
    key: table
      ? `${tool.id}:${table.schema}.${table.name}`
      : `${tool.id}:${place?.project ?? ''}/${place?.location.folder ?? ''}`,
    tool: tool.id,
    title: tool.title,
    table: table ? { schema: table.schema, name: table.name } : null,
    project: place?.project ?? null,
    folder: place?.location.folder ?? null,
    current: reading.current,
    heads: reading.heads,
    dirty: reading.dirty,
    lockedBy,
    counts,
    entries: reading.entries,
    problems: once([...(place?.reading.problems ?? []), ...reading.problems]),
    unrecorded: reading.unrecorded ?? tool.unrecorded,
    runner: tool.runner,
    home: reading.home ?? null,
  };
}

/** What the folder's reading and the status both say is said once. */
const once = (problems: readonly TrackProblem[]): TrackProblem[] => [
  ...new Map(
    problems.map((problem) => [JSON.stringify([problem.cause, problem.what, problem.why]), problem]),
  ).values(),
];

/** A table that is there and can't be read: nothing is said of its migrations. */
function unreadTrack(
  table: StateTable,
  problem: TrackProblem,
  tools: ReadonlyMap<string, MigrationTool>,
): MigrationTrack {
  const tool = tools.get(table.tool) as MigrationTool;
  const nothing = { current: [], heads: [], dirty: null, entries: [], problems: [problem] };
  const pair = { tool, table, state: undefined, place: undefined, reading: nothing };
  return { ...trackOf(pair, null), runner: 'none' };
}

const plain = ({ severity: _, ...explanation }: TrackProblem): Explanation => explanation;
