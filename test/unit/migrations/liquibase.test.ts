import { afterEach, expect, it } from 'vitest';
import { liquibase } from '../../../main/migrations/tools/liquibase.ts';
import { formattedSql } from '../../../main/migrations/tools/liquibase-sql.ts';
import { xmlChangelog } from '../../../main/migrations/tools/liquibase-xml.ts';
import { yamlChangelog } from '../../../main/migrations/tools/liquibase-yaml.ts';
import { candidate, causes, readTrack } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

const row = (id: string, path: string, exectype = 'EXECUTED') => ({
  id,
  author: 'ann',
  path,
  appliedAt: '2024-01-01 10:00:00',
  exectype,
  tag: null,
});

it('tells its table by its columns, without a primary key', () => {
  const columns = Object.fromEntries(
    ['id', 'author', 'filename', 'dateexecuted', 'orderexecuted', 'exectype', 'md5sum', 'comments'].map(
      (name) => [name, 'text'],
    ),
  );
  expect(liquibase.recognise(candidate('databasechangelog', columns), [])?.certainty).toBe('certain');
  expect(
    liquibase.recognise(candidate('databasechangeloglock', { id: 'integer', locked: 'boolean' }), []),
  ).toBeUndefined();
});

it('reads formatted SQL: quoted ids, attributes, rollbacks, a logical path', () => {
  const { items, doubts } = formattedSql(
    `-- liquibase formatted sql logicalFilePath:logical.sql
--changeset ann:1 dbms:oracle,h2 runAlways:true
SELECT 1;
--rollback not required
--  changeset "Bob Roe":"two words" context:"a and b" labels:x
--preconditions onFail:MARK_RAN
--changeset nobody
`,
    'x.sql',
  );
  const sets = items.map((item) => ('changeSet' in item ? item.changeSet : undefined));
  expect(sets[0]).toMatchObject({
    id: '1',
    author: 'ann',
    dbms: 'oracle,h2',
    runAlways: true,
    rollback: true,
    path: 'logical.sql',
  });
  expect(sets[1]).toMatchObject({
    id: 'two words',
    author: 'Bob Roe',
    contexts: 'a and b',
    labels: 'x',
    preconditions: true,
    rollback: false,
  });
  expect(doubts).toEqual(['x.sql has a change set that can’t be read: --changeset nobody.']);
});

it('reads XML by elements alone, with entities, comments and what is never closed', () => {
  const { items, doubts } = xmlChangelog(
    `<databaseChangeLog><changeSet id='a&amp;&#98;' author="c"><sql><![CDATA[<changeSet id="no"/>]]></sql><rollback/></changeSet><!-- <include file="no"/> --><include file="x.xml"/>`,
    'm.xml',
  );
  expect(items).toMatchObject([
    { changeSet: { id: 'a&b', author: 'c', rollback: true } },
    { include: { path: 'x.xml', relative: false } },
  ]);
  expect(doubts).toEqual(['m.xml is not whole: <databaseChangeLog> is never closed.']);
});

it('reads YAML and JSON, and says why one can’t be read', () => {
  expect(
    yamlChangelog('databaseChangeLog:\n  - changeSet: { id: 1, author: a, labels: x }\n', 'm.yaml').items,
  ).toMatchObject([{ changeSet: { id: '1', author: 'a', labels: 'x' } }]);
  expect(
    yamlChangelog('{"databaseChangeLog":[{"includeAll":{"path":"p","resourceComparator":"x"}}]}', 'm.json')
      .items,
  ).toMatchObject([{ include: { all: true, path: 'p', special: ['resourceComparator'] } }]);
  expect(yamlChangelog('a: [', 'm.yaml').doubts.length).toBeGreaterThan(0);
  expect(yamlChangelog('- x', 'm.yaml').doubts).toEqual(['m.yaml has no list databaseChangeLog.']);
});

it('calls unknown what a parameter, a filter or a missing include leaves open', async () => {
  project = makeProject({
    'changelog.yaml': `databaseChangeLog:
  - include: { file: "\${folder}/x.yaml" }
  - include: { file: gone.yaml }
  - changeSet: { id: 1, author: ann, contextFilter: prod }
  - changeSet: { id: 2, author: ann }
  - changeSet: { id: 3, author: ann }
`,
  });
  const view = await project.look();
  const [location] = await liquibase.locate(view);
  const reading = await liquibase.readFolder(view, location as never);
  const rows = [row('2', 'changelog.yaml'), row('9', 'gone.yaml')];
  const track = liquibase.status({ rows, lock: undefined }, reading);
  expect(track.entries.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'changelog.yaml::1::ann unknown',
    'changelog.yaml::2::ann applied',
    'changelog.yaml::3::ann pending',
    'gone.yaml::9::ann unknown',
  ]);
  expect(causes(track).sort()).toEqual(['changelog-uncertain', 'include-missing']);
});

it('finds from the rows below which folder Liquibase was started, and reads failed, skipped and marked ones', async () => {
  project = makeProject({
    'api/src/main/resources/application.properties': 'spring.liquibase.change-log=classpath:/db/root.sql\n',
    'api/src/main/resources/db/root.sql':
      '--liquibase formatted sql\n--changeset ann:1\n--changeset ann:2\n--changeset ann:3\n--changeset ann:4\n',
  });
  const view = await project.look();
  const [location] = await liquibase.locate(view);
  const reading = await liquibase.readFolder(view, location as never);
  for (const prefix of ['classpath:db/', 'src/main/resources/db/', 'root.sql']) {
    const path = prefix.endsWith('.sql') ? prefix : `${prefix}root.sql`;
    const rows = [row('1', path), row('2', path, 'MARK_RAN'), row('3', path, 'FAILED')];
    const track = liquibase.status({ rows, lock: undefined }, reading);
    expect(track.entries.map(({ state }) => state)).toEqual(['applied', 'applied', 'failed', 'pending']);
    expect(track.dirty?.version).toContain('::3::ann');
  }
});

it('ends for changelogs that include themselves', async () => {
  project = makeProject({
    'changelog.xml': '<databaseChangeLog><include file="b.xml"/></databaseChangeLog>',
    'b.xml':
      '<databaseChangeLog><include file="changelog.xml"/><changeSet id="1" author="a"/></databaseChangeLog>',
  });
  const track = await readTrack(liquibase, project);
  expect(causes(track)).toEqual(['include-circle']);
  expect(track.entries.map(({ id }) => id)).toEqual(['b.xml::1::a']);
});
