import { isAbsolute, relative } from 'node:path';
import type { Explanation } from '../../preload/contract/common.ts';
import {
  type MigrationState,
  type MigrationStatus,
  type MigrationTrack,
  migrationStates,
  type TrackProblem,
} from '../../preload/contract/migrations.ts';
import { readCandidates } from './candidates.ts';
import { compareWithFirstSeen } from './first-seen.ts';
import { readHolders } from './lock-holders.ts';
import type { HomeMade, Notebook } from './notebook.ts';
import { type Pair, pair, type ReadLocation, type ReadTable, recognise } from './pairing.ts';
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
 * @throws the server's error where the catalogue itself can't be read
 */
export async function readStatus(
  { tools, notebook, projects: allProjects }: StatusNeeds,
  environment: string,
  query: StateQuery,
  folders: readonly string[],
): Promise<Status> {
  const projects = await Promise.all(folders.map((folder) => allProjects.read(folder)));
  // One after the other: a look at fifty environments of one server is to take one session of each, not four.
  const [here] = await query<{ database: string; schema: string | null }>(placeSql);
  const candidates = await readCandidates(query);
  const database = here?.database ?? '';
  const byId = new Map(tools.map((tool) => [tool.id, tool]));
  const homes = notebook.homes(environment, database);
  const places = await withDescribed(
    projects.flatMap((project) => project.places),
    projects,
    homes,
    byId.get('home-made'),
  );
  const recognised = recognise(tools, candidates, places).map((choices) => described(choices, homes));
  const chosen = [...recognised, ...homes.flatMap((home) => undetected(home, recognised))];
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

/** Folders that somebody described belong to the table they were described for, whatever their files are called. */
async function withDescribed(
  places: readonly ReadLocation[],
  projects: readonly Project[],
  homes: readonly HomeMade[],
  tool: MigrationTool | undefined,
): Promise<ReadLocation[]> {
  const all = [...places];
  for (const { schema, table: name, folder } of homes) {
    for (const { root, view } of projects) {
      const path = isAbsolute(folder) ? relative(root, folder).replaceAll('\\', '/') : folder;
      if (!view || !tool || path.startsWith('..') || isAbsolute(path) || !(await view.exists(path || '.')))
        continue;
      const table = { schema, name };
      const at = all.findIndex(
        (one) => one.project === root && one.location.folder === path && one.location.tool === tool.id,
      );
      const known = all[at];
      if (known) all[at] = { ...known, location: { ...known.location, table } };
      else {
        const location = { tool: tool.id, folder: path, config: null, table, settings: {} };
        all.push({ project: root, location, reading: await tool.readFolder(view, location) });
      }
    }
  }
  return all;
}

/** The surest reading of a table, or the one that somebody described; and what else it may be. */
function described(
  choices: readonly StateTable[],
  homes: readonly HomeMade[],
): { table: StateTable; others: StateTable[] } {
  const [first, ...rest] = choices as [StateTable, ...StateTable[]];
  const home = homes.find(({ schema, table }) => schema === first.schema && table === first.name);
  if (home) {
    const { nameColumn: name, timeColumn: time, checksumColumn: checksum } = home;
    const table: StateTable = {
      ...first,
      tool: 'home-made',
      certainty: 'certain',
      home: { name, time, checksum },
    };
    return { table, others: [] };
  }
  return { table: first, others: rest.filter(({ certainty }) => certainty === first.certainty) };
}

/** A table that somebody described and that has no look of its own. */
function undetected(
  { schema, table, nameColumn, timeColumn, checksumColumn }: HomeMade,
  known: readonly { table: StateTable }[],
): { table: StateTable; others: StateTable[] }[] {
  if (known.some(({ table: one }) => one.schema === schema && one.name === table)) return [];
  const columns = [nameColumn, timeColumn, checksumColumn].filter((column) => column !== null);
  const home = { name: nameColumn, time: timeColumn, checksum: checksumColumn };
  return [
    { table: { tool: 'home-made', schema, name: table, columns, certainty: 'certain', home }, others: [] },
  ];
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
    unrecorded: tool.unrecorded,
    runner: tool.runner,
    home: null,
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
