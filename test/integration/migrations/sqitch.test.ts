import { cpSync } from 'node:fs';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqitch } from '../../../main/migrations/tools/sqitch.ts';
import { debianTool, isSkipped, runTool, type ToolRun } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const tool = await debianTool('sqitch', ['sqitch', 'libdbd-pg-perl', 'postgresql-client']);

describe.skipIf(isSkipped(tool))('Sqitch itself and the reader say the same', { timeout: 120_000 }, () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let prepared: Project;
  let database = 0;

  const run = async (...args: string[]): Promise<ToolRun> =>
    await runTool(String(tool), args, {
      cwd: project.root,
      env: {
        SQITCH_USER_CONFIG: '/dev/null',
        SQITCH_SYSTEM_CONFIG: '/dev/null',
        SQITCH_FULLNAME: 'Ada Miller',
        SQITCH_EMAIL: 'ada@example.org',
        PGPASSWORD: 'postgres',
        LANG: 'C.UTF-8',
      },
    });
  const target = (): string => `db:pg://postgres@127.0.0.1:${server.port}/sqitch_${database}`;
  const deploy = async (...args: string[]): Promise<ToolRun> => await run('deploy', target(), ...args);

  const prepare = async (): Promise<void> => {
    await run('init', 'flipr', '--engine', 'pg', '--uri', 'https://github.com/example/Flipr/');
    for (const [name, ...needs] of [
      ['schema'],
      ['users', '--requires', 'schema'],
      ['flips', '--requires', 'schema', '--requires', 'users', '--conflicts', 'other:thing'],
      ['lists'],
    ]) {
      const made = await run('add', String(name), ...needs, '-n', `Adds ${name}, mit Umläuten # and more`);
      expect(made.stderr + made.stdout).toContain('Added');
      project.write({
        [`deploy/${name}.sql`]: `BEGIN; CREATE TABLE t_${name} (id int); COMMIT;\n`,
        [`revert/${name}.sql`]: `BEGIN; DROP TABLE t_${name}; COMMIT;\n`,
        [`verify/${name}.sql`]: 'SELECT 1;\n',
      });
    }
  };

  beforeAll(async () => {
    server = await startPostgres();
    prepared = makeProject();
    project = prepared;
    await prepare();
  });
  afterAll(async () => {
    prepared?.remove();
    await server?.remove();
  });

  beforeEach(async () => {
    project = makeProject();
    cpSync(prepared.root, project.root, { recursive: true });
    await server.query(`CREATE DATABASE sqitch_${++database}`);
    client = await server.connect({ database: `sqitch_${database}` });
    return () => project.remove();
  });

  /** Names of what `sqitch status` calls undeployed, and of what `sqitch log` calls deployed now. */
  const told = async (): Promise<{ undeployed: string[]; deployed: string[] }> => {
    const status = (await run('status', target())).stdout;
    const plan = (await run('plan', '--format', 'format:%n %h')).stdout.trim().split('\n');
    const ids = (
      await client.query('SELECT change_id FROM sqitch.changes').catch(() => ({ rows: [] }))
    ).rows.map(({ change_id }) => change_id);
    return {
      undeployed: [...status.matchAll(/^ {2}\* (\S+)/gm)].map(([, name]) => String(name)),
      deployed: plan
        .filter((line) => ids.includes(line.split(' ')[1]))
        .map((line) => String(line.split(' ')[0])),
    };
  };
  const read = async (): Promise<{ undeployed: string[]; deployed: string[] }> => {
    const { entries } = await readTrack(sqitch, project, client);
    const plain = (state: string[]): string[] =>
      entries.filter((entry) => state.includes(entry.state)).map(({ name }) => name.replace(/@.*/, ''));
    return {
      undeployed: plain(['pending', 'failed', 'rolled-back', 'out-of-order']),
      deployed: plain(['applied', 'changed']),
    };
  };

  it('computes the ids that Sqitch computes', async () => {
    await run('tag', 'v1.0', '-n', 'First');
    await run('rework', 'users', '-n', 'Again \\n with a line end');
    await run('add', 'afterwards', '-n', 'More', '--requires', 'users');
    const plan = (await run('plan', '--no-headers', '--format', 'format:%h')).stdout.trim().split('\n');
    const { entries } = await readTrack(sqitch, project);
    expect(entries.map(({ id }) => id)).toEqual(plan);
    expect(entries.map(({ name }) => name)).toEqual([
      'schema',
      'users@v1.0',
      'flips',
      'lists',
      'users',
      'afterwards',
    ]);
    expect(entries[1]?.file).toBe('deploy/users@v1.0.sql');
    expect(entries[3]?.labels).toEqual(['@v1.0']);
    expect(entries[2]?.parents).toEqual([plan[1], plan[0]]);
  });

  it('of a fresh database', async () => {
    expect(states(await readTrack(sqitch, project, client))).toEqual([
      'schema: pending',
      'users: pending',
      'flips: pending',
      'lists: pending',
    ]);
  });

  it('of one that is half deployed, and of one where all is', async () => {
    expect((await deploy('--to-change', 'users')).code).toBe(0);
    expect(await read()).toEqual(await told());
    expect(await read()).toEqual({ deployed: ['schema', 'users'], undeployed: ['flips', 'lists'] });
    await deploy();
    expect(await read()).toEqual(await told());
    const track = await readTrack(sqitch, project, client);
    expect(track.current).toEqual(track.heads);
    expect(track.table).toMatchObject({ schema: 'sqitch', name: 'changes' });
    expect(track.entries[0]).toMatchObject({ appliedBy: 'Ada Miller <ada@example.org>', checksum: 'same' });
    expect(track.entries[0]?.appliedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('after a failure', async () => {
    project.write({ 'deploy/flips.sql': 'BEGIN; CREATE TABLE nonsense (; COMMIT;\n' });
    expect((await deploy('--mode', 'change')).code).not.toBe(0);
    expect(await read()).toEqual(await told());
    const track = await readTrack(sqitch, project, client);
    expect(states(track)).toEqual(['schema: applied', 'users: applied', 'flips: failed', 'lists: pending']);
    expect(track.dirty?.version).toBe(track.entries[2]?.id);
    project.write({ 'deploy/flips.sql': 'BEGIN; COMMIT;\n' });
    await deploy();
    expect((await readTrack(sqitch, project, client)).dirty).toBeNull();
  });

  it('after a revert', async () => {
    await deploy();
    expect((await run('revert', target(), '--to-change', 'users', '-y')).code).toBe(0);
    expect(await read()).toEqual(await told());
    expect(states(await readTrack(sqitch, project, client)).slice(2)).toEqual([
      'flips: rolled-back',
      'lists: rolled-back',
    ]);
  });

  it('of a deploy script edited afterwards', async () => {
    await deploy();
    project.write({ 'deploy/users.sql': 'SELECT 1;\n' });
    expect(await read()).toEqual(await told());
    expect(states(await readTrack(sqitch, project, client))).toContain('users: changed');
  });

  it('of a deleted deploy script, which the reader names', async () => {
    await deploy();
    project.delete('deploy/users.sql');
    const track = await readTrack(sqitch, project, client);
    expect(causes(track)).toEqual(['sqitch-script-missing']);
    expect(track.entries[1]).toMatchObject({ file: null, state: 'applied', checksum: 'unknown' });
  });

  it('of a change taken out of the plan, where Sqitch can’t find its way', async () => {
    await deploy();
    const view = await project.look();
    const plan = await view.text('sqitch.plan');
    project.write({ 'sqitch.plan': plan.replace(/^lists .*\n/m, '') });
    expect((await run('status', target())).stderr).toContain('Cannot find this change');
    const track = await readTrack(sqitch, project, client);
    expect(states(track)).toContain('lists: missing');
    expect(causes(track)).toEqual(['migration-file-missing']);
  });

  it('of an edited plan, whose ids are others from there on', async () => {
    await deploy();
    const view = await project.look();
    const plan = await view.text('sqitch.plan');
    project.write({ 'sqitch.plan': plan.replace('Adds users', 'Adds all users') });
    expect(states(await readTrack(sqitch, project, client))).toEqual([
      'schema: applied',
      'users: changed',
      'flips: changed',
      'lists: changed',
    ]);
  });

  it('of what was only logged as deployed', async () => {
    expect((await deploy('--log-only')).code).toBe(0);
    expect(await read()).toEqual(await told());
  });

  it('of a registry of another name', async () => {
    await run('config', 'engine.pg.registry', 'Über"sqitch');
    expect((await run('deploy', target(), '--registry', 'uber')).code).toBe(0);
    const track = await readTrack(sqitch, project, client);
    expect(track.location.table).toEqual({ schema: 'Über"sqitch', name: 'changes' });
    expect(track.table?.schema).toBe('uber');
    expect(track.entries.every(({ state }) => state === 'applied')).toBe(true);
  });
});
