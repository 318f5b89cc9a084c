import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prisma } from '../../../main/migrations/tools/prisma.ts';
import { isSkipped, runTool, type ToolRun, toolFolder } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const tool = await toolFolder('prisma');

/**
 * The engine within the package speaks through an adapter, and asks for columns of type name, which that one lacks. Its
 * limit for taking the lock is a timer that it forgets; that and the pool would hold its process for 10 s after its work.
 */
const config = `
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
const later = globalThis.setTimeout
globalThis.setTimeout = (...given) => {
  const timer = later(...given)
  if (given[1] === 10_000) timer.unref()
  return timer
}
for (const kind of [pg.Client.prototype, pg.Pool.prototype]) {
  const query = kind.query
  kind.query = function (...given) {
    const asked = query.apply(this, given)
    if (typeof asked?.then !== 'function') return asked
    return asked.then((result) => {
      for (const field of result.fields ?? []) if (field.dataTypeID === 19) field.dataTypeID = 25
      return result
    })
  }
}
export default {
  schema: 'prisma/schema.prisma',
  experimental: { adapter: true },
  engine: 'js',
  adapter: async () => new PrismaPg({ connectionString: process.env.DATABASE_URL, allowExitOnIdle: true }),
}
`;
const script = (name: string): string => `prisma/migrations/${name}/migration.sql`;
const names = ['20240101000000_users', '20240102000000_posts', '20240103000000_tags'] as const;
const [users, posts, tags] = names;
const files = {
  'prisma.config.ts': config,
  'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n',
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  [script(users)]: 'CREATE TABLE users (id int);\n-- Umläute\n',
  [script(posts)]: 'CREATE TABLE posts (id int);\n',
  [script(tags)]: 'CREATE TABLE tags (id int);\n',
};

// Each call starts an engine in WebAssembly.
describe.skipIf(isSkipped(tool))('Prisma itself and the reader say the same', { timeout: 180_000 }, () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let database = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server.remove());

  beforeEach(async () => {
    // The command line looks for engines to download, unless it is told that they are there. It asks the one only
    // whether there is a database.
    project = makeProject({ ...files, 'no-engine': '#!/bin/sh\nexit 0\n' });
    chmodSync(join(project.root, 'no-engine'), 0o755);
    symlinkSync(join(String(tool), 'node_modules'), join(project.root, 'node_modules'));
    await server.query(`CREATE DATABASE prisma_${++database}`);
    client = await server.connect({ database: `prisma_${database}` });
    return () => project.remove();
  });

  const run = async (...args: string[]): Promise<ToolRun> =>
    await runTool('node', [join(String(tool), 'node_modules/prisma/build/index.js'), 'migrate', ...args], {
      cwd: project.root,
      env: {
        DATABASE_URL: server.url(`prisma_${database}`),
        PRISMA_QUERY_ENGINE_LIBRARY: join(project.root, 'no-engine'),
        PRISMA_SCHEMA_ENGINE_BINARY: join(project.root, 'no-engine'),
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    });

  /** What `migrate status` lists under its headings; it names what failed only where nothing is pending. */
  const told = async (): Promise<{ pending: string[]; failed: string[] }> => {
    const { stdout, stderr } = await run('status');
    const below = (heading: RegExp): string[] => {
      const lines = `${stdout}\n${stderr}`.split('\n');
      const from = lines.findIndex((line) => heading.test(line));
      if (from < 0) return [];
      const rest = lines.slice(from + 1);
      return rest.slice(0, rest.indexOf('')).map((line) => line.trim());
    };
    expect(stdout).toMatch(/migrations? found in/);
    return {
      pending: below(/(have|has) not yet been applied:/),
      failed: below(/(have|has) failed:/),
    };
  };
  const read = async (): Promise<{ pending: string[]; failed: string[] }> => {
    const { entries } = await readTrack(prisma, project, client);
    const of = (...wanted: string[]): string[] =>
      entries.filter(({ state }) => wanted.includes(state)).map(({ name }) => name);
    return {
      // What was rolled back, its status leaves out.
      pending: of('pending', 'out-of-order'),
      failed: of('failed'),
    };
  };
  const deploy = async (): Promise<void> => {
    const { code, stdout, stderr } = await run('deploy');
    expect(`${code} ${stdout} ${stderr}`).toMatch(/^0 /);
  };

  it('of a fresh database', async () => {
    expect(await read()).toEqual(await told());
    expect((await read()).pending).toEqual([...names]);
  });

  it('of one that is half applied, and of one where all is', async () => {
    project.delete(`prisma/migrations/${tags}`);
    await deploy();
    project.write(files);
    expect(await read()).toEqual(await told());
    await deploy();
    expect(await read()).toEqual(await told());
    const track = await readTrack(prisma, project, client);
    expect(states(track)).toEqual(names.map((name) => `${name}: applied`));
    expect(track.entries.map(({ checksum }) => checksum)).toEqual(['same', 'same', 'same']);
    expect(track.entries[0]?.durationMs).toBeGreaterThanOrEqual(0);
    expect(track.current).toEqual([tags]);
  });

  it('after a failure, which blocks, and after it was marked as rolled back', async () => {
    project.write({ [script(tags)]: 'CREATE TABLE tags (id int);\nSELECT nonsense;\n' });
    expect((await run('deploy')).code).not.toBe(0);
    expect(await read()).toEqual(await told());
    const track = await readTrack(prisma, project, client);
    expect(states(track)).toEqual([`${users}: applied`, `${posts}: applied`, `${tags}: failed`]);
    expect(track.dirty?.version).toBe(tags);
    expect(track.entries[2]?.notes.join(' ')).toContain('nonsense');
    // Through an adapter the statements run one by one, so the table is there already.
    await client.query('DROP TABLE tags');
    const resolved = await run('resolve', '--rolled-back', tags);
    expect(`${resolved.code} ${resolved.stdout} ${resolved.stderr}`).toMatch(/^0 /);
    expect(await read()).toEqual(await told());
    expect(states(await readTrack(prisma, project, client))[2]).toBe(`${tags}: rolled-back`);
    // Its next deploy runs it all the same.
    project.write(files);
    await deploy();
    expect(await read()).toEqual(await told());
    const after = await readTrack(prisma, project, client);
    expect(after.entries[2]).toMatchObject({ state: 'applied', checksum: 'same' });
    expect(after.entries[2]?.notes).toContain('It was tried 2 times.');
    expect(after.dirty).toBeNull();
  });

  it('of what was marked as applied without being run', async () => {
    await run('resolve', '--applied', users);
    expect(await read()).toEqual(await told());
    const [first] = (await readTrack(prisma, project, client)).entries;
    expect(first).toMatchObject({ state: 'applied', checksum: 'same', durationMs: null });
    expect(first?.notes.join()).toContain('migrate resolve');
  });

  it('of an edited file, which its status does not tell and the reader does', async () => {
    await deploy();
    project.write({ [script(users)]: 'CREATE TABLE users (id bigint);\n' });
    expect(await read()).toEqual(await told());
    expect(states(await readTrack(prisma, project, client))[0]).toBe(`${users}: changed`);
  });

  it('of a file whose line ends are others, which is no difference', async () => {
    await deploy();
    project.write({ [script(users)]: files[script(users)]?.replaceAll('\n', '\r\n') ?? '' });
    expect(states(await readTrack(prisma, project, client))[0]).toBe(`${users}: applied`);
  });

  it('of a deleted folder, which its status tells only where something is pending', async () => {
    await deploy();
    project.delete(`prisma/migrations/${users}`);
    expect(await read()).toEqual(await told());
    const track = await readTrack(prisma, project, client);
    expect(states(track)).toEqual([`${users}: missing`, `${posts}: applied`, `${tags}: applied`]);
    project.write({ [script('20240105000000_new')]: 'SELECT 1;\n' });
    expect(await read()).toEqual(await told());
    const { stdout, stderr } = await run('status');
    expect(stdout + stderr).toMatch(/not found locally in prisma\/migrations:\n20240101000000_users\n/);
  });

  it('of one that came late, which is pending to Prisma and is run', async () => {
    project.delete(`prisma/migrations/${posts}`);
    await deploy();
    project.write(files);
    expect(await read()).toEqual(await told());
    expect(states(await readTrack(prisma, project, client))[1]).toBe(`${posts}: out-of-order`);
    await deploy();
    expect((await read()).pending).toEqual([]);
  });

  it('of a folder without its script, at which its status stops', async () => {
    await deploy();
    project.delete(script(posts));
    expect(causes(await readTrack(prisma, project, client))).toContain('prisma-script-missing');
    const { stdout, stderr } = await run('status');
    expect(stdout + stderr).toContain('Could not find the migration file');
  });
});
