import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type PrismaState, prisma } from '../../../main/migrations/tools/prisma.ts';
import { candidate, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

type Attempt = PrismaState['attempts'][number];
const attempt = (name: string, change: Partial<Attempt> = {}): Attempt => ({
  name,
  checksum: createHash('sha256').update('SELECT 1;\n').digest('hex'),
  started: '2026-01-02T03:04:05.000Z',
  finished: '2026-01-02T03:04:05.250Z',
  rolled_back: null,
  steps: 1,
  logs: null,
  ...change,
});

describe('Prisma Migrate', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const files = {
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'prisma/migrations/1_a/migration.sql': 'SELECT 1;\n',
    'prisma/migrations/2_b/migration.sql': 'SELECT 1;\n',
  };
  const at = async (...attempts: Attempt[]) => {
    const { reading } = await readTrack(prisma, project);
    return prisma.status({ attempts }, reading);
  };

  it('is told by its columns', () => {
    const stamp = 'timestamp with time zone';
    const columns = {
      checksum: 'character varying(64)',
      finished_at: stamp,
      migration_name: 'character varying(255)',
      rolled_back_at: stamp,
      started_at: stamp,
      applied_steps_count: 'integer',
    };
    expect(prisma.recognise(candidate('_prisma_migrations', columns), [])).toMatchObject({
      certainty: 'certain',
    });
  });

  it('takes no folder of another database’s', async () => {
    project = makeProject({ ...files, 'prisma/migrations/migration_lock.toml': 'provider = "sqlite"\n' });
    expect(await prisma.locate(await project.look())).toEqual([]);
  });

  it('puts all attempts at one migration together', async () => {
    project = makeProject(files);
    const rolledBack = { finished: null, rolled_back: '2026-01-02T03:05:00.000Z' };
    expect(states(await at(attempt('1_a', rolledBack), attempt('1_a')))).toEqual([
      '1_a: applied',
      '2_b: pending',
    ]);
    expect(states(await at(attempt('1_a', rolledBack)))[0]).toBe('1_a: rolled-back');
    expect(states(await at(attempt('1_a'), attempt('1_a', { finished: null })))[0]).toBe('1_a: failed');
    expect((await at(attempt('1_a'))).entries[0]?.durationMs).toBe(250);
  });

  it('accepts the sums that old versions wrote, without leading zeros of bytes', async () => {
    project = makeProject(files);
    const bytes = createHash('sha256').update('SELECT 1;\n').digest();
    const short = [...bytes].map((byte) => byte.toString(16)).join('');
    expect(short.length).toBeLessThan(64);
    expect((await at(attempt('1_a', { checksum: short }))).entries[0]?.checksum).toBe('same');
    expect((await at(attempt('1_a', { checksum: `0${short}` }))).entries[0]?.state).toBe('changed');
  });

  it('finds the folder that its configuration names', async () => {
    project = makeProject({
      'prisma.config.ts': "export default { migrations: { path: './db/steps' } }",
      'db/steps/1_a/migration.sql': 'SELECT 1;',
    });
    expect((await readTrack(prisma, project)).location).toMatchObject({
      folder: 'db/steps',
      config: 'prisma.config.ts',
    });
  });
});
