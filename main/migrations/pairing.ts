import type {
  CandidateTable,
  FolderReading,
  MigrationTool,
  StateTable,
  ToolLocation,
  TrackReading,
} from './tool.ts';
import { happened } from './tools/shared/entries.ts';

/** A tool's folder in a linked project, read. */
export interface ReadLocation {
  /** Absolute. */
  project: string;
  location: ToolLocation;
  reading: FolderReading;
}

/** A recognised table with what it holds. */
export interface ReadTable {
  table: StateTable;
  tool: MigrationTool;
  state: unknown;
}

/** One tool's table with the folder it belongs to; either may be missing. */
export interface Pair {
  tool: MigrationTool;
  table: StateTable | undefined;
  state: unknown;
  place: ReadLocation | undefined;
  reading: TrackReading;
}

/**
 * What each candidate may be: the tools that recognise it, surest first, those with a folder in the linked projects
 * before the others.
 */
export function recognise(
  tools: readonly MigrationTool[],
  candidates: readonly CandidateTable[],
  places: readonly ReadLocation[],
): StateTable[][] {
  const bySchema = Map.groupBy(candidates, ({ schema }) => schema);
  return candidates.flatMap((candidate) => {
    const siblings = bySchema.get(candidate.schema) ?? [];
    const found = tools.flatMap((tool) => tool.recognise(candidate, siblings) ?? []);
    const rank = ({ tool, certainty }: StateTable) =>
      (certainty === 'certain' ? 0 : 2) + (places.some(({ location }) => location.tool === tool) ? 0 : 1);
    return found.length ? [found.sort((a, b) => rank(a) - rank(b))] : [];
  });
}

/**
 * Which folder belongs to which table: the one whose configuration names it, else the one whose files it knows most of.
 * A folder may have several tables (one a schema); folders and tables that have nothing of each other stay alone.
 */
export function pair(
  tables: readonly ReadTable[],
  places: readonly ReadLocation[],
  toolOf: (location: ToolLocation) => MigrationTool | undefined,
): Pair[] {
  const taken = new Set<ReadLocation>();
  const pairs = tables.map(({ table, tool, state }): Pair => {
    const choices = places
      .filter(({ location }) => location.tool === tool.id && mayBeOf(location, table))
      .map((place) => {
        const reading = tool.status(state, place.reading);
        return { place, reading, score: scoreOf(reading, place.location, table) };
      })
      .sort((a, b) => b.score - a.score);
    const [best] = choices;
    if (!best) return { tool, table, state, place: undefined, reading: tool.status(state, undefined) };
    taken.add(best.place);
    return { tool, table, state, place: best.place, reading: best.reading };
  });
  // Files of a folder that a tool uses are not a home-made folder too.
  const folders = new Set([...taken].map(({ project, location }) => `${project}\n${location.folder}`));
  for (const place of places) {
    const tool = toolOf(place.location);
    if (!tool || taken.has(place)) continue;
    if (tool.id === 'home-made' && folders.has(`${place.project}\n${place.location.folder}`)) continue;
    pairs.push({
      tool,
      table: undefined,
      state: undefined,
      place,
      reading: tool.status(undefined, place.reading),
    });
  }
  return pairs;
}

function mayBeOf({ table: named }: ToolLocation, { schema, name }: StateTable): boolean {
  return !named || (named.name === name && (named.schema === null || named.schema === schema));
}

/** Above everything a configuration that names the table; then how many of the table's migrations have a file here. */
function scoreOf({ entries }: TrackReading, { table: named }: ToolLocation, { schema }: StateTable): number {
  const known = entries.filter(({ state, file }) => file !== null && happened(state)).length;
  return (named ? 1e6 : 0) + (named?.schema === schema ? 1e6 : 0) + known;
}
