import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type AtlasState, atlas } from '../../../main/migrations/tools/atlas.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const base64 = (...parts: string[]): string => createHash('sha256').update(parts.join('')).digest('base64');
/** Each file's hash: of all names and contents so far. */
const hashes = (files: [string, string][]): [string, string][] =>
  files.map(([name], index) => [name, base64(...files.slice(0, index + 1).flat())]);
const sumFile = (files: [string, string][]): string =>
  `h1:${base64(...hashes(files).flat())}\n${hashes(files)
    .map(([name, hash]) => `${name} h1:${hash}\n`)
    .join('')}`;

type Revision = AtlasState['revisions'][number];
const row = (version: string, hash: string, change: Partial<Revision> = {}): Revision => ({
  version,
  description: 'words',
  type: 2,
  applied: 1,
  total: 1,
  at: '2026-01-02T03:04:05.678Z',
  nanoseconds: '2000000',
  error: null,
  statement: null,
  hash,
  operator: 'Atlas CLI v0.30',
  ...change,
});

// The tool itself comes from neither npm nor Debian without a download: rows are those that its source writes.
describe('Atlas', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const all: [string, string][] = [
    ['1_a.sql', 'CREATE TABLE a ();\n'],
    ['2_b.sql', 'CREATE TABLE b ();\n'],
    ['3_c.sql', 'CREATE TABLE c ();\n'],
  ];
  const make = (files = all, sum = sumFile(files)): Project =>
    makeProject({
      ...Object.fromEntries(files.map(([name, content]) => [`migrations/${name}`, content])),
      'migrations/atlas.sum': sum,
    });
  const at = async (...revisions: Revision[]) => {
    const { reading } = await readTrack(atlas, project);
    return atlas.status({ revisions }, reading);
  };
  const [a = '', b = '', c = ''] = hashes(all).map(([, hash]) => hash);

  it('is told by its columns', () => {
    const columns = {
      version: 'character varying',
      description: 'character varying',
      type: 'bigint',
      applied: 'bigint',
      total: 'bigint',
      executed_at: 'timestamp with time zone',
      execution_time: 'bigint',
      error: 'text',
      hash: 'character varying',
      operator_version: 'character varying',
    };
    expect(atlas.recognise(candidate('atlas_schema_revisions', columns), [])).toMatchObject({
      certainty: 'certain',
    });
  });

  it('says where it stands, with hashes that hold', async () => {
    project = make();
    const track = await at(row('1', a), row('2', b));
    expect(states(track)).toEqual(['1_a: applied', '2_b: applied', '3_c: pending']);
    expect(track.entries.map(({ checksum }) => checksum)).toEqual(['same', 'same', 'unknown']);
    expect(causes(track)).toEqual([]);
  });

  it('calls only the first differing file changed, because its hash is in all after it', async () => {
    const edited = all.map(([name, text]): [string, string] => [name, name === '2_b.sql' ? 'edited' : text]);
    project = make(edited);
    const track = await at(row('1', a), row('2', b), row('3', c));
    expect(states(track)).toEqual(['1_a: applied', '2_b: changed', '3_c: applied']);
    expect(track.entries.map(({ checksum }) => checksum)).toEqual(['same', 'different', 'unknown']);
  });

  it('calls none changed where a file came in between', async () => {
    project = make(all.toSpliced(1, 0, ['1b_late.sql', '']) as [string, string][]);
    const track = await at(row('1', a), row('2', b), row('3', c));
    expect(states(track)).toEqual(['1_a: applied', '1b_late: out-of-order', '2_b: applied', '3_c: applied']);
    expect(track.entries[2]?.notes.join()).toContain('can’t be told');
  });

  it('knows a partial run, one set right by hand, and a baseline', async () => {
    project = make();
    const failed = await at(
      row('1', a),
      row('2', b, { applied: 1, total: 3, error: 'no such table', statement: 'DROP TABLE x' }),
    );
    expect(failed).toMatchObject({ dirty: { version: '2' } });
    expect(failed.dirty?.why).toBe(
      '1 of 3 statements ran. The next one: DROP TABLE x What Atlas kept of the error: no such table',
    );
    expect((await at(row('1', a, { type: 6, applied: 1, total: 3 }))).entries[0]?.state).toBe('applied');
    expect(states(await at(row('2', '', { type: 1, applied: 0, total: 0 })))).toEqual([
      '1_a: ignored',
      '2_b: baseline',
      '3_c: pending',
    ]);
  });

  it('begins an empty database with the last checkpoint', async () => {
    const files: [string, string][] = all.toSpliced(2, 0, [
      '2a_check.sql',
      '-- atlas:checkpoint\n\nCREATE TABLE a ();\n',
    ]);
    project = make(files);
    expect(states(await at())).toEqual(['1_a: ignored', '2_b: ignored', '2a_check: pending', '3_c: pending']);
    expect(states(await at(row('1', a), row('2', b)))).toEqual([
      '1_a: applied',
      '2_b: applied',
      '2a_check: ignored',
      '3_c: pending',
    ]);
  });

  it.each([
    ['was edited', () => project.write({ 'migrations/2_b.sql': 'edited' }), '2_b.sql was edited'],
    ['came', () => project.write({ 'migrations/2c_new.sql': '' }), '2c_new.sql came after'],
    ['is gone', () => project.delete('migrations/2_b.sql'), '2_b.sql is gone'],
    ['at the end is gone', () => project.delete('migrations/3_c.sql'), '3_c.sql is gone'],
    ['of sums is gone', () => project.delete('migrations/atlas.sum'), 'It isn’t there'],
  ])('says that atlas.sum does not fit when a file %s', async (_, change, why) => {
    project = make();
    change();
    const location = {
      tool: 'atlas' as const,
      folder: 'migrations',
      config: null,
      table: null,
      settings: {},
    };
    const { problems } = await atlas.readFolder(await project.look(), location);
    expect(problems.map((problem) => problem.why)).toEqual([expect.stringContaining(why)]);
  });

  it('takes folder and schema from its settings', async () => {
    project = make();
    project.write({
      'atlas.hcl': 'env "x" {\n migration {\n dir = "file://migrations"\n revisions_schema = "ops"\n }\n}\n',
    });
    const { location } = await readTrack(atlas, project);
    expect(location).toMatchObject({ folder: 'migrations', config: 'atlas.hcl', table: { schema: 'ops' } });
  });
});
