import { escapeIdentifier } from 'pg';
import type { Scratch } from '../../scratch/index.ts';
import { serverWords } from '../../servers/index.ts';
import type { StateQuery } from '../tool.ts';
import ownersSql from './environment-owners.sql?raw';
import rolesSql from './environment-roles.sql?raw';

/** How many things are given away by one message. */
const atOnce = 100;

/** Relations, routines, types and schemas that were not made, which is told already. */
const notThere = new Set(['42P01', '42883', '42704', '3F000']);

/** Who is who on a copy. */
export interface CopyRoles {
  /** For a role that the structure names. */
  roleFor(name: string): Promise<string>;
  /** Roles that stand in for those of the same name, and roles that the sample server has itself. */
  said(): { standIns: string[]; taken: string[] };
  /** Gives what belongs to others than the one who runs the migrations to them. Says what could not be given. */
  giveAway(): Promise<string[]>;
}

/**
 * Roles of a copy. The environment's own role is the one that runs the migrations. All others have stand-ins of the
 * same name, because migrations name them too; it may do what they may where it may there. A role that the sample
 * server has itself is left alone, and may have rights: another one stands in for it.
 *
 * @param query on the environment's server
 */
export async function rolesOfCopy(scratch: Scratch, query: StateQuery, user: string): Promise<CopyRoles> {
  const known = new Map(
    (await query<{ name: string; isOurs: boolean }>(rolesSql)).map(({ name, isOurs }) => [name, isOurs]),
  );
  const standIns = new Set<string>();
  const taken = new Set<string>();
  const standIn = async (name: string): Promise<boolean> => {
    if (isPredefined(name)) return false;
    const has = await scratch.named(name, { isMember: known.get(name) ?? true });
    (has ? standIns : taken).add(name);
    return has;
  };
  /** For a role that the sample server has itself: who may act as it there may do so here. */
  const other = async (name: string): Promise<string> =>
    (known.get(name) ?? false) ? scratch.owner : await scratch.roleFor(name);
  // Migrations may name it, and others that were given nothing yet can't be known.
  await standIn(user);
  return {
    roleFor: async (name) => {
      // The database is the owner's here.
      if (name === user || name === 'pg_database_owner') return scratch.owner;
      return (await standIn(name)) ? name : await other(name);
    },
    said: () => ({
      standIns: [...standIns].sort(),
      taken: [...taken].filter((name) => name !== user).sort(),
    }),
    giveAway: async () => {
      const all = await query<{ kind: string; identity: string; owner: string; isOurs: boolean }>(ownersSql);
      const orders: { what: string; sql: string }[] = [];
      for (const { kind, identity, owner, isOurs } of all) {
        const has = await standIn(owner);
        // Nothing is given to a role of the sample server's own; who may act as it may own it as well.
        const to = has ? owner : isOurs ? scratch.owner : await other(owner);
        orders.push({
          what: `${kind.toLowerCase()} ${identity}`,
          sql: `ALTER ${kind} ${identity} OWNER TO ${escapeIdentifier(to)}`,
        });
      }
      const lost: string[] = [];
      await scratch.asAdmin(async (admin) => {
        const give = async (some: typeof orders): Promise<void> => {
          try {
            await admin.query(some.map(({ sql }) => sql).join(';\n'));
          } catch (error) {
            const sqlstate = serverWords(error)?.sqlstate;
            if (!sqlstate) throw error;
            // All of them are undone by one that fails: then one by one.
            if (some.length > 1) for (const one of some) await give([one]);
            else if (!notThere.has(sqlstate)) lost.push(some[0]?.what ?? '');
          }
        };
        for (let from = 0; from < orders.length; from += atOnce)
          await give(orders.slice(from, from + atOnce));
      });
      return lost;
    },
  };
}

/** Roles that come with a server (PostgreSQL manual, "Predefined Roles"). */
const isPredefined = (name: string): boolean => name.startsWith('pg_');
