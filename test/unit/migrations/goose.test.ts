import { afterEach, describe, expect, it } from 'vitest';
import { type GooseState, goose } from '../../../main/migrations/tools/goose.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const body = '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n';
const row = (id: number, version: number, applied = true): GooseState['rows'][number] => ({
  id: String(id),
  version: String(version),
  applied,
  at: '2026-01-02 03:04:05.678',
});

// The tool itself comes from neither npm nor Debian: rows are those that its source writes.
describe('goose', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const files = {
    'sql/00001_a.sql': body,
    'sql/00002_b.sql': body,
    'sql/00010_c.sql': '-- +goose Up\nSELECT 1;\n',
  };
  const at = async (...rows: GooseState['rows']) => {
    const { reading } = await readTrack(goose, project);
    return goose.status({ rows }, reading);
  };

  it('is told by its columns', () => {
    const columns = {
      id: 'integer',
      version_id: 'bigint',
      is_applied: 'boolean',
      tstamp: 'timestamp without time zone',
    };
    expect(goose.recognise(candidate('goose_db_version', columns), [])).toMatchObject({
      certainty: 'certain',
    });
    expect(goose.recognise(candidate('goose_db_version', { id: 'integer' }), [])).toBeUndefined();
  });

  it('says where it stands; version 0 is no migration', async () => {
    project = makeProject(files);
    expect(states(await at(row(1, 0)))).toEqual(['00001_a: pending', '00002_b: pending', '00010_c: pending']);
    const track = await at(row(1, 0), row(2, 1), row(3, 2));
    expect(states(track)).toEqual(['00001_a: applied', '00002_b: applied', '00010_c: pending']);
    expect(track.entries[0]).toMatchObject({
      appliedAt: '2026-01-02 03:04:05.678',
      checksum: 'unknown',
      reversible: true,
    });
    expect(track.entries[2]?.reversible).toBe(false);
  });

  it('is at the version that was applied last, not at the highest', async () => {
    project = makeProject(files);
    expect((await at(row(1, 0), row(2, 10), row(3, 1))).current).toEqual(['1']);
    expect((await at(row(9, 2), row(10, 1))).current).toEqual(['1']);
  });

  it('calls one that came late out of order, and one that was taken back rolled back', async () => {
    project = makeProject(files);
    const track = await at(row(1, 0), row(2, 1), row(3, 10));
    expect(states(track)).toEqual(['00001_a: applied', '00002_b: out-of-order', '00010_c: applied']);
    expect(track.entries[1]?.notes.join()).toContain('-allow-missing');
    expect(states(await at(row(1, 0), row(2, 1), row(4, 2, false)))[1]).toBe('00002_b: rolled-back');
  });

  it('names what is applied and has no file', async () => {
    project = makeProject(files);
    const track = await at(row(1, 0), row(2, 1), row(3, 5));
    expect(states(track)).toEqual([
      '00001_a: applied',
      '00002_b: out-of-order',
      '5: missing',
      '00010_c: pending',
    ]);
    expect(causes(track)).toEqual(['migration-file-missing']);
  });

  it('reads migrations in Go by their names, and stops at a SQL file named wrongly', async () => {
    project = makeProject({
      ...files,
      'sql/00003_code.go': 'package m\nfunc init() { goose.AddMigrationContext(up, down) }\n',
      'sql/00003_code_test.go': 'package m',
      'sql/helper.go': 'package m',
      'sql/extra.sql': 'SELECT 1;',
      'sql/0_zero.sql': body,
    });
    const { reading } = await readTrack(goose, project);
    expect(reading.migrations.map(({ id }) => id)).toEqual(['1', '2', '3', '10']);
    expect(reading.migrations[2]).toMatchObject({ kind: 'go', reversible: null });
    expect(causes(reading)).toEqual(['migration-name-wrong', 'migration-name-wrong']);
  });

  it('names two files of one version, and a line that a byte order mark hides', async () => {
    project = makeProject({ ...files, 'sql/2_twin.sql': body, 'sql/3_mark.sql': `\ufeff${body}` });
    const { reading } = await readTrack(goose, project);
    expect(causes(reading)).toEqual(['migration-version-twice', 'goose-annotation-missing']);
    expect(reading.problems[0]?.why).toContain('00002_b.sql and 2_twin.sql');
  });

  it('looks where the environment file says', async () => {
    project = makeProject({ '.env': 'GOOSE_MIGRATION_DIR=./sql\nGOOSE_TABLE=ops.goose\n', ...files });
    const { location } = await readTrack(goose, project);
    expect(location).toMatchObject({
      folder: 'sql',
      config: '.env',
      table: { schema: 'ops', name: 'goose' },
    });
  });
});
