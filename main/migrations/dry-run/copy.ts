import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg, { escapeIdentifier } from 'pg';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { ModelTools } from '../../schema/index.ts';
import type { OpenScratchOptions, Scratch } from '../../scratch/index.ts';
import type { StateQuery, StateTable } from '../tool.ts';
import { stateSql } from '../tools/shared/state-sql.ts';
import ownersSql from './owners.sql?raw';
import sequencesSql from './sequences.sql?raw';
import stateCopySql from './state-copy.sql?raw';
import stateRowsSql from './state-rows.sql?raw';
import stateSequenceSql from './state-sequence.sql?raw';

export interface CopyNeeds {
  models: ModelTools;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
}

/** A scratch database with an environment's structure, and the rows of one tool's tables. */
export interface Copy {
  scratch: Scratch;
  /** Its structure as it is now. */
  read(signal?: AbortSignal): ReturnType<ModelTools['readScratch']>;
  /** A session that finds unqualified names as the environment's own sessions do. */
  connect(): Promise<pg.Client>;
  /** What it was made from, for a person. */
  said: string;
  close(): Promise<void>;
}

export interface CopyOptions {
  environment: Environment;
  /** On the environment's server. */
  query: StateQuery;
  /** Tables whose rows come along: the tool's own. */
  tables: readonly StateTable[];
  signal: AbortSignal;
  onStep(step: string): void;
}

/** Rows that are sent at once. */
const batch = 1000;

/**
 * Makes a copy of an environment's structure on the sample server. Rows are left behind, except those that say which
 * migrations are applied.
 *
 * @throws NOT_CONNECTED; INVALID where the structure can't be made there; the signal's reason. Nothing is left then.
 */
export async function copyStructure(
  { models, openScratch }: CopyNeeds,
  { environment, query, tables, signal, onStep }: CopyOptions,
): Promise<Copy> {
  onStep(`Reading the structure of ${environment.name}`);
  const model = await models.read(environment, { signal, onStep });
  const [settings] = await query<{ path: string; database: string; user: string }>(
    "SELECT pg_catalog.current_setting('search_path') AS path, pg_catalog.current_database()::text AS database, current_user::text AS user",
  );
  const folder = await mkdtemp(join(tmpdir(), 'howdah-dry-run-'));
  let scratch: Scratch | undefined;
  try {
    const file = join(folder, `${safe(environment.name)}.sql`);
    await writeFile(file, await models.script(model, signal), { mode: 0o600 });
    const source = await models.intoScratch(
      async (options) => {
        scratch = await openScratch(options);
        return scratch;
      },
      file,
      { signal, onStep },
    );
    if (!scratch) throw new Error('The structure was run into no scratch database.');
    const made: Scratch = scratch;
    const copy: Copy = {
      scratch: made,
      read: (until) => models.readScratch(source, { signal: until }),
      connect: () => connect(made, settings?.path ?? ''),
      said: '',
      close: source.close,
    };
    await ownAll(made);
    let rows = 0;
    for (const table of tables) {
      onStep(`Copying what ${table.name} holds`);
      rows += await copyRows(made, query, table);
    }
    const lacks = source.leftOut.length
      ? ` ${source.leftOut.length} thing${source.leftOut.length === 1 ? '' : 's'} could not be copied: ${source.leftOut
          .slice(0, 5)
          .map(({ what, why }) => `${what} (${why})`)
          .join('; ')}${source.leftOut.length > 5 ? '; …' : ''}.`
      : '';
    const kept = tables.map(({ name }) => name).join(', ');
    copy.said =
      `The schema only of ${settings?.database ?? ''} as ${settings?.user ?? ''} sees it now, without its rows, owners and roles` +
      `${tables.length ? `; of ${kept} all ${rows} rows` : ''}. With rows, what rewrites or checks tables takes longer.${lacks}`;
    return copy;
  } catch (error) {
    await scratch?.close();
    signal.throwIfAborted();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function connect(scratch: Scratch, path: string): Promise<pg.Client> {
  const client = await scratch.connect({ applicationName: 'howdah dry run' });
  if (path !== '') await client.query("SELECT pg_catalog.set_config('search_path', $1, false)", [path]);
  return client;
}

/** All belongs to the one who runs the migrations, as it mostly does where they run for real. */
async function ownAll(scratch: Scratch): Promise<void> {
  await scratch.asAdmin(async (admin) => {
    const { rows } = await admin.query<{ name: string }>(ownersSql, [scratch.owner]);
    for (const { name } of rows)
      await admin.query(`REASSIGN OWNED BY ${escapeIdentifier(name)} TO ${escapeIdentifier(scratch.owner)}`);
  });
}

async function copyRows(scratch: Scratch, query: StateQuery, table: StateTable): Promise<number> {
  const rows = await query<{ row: string }>(stateSql(stateRowsSql, { table }));
  const client = await scratch.connect({ applicationName: 'howdah dry run' });
  try {
    for (let from = 0; from < rows.length; from += batch)
      await client.query(stateSql(stateCopySql, { table }), [
        rows.slice(from, from + batch).map(({ row }) => row),
      ]);
    // The next row's number comes after those that were copied.
    const name = `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;
    const { rows: sequences } = await client.query<{ column: string; sequence: string }>(sequencesSql, [
      name,
    ]);
    for (const { column, sequence } of sequences)
      await client.query(stateSql(stateSequenceSql, { table, column }), [sequence]);
    return rows.length;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const safe = (name: string): string => name.replace(/[^\p{L}\p{N}_-]+/gu, '_') || 'environment';
