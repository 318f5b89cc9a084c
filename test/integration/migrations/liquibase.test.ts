import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { liquibase } from '../../../main/migrations/tools/liquibase.ts';
import { liquibaseArguments } from '../../support/liquibase.ts';
import { debianTool, isSkipped, runTool, toolFolder } from '../../support/migration-tools.ts';
import { causes, readTrack } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// Each command of the tool starts a virtual machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

// The package on npm carries Liquibase's jars and the driver; Java is Debian's.
const java = await debianTool('java', ['default-jre-headless']);
const installed = isSkipped(java) ? java : await toolFolder('liquibase');

describe.skipIf(isSkipped(installed))('Liquibase 4.28: pending is what `status --verbose` lists', () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let databases = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server?.remove());
  afterEach(() => project.remove());

  async function begin(files: Record<string, string>, changelog: string): Promise<void> {
    const name = `q${++databases}`;
    await server.query(`CREATE DATABASE ${name}`);
    client = await server.connect({ database: name });
    project = makeProject({ 'liquibase.properties': `changeLogFile=${changelog}\n`, ...files });
  }

  const tool = (...args: string[]) =>
    runTool(
      java as string,
      [
        ...liquibaseArguments(installed as string),
        `--url=jdbc:postgresql://127.0.0.1:${server.port}/${client.database}`,
        '--username=postgres',
        '--password=postgres',
        ...args,
      ],
      { cwd: project.root, timeoutMs: 120_000 },
    );

  async function run(...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await tool(...args);
    expect(code, stdout + stderr).toBe(0);
  }

  async function agree(...unknown: string[]) {
    const track = await readTrack(liquibase, project, client);
    const { stdout, stderr, code } = await tool('status', '--verbose');
    expect(code, stdout + stderr).toBe(0);
    const says = [...stdout.matchAll(/^\s+(\S+::\S+::\S+)$/gm)].map(([, key]) => key as string);
    const pending = track.entries.filter(({ state }) => state === 'pending').map(({ id }) => id);
    expect([...pending, ...unknown].sort()).toEqual(says.sort());
    return track;
  }

  const sql = (id: string, statement: string, more = ''): string =>
    `--changeset ann:${id} ${more}\n${statement};\n--rollback SELECT 1;\n`;

  it('one formatted SQL file: fresh, half applied, all applied, rolled back, failed', async () => {
    const file = `--liquibase formatted sql\n${sql('1', 'CREATE TABLE a (id int)')}${sql('2', 'CREATE TABLE b (id int)')}${sql('third', 'CREATE TABLE c (id int)', 'runOnChange:true')}`;
    await begin({ 'changelog.sql': file }, 'changelog.sql');
    const fresh = await agree();
    expect(fresh.entries.map(({ id }) => id)).toEqual([
      'changelog.sql::1::ann',
      'changelog.sql::2::ann',
      'changelog.sql::third::ann',
    ]);
    await run('update-count', '--count=2');
    const half = await agree();
    expect(half.entries.map(({ state }) => state)).toEqual(['applied', 'applied', 'pending']);
    expect(half.current).toEqual(['changelog.sql::2::ann']);
    await run('update');
    await agree();
    await run('rollback-count', '--count=1');
    expect((await agree()).current).toEqual(['changelog.sql::2::ann']);
    project.write({ 'changelog.sql': `${file}${sql('4', 'SELECT 1/0')}` });
    expect((await tool('update')).code).not.toBe(0);
    expect((await agree()).entries.at(-1)?.state).toBe('pending');
    project.write({ 'changelog.sql': `--liquibase formatted sql\n${sql('2', 'CREATE TABLE b (id int)')}` });
    expect((await agree()).entries.map(({ state }) => state)).toEqual(['applied', 'missing']);
  });

  it('a tree of XML, YAML, JSON and SQL with includes, other databases, contexts and logical paths', async () => {
    await begin(
      {
        'db/changelog-master.xml': `<?xml version="1.0"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
  <!-- <changeSet id="no" author="no"/> -->
  <include file="parts/one.yaml" relativeToChangelogFile="true"/>
  <include file="db/parts/two.json"/>
  <includeAll path="more" relativeToChangelogFile="true"/>
  <changeSet id="x1" author="bob" dbms="oracle"><sql>SELECT 1 FROM dual</sql></changeSet>
  <changeSet id="x2" author="bob" dbms="postgresql, h2"><sql><![CDATA[SELECT '<changeSet id="no"/>']]></sql></changeSet>
  <changeSet id="x3" author="bob" context="test"><sql>SELECT 3</sql></changeSet>
  <changeSet id="x4" author="bob" logicalFilePath="old/place.xml"><sql>SELECT 4</sql></changeSet>
  <changeSet id="x5" author="bob"><preConditions onFail="MARK_RAN"><sqlCheck expectedResult="1">SELECT 2</sqlCheck></preConditions><sql>SELECT 5</sql></changeSet>
</databaseChangeLog>`,
        'db/parts/one.yaml': `databaseChangeLog:
  - changeSet:
      id: y1
      author: cleo
      changes:
        - sql: { sql: SELECT 1 }
`,
        'db/parts/two.json': JSON.stringify({
          databaseChangeLog: [
            { changeSet: { id: 'j1', author: 'dan', changes: [{ sql: { sql: 'SELECT 1' } }] } },
          ],
        }),
        'db/more/b.sql': '--liquibase formatted sql\n--changeset ann:s2\nSELECT 2;\n',
        'db/more/a.sql': '--liquibase formatted sql\n-- changeset ann:s1\nSELECT 1;\n',
      },
      'db/changelog-master.xml',
    );
    const fresh = await agree('db/changelog-master.xml::x3::bob');
    expect(fresh.entries.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'db/parts/one.yaml::y1::cleo pending',
      'db/parts/two.json::j1::dan pending',
      'db/more/a.sql::s1::ann pending',
      'db/more/b.sql::s2::ann pending',
      'db/changelog-master.xml::x1::bob ignored',
      'db/changelog-master.xml::x2::bob pending',
      'db/changelog-master.xml::x3::bob unknown',
      'old/place.xml::x4::bob pending',
      'db/changelog-master.xml::x5::bob pending',
    ]);
    await run('update');
    const all = await agree();
    expect(
      all.entries.filter(({ state }) => state !== 'ignored').every(({ state }) => state === 'applied'),
    ).toBe(true);
    expect(all.entries.at(-1)?.notes.join()).toContain('without being run');
    // The same files by another path are other change sets to Liquibase.
    await client.query("UPDATE databasechangelog SET filename = 'elsewhere/one.yaml' WHERE id = 'y1'");
    const moved = await agree();
    expect(moved.entries[0]?.state).toBe('pending');
    expect(moved.entries[0]?.notes[0]).toContain('elsewhere/one.yaml');
  });

  it('a lock that was left behind is a problem with its way out', async () => {
    await begin({ 'changelog.sql': `--liquibase formatted sql\n${sql('1', 'SELECT 1')}` }, 'changelog.sql');
    await run('update');
    await client.query(
      "UPDATE databasechangeloglock SET locked = true, lockedby = 'build-7', lockgranted = now()",
    );
    const track = await readTrack(liquibase, project, client);
    expect(track.problems).toMatchObject([{ cause: 'lock-taken', command: 'liquibase release-locks' }]);
    expect(track.problems[0]?.what).toContain('build-7');
    await run('release-locks');
    expect(causes(await agree())).toEqual([]);
  });
});
