import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BackupFiles, decodedStream, openBackupFiles } from '../../../main/backups/files/index.ts';
import { type Dumps, makeDumps } from '../../support/dumps.ts';

let dumps: Dumps;
let files: BackupFiles;

beforeAll(async () => {
  dumps = await makeDumps();
  files = openBackupFiles();
});
afterAll(async () => {
  await files.close();
  await dumps.remove();
});

it('a table of contents is that of pg_restore -l, for each archive format', async () => {
  for (const name of ['custom', 'custom-none', 'directory', 'tar']) {
    const { toc, archive, backup } = await files.look(dumps.path(name));
    const listed = dumps
      .run('pg_restore', '-l', dumps.path(name))
      .split('\n')
      .filter((line) => /^\d+;/.test(line));
    // pg_restore writes newlines of names as spaces.
    const own = toc?.map(({ id, kind, schema, name: of, owner }) =>
      `${id}; ${[kind, schema ?? '-', of, owner ?? ''].join(' ')}`.replaceAll('\n', ' '),
    );
    expect(own).toEqual(listed.map((line) => line.replace(/; \d+ \d+ /, '; ')));
    // What does not bear its table's name is known by what the archive notes that it needs.
    const onEmpty = toc?.find(({ kind, name }) => kind === 'TABLE' && name === 'empty')?.id;
    const ofEmpty = toc?.filter(({ table }) => table !== undefined && table === onEmpty);
    expect(ofEmpty?.map(({ kind }) => kind)).toEqual(['INDEX', 'COMMENT']);
    const ofSequence = toc?.filter(({ name }) => name.endsWith('_id_seq'));
    expect(ofSequence?.map(({ kind }) => kind)).toEqual(['SEQUENCE', 'SEQUENCE OWNED BY', 'SEQUENCE SET']);
    expect(new Set(ofSequence?.map(({ table }) => toc?.find(({ id }) => id === table)?.kind))).toEqual(
      new Set(['TABLE']),
    );
    expect(archive).toMatchObject({ version: '1.14', database: 'shop' });
    expect(backup).toMatchObject({ database: 'shop', objects: listed.length, madeBy: 'other' });
    expect(Math.abs(backup.at - Date.now())).toBeLessThan(120_000);
    expect(toc?.find((entry) => entry.kind === 'TABLE DATA' && entry.name === 'big')?.bytes).toBeGreaterThan(
      100_000,
    );
  }
});

it('a plain dump is read by its comments, and rows and functions that look like them are not taken for any', async () => {
  const archive = await files.read(dumps.path('custom'));
  const plain = await files.read(dumps.path('plain'));
  const flat = (name: string): string => name.replaceAll('\n', ' ');
  expect(plain.toc?.map(({ kind, schema, name, owner }) => [kind, schema, name, owner])).toEqual(
    archive.toc?.map(({ kind, schema, name, owner }) => [kind, schema, flat(name), owner]),
  );
  expect(plain.plain).toMatchObject({
    isRestricted: true,
    isComplete: true,
    encoding: 'UTF8',
    endsInside: null,
  });
  expect(plain.backup).toMatchObject({ format: 'plain', compression: 'none', database: null });
  expect(plain.unknown.join()).toContain('does not name its database');

  const told = await files.read(dumps.path('inserts'));
  expect(told.backup.database).toBe('shop');
  expect(Math.abs(told.backup.at - Date.now())).toBeLessThan(120_000);
  expect(told.toc?.filter(({ kind }) => kind === 'TABLE DATA')).toHaveLength(3);
});

it('dumps of roles alone and of whole clusters are told apart', async () => {
  expect((await files.look(dumps.path('globals'))).backup.format).toBe('globals');
  const cluster = await files.read(dumps.path('cluster'));
  expect(cluster.backup.format).toBe('plain');
  expect(cluster.plain).toMatchObject({ isCluster: true, hasDatabases: true, isComplete: true });
  expect(cluster.unknown.join()).toContain('all databases');
});

it('formats are recognised behind compression, whatever the name says', async () => {
  const cases: [content: Buffer, format: string, compression: string][] = [
    [dumps.packed('gzip', 'custom-none'), 'custom', 'gzip'],
    [dumps.packed('gzip', 'tar'), 'tar', 'gzip'],
    [dumps.packed('zstd', 'custom'), 'custom', 'zstd'],
    [dumps.packed('lz4', 'tar'), 'tar', 'lz4'],
    [readFileSync(dumps.path('plain-gzip')), 'plain', 'gzip'],
    [readFileSync(dumps.path('plain-lz4')), 'plain', 'lz4'],
  ];
  for (const [content, format, compression] of cases) {
    const path = dumps.path('misnamed.zip');
    writeFileSync(path, content);
    const { backup, problem } = await files.look(path);
    expect(backup).toMatchObject({ format, compression });
    expect(problem).toBeNull();
    const whole = decodedStream(path, compression as 'gzip');
    let bytes = 0;
    for await (const chunk of whole) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(100_000);
  }
});

it('what is no backup, or can’t be used as it is, is named with what to do', async () => {
  const put = (name: string, content: string | Buffer): string => {
    writeFileSync(dumps.path(name), content);
    return dumps.path(name);
  };
  execFileSync('zip', ['-q', dumps.path('zipped.dump'), dumps.path('plain')]);
  execFileSync('tar', ['-cf', dumps.path('packed.dump'), '-C', dumps.folder, 'directory']);
  execFileSync('tar', ['-cf', dumps.path('other.dump'), '-C', dumps.folder, 'plain']);
  mkdirSync(dumps.path('nothing'));
  const plain = readFileSync(dumps.path('plain'), 'utf8');
  const newer = Buffer.from(readFileSync(dumps.path('custom')));
  newer[6] = 17;
  const cases: Record<string, string> = {
    [put('empty.dump', '')]: 'backup-empty',
    [dumps.path('zipped.dump')]: 'backup-zip',
    [dumps.path('plain-xz')]: 'backup-xz',
    [dumps.path('plain-bzip2')]: 'backup-bzip2',
    [dumps.path('packed.dump')]: 'backup-packed-directory',
    [dumps.path('other.dump')]: 'backup-other-tar',
    [join(dumps.path('directory'), 'toc.dat')]: 'backup-toc-alone',
    [dumps.path('nothing')]: 'backup-folder',
    [dumps.path('nowhere')]: 'backup-missing',
    [put('init.sql', 'CREATE TABLE t (id int);\n')]: 'backup-no-dump',
    [put('mysql.sql', '-- MySQL dump 10.13\n')]: 'backup-mysql',
    [put('noise.dump', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)))]:
      'backup-no-dump',
    [put('newer.dump', newer)]: 'backup-archive-too-new',
    [put('head.dump', newer.subarray(0, 8))]: 'backup-cut',
    [put('toc.dump', readFileSync(dumps.path('custom')).subarray(0, 700))]: 'backup-cut',
    [put('cut.sql', plain.slice(0, 100_000))]: 'backup-cut',
    [put('cut.sql.gz', readFileSync(dumps.path('plain-gzip')).subarray(0, 15))]: 'backup-cut',
    [put('secret.enc', 'Salted__12345678')]: 'backup-other-encryption',
  };
  for (const [path, cause] of Object.entries(cases)) {
    const { problem } = await files.read(path);
    expect([path, problem?.cause]).toEqual([path, cause]);
  }
  expect((await files.read(dumps.path('cut.sql'))).problem?.why).toContain('inside the rows of big');
  const age = await files.look(put('x.age', 'age-encryption.org/v1\n-> X25519 abc\n'));
  expect(age).toMatchObject({ problem: null, backup: { isEncrypted: true, format: 'unknown' } });
});

it('a dump that PowerShell’s > has written as UTF-16 is read, and what to do is said', async () => {
  const plain = readFileSync(dumps.path('plain'), 'utf8');
  const path = dumps.path('backup_20250802_120000.sql');
  writeFileSync(path, Buffer.from(`\ufeff${plain.replaceAll('\n', '\r\n')}`, 'utf16le'));
  const { backup, toc, plain: facts, problem } = await files.read(path);
  expect(backup).toMatchObject({ format: 'plain', serverVersion: expect.stringMatching(/^\d+\.\d+$/) });
  expect(facts?.isComplete).toBe(true);
  expect(toc).toHaveLength((await files.read(dumps.path('plain'))).toc?.length ?? 0);
  expect(problem).toMatchObject({ cause: 'backup-utf-16', next: expect.stringContaining('-f FILE') });
});

it('finds backups below a folder by content, and nothing that is unfinished or another server’s files', async () => {
  const root = dumps.path('tree');
  mkdirSync(join(root, 'a/b'), { recursive: true });
  mkdirSync(join(root, 'cluster/base'), { recursive: true });
  writeFileSync(join(root, 'cluster/PG_VERSION'), '15\n');
  const link = (name: string, at: string): void =>
    writeFileSync(join(root, at), readFileSync(dumps.path(name)));
  link('plain', 'backup_20250802.sql');
  link('plain-gzip', 'a/backup.sql.gz');
  link('custom', 'a/b/backup.dump');
  link('custom', 'a/b/new.dump.partial-12');
  link('custom', 'cluster/base/hidden');
  writeFileSync(join(root, 'notes.sql'), 'SELECT 1;');
  execFileSync('cp', ['-r', dumps.path('directory'), join(root, 'a/directory')]);
  symlinkSync('/', join(root, 'loop'));
  const { backups, said } = await files.find(root);
  expect(new Set(backups.map(({ path, format }) => `${path.slice(root.length)} ${format}`))).toEqual(
    new Set([
      '/backup_20250802.sql plain',
      '/a/backup.sql.gz plain',
      '/a/b/backup.dump custom',
      '/a/directory directory',
    ]),
  );
  expect(said).toEqual([]);
  await expect(files.find(join(root, 'nowhere'))).rejects.toThrow('ENOENT');
});

it('a large dump is read with flat memory, without keeping the main thread busy, and can be given up', async () => {
  const path = dumps.path('large.sql.gz');
  const plain = readFileSync(dumps.path('plain'));
  const rows = plain.indexOf('\n1\t') + 1;
  // 250 MB of rows in members of gzip that take no room on the disk.
  const block = gzipSync(Buffer.from('1\tthe same row again and again\n'.repeat(33_000)));
  const members = Array.from({ length: 250 }, () => block);
  writeFileSync(
    path,
    Buffer.concat([gzipSync(plain.subarray(0, rows)), ...members, gzipSync(plain.subarray(rows))]),
  );
  const before = process.memoryUsage().rss;
  let most = before;
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  const beats: number[] = [];
  const checked = await files.check(path, { onBytes: (bytes) => beats.push(bytes) });
  clearInterval(timer);
  expect(checked.faults).toEqual([]);
  expect((most - before) / 1e6).toBeLessThan(150);
  expect(beats.length).toBeGreaterThan(0);
  // The bound is on this thread; the machine itself may be busy with other tests.
  expect(longest).toBeLessThan(500);
  const abort = new AbortController();
  const given = files.check(path, { signal: abort.signal, onBytes: () => abort.abort(new Error('enough')) });
  await expect(given).rejects.toThrow('enough');
});
