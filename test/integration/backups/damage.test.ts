import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type BackupFiles,
  digestOf,
  type Manifest,
  manifestPath,
  openBackupFiles,
  verifyReadable,
} from '../../../main/backups/files/index.ts';
import { openTools } from '../../../main/backups/tools/index.ts';
import type { Programs } from '../../../main/backups/types.ts';
import { type Dumps, makeDumps, membersOf } from '../../support/dumps.ts';

let dumps: Dumps;
let files: BackupFiles;
let programs: Programs[];

beforeAll(async () => {
  dumps = await makeDumps();
  files = openBackupFiles();
  programs = (await openTools().find()).all;
});
afterAll(async () => {
  await files.close();
  await dumps.remove();
});

const verify = (path: string) => verifyReadable(files, path, { programs });
const cut = (bytes: number) => (whole: Buffer) => whole.subarray(0, bytes);
const flip = (at: number) => (whole: Buffer) => {
  const copy = Buffer.from(whole);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
};
/** What a result says of bytes that it can't answer for. */
const reserved = /check value|can’t be seen|Nothing tells/;

it('whole backups of every format are good, and what the format can’t prove is said', async () => {
  const reservations: Record<string, boolean> = {
    custom: true,
    'custom-none': true,
    directory: true,
    tar: true,
    plain: true,
    inserts: true,
    cluster: true,
    globals: true,
    'plain-gzip': false,
    'plain-zstd': false,
    'plain-lz4': false,
  };
  for (const [name, isReserved] of Object.entries(reservations)) {
    const { level, state, said } = await verify(dumps.path(name));
    expect([name, level, state]).toEqual([name, 'readable', 'good']);
    expect(reserved.test(said.filter((one) => !/are right/.test(one)).join()), `${name}: ${said}`).toBe(
      isReserved,
    );
  }
});

it('a cut tail is found in every format, wherever it was cut', async () => {
  const singles = [
    'custom',
    'custom-none',
    'tar',
    'plain',
    'inserts',
    'plain-gzip',
    'plain-zstd',
    'plain-lz4',
    'cluster',
  ];
  for (const name of singles) {
    const { size } = statSync(dumps.path(name));
    // Three bytes: a plain dump ends with a blank line, without which it does all the same.
    const lengths = [size - 3, Math.floor(size / 2), 3000, 40];
    for (const length of name.startsWith('plain') || name === 'inserts' || name === 'cluster'
      ? lengths
      : [size - 1, ...lengths]) {
      const { state, said } = await verify(dumps.broken(name, cut(length)));
      expect([name, length, size, state], said.join()).toEqual([name, length, size, 'bad']);
    }
  }
  const last = await verify(dumps.broken('plain', (whole) => whole.subarray(0, -1)));
  expect(last).toMatchObject({
    state: 'good',
    said: expect.arrayContaining([expect.stringContaining('blank line')]),
  });
});

it('a cut, missing or strange member of a directory is found, also where pg_restore takes it for whole', async () => {
  for (const name of ['directory', 'directory-none'])
    for (const [member, size] of membersOf(dumps.path(name)))
      for (const length of [...new Set([size - 1, Math.floor(size / 2), 0])]) {
        const path = dumps.broken(name, cut(length), member);
        const { state, said } = await verify(path);
        // A large object's bytes end with nothing that could be missed.
        const isUnprovable = name === 'directory-none' && member.startsWith('blob_');
        expect([name, member, length, state], said.join()).toEqual([
          name,
          member,
          length,
          isUnprovable ? 'unproven' : 'bad',
        ]);
        if (isUnprovable) expect(said.join()).toContain('Nothing tells whether large objects');
      }
  for (const [member] of membersOf(dumps.path('directory'))) {
    const path = dumps.broken('directory');
    rmSync(join(path, member));
    const { state, said } = await verify(path);
    expect([member, state], said.join()).toEqual([member, 'bad']);
    rmSync(path, { recursive: true });
  }
});

it('members compressed with zstd are read to their end, although this pg_restore could not', async () => {
  const path = dumps.broken('directory-none');
  for (const [member] of membersOf(path).filter(([name]) => name.endsWith('.dat') && name !== 'toc.dat')) {
    writeFileSync(join(path, `${member}.zst`), zstdCompressSync(readFileSync(join(path, member))));
    rmSync(join(path, member));
  }
  const whole = await files.check(path);
  expect(whole.faults).toEqual([]);
  expect(whole.limits.join()).toContain('Files compressed with zstd carry no check values');
  const large = membersOf(path).reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  const bytes = readFileSync(join(path, large));
  for (const length of [bytes.length - 1, bytes.length >> 1, 3]) {
    writeFileSync(join(path, large), bytes.subarray(0, length));
    expect((await files.check(path)).faults).toEqual([`${large} is cut off.`]);
  }
});

it('a flipped byte is found where the format has check values, and said to be unprovable where it has none', async () => {
  const found = {
    'plain-gzip': true,
    'plain-zstd': true,
    'plain-lz4': true,
    custom: true,
    'custom-none': false,
    tar: false,
    plain: false,
  };
  for (const [name, mustShow] of Object.entries(found)) {
    const { size } = statSync(dumps.path(name));
    for (const at of [0.3, 0.5, 0.8].map((part) => Math.floor(size * part))) {
      const { state, said } = await verify(dumps.broken(name, flip(at)));
      if (mustShow) expect([name, at, state], said.join()).toEqual([name, at, 'bad']);
      else
        expect(state === 'bad' || reserved.test(said.join()), `${name} at ${at}: ${state} ${said}`).toBe(
          true,
        );
    }
  }
  for (const [member, size] of membersOf(dumps.path('directory'))) {
    const { state, said } = await verify(dumps.broken('directory', flip(size >> 1), member));
    if (member.endsWith('.gz')) expect([member, state]).toEqual([member, 'bad']);
    else expect(state === 'bad' || reserved.test(said.join()), `${member}: ${said}`).toBe(true);
  }
});

it('a second frame or member that is cut or flipped is found, where decompressors stop after the first', async () => {
  const whole = readFileSync(dumps.path('plain'));
  const parts = [whole.subarray(0, 1000), whole.subarray(1000)];
  const frames = parts.map((part) => zstdCompressSync(part));
  const path = dumps.path('frames');
  writeFileSync(path, Buffer.concat(frames));
  expect(await verify(path)).toMatchObject({ state: 'good' });
  writeFileSync(path, Buffer.concat(frames).subarray(0, -3));
  expect(await verify(path)).toMatchObject({ state: 'bad', said: ['The file is cut off.'] });
  writeFileSync(path, frames[0] ?? '');
  expect(await verify(path)).toMatchObject({ state: 'bad' });
  writeFileSync(path, Buffer.concat([...frames, Buffer.from('garbage')]));
  expect(await verify(path)).toMatchObject({ state: 'bad' });
  // Nothing of what was written changes, but zstd without checks can’t say so.
  writeFileSync(path, Buffer.concat(frames));
  expect((await verify(path)).said.join()).toContain('no check values of zstd');
});

it('a cut tar is judged by its structure and never handed to a program that would not end', async () => {
  const { size } = statSync(dumps.path('tar'));
  const before = performance.now();
  const phases: string[] = [];
  const path = dumps.broken('tar', cut(size >> 1));
  const { state } = await verifyReadable(files, path, { programs, onPhase: (said) => phases.push(said) });
  expect(state).toBe('bad');
  expect(phases).toEqual(['Reading all of it']);
  expect(performance.now() - before).toBeLessThan(10_000);
});

it('without lz4 or a pg_restore that fits, the result is unproven and not good', async () => {
  const poor = openBackupFiles({ lz4: '/nonexistent/lz4' });
  try {
    const lz4 = await verifyReadable(poor, dumps.path('plain-lz4'), { programs });
    expect(lz4.state).toBe('unproven');
    expect(lz4.said.join()).toContain('lz4 is not there');
    const custom = await verifyReadable(poor, dumps.path('custom'), { programs: [] });
    expect(custom.state).toBe('unproven');
    expect(custom.said.join()).toContain('No pg_restore on this machine');
  } finally {
    await poor.close();
  }
});

it('any changed byte of a backup with a manifest is found, in every format', async () => {
  for (const name of ['custom-none', 'directory-none', 'plain', 'tar']) {
    const path = dumps.broken(name);
    const manifest = manifestOf(path, name.startsWith('directory'));
    writeFileSync(manifestPath(path), JSON.stringify(manifest));
    const good = await verify(path);
    expect(good.said.join(), name).toContain('Every byte is what was written');
    expect([name, good.state, reserved.test(good.said.join())]).toEqual([name, 'good', false]);
    for (const { name: member, bytes } of manifest.files) {
      const file = member ? join(path, member) : path;
      const whole = readFileSync(file);
      writeFileSync(file, flip(bytes >> 1)(whole));
      const { state, said } = await verify(path);
      expect([member, state]).toEqual([member, 'bad']);
      expect(said.join()).toContain('its SHA-256 is another');
      writeFileSync(file, whole);
    }
    if (name.startsWith('directory')) {
      writeFileSync(join(path, 'stranger'), '');
      expect((await verify(path)).said).toContain('stranger does not belong to the backup.');
    }
  }
});

it('an encrypted backup, file or folder, is good by its manifest alone, and unproven without', async () => {
  for (const isFolder of [false, true]) {
    const path = dumps.path(isFolder ? 'sealed-folder' : 'sealed.dump.age');
    if (isFolder) mkdirSync(path);
    const inside = isFolder ? join(path, 'toc.dat.age') : path;
    writeFileSync(inside, 'age-encryption.org/v1\n-> X25519 abc\n…');
    const without = await verify(path);
    expect(without).toMatchObject({
      state: 'unproven',
      said: ['It is encrypted; its content was not looked at.'],
    });
    const manifest: Manifest = {
      ...manifestOf(path, isFolder),
      encryption: { method: 'age', by: 'key', recipient: null },
    };
    writeFileSync(manifestPath(path), JSON.stringify(manifest));
    expect(await verify(path)).toMatchObject({ state: 'good' });
    const { backup } = await files.look(path);
    expect(backup).toMatchObject({
      isEncrypted: true,
      madeBy: 'howdah',
      database: 'shop',
      format: manifest.format,
    });
    writeFileSync(inside, flip(3)(readFileSync(inside)));
    expect(await verify(path)).toMatchObject({ state: 'bad' });
  }
});

it('verifying can be cancelled', async () => {
  const abort = new AbortController();
  const running = verifyReadable(files, dumps.path('custom'), {
    programs,
    signal: abort.signal,
    onPhase: () => abort.abort(new Error('enough')),
  });
  await expect(running).rejects.toThrow('enough');
});

function manifestOf(path: string, isFolder: boolean): Manifest {
  const names = isFolder ? readdirSync(path) : [''];
  const members = names.map((name) => {
    const bytes = readFileSync(name ? join(path, name) : path);
    return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const [tool] = programs;
  if (!tool) throw new Error('There are no programs.');
  return {
    manifest: 1,
    howdah: '0.1.0',
    who: 'somebody@somewhere',
    environment: { id: 'shop-id', name: 'Shop' },
    database: 'shop',
    server: { version: '15.18', versionNum: 150018 },
    tool: tool.about,
    command: 'pg_dump',
    options: {
      format: isFolder ? 'directory' : 'custom',
      contents: {
        what: 'all',
        schemas: [],
        tables: [],
        excludeSchemas: [],
        excludeTables: [],
        excludeData: [],
      },
      owners: true,
      privileges: true,
      counted: 'none',
      lockWaitMs: 30_000,
    },
    format: isFolder ? 'directory' : 'custom',
    compression: { method: 'none' },
    encryption: null,
    at: 1,
    durationMs: 1,
    databaseBytes: null,
    bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
    objects: null,
    files: members,
    sha256: digestOf(members),
    rows: null,
  };
}
