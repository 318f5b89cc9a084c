import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { defaultPrivileges } from '../ddl/default-privileges.ts';
import { alterWord } from '../ddl/model-names.ts';
import { indexStatistics } from '../ddl/objects/indexes.ts';
import { literal, qualified, quoted } from '../ddl/quote.ts';
import type { SchemaObject } from '../ddl/schema-object.ts';
import { changedForeignOptions, changedParameters, columnSettings } from '../ddl/tables.ts';
import { enableTrigger, identityWord, publicationOptions, realOptions, rolesOf } from '../ddl/words.ts';
import { changed } from './compare.ts';
import type { Say } from './say.ts';
import { own, type Sides } from './sides.ts';

export function alter(s: Sides, say: Say, want: SchemaObject, have: SchemaObject): void {
  const differing = new Set(changed(own(want), own(have)).map(({ name }) => name));
  switch (want.of.kind) {
    case 'type':
      alterType(s, say, want, have);
      return;
    case 'sequence':
      alterSequence(s, say, want, have);
      return;
    case 'column':
      if (want.kind === 'identity') alterIdentity(s, say, want);
      else for (const sql of want.create) say(want, sql);
      return;
    case 'trigger': {
      const { trigger } = want.of;
      say(want, enableTrigger(s.want.names.relation(trigger.table), quoted(trigger.name), trigger.enabled));
      return;
    }
    case 'policy': {
      const { policy } = want.of;
      const text = (printed: typeof policy.using) => (printed?.state === 'known' ? printed.text : null);
      const using = text(policy.using);
      const check = text(policy.check);
      say(
        want,
        `ALTER POLICY ${quoted(policy.name)} ON ${s.want.names.relation(policy.table)} TO ${rolesOf(policy)}${
          using === null ? '' : ` USING (${using})`
        }${check === null ? '' : ` WITH CHECK (${check})`}`,
      );
      return;
    }
    case 'constraint': {
      const { constraint } = want.of;
      const table = s.want.names.relation(constraint.table ?? '');
      say(want, `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoted(constraint.name)}`);
      return;
    }
    case 'index': {
      const { index } = want.of;
      if (differing.has('statistics targets') && have.of.kind === 'index') {
        const name = qualified(want.schema ?? '', index.name);
        for (const sql of indexStatistics(name, have.of.index.statistics, index.statistics)) say(want, sql);
      }
      if (differing.has('tablespace')) {
        const schema = want.schema ?? '';
        say(
          want,
          `ALTER INDEX ${qualified(schema, index.name)} SET TABLESPACE ${quoted(index.tablespace ?? 'pg_default')}`,
        );
      }
      return;
    }
    case 'publication': {
      const { publication } = want.of;
      say(
        want,
        `ALTER PUBLICATION ${quoted(publication.name)} SET (${publicationOptions(publication, s.actual.server.versionNumber)})`,
      );
      return;
    }
    case 'routine':
      for (const sql of want.create) say(want, sql);
      return;
    case 'default privileges': {
      const { defaults } = want.of;
      const before = have.of.kind === 'default privileges' ? have.of.defaults : null;
      const { versionNumber } = s.actual.server;
      for (const sql of defaultPrivileges(want.schema, before, defaults, versionNumber)) say(want, sql);
      return;
    }
    case 'table':
      alterView(s, say, want, have, differing);
      return;
  }
  alterOther(s, say, want, differing);
}

function alterView(s: Sides, say: Say, want: SchemaObject, have: SchemaObject, differing: Set<string>): void {
  if (want.of.kind !== 'table' || have.of.kind !== 'table') return;
  const { table } = want.of;
  const on = `ALTER ${alterWord(want.kind)} ${s.want.names.of(table)}`;
  if (want.kind === 'view') {
    // OR REPLACE sets options and check option too, and takes away those that it doesn't name.
    for (const sql of want.create) say(want, sql.replace(/^CREATE VIEW /, 'CREATE OR REPLACE VIEW '));
    return;
  }
  for (const sql of changedParameters(on, realOptions(have.of.table.options), realOptions(table.options))) {
    say(want, sql);
  }
  const before = new Map(have.of.table.columns.map((column) => [column.name, column]));
  for (const column of table.columns)
    for (const sql of columnSettings(table, s.want.names, before.get(column.name) ?? null, column))
      say(want, sql);
  if (differing.has('tablespace'))
    say(want, `${on} SET TABLESPACE ${quoted(table.tablespace ?? 'pg_default')}`);
  if (differing.has('access method'))
    say(want, `${on} SET ACCESS METHOD ${quoted(table.accessMethod ?? 'heap')}`);
}

function alterOther(s: Sides, say: Say, want: SchemaObject, differing: Set<string>): void {
  const name = quoted(want.name);
  const has = (attribute: string) =>
    typeof want.attributes[attribute] === 'string' ? want.attributes[attribute] : null;
  if (want.kind === 'extension') {
    const version = has('version');
    const schema = has('schema');
    if (differing.has('schema') && schema !== null)
      say(want, `ALTER EXTENSION ${name} SET SCHEMA ${quoted(schema)}`);
    if (differing.has('version') && version !== null) {
      say(want, `ALTER EXTENSION ${name} UPDATE TO ${literal(version)}`, 'change', {
        note: 'The server must have this version’s files.',
      });
    }
    return;
  }
  if (want.kind === 'event trigger') {
    const word = { disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' }[
      has('enabled') ?? ''
    ];
    say(want, `ALTER EVENT TRIGGER ${name} ${word ?? 'ENABLE'}`);
    return;
  }
  if (want.kind === 'foreign server') {
    const find = (model: SchemaModel) => model.foreignServers.find((server) => server.name === want.name);
    const options = changedForeignOptions(find(s.actual)?.options ?? [], find(s.wanted)?.options ?? []);
    const version = differing.has('version')
      ? ` VERSION ${has('version') === null ? 'NULL' : literal(has('version') ?? '')}`
      : '';
    say(want, `ALTER SERVER ${name}${version}${options ? ` OPTIONS (${options})` : ''}`);
    return;
  }
  // What is said again: owner of a sequence, index to cluster on, replica identity.
  if (want.fold !== null) for (const sql of want.create) say(want, sql);
}

function alterType(s: Sides, say: Say, want: SchemaObject, have: SchemaObject): void {
  if (want.of.kind !== 'type' || have.of.kind !== 'type') return;
  const to = want.of.type;
  const from = have.of.type;
  const name = s.want.names.of(to);
  if (to.kind === 'enum' && from.kind === 'enum') {
    const there = new Set(from.values);
    for (const [index, value] of to.values.entries()) {
      if (there.has(value)) continue;
      const previous = to.values[index - 1];
      const place = previous === undefined ? (to.values.find((one) => there.has(one)) ?? null) : null;
      const where =
        previous !== undefined
          ? ` AFTER ${literal(previous)}`
          : place === null
            ? ''
            : ` BEFORE ${literal(place)}`;
      say(want, `ALTER TYPE ${name} ADD VALUE ${literal(value)}${where}`);
      there.add(value);
    }
  } else if (to.kind === 'domain' && from.kind === 'domain') {
    const alter = `ALTER DOMAIN ${name}`;
    if (to.default !== from.default) {
      say(want, to.default === null ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${to.default}`);
    }
    if (to.notNull !== from.notNull) {
      const locks = to.notNull ? s.tablesOfDomain(want.key) : [];
      say(want, `${alter} ${to.notNull ? 'SET' : 'DROP'} NOT NULL`, 'change', { locks });
    }
  } else if (to.kind === 'composite' && from.kind === 'composite') {
    alterComposite(say, want, name, from.columns, to.columns);
  }
}

function alterComposite(
  say: Say,
  object: SchemaObject,
  name: string,
  from: { name: string; type: string; collation: string | null }[],
  to: { name: string; type: string; collation: string | null }[],
): void {
  for (const column of to) {
    if (from.some((one) => one.name === column.name)) continue;
    const collate = column.collation ? ` COLLATE ${column.collation}` : '';
    say(object, `ALTER TYPE ${name} ADD ATTRIBUTE ${quoted(column.name)} ${column.type}${collate} CASCADE`);
  }
  for (const column of from) {
    if (to.some((one) => one.name === column.name)) continue;
    say(object, `ALTER TYPE ${name} DROP ATTRIBUTE ${quoted(column.name)} CASCADE`, 'destroy');
  }
}

function alterSequence(s: Sides, say: Say, want: SchemaObject, have: SchemaObject): void {
  if (want.of.kind !== 'sequence' || have.of.kind !== 'sequence') return;
  const to = want.of.sequence;
  const from = have.of.sequence;
  const name = s.want.names.of(to);
  const parts = [
    to.type === from.type ? '' : `AS ${to.type}`,
    to.increment === from.increment ? '' : `INCREMENT BY ${to.increment}`,
    `MINVALUE ${to.minimum} MAXVALUE ${to.maximum}`,
    to.start === from.start ? '' : `START WITH ${to.start}`,
    to.cache === from.cache ? '' : `CACHE ${to.cache}`,
    to.cycle === from.cycle ? '' : to.cycle ? 'CYCLE' : 'NO CYCLE',
  ].filter(Boolean);
  const counts = Object.keys(want.attributes).some(
    (attribute) =>
      !['persistence', 'comment', 'owner', 'privileges'].includes(attribute) &&
      want.attributes[attribute] !== have.attributes[attribute],
  );
  if (counts) say(want, `ALTER SEQUENCE ${name} ${parts.join(' ')}`);
  if (to.persistence !== from.persistence) {
    say(want, `ALTER SEQUENCE ${name} SET ${to.persistence === 'unlogged' ? 'UNLOGGED' : 'LOGGED'}`);
  }
}

function alterIdentity(s: Sides, say: Say, want: SchemaObject): void {
  if (want.of.kind !== 'column' || !want.of.sequence || !want.of.column.identity) return;
  const { table, column, sequence } = want.of;
  say(
    want,
    `ALTER TABLE ${s.want.names.of(table)} ALTER COLUMN ${quoted(column.name)} SET GENERATED ${identityWord(want.of.column.identity)} SET INCREMENT BY ${sequence.increment} SET MINVALUE ${sequence.minimum} SET MAXVALUE ${sequence.maximum} SET START WITH ${sequence.start} SET CACHE ${sequence.cache} SET ${sequence.cycle ? 'CYCLE' : 'NO CYCLE'}`,
  );
}
