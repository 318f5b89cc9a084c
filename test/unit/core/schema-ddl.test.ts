import { describe, expect, it } from 'vitest';
import { ddlOf, printSchema, printTable } from '../../../main/schema/ddl/index.ts';
import { grantStatements } from '../../../main/schema/ddl/privileges.ts';
import type { TableModel } from '../../../preload/contract/schema-model.ts';
import { column, constraint, emptyModel, table } from './schema-models.ts';

const statementsOf = (...args: Parameters<typeof ddlOf>): string[] =>
  ddlOf(...args).statements.map(({ sql }) => sql);

const view = (oid: string, name: string, query: string, more: Partial<TableModel> = {}): TableModel =>
  table(oid, name, { kind: 'view', definition: { state: 'known', text: query }, ...more });

describe('DDL of a model', () => {
  it('leaves out what is not known, says so in a comment that no name can leave, and makes the rest', () => {
    const model = emptyModel();
    model.tables.push(
      table('1', 'kept'),
      table('2', 'locked\nDROP TABLE kept;', { kind: 'view', definition: { state: 'waiting' } }),
    );
    model.constraints.push(
      constraint('3', 'check', '1', [1], '', {
        name: 'c',
        definition: { state: 'hidden', why: 'You may not.' },
      }),
    );
    model.unseen.push({ what: 'Policies', why: 'The role may not read them.' });
    const { missing } = ddlOf(model);
    expect(missing.map(({ what }) => what).sort()).toEqual([
      'Policies',
      'public.kept: c',
      'public.locked\nDROP TABLE kept;',
    ]);
    const script = printSchema(model);
    expect(script).toContain('-- Not in this script: Policies. The role may not read them.\n');
    expect(script).toContain('You may not.');
    const code = script.split('\n').filter((line) => !line.startsWith('--'));
    expect(code.join('\n')).toContain('CREATE TABLE "public"."kept"');
    expect(code.join('\n')).not.toContain('DROP');
    expect(code.join('\n')).not.toContain('VIEW');
  });

  it('puts views behind what they read, however they are called, and breaks circles by a view without rows', () => {
    const model = emptyModel();
    model.tables.push(
      view('1', 'a', 'SELECT id FROM public.b;'),
      view('2', 'b', 'SELECT id FROM public.c;'),
      view('3', 'c', 'SELECT id FROM public.d;'),
      table('4', 'd'),
      view('5', 'e', 'SELECT id FROM public.f;'),
      view('6', 'f', 'SELECT id FROM public.e;'),
    );
    const made = statementsOf(model, { owners: false }).filter((sql) => /VIEW|TABLE/.test(sql));
    expect(made).toEqual([
      'CREATE TABLE "public"."d" (\n  "id" integer NOT NULL\n)',
      'CREATE VIEW "public"."c" AS\nSELECT id FROM public.d',
      'CREATE VIEW "public"."b" AS\nSELECT id FROM public.c',
      'CREATE VIEW "public"."a" AS\nSELECT id FROM public.b',
      'CREATE VIEW "public"."e" AS\nSELECT NULL::integer AS "id"',
      'CREATE VIEW "public"."f" AS\nSELECT id FROM public.e',
      'CREATE OR REPLACE VIEW "public"."e" AS\nSELECT id FROM public.f',
    ]);
  });

  it('writes foreign keys after all tables', () => {
    const model = emptyModel();
    model.tables.push(table('1', 'a'), table('2', 'b'));
    model.constraints.push(
      constraint('3', 'foreign-key', '1', [1], 'FOREIGN KEY (id) REFERENCES public.b(id)', {
        references: { table: '2', columns: [1] },
      }),
      constraint('4', 'foreign-key', '2', [1], 'FOREIGN KEY (id) REFERENCES public.a(id)', {
        references: { table: '1', columns: [1] },
      }),
    );
    const kinds = ddlOf(model).statements.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('table')).toBeLessThan(kinds.indexOf('foreign key'));
  });

  it('writes the second of two keys of the same columns apart, since CREATE TABLE would make but one', () => {
    const model = emptyModel();
    model.tables.push(table('1', 'a'));
    model.constraints.push(
      constraint('2', 'primary-key', '1', [1], 'PRIMARY KEY (id)', { name: 'pk', index: '3' }),
      constraint('4', 'unique', '1', [1], 'UNIQUE (id)', { name: 'again', index: '5' }),
    );
    const made = statementsOf(model, { owners: false }).filter((sql) => sql.includes('TABLE'));
    expect(made).toEqual([
      'CREATE TABLE "public"."a" (\n  "id" integer NOT NULL,\n  CONSTRAINT "pk" PRIMARY KEY (id)\n)',
      'ALTER TABLE ONLY "public"."a" ADD CONSTRAINT "again" UNIQUE (id)',
    ]);
  });

  it('never writes the server’s own column mark', () => {
    const model = emptyModel();
    model.tables.push(
      table('1', 'a', { columns: [column(1, 'x', { options: ['pg_attver=3', 'n_distinct=5'] })] }),
    );
    const script = printSchema(model);
    expect(script).not.toContain('pg_attver');
    expect(script).toContain('SET ("n_distinct"=\'5\')');
  });

  it('leaves owners out when asked to, and what is granted to them', () => {
    const model = emptyModel();
    model.tables.push(
      table('1', 'a', {
        grants: [
          { grantee: 'deb', grantor: 'deb', privileges: 'arwdDxt', grantable: '' },
          { grantee: 'ann', grantor: 'deb', privileges: 'r', grantable: '' },
        ],
      }),
    );
    expect(printSchema(model)).toContain('OWNER TO "deb"');
    const script = printSchema(model, { owners: false });
    expect(script).not.toContain('deb');
    expect(script).toContain('GRANT SELECT ON TABLE "public"."a" TO "ann"');
  });

  it('orders thousands of views that read each other without running out of stack', () => {
    const model = emptyModel();
    const last = 5000;
    for (let n = 0; n < last; n += 1)
      model.tables.push(view(String(n + 1), `v${n}`, `SELECT id FROM public.v${n + 1};`));
    model.tables.push(table(String(last + 1), `v${last}`));
    const names = ddlOf(model, { owners: false }).statements.map(({ name }) => name);
    expect(names.indexOf('public.v0')).toBe(names.length - 1);
  });
});

describe('DDL of one table', () => {
  it('has the table with all that belongs to it and nothing else', () => {
    const model = emptyModel();
    model.tables.push(table('1', 'a'), table('2', 'b'));
    model.constraints.push(constraint('3', 'primary-key', '1', [1], 'PRIMARY KEY (id)', { name: 'pk' }));
    model.indexes.push({
      oid: '9',
      name: 'i',
      table: '1',
      unique: false,
      primary: false,
      valid: true,
      ready: true,
      method: 'btree',
      columns: [1],
      keyColumns: 1,
      nullsNotDistinct: false,
      partial: false,
      clustered: false,
      replicaIdentity: false,
      parent: null,
      constraint: null,
      tablespace: null,
      options: [],
      definition: { state: 'known', text: 'CREATE INDEX i ON public.a USING btree (id)' },
      comment: null,
    });
    expect(printTable(model, '1', { owners: false })).toBe(
      'CREATE TABLE "public"."a" (\n  "id" integer NOT NULL,\n  CONSTRAINT "pk" PRIMARY KEY (id)\n);\n\n' +
        'CREATE INDEX i ON public.a USING btree (id);\n',
    );
    expect(printTable(model, '404')).toBe('');
  });
});

describe('privileges', () => {
  const at = (grants: Parameters<typeof grantStatements>[1]['grants'], owner = 'deb', version = 150000) => ({
    grants,
    owner,
    version,
  });
  const target = { kind: 'table' as const, on: 'TABLE "t"' };

  it('are given and taken one privilege at a time', () => {
    const from = at([
      { grantee: 'deb', grantor: 'deb', privileges: 'arwdDxt', grantable: '' },
      { grantee: 'ann', grantor: 'deb', privileges: 'rw', grantable: 'r' },
    ]);
    const to = at([
      { grantee: 'deb', grantor: 'deb', privileges: 'arwdDx', grantable: '' },
      { grantee: 'ann', grantor: 'deb', privileges: 'ra', grantable: '' },
      { grantee: '', grantor: 'deb', privileges: 'r', grantable: '' },
    ]);
    expect(grantStatements(target, from, to, true)).toEqual([
      'REVOKE TRIGGER ON TABLE "t" FROM "deb"',
      'REVOKE UPDATE ON TABLE "t" FROM "ann"',
      'REVOKE GRANT OPTION FOR SELECT ON TABLE "t" FROM "ann"',
      'GRANT INSERT ON TABLE "t" TO "ann"',
      'GRANT SELECT ON TABLE "t" TO PUBLIC',
    ]);
  });

  it('need nothing where only the owner has changed or the server knows one privilege more', () => {
    const full = (owner: string, privileges: string) => [
      { grantee: owner, grantor: owner, privileges, grantable: '' },
    ];
    expect(grantStatements(target, at(full('ann', 'arwdDxt'), 'ann'), at(null, 'deb'), true)).toEqual([]);
    expect(
      grantStatements(
        target,
        at(full('deb', 'arwdDxt'), 'deb', 160000),
        at(full('deb', 'arwdDxtm'), 'deb', 180000),
        true,
      ),
    ).toEqual([]);
  });

  it('are passed on only after they were given', () => {
    const to = at([
      { grantee: 'eve', grantor: 'ann', privileges: 'r', grantable: '' },
      { grantee: 'ann', grantor: 'deb', privileges: 'r', grantable: 'r' },
      { grantee: 'deb', grantor: 'deb', privileges: 'arwdDxt', grantable: '' },
    ]);
    expect(grantStatements(target, at(null), to, true)).toEqual([
      'GRANT SELECT ON TABLE "t" TO "ann" WITH GRANT OPTION',
      'SET SESSION AUTHORIZATION "ann"',
      'GRANT SELECT ON TABLE "t" TO "eve"',
      'RESET SESSION AUTHORIZATION',
    ]);
  });
});
