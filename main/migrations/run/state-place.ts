import { escapeIdentifier } from 'pg';
import { standardTables } from '../lock-keys.ts';
import placeSql from '../place.sql?raw';
import type { MigrationTool, StateQuery, StateTable, ToolLocation } from '../tool.ts';
import { refuse } from './refusal.ts';
import tableThereSql from './sql/table-there.sql?raw';

/** One tool's folder and table, as a run acts on them. */
export interface RunTarget {
  tool: MigrationTool;
  table: StateTable | undefined;
  /** Absolute. */
  project: string;
  location: ToolLocation;
}

export interface StatePlace {
  database: string;
  /** Where unqualified names go. */
  schema: string;
  /** Where the tool keeps its state, or would. */
  table: StateTable;
  isThere: boolean;
}

/**
 * Where the tool's table is, or where the tool would make it.
 *
 * @throws {Refusal} where that can't be told
 */
export async function statePlace(
  { tool, table, location }: RunTarget,
  query: StateQuery,
): Promise<StatePlace> {
  const [here] = await query<{ database: string; schema: string | null }>(placeSql);
  const database = here?.database ?? '';
  // dbmate falls back on public; the others stop.
  const schema = here?.schema ?? (tool.id === 'dbmate' ? 'public' : undefined);
  const name = table?.name ?? location.table?.name ?? standardTables[tool.id];
  if (name === undefined) refuse(noTable(location.folder));
  const within = table?.schema ?? location.table?.schema ?? schema;
  if (within === undefined) refuse(noSchema(tool.title));
  const [found] = await query<{ there: boolean }>(tableThereSql, [quoted({ schema: within, name })]);
  return {
    database,
    schema: schema ?? within,
    table: table ?? { tool: tool.id, schema: within, name, columns: [], certainty: 'certain' },
    isThere: found?.there === true,
  };
}

export const quoted = ({ schema, name }: { schema: string; name: string }): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;

const noSchema = (title: string) => ({
  cause: 'no-schema',
  what: `${title} has nowhere to keep its table.`,
  why: 'No schema of this role’s search path is there.',
  next: 'Create the schema, or set the search path of the role or the database.',
});

const noTable = (folder: string) => ({
  cause: 'home-made-table-missing',
  what: `There is no table yet that holds which files of ${folder} have run.`,
  why: 'The project’s own runner makes it, in a shape that only it knows; another shape would lock that runner out.',
  next: 'Let that runner make it, or create it yourself, such as by this command; then look again.',
  command:
    'CREATE TABLE schema_migrations (filename text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
});
