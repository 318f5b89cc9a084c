import type { ConsoleOptions } from '../../main/console.ts';
import { draftFor, openTestConsole, type TestConsole } from './console.ts';
import { startPostgres, type TestServer, type TestServerOptions } from './postgres.ts';

/** The three sorts of role that a console may be given. */
export const watchers = ['postgres', 'monitor', 'plain'] as const;
/** Superuser, a member of pg_monitor, and a role with no rights of its own. */
export type Watcher = (typeof watchers)[number];

export interface Monitored {
  server: TestServer;
  howdah: TestConsole;
  client: TestConsole['client'];
  remove(): Promise<void>;
}

/**
 * A server that a console watches as superuser, as a member of pg_monitor and as a plain role: three environments of
 * these names, connected. pg_stat_statements is made in `postgres`, the database that all three look at.
 */
export async function openMonitored(
  options: TestServerOptions & {
    sql?: string;
    as?: readonly Watcher[];
    console?: Partial<ConsoleOptions>;
  } = {},
): Promise<Monitored> {
  const { sql, as = watchers, console, ...rest } = options;
  const server = await startPostgres(rest);
  let howdah: TestConsole | undefined;
  try {
    await server.query(`CREATE EXTENSION pg_stat_statements;
      CREATE ROLE plain LOGIN PASSWORD 'postgres'; CREATE ROLE monitor LOGIN PASSWORD 'postgres' IN ROLE pg_monitor`);
    if (sql) await server.query(sql);
    const opened = await openTestConsole(console);
    howdah = opened;
    await Promise.all(as.map((user) => watch(server, opened, user)));
    return {
      server,
      howdah: opened,
      client: opened.client,
      remove: async () => {
        await opened.remove();
        await server.remove();
      },
    };
  } catch (error) {
    await howdah?.remove();
    await server.remove();
    throw error;
  }
}

async function watch(server: TestServer, { client }: TestConsole, user: Watcher): Promise<void> {
  await client.environments.add({
    draft: draftFor(server.url('postgres', user), { name: user }),
    password: { password: 'postgres', remember: false },
  });
  await client.environments.connect({ environment: user });
}
