import type { Client } from 'pg';
import type {
  CandidateTable,
  FolderReading,
  MigrationTool,
  StateQuery,
  StateTable,
  ToolLocation,
  TrackReading,
} from '../../main/migrations/tool.ts';
import type { Project } from './project-folder.ts';

/** All tables of a database, as the catalogue shows them. */
export async function candidatesOf(client: Client): Promise<CandidateTable[]> {
  const { rows } = await client.query<CandidateTable>(`
    SELECT n.nspname AS schema, c.relname AS name,
      (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull) ORDER BY a.attnum)
         FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      coalesce((SELECT json_agg(a.attname ORDER BY array_position(k.conkey, a.attnum))
         FROM pg_constraint AS k JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
         WHERE k.conrelid = c.oid AND k.contype = 'p'), '[]') AS "primaryKey",
      (SELECT conname FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p') AS "primaryKeyName"
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1, 2`);
  return rows;
}

/** The table that the tool takes for its own; fails when there are two of them. */
export async function tableOf(tool: MigrationTool<never>, client: Client): Promise<StateTable | undefined> {
  const all = await candidatesOf(client);
  const found = all.flatMap((table) => {
    const siblings = all.filter(({ schema }) => schema === table.schema);
    return tool.recognise(table, siblings) ?? [];
  });
  if (found.length > 1) throw new Error(`${found.length} tables were taken for the tool’s own`);
  return found[0];
}

/** What a reader makes of a database and the only place in a project where it finds its tool. */
export async function readTrack<State>(
  tool: MigrationTool<State>,
  project: Project,
  client?: Client,
): Promise<TrackReading & { location: ToolLocation; reading: FolderReading; table: StateTable | undefined }> {
  const view = await project.look();
  const locations = await tool.locate(view);
  const [location] = locations;
  if (!location || locations.length > 1) throw new Error(`Found in ${JSON.stringify(locations)}`);
  const reading = await tool.readFolder(view, location);
  const table = client && (await tableOf(tool as MigrationTool<never>, client));
  const query: StateQuery = async <Row>(sql: string, values?: unknown[]) =>
    (await (client as Client).query(sql, values)).rows as Row[];
  const state = table && (await tool.readState(query, table));
  return { ...tool.status(state, reading), location, reading, table };
}

/** `name: state` of each entry, in order. */
export const states = (track: TrackReading): string[] =>
  track.entries.map(({ name, state }) => `${name}: ${state}`);

export const causes = (track: { problems: { cause: string }[] }): string[] =>
  track.problems.map(({ cause }) => cause);

/** A table as the catalogue would show it, from `name type` pairs. */
export const candidate = (
  name: string,
  columns: Record<string, string>,
  key: string[] = [],
): CandidateTable => ({
  schema: 'public',
  name,
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, notNull: true })),
  primaryKey: key,
  primaryKeyName: key.length > 0 ? `${name}_pkey` : null,
});
