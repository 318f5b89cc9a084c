import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { standardBinaries, startPostgres, type TestServer } from './postgres.ts';

/** Real dumps of one small database, by the real programs, in a folder of their own. */
export interface Dumps {
  folder: string;
  server: TestServer;
  path(name: string): string;
  /** Runs one of PostgreSQL's programs with the connection in its environment. */
  run(program: string, ...args: string[]): string;
  /** What a program for compression makes of one. */
  packed(program: 'gzip' | 'zstd' | 'lz4' | 'xz' | 'bzip2', name: string): Buffer;
  /** A copy; it or one of its members is changed. */
  broken(name: string, change?: (bytes: Buffer) => Buffer, member?: string): string;
  remove(): Promise<void>;
}

const schema = `
  CREATE TABLE big (id int PRIMARY KEY, "a b" text);
  INSERT INTO big SELECT g, md5(g::text) || md5((-g)::text) FROM generate_series(1, 5000) g;
  CREATE TABLE empty (id int);
  CREATE INDEX by_its_own_name ON empty (id);
  COMMENT ON INDEX by_its_own_name IS 'said of it';
  CREATE TABLE "we ird;\nT""x" (id serial, note text);
  INSERT INTO "we ird;\nT""x" (note) VALUES (E'--\\n-- Name: not; Type: TABLE; Schema: real; Owner: x\\n--'), (E'\\\\.');
  SELECT lo_from_bytea(0, 'a large object');
  CREATE VIEW v AS SELECT * FROM big;
  COMMENT ON TABLE big IS 'two
    lines';
  CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT '
--
-- PostgreSQL database dump complete
--
'$$;`;

export async function makeDumps(): Promise<Dumps> {
  const server = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'howdah-test-dumps-'));
  await server.query('CREATE DATABASE shop');
  await server.query(schema, 'shop');
  const bin = standardBinaries();
  const env = {
    PATH: process.env.PATH,
    PGHOST: '127.0.0.1',
    PGPORT: String(server.port),
    PGUSER: 'postgres',
    PGPASSWORD: 'postgres',
  };
  const run = (program: string, ...args: string[]): string =>
    execFileSync(join(bin, program), args, { env, encoding: 'utf8', maxBuffer: 1e9, stdio: 'pipe' });
  const path = (name: string): string => join(folder, name);
  const dump = (name: string, ...args: string[]): void =>
    void run('pg_dump', ...args, '-d', 'shop', '-f', path(name));
  dump('custom', '-Fc');
  dump('custom-none', '-Fc', '-Z0');
  dump('directory', '-Fd');
  dump('directory-none', '-Fd', '-Z0');
  dump('tar', '-Ft');
  dump('plain', '-Fp');
  dump('inserts', '-Fp', '--inserts', '-C', '-v');
  dump('plain-gzip', '-Z6');
  run('pg_dumpall', '-g', '-f', path('globals'));
  run('pg_dumpall', '-f', path('cluster'));
  const packed: Dumps['packed'] = (program, name) =>
    execFileSync(program, ['-c', path(name)], { maxBuffer: 1e9 });
  for (const program of ['zstd', 'lz4', 'xz', 'bzip2'] as const)
    writeFileSync(path(`plain-${program}`), packed(program, 'plain'));

  let copies = 0;
  return {
    folder,
    server,
    path,
    run,
    packed,
    broken: (name, change, member) => {
      copies += 1;
      const copy = path(`${basename(name)}.${copies}`);
      cpSync(path(name), copy, { recursive: true });
      const file = member === undefined ? copy : join(copy, member);
      if (change) writeFileSync(file, change(readFileSync(file)));
      return copy;
    },
    remove: async () => {
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The members of a directory backup with their sizes. */
export const membersOf = (folder: string): [name: string, bytes: number][] =>
  readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]);
