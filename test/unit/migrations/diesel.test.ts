import { afterEach, describe, expect, it } from 'vitest';
import { diesel } from '../../../main/migrations/tools/diesel.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// The tool itself comes from neither npm nor Debian: rows are those that its source writes.
describe('Diesel', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const files = {
    'diesel.toml': '[migrations_directory]\ndir = "db/migrations"\n',
    'db/migrations/00000000000000_diesel_initial_setup/up.sql': '',
    'db/migrations/00000000000000_diesel_initial_setup/down.sql': '',
    'db/migrations/2024-01-02-030405_users/up.sql': '',
    'db/migrations/2024-01-03-000000_posts/up.sql': '',
  };
  const row = (version: string) => ({ version, at: '2026-01-02 03:04:05.678' });
  const at = async (...versions: string[]) => {
    const { reading } = await readTrack(diesel, project);
    return diesel.status({ rows: versions.map(row) }, reading);
  };

  it('is told by its columns, surely by its name too', () => {
    const columns = { version: 'character varying(50)', run_on: 'timestamp without time zone' };
    expect(diesel.recognise(candidate('__diesel_schema_migrations', columns), [])?.certainty).toBe('certain');
    expect(diesel.recognise(candidate('other', columns), [])?.certainty).toBe('probable');
  });

  it('takes its version from the folder’s name, without hyphens', async () => {
    project = makeProject(files);
    const track = await at('00000000000000', '20240102030405');
    expect(states(track)).toEqual([
      '00000000000000_diesel_initial_setup: applied',
      '2024-01-02-030405_users: applied',
      '2024-01-03-000000_posts: pending',
    ]);
    expect(track.current).toEqual(['20240102030405']);
    expect(track.entries.map(({ reversible }) => reversible)).toEqual([true, false, false]);
  });

  it('names what came late, what is gone, and two of one version', async () => {
    project = makeProject({
      ...files,
      'db/migrations/20240103000000_twin/up.sql': '',
      'db/migrations/9_x/down.sql': '',
    });
    const track = await at('20240103000000', '20230101000000');
    expect(states(track)).toEqual([
      '00000000000000_diesel_initial_setup: out-of-order',
      '20230101000000: missing',
      '2024-01-02-030405_users: out-of-order',
      '2024-01-03-000000_posts: applied',
    ]);
    expect(causes(track).sort()).toEqual([
      'migration-down-without-up',
      'migration-file-missing',
      'migration-version-twice',
    ]);
  });
});
