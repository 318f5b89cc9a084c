import { afterEach, describe, expect, it } from 'vitest';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const body = '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n';

describe('dbmate', () => {
  let project: Project;
  afterEach(() => project?.remove());

  it('is told from Rails by what stands beside the table', () => {
    const table = candidate('schema_migrations', { version: 'character varying' }, ['version']);
    expect(dbmate.recognise(table, [table])).toMatchObject({ certainty: 'probable' });
    const rails = candidate('ar_internal_metadata', { key: 'character varying' });
    expect(dbmate.recognise(table, [table, rails])).toBeUndefined();
    expect(dbmate.recognise(candidate('schema_migrations', { version: 'bigint' }), [])).toBeUndefined();
    const more = candidate('schema_migrations', { version: 'text', filename: 'text' });
    expect(dbmate.recognise(more, [])).toBeUndefined();
  });

  it('takes no other SQL files for its own', async () => {
    project = makeProject({
      'db/migrations/1_a.sql': 'SELECT 1;',
      'goose/1_a.sql': '-- +goose Up\nSELECT 1;',
    });
    expect(await dbmate.locate(await project.look())).toEqual([]);
  });

  it('finds the folder that the environment file names, and keeps nothing else of that file', async () => {
    project = makeProject({
      '.env': 'DATABASE_URL=postgres://u:geheim@h/d\nDBMATE_MIGRATIONS_DIR=./sql/up\n',
      'sql/up/1_a.sql': body,
    });
    const locations = await dbmate.locate(await project.look());
    expect(locations).toMatchObject([{ folder: 'sql/up', config: '.env' }]);
    expect(JSON.stringify(locations)).not.toContain('geheim');
  });

  it('knows whether there is a way back', async () => {
    project = makeProject({
      'db/1_both.sql': body,
      'db/2_empty.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n-- nothing to do\n',
      'db/3_none.sql': '-- migrate:up transaction:false\nSELECT 1;\n',
    });
    const { entries, reading } = await readTrack(dbmate, project);
    expect(entries.map(({ reversible }) => reversible)).toEqual([true, false, null]);
    expect(causes(reading)).toEqual(['dbmate-directive-missing']);
  });

  it('names both files of one version and one that is no text, and reads on', async () => {
    project = makeProject({
      'db/1_a.sql': body,
      'db/1_b.sql': body,
      'db/2_latin.sql': Buffer.from(`-- gr\xfcn\n${body}`, 'latin1'),
      'db/3_null.sql': `${body}\0`,
      'db/4_good.sql': body,
    });
    const track = await readTrack(dbmate, project);
    expect(causes(track)).toEqual(['migration-version-twice', 'file-not-text', 'file-not-text']);
    expect(track.problems[0]?.why).toContain('1_a.sql and 1_b.sql');
    expect(track.problems[1]?.what).toContain('db/2_latin.sql');
    expect(states(track)).toEqual(['1_a: pending', '2_latin: pending', '3_null: pending', '4_good: pending']);
  });

  it('says nothing of missing files where no folder is known', () => {
    const track = dbmate.status({ versions: ['1', '2'] }, undefined);
    expect(track).toMatchObject({ current: ['2'], problems: [] });
    expect(states(track)).toEqual(['1: applied', '2: applied']);
  });
});
