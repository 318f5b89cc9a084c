import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg, { escapeIdentifier } from 'pg';
import type { Environment } from '../../../preload/contract/environments.ts';
import { type ModelTools, scratchSessions } from '../../schema/index.ts';
import type { OpenScratchOptions, Scratch } from '../../scratch/index.ts';
import { serverWords } from '../../servers/index.ts';
import type { StateQuery } from '../tool.ts';
import { stateSql } from '../tools/shared/state-sql.ts';
import factsSql from './environment-facts.sql?raw';
import { type CopyRoles, rolesOfCopy } from './owners.ts';
import sequencesSql from './sequences.sql?raw';
import stateCopySql from './state-copy.sql?raw';
import stateRowsSql from './state-rows.sql?raw';
import stateSequenceSql from './state-sequence.sql?raw';
import { type Facts, unlikeFrom } from './unlike.ts';

export interface CopyNeeds {
  models: ModelTools;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
  /**
   * Restores the newest backup of an environment that holds all of its rows into a scratch database.
   * @throws INVALID when there is none, or it can't be restored there
   */
  restoreNewest(
    environment: Environment,
    scratch: Scratch,
    options: { signal: AbortSignal; onStep(step: string): void },
  ): Promise<{ said: string; unlike: string[] }>;
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
  /** What is not on it as it is on the server, a sentence each. */
  unlike: string[];
  close(): Promise<void>;
}

export interface CopyOptions {
  environment: Environment;
  from: 'structure' | 'backup';
  /** On the environment's server. */
  query: StateQuery;
  /** Tables whose rows come along, as far as they are there: the tool's own, those first that others refer to. */
  tables: readonly TableName[];
  signal: AbortSignal;
  onStep(step: string): void;
}

export interface TableName {
  schema: string;
  name: string;
}

/** Rows that are sent at once. */
const batch = 1000;

/** Makes a copy of an environment on the sample server. @throws as `copyStructure`; INVALID where no backup can be had */
export const makeCopy = (needs: CopyNeeds, options: CopyOptions): Promise<Copy> =>
  options.from === 'backup' ? copyBackup(needs, options) : copyStructure(needs, options);

/** The newest backup: structure and rows as they were then, the tool's own table too. */
async function copyBackup(
  { models, openScratch, restoreNewest }: CopyNeeds,
  { environment, query, signal, onStep }: CopyOptions,
): Promise<Copy> {
  const [there] = await query<Facts>(factsSql);
  if (!there) throw new Error('The server says nothing of itself.');
  const scratch = await openScratch({ signal, onStep });
  try {
    const { said, unlike } = await restoreNewest(environment, scratch, { signal, onStep });
    await findNames(scratch, there.path);
    const [here] = await asked<Facts>(scratch, factsSql);
    return {
      scratch,
      read: (until) => models.readScratch(scratchSessions(scratch), { signal: until }),
      connect: () => scratch.connect({ applicationName }),
      said,
      unlike: [
        ...unlikeFrom({
          ...{ there, here: here ?? there, roles: { standIns: [], taken: [] } },
          ...{ notGiven: [], unseen: [], leftOut: [] },
        }),
        ...unlike,
      ],
      close: scratch.close,
    };
  } catch (error) {
    await scratch.close();
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Makes a copy of an environment's structure on the sample server, with its owners and grants. Rows are left behind,
 * except those that say which migrations are applied.
 *
 * @throws NOT_CONNECTED; INVALID where the structure can't be made there; the signal's reason. Nothing is left then.
 */
async function copyStructure(
  { models, openScratch }: CopyNeeds,
  { environment, query, tables, signal, onStep }: CopyOptions,
): Promise<Copy> {
  onStep(`Reading the structure of ${environment.name}`);
  const model = await models.read(environment, { signal, onStep });
  const [there] = await query<Facts>(factsSql);
  if (!there) throw new Error('The server says nothing of itself.');
  const folder = await mkdtemp(join(tmpdir(), 'howdah-dry-run-'));
  let scratch: Scratch | undefined;
  try {
    const file = join(folder, `${safe(environment.name)}.sql`);
    await writeFile(file, await models.script(model, signal), { mode: 0o600 });
    let roles: CopyRoles | undefined;
    const source = await models.intoScratch(
      async (options) => {
        scratch = await openScratch(options);
        const who = await rolesOfCopy(scratch, query, there.user);
        roles = who;
        return { ...scratch, roleFor: who.roleFor };
      },
      file,
      { signal, onStep },
    );
    if (!scratch || !roles) throw new Error('The structure was run into no scratch database.');
    const made: Scratch = scratch;
    await findNames(made, there.path);
    const unread: string[] = [];
    let rows = 0;
    for (const table of tables) {
      onStep(`Copying what ${table.name} holds`);
      rows += await copyRows(made, query, table, (why) => unread.push(why));
    }
    onStep('Giving everything to its owners');
    const notGiven = await roles.giveAway();
    signal.throwIfAborted();
    const [here] = await asked<Facts>(made, factsSql);
    const kept = tables.map(({ name }) => name).join(', ');
    return {
      scratch: made,
      read: (until) => models.readScratch(source, { signal: until }),
      connect: () => made.connect({ applicationName }),
      said:
        `The schema only of ${there.database} as ${there.user} sees it now, without its rows` +
        `${tables.length ? `, except for all ${rows} rows of ${kept}` : ''}. Migrations that change rows find none here, ` +
        'and with rows, what rewrites or checks tables takes longer.',
      unlike: [
        ...unlikeFrom({
          there,
          here: here ?? there,
          roles: roles.said(),
          notGiven,
          unseen: model.header.unseen,
          // Owners are set afterwards.
          leftOut: source.leftOut.filter(({ what }) => !what.startsWith('OWNER TO')),
        }),
        ...unread,
      ],
      close: made.close,
    };
  } catch (error) {
    await scratch?.close();
    signal.throwIfAborted();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const applicationName = 'howdah dry run';

/** Who works on the copy finds unqualified names as on the environment, tools with sessions of their own too. */
async function findNames(scratch: Scratch, path: string): Promise<void> {
  if (path === '') return;
  await scratch.asAdmin(async (admin) => {
    const at = `ROLE ${escapeIdentifier(scratch.login.user)} IN DATABASE ${escapeIdentifier(scratch.database)}`;
    await admin.query("SELECT pg_catalog.set_config('search_path', $1, false)", [path]);
    await admin.query(`ALTER ${at} SET search_path FROM CURRENT`);
  });
}

async function asked<Row extends pg.QueryResultRow>(scratch: Scratch, sql: string): Promise<Row[]> {
  const client = await scratch.connect({ applicationName });
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A table that may not be read stays empty, which is said; one that is not there is none. */
async function copyRows(
  scratch: Scratch,
  query: StateQuery,
  table: TableName,
  onUnread: (why: string) => void,
): Promise<number> {
  let rows: { row: string }[];
  try {
    rows = await query<{ row: string }>(stateSql(stateRowsSql, { table }));
  } catch (error) {
    const words = serverWords(error);
    if (words?.sqlstate === '42P01') return 0;
    if (words?.sqlstate !== '42501') throw error;
    onUnread(
      `The rows of ${table.schema}.${table.name} could not be read, and are not on the copy: ${words.message}.`,
    );
    return 0;
  }
  const client = await scratch.connect({ applicationName });
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
