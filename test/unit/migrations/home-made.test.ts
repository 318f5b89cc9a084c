import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { homeMade } from '../../../main/migrations/tools/home-made.ts';
import type { HomeRow } from '../../../main/migrations/tools/home-made-match.ts';
import { openFolder } from '../../../main/migrations/tools/shared/folder-view.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const columns = {
  id: 'integer',
  filename: 'character varying(255)',
  checksum: 'character(64)',
  applied_at: 'timestamp with time zone',
  note: 'text',
};
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a home-made folder of SQL files', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const files = {
    'db/migrations/001_a.sql': 'a',
    'db/migrations/002_b.sql': 'b',
    'db/migrations/003_c.sql': 'c',
  };
  const at = async (
    rows: HomeRow[],
    home = { name: 'filename', time: 'applied_at' as string | null, checksum: 'checksum' as string | null },
  ) => {
    const { reading } = await readTrack(homeMade, project);
    const table = {
      tool: 'home-made' as const,
      schema: 'public',
      name: 'done',
      columns: [],
      certainty: 'probable' as const,
      home,
    };
    return homeMade.status({ rows, table }, reading);
  };
  const row = (filename: string, change: HomeRow = {}): HomeRow => ({
    id: 1,
    filename,
    note: 'x',
    ...change,
  });

  it('takes a table for one by its name and a column of texts, and guesses what the columns hold', () => {
    expect(homeMade.recognise(candidate('schema_migrations', columns), [])).toMatchObject({
      certainty: 'probable',
      home: { name: 'filename', time: 'applied_at', checksum: 'checksum' },
    });
    expect(homeMade.recognise(candidate('invoices', columns), [])).toBeUndefined();
    expect(
      homeMade.recognise(candidate('schema_migrations', { version: 'character varying' }), []),
    ).toBeUndefined();
    expect(
      homeMade.recognise(candidate('schema_migrations', { version: 'bigint', dirty: 'boolean' }), []),
    ).toBeUndefined();
  });

  it('says where it stands, and how well both sides fit', async () => {
    project = makeProject(files);
    const track = await at([
      row('001_a.sql', { applied_at: '2026-01-02T03:04:05.678+02:00' }),
      row('002_b.sql'),
      row('000_gone.sql'),
    ]);
    expect(states(track)).toEqual([
      '000_gone.sql: missing',
      '001_a: applied',
      '002_b: applied',
      '003_c: pending',
    ]);
    expect(track.entries[1]).toMatchObject({ appliedAt: '2026-01-02T01:04:05.678Z', reversible: false });
    const coverage = track.problems.find(({ cause }) => cause === 'home-made-coverage');
    expect(coverage).toMatchObject({ what: '2 of 3 rows match files.', severity: 'warning' });
    expect(coverage?.why).toContain('filename');
  });

  it.each([
    ['with their ending', (name: string) => `${name}.sql`],
    ['without it', (name: string) => name],
    ['with their folder', (name: string) => `/srv/app/db/migrations/${name}.sql`],
    ['by their number', (name: string) => String(Number.parseInt(name, 10))],
  ])('knows files that the table has %s', async (_, spell) => {
    project = makeProject(files);
    expect(states(await at([row(spell('001_a')), row(spell('003_c'))]))).toEqual([
      '001_a: applied',
      '002_b: out-of-order',
      '003_c: applied',
    ]);
  });

  it('finds the names in another column than the guessed one', async () => {
    project = makeProject(files);
    const track = await at([row('first', { note: '001_a.sql' }), row('second', { note: '002_b.sql' })]);
    expect(states(track)).toEqual(['001_a: applied', '002_b: applied', '003_c: pending']);
    expect(track.problems.find(({ cause }) => cause === 'home-made-coverage')?.why).toContain('column note');
  });

  it('believes sums only where one of them is the file’s', async () => {
    project = makeProject(files);
    const odd = await at([
      row('001_a.sql', { checksum: 'x'.repeat(64) }),
      row('002_b.sql', { checksum: 'y'.repeat(64) }),
    ]);
    expect(odd.entries.map(({ checksum }) => checksum)).toEqual(['unknown', 'unknown', 'unknown']);
    const known = await at([
      row('001_a.sql', { checksum: sha('a').toUpperCase() }),
      row('002_b.sql', { checksum: sha('old') }),
    ]);
    expect(states(known).slice(0, 2)).toEqual(['001_a: applied', '002_b: changed']);
  });

  it('warns when numbers and texts sort otherwise, and sorts by number', async () => {
    project = makeProject({ 'migrations/9_a.sql': '', 'migrations/10_b.sql': '', 'migrations/9_b.sql': '' });
    const { reading } = await readTrack(homeMade, project);
    expect(reading.migrations.map(({ id }) => id)).toEqual(['9_a.sql', '9_b.sql', '10_b.sql']);
    expect(causes(reading)).toEqual(['migration-version-twice', 'home-made-two-orders', 'home-made-one-way']);
    expect(reading.problems[0]?.why).toContain('9_a.sql and 9_b.sql');
  });

  it('puts files that take back to those that they take back', async () => {
    project = makeProject({
      'migrations/001_a.sql': '',
      'migrations/001_a.down.sql': '',
      'migrations/002_b.down.sql': '',
    });
    const { reading } = await readTrack(homeMade, project);
    expect(reading.migrations).toMatchObject([
      { id: '001_a.sql', reversible: true, downFile: 'migrations/001_a.down.sql' },
    ]);
    expect(causes(reading)).toEqual(['migration-down-without-up']);
  });

  it('leaves folders of tools, seeds and single scripts alone', async () => {
    project = makeProject({
      'a/migrations/1_x.sql': '-- migrate:up\n',
      'b/migrations/1_x.sql': '-- +goose Up\n',
      'c/migrations/1_x.up.sql': '',
      'd/migrations/1_x.sql': '',
      'd/migrations/atlas.sum': '',
      'e/seeds/01_x.sql': '',
      'e/seeds/02_x.sql': '',
      'e/seeds/03_x.sql': '',
      'database/schema.sql': '',
      'database/import.sql': '',
    });
    expect(await homeMade.locate(await project.look())).toEqual([]);
  });

  it('finds Iotistic’s folder among the samples, and none in the one that has no runner', async () => {
    const samples = join(import.meta.dirname, '../../../assets/samples');
    const view = await openFolder(join(samples, 'iotistic'));
    const [location, ...others] = await homeMade.locate(view);
    expect(location?.folder).toBe('api/database/migrations');
    expect(others).toEqual([]);
    const reading = location && (await homeMade.readFolder(view, location));
    expect(reading?.migrations).toHaveLength(58);
    expect(reading?.problems.map(({ cause }) => cause)).toEqual(['home-made-one-way']);
    for (const name of ['nebenkosten_config', 'tau_lighting', 'kronos_eam', 'billing', 'edictflow'])
      expect(await homeMade.locate(await openFolder(join(samples, name)))).toEqual([]);
  });
});
