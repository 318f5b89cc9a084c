import { afterEach, describe, expect, it } from 'vitest';
import { drizzle } from '../../../main/migrations/tools/drizzle.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const journal = (dialect: string, ...entries: object[]): string =>
  JSON.stringify({ version: '7', dialect, entries });

describe('Drizzle', () => {
  let project: Project;
  afterEach(() => project?.remove());

  it('is told by its columns, those of 1.0 too', () => {
    const columns = { id: 'integer', hash: 'text', created_at: 'bigint' };
    expect(drizzle.recognise(candidate('__drizzle_migrations', columns), [])).toMatchObject({
      certainty: 'certain',
    });
    const later = { ...columns, name: 'text', applied_at: 'timestamp with time zone' };
    expect(drizzle.recognise(candidate('__drizzle_migrations', later), [])).toMatchObject({
      tool: 'drizzle',
    });
    expect(drizzle.recognise(candidate('blocks', { ...columns, parent: 'text' }), [])).toBeUndefined();
  });

  it('leaves journals of other databases alone', async () => {
    project = makeProject({ 'drizzle/meta/_journal.json': journal('sqlite') });
    expect(await drizzle.locate(await project.look())).toEqual([]);
  });

  it('names a broken journal and goes on without it', async () => {
    for (const broken of ['{"dialect":"postgresql", <<<<<<< HEAD', journal('postgresql', { tag: 'x' })]) {
      project = makeProject({ 'drizzle/meta/_journal.json': broken, 'drizzle/0000_a.sql': '' });
      const { problems } = await readTrack(drizzle, project);
      expect(problems.map(({ cause }) => cause)).toContain('drizzle-journal-broken');
      project.remove();
    }
  });

  it('notices the layout and the table of 1.0', async () => {
    project = makeProject({
      'drizzle/20240102030405_users/migration.sql': 'SELECT 1;',
      'drizzle/20240102030405_users/snapshot.json': '{}',
      'drizzle/20240103030405_posts/migration.sql': 'SELECT 2;',
      'drizzle/20240103030405_posts/snapshot.json': '{}',
    });
    const { reading, location } = await readTrack(drizzle, project);
    expect(location.settings).toEqual({ layout: 'stamped' });
    const row = { id: '1', hash: 'x', created: '1704164645000', name: '20240102030405_users' };
    const track = drizzle.status({ rows: [row], stamped: true }, reading);
    expect(states(track)).toEqual(['20240102030405_users: changed', '20240103030405_posts: pending']);
    expect(causes(track)).toContain('drizzle-one');
  });

  it('knows a file whose time in the journal was changed by its content', async () => {
    project = makeProject({
      'drizzle/meta/_journal.json': journal('postgresql', { idx: 0, when: 5000, tag: '0000_a' }),
      'drizzle/0000_a.sql': 'SELECT 1;',
    });
    const { reading } = await readTrack(drizzle, project);
    const hash = reading.migrations[0]?.checksums?.[0] ?? '';
    const track = drizzle.status(
      { rows: [{ id: '1', hash, created: '9000', name: null }], stamped: false },
      reading,
    );
    expect(states(track)).toEqual(['0000_a: applied']);
    expect(track.entries[0]?.notes.join()).toContain('time in the journal');
  });
});
