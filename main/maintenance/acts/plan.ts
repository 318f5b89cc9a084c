import type { MaintenanceAct, MaintenancePlan, XminHolder } from '../../../preload/contract/maintenance.ts';
import type { ServerPool } from '../../servers/index.ts';
import { plural, shown } from '../names.ts';
import { holderWords } from '../status/holders.ts';
import { readHolders, readServer, type ServerState } from '../status/status.ts';
import relationsSql from './relations.sql?raw';
import { statementOf } from './statements.ts';

export interface Relation extends Record<string, unknown> {
  schema: string;
  name: string;
  /** Null: there is none of that name. */
  oid: number | null;
  kind: string | null;
  owner: string | null;
  owned: boolean | null;
  ownsDatabase: boolean | null;
  /** Null: this server has no such privilege (it is of 17 and later). */
  maintain: boolean | null;
  bytes: number | null;
  indexBytes: number | null;
  toastBytes: number | null;
  exclusion: boolean | null;
  temporary: boolean | null;
}

export const readRelations = (
  pool: ServerPool,
  tables: readonly { schema: string; name: string }[],
): Promise<Relation[]> =>
  pool.query<Relation>(relationsSql, [tables.map(({ schema }) => schema), tables.map(({ name }) => name)]);

/** A transaction that is older than this, ms, is worth a word: a concurrent reindex has to wait for it. */
const oldMs = 1000;

/** What an act would run, and what stands against it. @throws what the server answers; NOT_CONNECTED */
export async function planAct(pool: ServerPool, act: MaintenanceAct, now: number): Promise<MaintenancePlan> {
  const server = await readServer(pool);
  const relations = await readRelations(pool, act.tables);
  const holders = await readHolders(pool);
  const waitsFor =
    act.kind === 'reindex'
      ? holders.filter(
          ({ kind, database, since }) =>
            kind === 'session' && database === server.database && (since === null || now - since > oldMs),
        )
      : [];
  return {
    statements: act.tables.map((table) => ({ object: shown(table), statement: statementOf(act, table) })),
    refused: refusals(act, relations, server, pool.pooled),
    warnings: warnings(act, relations, holders, waitsFor),
    spaceBytes: spaceFor(act, relations),
    waitsFor,
  };
}

/** Why it can't be done, each a sentence. */
export function refusals(
  act: MaintenanceAct,
  relations: readonly Relation[],
  { standby }: Pick<ServerState, 'standby'>,
  pooled: boolean,
): string[] {
  const said: string[] = [];
  if (standby) said.push('This is a standby, where nothing can be changed: do it on the primary.');
  if (pooled)
    said.push(
      'A pooler stands in between, whose sessions can’t be kept for as long as this takes: give the environment the server’s own address.',
    );
  for (const relation of relations) {
    const why = refusal(act, relation);
    if (why !== undefined) said.push(why);
  }
  return said;
}

function refusal(act: MaintenanceAct, relation: Relation): string | undefined {
  const name = shown(relation);
  const { kind, owner, owned, ownsDatabase, maintain, schema } = relation;
  if (kind === null) return `There is no ${name} in this database.`;
  const fits = act.kind === 'reindex' && act.of === 'index' ? ['i', 'I'] : ['r', 'm', 'p', 't'];
  if (!fits.includes(kind)) return `${name} is not ${fits.includes('i') ? 'an index' : 'a table'}.`;
  if (relation.temporary) return `${name} is a temporary table of some session, which alone can do that.`;
  if (act.kind === 'reindex' && schema === 'pg_catalog')
    return `${name} is one of the server's own catalogues, whose indexes can't be rebuilt concurrently.`;
  if (act.kind === 'reindex' && relation.exclusion)
    return `${name} belongs to an exclusion constraint, and those can't be rebuilt concurrently.`;
  const may = owned || maintain === true || (act.kind !== 'reindex' && ownsDatabase);
  if (may) return undefined;
  const others = [
    `its owner ${owner}`,
    ...(act.kind === 'reindex' ? [] : ['the owner of the database']),
    maintain === null ? 'a superuser' : 'a role with MAINTAIN on it or pg_maintain',
  ];
  return `This role may not do that to ${name}: ${others.slice(0, -1).join(', ')} or ${others.at(-1)} may.`;
}

function warnings(
  act: MaintenanceAct,
  relations: readonly Relation[],
  holders: readonly XminHolder[],
  waitsFor: readonly XminHolder[],
): string[] {
  const said: string[] = [];
  if (act.kind === 'vacuum-full')
    said.push(
      'Each table is locked with ACCESS EXCLUSIVE while it is written anew: nobody can read or write it until then.',
      'The new table and its indexes need space of their own before the old ones go.',
    );
  if (act.kind === 'reindex')
    said.push(
      'Reading and writing go on meanwhile. If it fails or is cancelled, an index that is not valid may stay.',
    );
  if (waitsFor.length > 0)
    said.push(
      `It has to wait for ${plural(waitsFor.length, 'transaction')} that began before it: ${waitsFor
        .slice(0, 3)
        .map(holderWords)
        .join('; ')}.`,
    );
  const oldest = holders[0];
  if ((act.kind === 'vacuum' || act.kind === 'vacuum-full') && oldest && oldest.age > 1000)
    said.push(
      `Rows that died in the last ${plural(oldest.age, 'transaction')} can’t be removed while ${holderWords(oldest)} holds its snapshot.`,
    );
  const partitioned = relations.filter(({ kind }) => kind === 'p').length;
  if (partitioned > 0)
    said.push(`${plural(partitioned, 'partitioned table')}: all partitions are done, one after the other.`);
  return said;
}

function spaceFor(act: MaintenanceAct, relations: readonly Relation[]): number | null {
  if (act.kind !== 'vacuum-full' && act.kind !== 'reindex') return null;
  const needed = relations.map(({ kind, bytes, indexBytes, toastBytes }) =>
    kind === 'p' || kind === 'I'
      ? Number.NaN
      : act.kind === 'reindex'
        ? act.of === 'index'
          ? (bytes ?? 0)
          : (indexBytes ?? 0)
        : (bytes ?? 0) + (indexBytes ?? 0) + (toastBytes ?? 0),
  );
  // One after the other: the largest decides.
  const most = Math.max(...needed);
  return Number.isNaN(most) ? null : most;
}
