import { afterEach, expect, it } from 'vitest';
import { django } from '../../../main/migrations/tools/django.ts';
import { parseDjango } from '../../../main/migrations/tools/django-files.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

const migration = (body: string): string =>
  `from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    ${body}\n`;

it('reads the graph of a migration, swappable models and computed lists too', () => {
  const { migration: found } = parseDjango(
    migration(`"""dependencies = [("no", "no")]"""
    replaces = [('a', '0001'), ("a", "0002")]
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),  # ("no", "no")
        ("b", "__first__"),
    ] + extra
    run_before = [("c", "0001")]

    def x(self):
        dependencies = [("no", "no")]`),
    'a',
    'a/migrations/0003_x.py',
    'people',
  );
  expect(found).toEqual({
    app: 'a',
    name: '0003_x',
    file: 'a/migrations/0003_x.py',
    replaces: [
      ['a', '0001'],
      ['a', '0002'],
    ],
    dependencies: [
      ['people', '__first__'],
      ['b', '__first__'],
    ],
    runBefore: [['c', '0001']],
    computed: ['dependencies'],
  });
});

it('tells its table by its four columns', () => {
  const columns = { id: 'bigint', app: 'character varying(255)', name: 'character varying(255)' };
  const table = candidate('renamed', { ...columns, applied: 'timestamp with time zone' });
  expect(django.recognise(table, [])?.certainty).toBe('certain');
  expect(django.recognise(candidate('x', { ...columns, applied: 'boolean' }), [])).toBeUndefined();
});

it('finds each project by its manage.py, and leaves the migrations of other tools alone', async () => {
  project = makeProject({
    'one/manage.py': '',
    'one/shop/migrations/__init__.py': '',
    'one/shop/migrations/0001_initial.py': migration('pass'),
    'two/manage.py': '',
    'two/config/settings/base.py': 'AUTH_USER_MODEL = "people.User"\n',
    'two/apps/people/apps.py': 'class A(AppConfig):\n    name = "apps.people"\n',
    'two/apps/people/migrations/0001_initial.py': migration('pass'),
    'flask/migrations/versions/x.py': 'revision = "a"',
    'flask/migrations/0001_x.py': 'print()',
  });
  const found = await django.locate(await project.look());
  expect(found.map(({ folder, config, settings }) => [folder, config, settings])).toEqual([
    ['one', 'one/manage.py', { apps: '[{"folder":"one/shop/migrations","label":"shop"}]', user: 'auth' }],
    [
      'two',
      'two/manage.py',
      { apps: '[{"folder":"two/apps/people/migrations","label":"people"}]', user: 'people' },
    ],
  ]);
});

it('names modules without a Migration class, files that can’t be read, and broken Python', async () => {
  project = makeProject({
    'manage.py': '',
    'a/migrations/__init__.py': '',
    'a/migrations/0001_initial.py': migration('pass'),
    'a/migrations/helper.py': 'x = 1\n',
    'a/migrations/_private.py': 'x = 1\n',
    'a/migrations/0002_latin.py': Buffer.from(`# für\n${migration('pass')}`, 'latin1'),
    'a/migrations/0003_broken.py': `${migration('dependencies = [("a", "0001_initial")]')}    operations = [\n`,
  });
  const track = await readTrack(django, project);
  expect(causes(track).sort()).toEqual(['file-not-text', 'migration-without-class', 'python-syntax']);
  expect(states(track)).toEqual(['a.0001_initial: pending', 'a.0003_broken: pending']);
});

it('makes a plan of a thousand migrations in less than 5 ms', () => {
  const migrations = Array.from({ length: 1000 }, (_, at) => ({
    app: `app${at % 20}`,
    name: `${String(Math.floor(at / 20)).padStart(4, '0')}_x`,
    file: 'x.py',
    dependencies:
      at < 20
        ? []
        : ([[`app${at % 20}`, `${String(Math.floor(at / 20) - 1).padStart(4, '0')}_x`]] as [
            string,
            string,
          ][]),
    runBefore: [],
    replaces: [],
    computed: [],
  }));
  const reading = {
    migrations: migrations.map(({ app, name, file }) => ({
      id: `${app}.${name}`,
      name: `${app}.${name}`,
      file,
      downFile: null,
      reversible: null,
      parents: [],
      labels: [app],
      checksums: null,
    })),
    problems: [],
    extra: { migrations, apps: [...new Set(migrations.map(({ app }) => app))], doubtful: [] },
  };
  const rows = migrations
    .slice(0, 900)
    .map(({ app, name }) => ({ app, name, appliedAt: '2024-01-01T00:00:00Z' }));
  // The best of many: other work on the machine is not the plan’s.
  const times = Array.from({ length: 60 }, () => {
    const start = performance.now();
    const { entries } = django.status(rows, reading);
    expect(entries.filter(({ state }) => state === 'pending').length).toBe(100);
    return performance.now() - start;
  });
  expect(Math.min(...times)).toBeLessThan(5);
});
