import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type SqlxState, sqlx } from '../../../main/migrations/tools/sqlx.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const sum = (text: string): string => createHash('sha384').update(text).digest('hex');
const row = (version: string, text: string, change: Partial<SqlxState['rows'][number]> = {}) => ({
  version,
  description: 'words here',
  at: '2026-01-02T03:04:05.678Z',
  success: true,
  checksum: sum(text),
  nanoseconds: '1500000',
  ...change,
});

// The tool itself comes from neither npm nor Debian: rows are those that its source writes.
describe('sqlx', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const files = {
    'Cargo.toml': '[package]\nname = "x"\n[dependencies]\nsqlx = "0.8"\n',
    'migrations/1_words_here.sql': 'SELECT 1;\n',
    'migrations/2_two.up.sql': '\ufeffSELECT 2;\r\n',
    'migrations/2_two.down.sql': 'SELECT -2;',
    'migrations/10_ten.sql': 'SELECT 10;',
  };
  const at = async (...rows: SqlxState['rows']) => {
    const { reading } = await readTrack(sqlx, project);
    return sqlx.status({ rows }, reading);
  };

  it('is told by its columns, and locks by the name of the database', () => {
    const columns = {
      version: 'bigint',
      description: 'text',
      installed_on: 'timestamp with time zone',
      success: 'boolean',
      checksum: 'bytea',
      execution_time: 'bigint',
    };
    expect(sqlx.recognise(candidate('_sqlx_migrations', columns), [])).toMatchObject({
      certainty: 'certain',
    });
    expect(sqlx.lockKeys?.('shop', undefined, 'public')).toEqual([1026731422n * BigInt(crc32('shop'))]);
  });

  it('says where it stands, byte order mark and line ends counting', async () => {
    project = makeProject(files);
    const track = await at(row('1', 'SELECT 1;\n'), row('2', '\ufeffSELECT 2;\r\n'));
    expect(states(track)).toEqual(['1_words_here: applied', '2_two: applied', '10_ten: pending']);
    expect(track.entries.map(({ checksum }) => checksum)).toEqual(['same', 'same', 'unknown']);
    expect(track.entries[0]?.durationMs).toBe(1.5);
    expect(track.entries.map(({ reversible }) => reversible)).toEqual([false, true, false]);
    expect(states(await at(row('1', 'SELECT 1;\r\n')))[0]).toBe('1_words_here: changed');
  });

  it('leaves out of the sum what its settings say', async () => {
    project = makeProject({
      ...files,
      'sqlx.toml': '[migrate]\nignored-chars = ["\\r", "\\uFEFF"]\ntable-name = "ops.ran"\n',
    });
    const track = await at(row('2', 'SELECT 2;\n'));
    expect(track.entries[1]).toMatchObject({ state: 'applied', checksum: 'same' });
    const { location } = await readTrack(sqlx, project);
    expect(location.table).toEqual({ schema: 'ops', name: 'ran' });
  });

  it('is stopped by one that did not come to its end', async () => {
    project = makeProject(files);
    const track = await at(row('1', 'SELECT 1;\n', { success: false, nanoseconds: '-1' }));
    expect(track).toMatchObject({ dirty: { version: '1' }, current: [] });
    expect(track.entries[0]).toMatchObject({ state: 'failed', durationMs: null });
  });

  it('names what came late, what is gone, and what is named wrongly', async () => {
    project = makeProject({
      ...files,
      'migrations/init_all.sql': '',
      'migrations/plain.sql': '',
      'migrations/3_x.down.sql': '',
    });
    const track = await at(row('10', 'SELECT 10;'), row('7', ''));
    expect(states(track)).toEqual([
      '1_words_here: out-of-order',
      '2_two: out-of-order',
      'words here: missing',
      '10_ten: applied',
    ]);
    expect(causes(track).sort()).toEqual([
      'migration-down-without-up',
      'migration-file-missing',
      'migration-name-wrong',
    ]);
  });
});
