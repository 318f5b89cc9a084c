import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { alembic } from '../../../main/migrations/tools/alembic.ts';
import { debianTool, isSkipped, runTool } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// Each command of the tool starts an interpreter.
vi.setConfig({ testTimeout: 120_000 });

const samples = join(import.meta.dirname, '../../../assets/samples');

/** What Alembic would still run, in its order, by its own plan. */
const planScript = `
import json, os, sys
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
script = ScriptDirectory.from_config(Config("alembic.ini"))
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    current = MigrationContext.configure(connection).get_current_heads()
print(json.dumps({
    "current": sorted(current),
    "heads": sorted(script.get_heads()),
    "all": [s.revision for s in script.walk_revisions()],
    "pending": [s.revision.revision for s in script._upgrade_revs("heads", current)],
}))`;

const env = `
import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;

const revision = (
  id: string,
  down: string,
  more: { labels?: string; depends?: string; sql?: string; annotated?: boolean } = {},
): string => `"""A revision

Revision ID: ${id}
"""
from typing import Sequence, Union
from alembic import op

# revision = 'not this one'
revision${more.annotated ? ': str' : ''} = '${id}'
down_revision${more.annotated ? ': Union[str, Sequence[str], None]' : ''} = ${down}
branch_labels = ${more.labels ?? 'None'}
depends_on = ${more.depends ?? 'None'}


def upgrade() -> None:
    op.execute("""${more.sql ?? `CREATE TABLE t_${id} (revision = '''x''')`.replace(/ \(.*/, ' (id int)')}""")


def downgrade() -> None:
    op.execute("DROP TABLE t_${id}")
`;

const template = readFileSync(join(samples, 'tau_lighting/daemon/alembic/script.py.mako'), 'utf8');

const ini = '[alembic]\nscript_location = %(here)s/alembic\n';

describe.skipIf(isSkipped(await debianTool('alembic', ['alembic', 'python3-psycopg2'])))(
  'alembic (1.8 of Debian): status equals what the tool says',
  () => {
    let server: TestServer;
    let client: Client;
    let project: Project;
    let databases = 0;

    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(async () => await server?.remove());
    afterEach(async () => {
      project.remove();
    });

    async function begin(files: Record<string, string>): Promise<void> {
      const name = `a${++databases}`;
      await server.query(`CREATE DATABASE ${name}`);
      client = await server.connect({ database: name });
      project = makeProject({
        'alembic.ini': ini,
        'alembic/env.py': env,
        'alembic/script.py.mako': template,
        ...inVersions(files),
      });
    }

    const inVersions = (files: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`alembic/versions/${name}.py`, text]));

    const url = (): string => server.url(client.database).replace('postgresql:', 'postgresql+psycopg2:');
    const tool = (...args: string[]) =>
      runTool('/usr/bin/alembic', args, { cwd: project.root, env: { DATABASE_URL: url() } });

    async function run(...args: string[]): Promise<void> {
      const { code, stderr } = await tool(...args);
      expect(code, stderr).toBe(0);
    }

    async function toolSays() {
      const result = await runTool('/usr/bin/python3', ['-c', planScript], {
        cwd: project.root,
        env: { DATABASE_URL: url() },
      });
      expect(result.code, result.stderr).toBe(0);
      return JSON.parse(result.stdout) as {
        current: string[];
        heads: string[];
        all: string[];
        pending: string[];
      };
    }

    /** Compares everything that Alembic knows, and that each entry comes after those it builds on. */
    async function agree() {
      const [track, says] = [await readTrack(alembic, project, client), await toolSays()];
      const of = (state: string) =>
        track.entries.filter((entry) => entry.state === state).map(({ id }) => id);
      expect([...track.current].sort()).toEqual(says.current);
      expect([...track.heads].sort()).toEqual(says.heads);
      expect(of('pending').sort()).toEqual([...says.pending].sort());
      expect(of('applied').sort()).toEqual(says.all.filter((id) => !says.pending.includes(id)).sort());
      const place = new Map(track.entries.map(({ id }, index) => [id, index]));
      for (const { id, parents } of track.entries)
        for (const parent of parents) expect(place.get(parent)).toBeLessThan(place.get(id) as number);
      return track;
    }

    const chain = {
      a1_first: revision('aaaa0001', 'None'),
      a2_second: revision('aaaa0002', "'aaaa0001'", { annotated: true }),
      a3_third: revision('aaaa0003', '(\n    "aaaa0002",  # after the second\n)'),
    };

    it('fresh, half applied, all applied and then edited, rolled back', async () => {
      await begin(chain);
      expect((await agree()).table).toBeUndefined();
      await run('upgrade', '+2');
      expect(states(await agree())).toEqual(['a1_first: applied', 'a2_second: applied', 'a3_third: pending']);
      await run('upgrade', 'head');
      project.write({ 'alembic/versions/a1_first.py': `${chain.a1_first}\n# edited` });
      expect((await agree()).current).toEqual(['aaaa0003']);
      await run('downgrade', 'aaaa0001');
      expect(states(await agree())).toEqual(['a1_first: applied', 'a2_second: pending', 'a3_third: pending']);
      await run('downgrade', 'base');
      const track = await agree();
      expect(track.current).toEqual([]);
      expect(track.table).toMatchObject({ name: 'alembic_version', certainty: 'certain' });
    });

    it('a revision that fails leaves those before it applied', async () => {
      await begin({ ...chain, a3_third: revision('aaaa0003', "'aaaa0002'", { sql: 'SELECT 1/0' }) });
      expect((await tool('upgrade', 'head')).code).not.toBe(0);
      expect(states(await agree())).toEqual(['a1_first: applied', 'a2_second: applied', 'a3_third: pending']);
    });

    it('two heads, then their merge', async () => {
      await begin({
        ...chain,
        b2_other: revision('bbbb0002', "'aaaa0001'"),
      });
      await run('upgrade', 'aaaa0003');
      const track = await agree();
      expect(causes(track)).toEqual(['several-heads']);
      expect((await tool('upgrade', 'head')).code).not.toBe(0);
      await run('upgrade', 'heads');
      expect((await agree()).current.length).toBe(2);
      await run('merge', 'heads', '-m', 'together');
      expect(causes(await agree())).toEqual([]);
      await run('upgrade', 'head');
      expect((await agree()).current.length).toBe(1);
    });

    it('branches that depend on one another by label: the implied head is not in the table', async () => {
      await begin({
        a1_core: revision('aaaa0001', 'None', { labels: "('core',)" }),
        a2_core: revision('aaaa0002', "'aaaa0001'"),
        b1_shop: revision('bbbb0001', 'None', { labels: '["shop"]', depends: "'aaaa0002'" }),
        b2_shop: revision('bbbb0002', "'bbbb0001'", { depends: "'core'" }),
      });
      await run('upgrade', 'shop@bbbb0001');
      const track = await agree();
      expect(track.current).toEqual(['bbbb0001']);
      expect(track.entries.find(({ id }) => id === 'aaaa0002')?.state).toBe('applied');
      await run('upgrade', 'heads');
      await agree();
    });

    it('a row without a file: what it implies is unknown, and Alembic can’t go on', async () => {
      await begin(chain);
      await run('upgrade', 'head');
      project.delete('alembic/versions/a3_third.py');
      const refused = await tool('upgrade', 'head');
      expect(refused.stdout + refused.stderr).toContain("Can't locate revision identified by 'aaaa0003'");
      const track = await readTrack(alembic, project, client);
      expect(states(track)).toEqual(['a1_first: unknown', 'a2_second: unknown', 'aaaa0003: missing']);
      expect(track.problems[0]?.next).toContain("Can't locate revision identified by 'aaaa0003'");
    });

    it('a file that is missing in the middle, and a circle: named as Alembic refuses them', async () => {
      await begin(chain);
      await run('upgrade', 'head');
      project.delete('alembic/versions/a2_second.py');
      expect((await tool('heads')).stderr).toContain("KeyError: 'aaaa0002'");
      const broken = await readTrack(alembic, project, client);
      expect(causes(broken)).toEqual(['revision-dangling']);
      expect(states(broken)).toEqual(['a1_first: unknown', 'a3_third: applied']);
      project.write({
        'alembic/versions/c1.py': revision('cccc0001', "'cccc0002'"),
        'alembic/versions/c2.py': revision('cccc0002', "'cccc0001'"),
        'alembic/versions/a2_second.py': chain.a2_second,
      });
      expect((await tool('heads')).stderr).toContain('Cycle is detected in revisions (cccc0001, cccc0002)');
      const circle = await readTrack(alembic, project, client);
      expect(circle.problems[0]?.what).toBe('Revisions come after themselves: cccc0001, cccc0002.');
      expect(circle.entries.filter(({ state }) => state === 'unknown').length).toBe(2);
    });

    it('a partial revision in depends_on is refused by the tool and named', async () => {
      await begin({ ...chain, b1: revision('bbbb0001', 'None', { depends: "'aaaa0003'[:6]" }) });
      expect(causes(await readTrack(alembic, project, client))).toContain('revision-computed');
      project.write(inVersions({ b1: revision('bbbb0001', 'None', { depends: "'aaaa000'" }) }));
      expect((await tool('heads')).stderr).toContain("KeyError: 'aaaa000'");
      expect(causes(await readTrack(alembic, project, client))).toContain('revision-dangling');
      project.write(
        inVersions({ b1: revision('bbbb0001', 'None', { depends: "'aaaa0003'[:6]".replace(/\[.*/, '') }) }),
      );
      await agree();
    });

    it('several folders, a section of its own and a table of another name', async () => {
      await begin({});
      project.write({
        'alembic.ini': `[DEFAULT]\nbase = %(here)s/alembic\n[alembic]\nscript_location = %(base)s\nversion_path_separator = :\nversion_locations = %(base)s/core:%(base)s/shop\n`,
        'alembic/env.py': env.replace(
          'connection=connection',
          'connection=connection, version_table="our_version"',
        ),
        'alembic/core/a1.py': revision('aaaa0001', 'None'),
        'alembic/shop/b1.py': revision('bbbb0001', "'aaaa0001'"),
        'alembic/versions/no.py': revision('dddd0001', 'None'),
      });
      await run('upgrade', 'aaaa0001');
      const track = await readTrack(alembic, project, client);
      expect(states(track)).toEqual(['a1: applied', 'b1: pending']);
      expect(track.location.table).toEqual({ schema: null, name: 'our_version' });
      expect(track.table?.name).toBe('our_version');
    });

    it('rows that imply one another are refused and named', async () => {
      await begin(chain);
      await run('upgrade', 'head');
      await client.query("INSERT INTO alembic_version VALUES ('aaaa0001')");
      project.write(inVersions({ a4: revision('aaaa0004', "'aaaa0003'") }));
      const refused = await tool('upgrade', 'head');
      expect(refused.stdout + refused.stderr).toMatch(/overlaps with other requested revisions/);
      expect(causes(await readTrack(alembic, project, client))).toEqual(['revision-overlap']);
    });

    it('a file in Latin-1 that says so is read, as Python does', async () => {
      await begin({ a1: revision('aaaa0001', 'None') });
      const latin = `# -*- coding: latin-1 -*-\n# für\n${revision('aaaa0002', "'aaaa0001'")}`;
      project.write({ 'alembic/versions/a2.py': Buffer.from(latin, 'latin1') });
      await run('upgrade', 'head');
      expect(states(await agree())).toEqual(['a1: applied', 'a2: applied']);
    });

    it('the sample system Kronos: one migration without its archive, applied by the tool', async () => {
      await begin({});
      project.delete('alembic.ini', 'alembic');
      cpSync(join(samples, 'kronos_eam'), project.root, { recursive: true });
      await server.query('CREATE ROLE kronos_app');
      await server.query('CREATE ROLE kronos_readonly');
      expect(states(await agree())).toEqual(['001_complete_initial_schema: pending']);
      await run('upgrade', 'head');
      const track = await agree();
      expect(states(track)).toEqual(['001_complete_initial_schema: applied']);
      expect(track.problems).toEqual([]);
    });

    it('the sample system Tau: five migrations in the order of the tool’s history', async () => {
      await begin({});
      project.delete('alembic.ini', 'alembic');
      cpSync(join(samples, 'tau_lighting'), project.root, { recursive: true });
      const track = await readTrack(alembic, project);
      const { stdout } = await runTool('/usr/bin/alembic', ['history'], {
        cwd: join(project.root, 'daemon'),
      });
      const says = [...stdout.matchAll(/-> (\w+)/g)].map(([, id]) => id);
      expect(track.entries.map(({ id }) => id)).toEqual(says.reverse());
      expect(track.entries.length).toBe(5);
      // As the sample is laid out: migrated to its head, with the database remembering that alone.
      const after = alembic.status(['5d03be91a7c8'], track.reading);
      expect(after.entries.every(({ state }) => state === 'applied')).toBe(true);
      expect(after.problems).toEqual([]);
    });
  },
);
