import { afterEach, describe, expect, it } from 'vitest';
import { alembic } from '../../../main/migrations/tools/alembic.ts';
import { parseRevision } from '../../../main/migrations/tools/alembic-files.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

const revision = (id: string, down: string): string =>
  `revision = '${id}'\ndown_revision = ${down}\ndef downgrade():\n    pass\n`;

describe('a revision’s file', () => {
  const parse = (text: string, path = 'versions/x.py') => parseRevision(text, path);

  it('is read whether annotated, in a tuple over lines, in a list, or with comments between', () => {
    const { revision: found, fault } = parse(`"""revision = 'doc'
down_revision = 'doc'
"""
from typing import Sequence, Union
# revision = 'comment'
revision: str = "abc"  # the one
down_revision: Union[str, Sequence[str], None] = (
    'one',  # first
    "two",
)
branch_labels = ['left', r'right']
depends_on = 'a' 'b'

def upgrade():
    revision = 'inner'
`);
    expect(fault).toBeUndefined();
    expect(found).toEqual({
      id: 'abc',
      file: 'versions/x.py',
      downs: ['one', 'two'],
      dependsOn: ['ab'],
      labels: ['left', 'right'],
      reversible: false,
    });
  });

  it('follows names that are set in the file, and owns up to what is computed', () => {
    const { revision: found } = parse(
      `base = 'aaa'\nrevision = 'bbb'\ndown_revision = base\ndepends_on = find()\n`,
    );
    expect(found?.downs).toEqual(['aaa']);
    expect(found?.dependsOn).toBeUndefined();
  });

  it('without revision is named by its hex stem as Alembic 0.1 did, else not at all', () => {
    expect(parse('down_revision = None', 'v/1ab9.py').revision?.id).toBe('1ab9');
    expect(parse('x = 1', 'v/readme.py').revision).toBeUndefined();
  });

  it('can be taken back unless downgrade is missing or raises', () => {
    const body = (text: string) => parse(`revision = 'a'\n${text}`).revision?.reversible;
    expect(body('def downgrade() -> None:\n    """Back."""\n    op.drop_table("x")\n')).toBe(true);
    expect(body('def downgrade():\n    """No."""\n    raise NotImplementedError\n')).toBe(false);
    expect(body('')).toBe(false);
  });

  it('with a syntax error keeps what stands before it, and names the line', () => {
    const { revision: found, fault } = parse("revision = 'a'\ndown_revision = 'b'\n\nx = (1,\n");
    expect(found).toMatchObject({ id: 'a', downs: ['b'] });
    expect(fault).toEqual({ what: 'a bracket', line: 4 });
    expect(parse("revision = 'a'\nx = 'never closed\ndown_revision = 'b'\n")).toMatchObject({
      revision: { id: 'a', downs: ['b'] },
      fault: { what: 'a string', line: 2 },
    });
  });
});

describe('the folder', () => {
  it('is found by alembic.ini, by pyproject.toml, in a package, and as Flask-Migrate lays it out', async () => {
    project = makeProject({
      'a/alembic.ini': '[alembic]\nscript_location = migrations\n[other]\nscript_location: %(here)s/two\n',
      'a/migrations/versions/x.py': revision('a1', 'None'),
      'a/two/versions/x.py': revision('a2', 'None'),
      'b/pyproject.toml':
        '[tool.other]\nscript_location = "no"\n[tool.alembic]\nscript_location = "%(here)s/db" # here\nversion_locations = [\n  "%(here)s/db/core", # first\n  "%(here)s/db/shop",\n]\nrecursive_version_locations = true\n',
      'b/db/core/deep/x.py': revision('b1', 'None'),
      'c/alembic.ini': '[alembic]\nscript_location = our.app:db/alembic\n',
      'c/our/app/db/alembic/versions/x.py': revision('c1', 'None'),
      'd/migrations/alembic.ini': '[alembic]\n# file_template = x\n',
      'd/migrations/env.py': '',
      'd/migrations/versions/x.py': revision('d1', 'None'),
      'node_modules/x/alembic.ini': '[alembic]\nscript_location = y\n',
      '.venv/alembic.ini': '[alembic]\nscript_location = y\n',
      'env/pyvenv.cfg': '',
      'env/alembic.ini': '[alembic]\nscript_location = y\n',
    });
    const view = await project.look();
    const locations = await alembic.locate(view);
    expect(locations.map(({ folder, config }) => `${folder} by ${config}`)).toEqual([
      'a/migrations/versions by a/alembic.ini',
      'a/two/versions by a/alembic.ini',
      'b/db/core by b/pyproject.toml',
      'c/our/app/db/alembic/versions by c/alembic.ini',
      'd/migrations/versions by d/migrations/alembic.ini',
    ]);
    const ids = await Promise.all(
      locations.map(async (location) =>
        (await alembic.readFolder(view, location)).migrations.map(({ id }) => id),
      ),
    );
    expect(ids).toEqual([['a1'], ['a2'], ['b1'], ['c1'], ['d1']]);
  });

  it('with files that can’t be read names each, and goes on', async () => {
    project = makeProject({
      'alembic.ini': '[alembic]\nscript_location = a\n',
      'a/versions/1.py': Buffer.concat([
        Buffer.from([0xef, 0xbb, 0xbf]),
        Buffer.from(revision('r1', 'None')),
      ]),
      'a/versions/2.py': Buffer.from(`# für\n${revision('r2', "'r1'")}`, 'latin1'),
      'a/versions/3.py': Buffer.alloc(50 * 1024 * 1024, 'x'),
      'a/versions/4.py': revision('r1', 'None'),
      'a/versions/helper.py': 'def x(): pass\n',
      'a/versions/__init__.py': '',
      'a/versions/.#5.py': revision('r5', 'None'),
    });
    const track = await readTrack(alembic, project);
    expect(causes(track).sort()).toEqual([
      'file-not-text',
      'file-too-big',
      'revision-twice',
      'revision-unnamed',
    ]);
    expect(states(track)).toEqual(['4: pending']);
  });

  it('that is empty or not there is told apart', async () => {
    project = makeProject({ 'alembic.ini': '[alembic]\nscript_location = a\n' });
    expect(causes(await readTrack(alembic, project))).toEqual(['folder-missing']);
    project.write({ 'a/versions/.keep': '' });
    expect(causes(await readTrack(alembic, project))).toEqual([]);
  });
});

describe('status', () => {
  it('tells a table of Alembic by its only column, wherever it is', () => {
    const table = candidate('our_version', { version_num: 'character varying(32)' }, ['version_num']);
    expect(alembic.recognise(table, [])).toMatchObject({ certainty: 'certain' });
    expect(alembic.recognise(candidate('x', { version_num: 'integer' }), [])).toBeUndefined();
  });

  it('ends for circles of one, of many, and through depends_on', async () => {
    project = makeProject({
      'alembic.ini': '[alembic]\nscript_location = a\n',
      'a/versions/1.py': revision('r1', "'r1'"),
      'a/versions/2.py': `${revision('r2', "'r1'")}depends_on = 'r3'\n`,
      'a/versions/3.py': revision('r3', "'r2'"),
      'a/versions/4.py': revision('r4', "'r3'"),
      'a/versions/5.py': revision('r5', 'None'),
    });
    const view = await project.look();
    const [location] = await alembic.locate(view);
    const reading = await alembic.readFolder(view, location as never);
    const track = alembic.status(['r4'], reading);
    expect(track.problems[0]?.what).toBe('Revisions come after themselves: r1, r2, r3.');
    expect(
      alembic
        .status([], reading)
        .entries.map(({ id, state }) => `${id} ${state}`)
        .sort(),
    ).toEqual(['r1 unknown', 'r2 unknown', 'r3 unknown', 'r4 pending', 'r5 pending']);
  });

  it('of a thousand revisions takes less than 5 ms, and reading them less than 300 ms', async () => {
    const files: Record<string, string> = { 'alembic.ini': '[alembic]\nscript_location = a\n' };
    const body = `\n\ndef upgrade():\n    op.execute("""\n${"        ALTER TABLE things ADD COLUMN other integer; -- it's\n".repeat(40)}""")\n`;
    for (let at = 0; at < 1000; at++)
      files[`a/versions/${at}.py`] = revision(`r${at}`, at === 0 ? 'None' : `'r${at - 1}'`) + body;
    project = makeProject(files);
    const read = async () => {
      const view = await (project as Project).look();
      const [location] = await alembic.locate(view);
      const start = performance.now();
      const reading = await alembic.readFolder(view, location as never);
      return { reading, ms: performance.now() - start };
    };
    const looks = [await read(), await read(), await read()];
    const { reading } = looks[0] as (typeof looks)[number];
    const times = Array.from({ length: 20 }, () => {
      const start = performance.now();
      alembic.status(['r500'], reading);
      return performance.now() - start;
    });
    // The best of several: other work on the machine is not the reader's.
    expect(Math.min(...looks.map(({ ms }) => ms))).toBeLessThan(300);
    expect(Math.min(...times)).toBeLessThan(5);
    const counts = Map.groupBy(alembic.status(['r500'], reading).entries, ({ state }) => state);
    expect(counts.get('applied')?.length).toBe(501);
    expect(counts.get('pending')?.length).toBe(499);
  });
});
