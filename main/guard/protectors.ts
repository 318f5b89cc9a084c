import type { Connection } from '../../preload/contract/connection.ts';
import type { Environment, Protection } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import { WayProblem } from '../lib/way-problem.ts';
import { resolveService } from '../servers/index.ts';
import { ownAddresses, serverPlaces } from './server-places.ts';

/** From what lets everything through to what lets nothing through. */
const rank: Record<Protection, number> = { open: 0, guarded: 1, 'read-only': 2 };

/** Whether one protection lets more through than another. */
export function isLooser(one: Protection, other: Protection): boolean {
  return rank[one] < rank[other];
}

/** Environments that protect a server. */
export interface Protectors {
  environments: Environment[];
  /** False where the connection's service can't be read: then it may be the server of any saved environment. */
  certain: boolean;
}

/** Knows which saved environments are on which server. */
interface ServerGuards {
  /** The strictest protection of those on the server of a connection; `open` when there is none. */
  strictest(connection: Connection): Promise<Protection>;
  /**
   * Those that protect the server of a connection most strictly, where that is more strictly than `protection`. Those
   * of the sample server do not count: it is there to be played with.
   */
  protectors(connection: Connection, protection: Protection): Promise<Protectors>;
}

/** Looks up where saved environments are, for questions about any number of connections. */
export async function guardsAmong(all: Environment[]): Promise<ServerGuards> {
  const own = ownAddresses();
  const saved = await Promise.all(
    all
      .filter(({ transient }) => !transient)
      .map(async (one) => ({ one, places: await placesOf(one.connection, own) })),
  );
  const onServer = async (connection: Connection): Promise<Protectors> => {
    const wanted = await placesOf(connection, own);
    const here = wanted
      ? saved.filter(({ places }) => places?.some((place) => wanted.includes(place)))
      : saved;
    return { environments: here.map(({ one }) => one), certain: wanted !== undefined };
  };
  return {
    strictest: async (connection) => strictestOf((await onServer(connection)).environments),
    protectors: async (connection, protection) => {
      const found = await onServer(connection);
      const others = found.environments.filter(({ sample }) => sample === undefined);
      const most = strictestOf(others);
      const environments = isLooser(protection, most) ? others.filter((one) => one.protection === most) : [];
      return { ...found, environments };
    },
  };
}

/** Wants the name of one of the protectors typed. @throws CONFIRMATION_REQUIRED naming the first */
export function checkProtectors(
  { name, protection }: { name: string; protection: Protection },
  { environments, certain }: Protectors,
  confirm: string | undefined,
): void {
  const [first] = environments;
  if (!first || environments.some((one) => one.name === confirm)) return;
  const where = certain
    ? `on a server that "${first.name}" keeps ${first.protection}`
    : `and its service can't be read: its server may be the one that "${first.name}" keeps ${first.protection}`;
  throw fail('CONFIRMATION_REQUIRED', {
    cause: 'confirmation',
    environmentName: first.name,
    what: `"${name}" would be ${protection}, ${where}.`,
    why: 'A server is as protected as the least protected environment on it, so this has to be meant.',
    next: `Make it ${first.protection} too, or type ${first.name}. On the command line: --confirm "${first.name}".`,
  });
}

function strictestOf(environments: Environment[]): Protection {
  return environments.map((one) => one.protection).reduce((a, b) => (isLooser(a, b) ? b : a), 'open');
}

/** Where the servers of a connection are; undefined when its service does not tell. */
async function placesOf(
  connection: Connection,
  own: ReadonlySet<string>,
): Promise<readonly string[] | undefined> {
  try {
    return serverPlaces((await resolveService(connection)).connection, own);
  } catch (error) {
    if (error instanceof WayProblem) return undefined;
    throw error;
  }
}
