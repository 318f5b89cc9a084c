import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { flyway } from '../../../main/migrations/tools/flyway.ts';
import { LineSum } from '../../../main/migrations/tools/flyway-folder.ts';
import type { HistoryRow } from '../../../main/migrations/tools/flyway-status.ts';
import { byVersion } from '../../../main/migrations/tools/flyway-version.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

/** As the rule is written: the lines of the text, without their ends. */
const sumOfLines = (text: string): string =>
  String(
    crc32(
      text
        .replace(/^\ufeff/, '')
        .split(/\r\n|\r|\n/)
        .join(''),
    ) | 0,
  );

const sumOf = (text: string, size = 7): string => {
  const sum = new LineSum();
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += size) sum.add(bytes.subarray(at, at + size));
  return sum.toString();
};

const text = 'CREATE TABLE ä (id int);\r\nSELECT 1;\n';
let rank = 0;
const row = (version: string | null, change: Partial<HistoryRow> = {}): HistoryRow => ({
  rank: ++rank,
  version,
  description: 'words here',
  type: 'SQL',
  script: version === null ? 'R__words_here.sql' : `V${version}__words_here.sql`,
  checksum: sumOfLines(text),
  by: 'deployer',
  at: '2026-01-02 03:04:05.678',
  ms: 12,
  success: true,
  ...change,
});

// The tool itself comes from neither npm nor Debian: rows and states are those of its source.
describe('Flyway', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const folder = 'src/main/resources/db/migration';
  const files = {
    [`${folder}/V1__words_here.sql`]: text,
    [`${folder}/V1.1__words_here.sql`]: text,
    [`${folder}/V2__words_here.sql`]: text,
    [`${folder}/R__words_here.sql`]: text,
  };
  const at = async (...rows: HistoryRow[]) => {
    const { reading } = await readTrack(flyway, project);
    return flyway.status({ rows }, reading);
  };

  it('is told by its columns, and takes the key that is known of its lock', () => {
    const table = candidate('flyway_schema_history', {
      installed_rank: 'integer',
      version: 'character varying(50)',
      description: 'character varying(200)',
      type: 'character varying(20)',
      script: 'character varying(1000)',
      checksum: 'integer',
      installed_by: 'character varying(100)',
      installed_on: 'timestamp without time zone',
      execution_time: 'integer',
      success: 'boolean',
    });
    expect(flyway.recognise(table, [])).toMatchObject({ certainty: 'certain' });
    expect(flyway.lockKeys?.('db', undefined, 'public')).toEqual([77433833903597n]);
  });

  it('sums lines without their ends, however the bytes come', () => {
    for (const one of [text, `\ufeff${text}`, '', '\n', '\r\n\r\n', 'a\rb\r\nc\nd', 'no end'])
      for (const size of [3, 5, 4096]) expect(sumOf(one, size)).toBe(sumOfLines(one));
    expect(sumOf('a\r\nb\n')).toBe(sumOf('a\nb'));
    expect(Number(sumOf('CREATE TABLE t ();'))).toBeGreaterThanOrEqual(-(2 ** 31));
  });

  it('compares versions by their parts', () => {
    expect(['10', '1.10', '1.2', '2', '1', '1_3'].sort(byVersion)).toEqual([
      '1',
      '1.2',
      '1_3',
      '1.10',
      '2',
      '10',
    ]);
    expect(byVersion('1', '1.0.0')).toBe(0);
    expect(byVersion('001', '1')).toBe(0);
  });

  it('finds its folder, and reads what lies in folders within', async () => {
    project = makeProject({ ...files, [`${folder}/later/V10__more.sql`]: text });
    const { location, entries } = await readTrack(flyway, project);
    expect(location.folder).toBe(folder);
    expect(entries.map(({ id }) => id)).toEqual(['1', '1.1', '2', '10', 'R__words_here']);
  });

  it('takes locations, table and schema from its settings', async () => {
    project = makeProject({
      'flyway.toml': '[flyway]\nlocations = [\n "filesystem:sql" ]\ntable = "ran"\nschemas = ["app", "b"]\n',
      'sql/V1__a.sql': text,
    });
    const { location } = await readTrack(flyway, project);
    expect(location).toMatchObject({
      folder: 'sql',
      config: 'flyway.toml',
      table: { schema: 'app', name: 'ran' },
    });
    project.remove();
    project = makeProject({
      'conf/flyway.conf': 'flyway.locations=filesystem:./sql\nflyway.password=geheim\n',
      'sql/V1__a.sql': text,
    });
    const conf = await readTrack(flyway, project);
    expect(conf.location).toMatchObject({ folder: 'sql', config: 'conf/flyway.conf', table: null });
    expect(JSON.stringify(conf.location)).not.toContain('geheim');
  });

  it('says where it stands', async () => {
    project = makeProject(files);
    const track = await at(row('1'), row('1.1'));
    expect(states(track)).toEqual([
      'V1__words_here: applied',
      'V1.1__words_here: applied',
      'V2__words_here: pending',
      'R__words_here: pending',
    ]);
    expect(track.current).toEqual(['1.1']);
    expect(track.entries[0]).toMatchObject({ appliedBy: 'deployer', durationMs: 12, checksum: 'same' });
  });

  it('knows a changed file, and a repeatable one that runs again', async () => {
    project = makeProject(files);
    const track = await at(
      row('1', { checksum: '5' }),
      row(null, { checksum: '6' }),
      row(null, { checksum: '7' }),
    );
    expect(track.entries[0]).toMatchObject({ state: 'changed', checksum: 'different' });
    expect(track.entries.at(-1)).toMatchObject({ state: 'changed' });
    expect(track.entries.at(-1)?.notes.join()).toContain('run again');
    const again = await at(row(null, { checksum: '6' }), row(null));
    expect(again.entries.at(-1)?.state).toBe('applied');
  });

  it('can’t tell of a repeatable one with placeholders', async () => {
    project = makeProject({ ...files, [`${folder}/R__words_here.sql`]: `SELECT '\${name}';` });
    const track = await at(row('1'), row(null, { checksum: '6' }));
    expect(track.entries.at(-1)).toMatchObject({ state: 'applied', checksum: 'unknown' });
  });

  it('passes over what lies at or below the baseline, and does not compare it', async () => {
    project = makeProject(files);
    const baseline = row('1.1', { type: 'BASELINE', script: '<< Flyway Baseline >>', checksum: null });
    const track = await at(baseline);
    expect(states(track)).toEqual([
      'V1__words_here: ignored',
      'V1.1__words_here: ignored',
      '<< Flyway Baseline >>: baseline',
      'V2__words_here: pending',
      'R__words_here: pending',
    ]);
    expect((await at(row('1', { checksum: '5' }), baseline)).entries[0]?.state).toBe('applied');
  });

  it('begins with a baseline migration only where nothing is', async () => {
    project = makeProject({ ...files, [`${folder}/B1.1__words_here.sql`]: text });
    expect(states(await at())).toEqual([
      'V1__words_here: ignored',
      'B1.1__words_here: pending',
      'V1.1__words_here: ignored',
      'V2__words_here: pending',
      'R__words_here: pending',
    ]);
    expect(states(await at(row('1')))[1]).toBe('B1.1__words_here: ignored');
    const applied = row('1.1', { type: 'SQL_BASELINE', script: 'B1.1__words_here.sql' });
    expect(states(await at(applied)).slice(0, 3)).toEqual([
      'V1__words_here: ignored',
      'B1.1__words_here: baseline',
      'V1.1__words_here: ignored',
    ]);
  });

  it('calls one that came late out of order, one undone rolled back, one failed failed', async () => {
    project = makeProject({ ...files, [`${folder}/U2__words_here.sql`]: text });
    expect(states(await at(row('1'), row('2')))[1]).toBe('V1.1__words_here: out-of-order');
    const undone = await at(
      row('1'),
      row('1.1'),
      row('2'),
      row('2', { type: 'UNDO_SQL', script: 'U2__words_here.sql' }),
    );
    expect(undone.entries[2]).toMatchObject({
      state: 'rolled-back',
      reversible: true,
      downFile: `${folder}/U2__words_here.sql`,
    });
    expect(undone.current).toEqual(['1.1']);
    const failed = await at(row('1'), row('1.1', { success: false }));
    expect(failed).toMatchObject({ dirty: { version: '1.1' } });
    expect(states(failed)[1]).toBe('V1.1__words_here: failed');
    const repaired = await at(row('1'), row('1.1', { type: 'DELETE' }), row('2'));
    expect(states(repaired)[1]).toBe('V1.1__words_here: out-of-order');
  });

  it('tells a missing file from one of a later release and from what is no SQL', async () => {
    project = makeProject(files);
    const track = await at(
      row('0.5'),
      row('1'),
      row('1.2', { type: 'JDBC', script: 'db.migration.V1_2__x' }),
      row('9'),
    );
    expect(states(track)).toEqual([
      'V0.5__words_here.sql: missing',
      'V1__words_here: applied',
      'V1.1__words_here: out-of-order',
      'db.migration.V1_2__x: applied',
      'V2__words_here: out-of-order',
      'V9__words_here.sql: missing',
      'R__words_here: pending',
    ]);
    expect(track.entries[5]?.notes.join()).toContain('later release');
  });

  it('names two files of one version however it is written, and what it passes over', async () => {
    project = makeProject({
      ...files,
      [`${folder}/sub/V01.0__other.sql`]: text,
      [`${folder}/Vx__odd.sql`]: text,
      [`${folder}/V3__latin.sql`]: Buffer.from('-- gr\xfcn', 'latin1'),
    });
    const { reading } = await readTrack(flyway, project);
    expect(causes(reading).sort()).toEqual(['migration-name-wrong', 'migration-version-twice']);
    expect(reading.problems.find(({ cause }) => cause === 'migration-version-twice')?.why).toContain(
      'sub/V01.0__other.sql',
    );
  });
});
