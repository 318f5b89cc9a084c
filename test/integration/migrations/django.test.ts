import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { django } from '../../../main/migrations/tools/django.ts';
import { debianTool, isSkipped, runTool } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 120_000 });

const manage = `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`;

const settings = (apps: string[]): string => `import os
SECRET_KEY = "x"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [${apps.map((app) => `"${app}"`).join(', ')}]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["DB"], "USER": "postgres",
  "PASSWORD": "postgres", "HOST": "127.0.0.1", "PORT": os.environ["PORT"]}}
`;

const migration = (body: string, operations = ''): string => `from django.db import migrations


class Migration(migrations.Migration):
    # dependencies = [("nobody", "0001")]
    ${body}
    operations = [${operations}]
`;

describe.skipIf(isSkipped(await debianTool('django-admin', ['python3-django', 'python3-psycopg2'])))(
  'Django 3.2 of Debian: status equals `showmigrations --plan`',
  () => {
    let server: TestServer;
    let client: Client;
    let project: Project;
    let databases = 0;

    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(async () => await server?.remove());
    afterEach(() => project.remove());

    async function begin(files: Record<string, string>, apps = ['core', 'shop']): Promise<void> {
      const name = `d${++databases}`;
      await server.query(`CREATE DATABASE ${name}`);
      client = await server.connect({ database: name });
      project = makeProject({
        'manage.py': manage,
        'site_settings/__init__.py': '',
        'site_settings/settings.py': settings(apps),
        'core/__init__.py': '',
        'core/migrations/__init__.py': '',
        'shop/__init__.py': '',
        'shop/migrations/__init__.py': '',
        ...files,
      });
    }

    const tool = (...args: string[]) =>
      runTool('/usr/bin/python3', ['manage.py', ...args], {
        cwd: project.root,
        env: { DB: client.database as string, PORT: String(server.port), PYTHONDONTWRITEBYTECODE: '1' },
      });

    async function run(...args: string[]): Promise<void> {
      const { code, stdout, stderr } = await tool(...args);
      expect(code, stdout + stderr).toBe(0);
    }

    /** The plan, in order, without what Django does not list: `ignored` and `missing` ones, other people's apps. */
    async function agree() {
      const track = await readTrack(django, project, client);
      const { stdout, stderr, code } = await tool('showmigrations', '--plan');
      expect(code, stderr).toBe(0);
      const says = [...stdout.matchAll(/^\[([X ])\]\s+(\S+)/gm)].map(
        ([, mark, name]) => `${name}: ${mark === 'X' ? 'applied' : 'pending'}`,
      );
      const ours = states(track)
        .filter((line) => !/: (?:ignored|missing)$/.test(line))
        .map((line) => line.replace(': out-of-order', ': pending'));
      expect(ours).toEqual(says.filter((line) => /^(?:core|shop|label)\./.test(line)));
      return track;
    }

    const chain = {
      'core/migrations/0001_initial.py': migration(
        'initial = True',
        'migrations.RunSQL("SELECT 1", "SELECT 1")',
      ),
      'core/migrations/0002_more.py': migration(
        'dependencies = [("core", "0001_initial")]',
        'migrations.RunSQL("SELECT 1", "SELECT 1")',
      ),
      'core/migrations/0003_last.py': migration('dependencies = [\n        ("core", "0002_more"),\n    ]'),
      'shop/migrations/0001_initial.py': migration("dependencies = [('core', '__first__')]"),
      'shop/migrations/0002_late.py': migration(
        "dependencies = (('shop', '0001_initial'), ('core', '0002_more'))\n    run_before = [('core', '0003_last')]",
      ),
    };

    it('fresh, half applied, all applied and then edited, rolled back, across apps', async () => {
      await begin(chain);
      expect((await agree()).table).toBeUndefined();
      await run('migrate', 'shop', '0001');
      const half = await agree();
      expect(half.entries.filter(({ state }) => state === 'applied').length).toBe(2);
      await run('migrate');
      const edited = 'core/migrations/0003_last.py';
      project.write({ [edited]: `${chain[edited]}\n# edited` });
      const all = await agree();
      expect(all.entries.every(({ state }) => state === 'applied')).toBe(true);
      expect(all.heads).toEqual(['core.0003_last', 'shop.0002_late']);
      expect(all.entries[0]?.appliedAt).toMatch(/Z$/);
      await run('migrate', 'core', '0002');
      expect(states(await agree())).toContain('core.0003_last: pending');
    });

    it('one that fails leaves those before it', async () => {
      await begin({
        ...chain,
        'core/migrations/0003_last.py': migration(
          'dependencies = [("core", "0002_more")]',
          'migrations.RunSQL("SELECT 1/0")',
        ),
      });
      expect((await tool('migrate')).code).not.toBe(0);
      expect(states(await agree())).toContain('core.0003_last: pending');
    });

    it('two leaves are refused until they are merged', async () => {
      await begin({
        ...chain,
        'core/migrations/0003_other.py': migration('dependencies = [("core", "0002_more")]'),
      });
      const refused = await tool('migrate');
      expect(refused.stderr).toContain('Conflicting migrations detected');
      expect(causes(await agree())).toEqual(['several-leaves']);
      await run('makemigrations', '--merge', '--noinput', 'core');
      expect(causes(await agree())).toEqual([]);
      await run('migrate');
      await agree();
    });

    it('a squashed migration: on a fresh database, where all, some or none of its past is applied', async () => {
      const squash = {
        'core/migrations/0001_squashed_0002.py': migration(
          'replaces = [("core", "0001_initial"), ("core", "0002_more")]',
        ),
      };
      await begin({ ...chain, ...squash });
      expect(states(await agree())).toContain('core.0001_squashed_0002: pending');
      await run('migrate');
      expect(states(await agree())).toContain('core.0001_initial: ignored');
      project.remove();

      await begin(chain);
      await run('migrate', 'core', '0001');
      project.write(squash);
      const some = await agree();
      expect(causes(some)).toEqual(['squash-half-applied']);
      expect(states(some)).toContain('core.0001_squashed_0002: ignored');
      project.delete('core/migrations/0001_squashed_0002.py');
      await run('migrate', 'core', '0002');
      project.write(squash);
      const all = await agree();
      const implied = all.entries.find(({ id }) => id === 'core.0001_squashed_0002');
      expect(implied).toMatchObject({ state: 'applied', appliedAt: null });
      await run('migrate');
      expect((await agree()).entries.find(({ id }) => id === implied?.id)?.appliedAt).not.toBeNull();
      // Others still depend on what it replaces, and the files are gone.
      project.delete('core/migrations/0001_initial.py', 'core/migrations/0002_more.py');
      const gone = await agree();
      expect(causes(gone)).toEqual([]);
      expect(states(gone)).toContain('core.0002_more: ignored');
      // Once `replaces` is gone too, its rows are left over.
      project.write({
        'core/migrations/0001_squashed_0002.py': migration('initial = True'),
        'core/migrations/0003_last.py': migration('dependencies = [("core", "0001_squashed_0002")]'),
        'shop/migrations/0002_late.py': migration("dependencies = [('shop', '0001_initial')]"),
      });
      expect(states(await agree())).toContain('core.0002_more: missing');
    });

    it('a deleted file in the middle, a circle and an inconsistent history are named as Django refuses them', async () => {
      await begin(chain);
      await run('migrate');
      project.delete('core/migrations/0002_more.py');
      expect((await tool('showmigrations')).stderr).toContain('NodeNotFoundError');
      const broken = await readTrack(django, project, client);
      expect(new Set(causes(broken))).toEqual(new Set(['migration-dangling', 'several-leaves']));
      expect(states(broken)).toContain('core.0002_more: missing');

      project.write({ 'core/migrations/0002_more.py': migration('dependencies = [("core", "0003_last")]') });
      expect((await tool('showmigrations')).stderr).toContain('CircularDependencyError');
      expect(causes(await readTrack(django, project, client))).toContain('migration-circle');

      project.write(chain);
      await client.query("DELETE FROM django_migrations WHERE name = '0002_more'");
      expect((await tool('migrate')).stderr).toContain('InconsistentMigrationHistory');
      const early = await agree();
      expect(early.entries.find(({ id }) => id === 'core.0002_more')?.state).toBe('out-of-order');
      expect(causes(early)).toContain('history-inconsistent');
    });

    it('rows of installed packages are applied, and their pending ones are said to be unseen', async () => {
      await begin(chain, ['django.contrib.contenttypes', 'core', 'shop']);
      await run('migrate', 'contenttypes', '0001');
      const track = await readTrack(django, project, client);
      expect(states(track)).toContain('contenttypes.0001_initial: applied');
      expect(track.problems).toMatchObject([{ cause: 'apps-elsewhere', severity: 'notice' }]);
    });

    it('an app by the label of its configuration', async () => {
      await begin(
        {
          ...chain,
          'shop/apps.py':
            'from django.apps import AppConfig\n\n\nclass Shop(AppConfig):\n    name = "shop"\n    label = "label"\n',
          'shop/migrations/0002_late.py': migration("dependencies = [('label', '0001_initial')]"),
        },
        ['core', 'shop.apps.Shop'],
      );
      await run('migrate', 'label', '0001');
      await agree();
    });
  },
);
