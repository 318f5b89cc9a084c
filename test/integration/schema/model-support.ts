import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Assembly } from '../../../main/schema/assembly.ts';
import { copyOut } from '../../../main/schema/copy-out.ts';
import { collectModel, readSchema } from '../../../main/schema/index.ts';
import { printAll } from '../../../main/schema/printing.ts';
import { planPrinting } from '../../../main/schema/printing-plan.ts';
import { catalogs, factsSql, readableSql, statementsFor } from '../../../main/schema/statements.ts';
import { putDefinitions } from '../../../preload/contract/schema-definitions.ts';
import type { Printed, SchemaModel } from '../../../preload/contract/schema-model.ts';

const run = promisify(execFile);

/** Reads a whole model, definitions and all, over a session of its own. */
export async function readModel(connectionString: string): Promise<SchemaModel> {
  const openSession = async () => {
    const client = new pg.Client({ connectionString });
    client.on('error', () => undefined);
    await client.connect();
    return { client, pooled: false, pid: undefined };
  };
  const model = await collectModel(
    readSchema({ openSession, stop: async () => undefined }, { definitions: true }),
  );
  if (!model) throw new Error('nothing was read');
  return model;
}

export interface ModelReader {
  read(): Promise<SchemaModel>;
  end(): Promise<void>;
}

/**
 * Reads whole models over one session, again and again: the same as `readModel`, in this thread, without starting
 * another each time.
 */
export async function modelReader(connectionString: string): Promise<ModelReader> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ catalog: string; column: string }>(readableSql, [catalogs]);
  const columns = new Map<string, Set<string>>();
  for (const { catalog, column } of rows) {
    columns.set(catalog, (columns.get(catalog) ?? new Set()).add(column));
  }
  const read = async (): Promise<SchemaModel> => {
    const { rows } = await client.query(factsSql);
    const { version, version_number: versionNumber, database, user, at } = rows[0];
    const { statements, unseen } = statementsFor(columns, Math.floor(versionNumber / 10_000));
    const assembly = new Assembly();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''");
    await copyOut(
      client,
      statements.map(({ sql }) => sql),
      (index, bytes) => assembly.add(statements[index]?.name ?? '', Buffer.from(bytes).toString()),
      () => undefined,
    );
    await client.query('COMMIT');
    const lists = assembly.lists();
    const model = { at, server: { version, versionNumber }, database, user, unseen, ...lists };
    const definitions: Record<string, Printed> = {};
    for await (const batch of printAll({ client, pooled: true }, planPrinting(lists))) {
      Object.assign(definitions, batch.definitions);
    }
    putDefinitions(model, definitions);
    return model;
  };
  return { read, end: () => client.end() };
}

/** `every-feature.sql` for servers of a major version. */
export async function everyFeature(major: number): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'every-feature.sql'), 'utf8');
  const open: boolean[] = [];
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    const [, word, version] = /^-- (since|before|end)(?: (\d+))?$/.exec(line) ?? [];
    if (word === 'end') open.pop();
    else if (word) open.push(word === 'since' ? major >= Number(version) : major < Number(version));
    else if (open.every(Boolean)) kept.push(line);
  }
  return kept.join('\n');
}

/** Runs statements one by one, each by itself; an error names the statement. */
export async function runAll(client: pg.Client, statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    try {
      await client.query(sql);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${sql}`, { cause: error });
    }
  }
}

/** Restores a dump of the structure by psql, as pg_dump's own idea of a copy. */
export async function restored(binaries: string, from: string, to: string): Promise<void> {
  const dump = await run(join(binaries, 'pg_dump'), ['--schema-only', '-d', from], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const psql = run(join(binaries, 'psql'), [
    '-X',
    '-q',
    '-o',
    '/dev/null',
    '-v',
    'ON_ERROR_STOP=1',
    '-d',
    to,
  ]);
  psql.child.stdin?.end(dump.stdout);
  await psql;
}

/** What pg_dump says of a database, as statements in the order of the alphabet. */
export async function dumped(binaries: string, url: string): Promise<string[]> {
  const { stdout } = await run(join(binaries, 'pg_dump'), ['--schema-only', '-d', url], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return statementsOf(stdout);
}

/** Statements of a dump without comments, settings and the marks that differ each time. */
function statementsOf(dump: string): string[] {
  const parts = dump.split(/^--\n-- Name: .*\n--\n/mu).slice(1);
  const settings =
    /^(?:SET default_(?:tablespace|table_access_method) = .*|\\(?:un)?restrict .*|-- .*|--)$/gmu;
  return parts
    .map((part) =>
      part
        .replace(settings, '')
        .replace(/\n{2,}/g, '\n')
        .trim(),
    )
    .filter(Boolean)
    .sort();
}
