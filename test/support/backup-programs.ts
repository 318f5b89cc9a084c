import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Programs, Reached } from '../../main/backups/types.ts';
import { connectClient } from '../../main/servers/index.ts';
import { Connection } from '../../preload/contract/connection.ts';
import { standardBinaries, type TestServer } from './postgres.ts';

/** The programs that come with the tests' server. */
export function testPrograms(folder = standardBinaries()): Programs {
  const said = execFileSync(join(folder, 'pg_dump'), ['--version'], { encoding: 'utf8' });
  const version = /(\d+)\.(\d+)/.exec(said);
  if (!version) throw new Error(`No version in: ${said}`);
  return {
    about: {
      id: folder,
      kind: 'local',
      where: folder,
      source: 'test',
      version: version[0],
      versionNum: Number(version[1]) * 10_000 + Number(version[2]),
      programs: ['pg_dump', 'pg_restore', 'pg_dumpall', 'psql'],
    },
    commandOf: (program, args) => [join(folder, program), ...args],
  };
}

/** Goes to a database of a test's server, as the console's sessions go. */
export async function reach(
  server: TestServer,
  {
    database = 'postgres',
    user = 'postgres',
    password = 'postgres' as string | undefined,
    change = {} as Partial<Reached['address']>,
  } = {},
): Promise<Reached> {
  const connection = Connection.parse({
    host: '127.0.0.1',
    port: server.port,
    database,
    user,
    sslmode: 'prefer',
    parameters: {},
  });
  const address = { connection, password, ...change };
  const { client, way } = await connectClient(address, {
    applicationName: 'howdah',
    statementTimeoutMs: 5000,
    lockTimeoutMs: 500,
  });
  await client.end();
  return { address, way };
}
