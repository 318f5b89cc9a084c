import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Key, type Lock, sealing, unsealing } from '../../../main/backups/create/age.ts';
import { fileSink, fileSource, runFileTask } from '../../../main/backups/create/file-thread.ts';

const age = ['/usr/bin/age', '/usr/local/bin/age', '/opt/homebrew/bin/age'].find((path) => existsSync(path));
if (!age) process.stderr.write('age is not installed: the tests against the program itself are skipped.\n');
const folder = mkdtempSync('/tmp/howdah-test-age-');
const at = (name: string): string => join(folder, name);
let identity: string;
let recipient: string;
beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  writeFileSync(at('key'), `${identity}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, n) => (n * 31 + (n >> 8)) & 255));
const sealed = async (plain: Buffer, lock: Lock): Promise<Buffer> => {
  const seal = await sealing(lock);
  // In pieces that fit no chunk.
  const pieces: Buffer[] = [];
  for (let from = 0; from < plain.length; from += 40_001) pieces.push(plain.subarray(from, from + 40_001));
  void pipeline(Readable.from(pieces), seal);
  return await buffer(seal);
};
const opened = async (closed: Buffer, key: Key): Promise<Buffer> => {
  const open = unsealing(key);
  const read = buffer(open);
  await Promise.all([pipeline(Readable.from([closed]), open), read]);
  return await read;
};

test('what is sealed is opened again, at all sizes around those of a chunk, and nothing else opens', async () => {
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
    const plain = bytes(size);
    const closed = await sealed(plain, { recipient });
    expect((await opened(closed, { identity })).equals(plain), `${size} bytes`).toBe(true);
    for (const cut of [1, 16, 17, 40_000].filter((one) => one < closed.length)) {
      await expect(
        opened(closed.subarray(0, closed.length - cut), { identity }),
        `${size} - ${cut}`,
      ).rejects.toThrow();
    }
    const flipped = Buffer.from(closed);
    flipped[closed.length - 5] = (flipped[closed.length - 5] ?? 0) ^ 1;
    await expect(opened(flipped, { identity })).rejects.toThrow('damaged');
  }
  const closed = await sealed(bytes(10), { recipient });
  await expect(opened(closed, { identity: await generateX25519Identity() })).rejects.toThrow('does not open');
  await expect(opened(bytes(100_000), { identity })).rejects.toThrow('no file of the age format');
});

test('a passphrase opens what it has sealed, and another does not', async () => {
  const closed = await sealed(bytes(100_000), { passphrase: 'correct horse' });
  expect((await opened(closed, { passphrase: 'correct horse' })).equals(bytes(100_000))).toBe(true);
  await expect(opened(closed, { passphrase: 'wrong horse' })).rejects.toThrow('does not open');
  // By the library's own reading of the format too.
  const decrypter = new Decrypter();
  decrypter.addPassphrase('correct horse');
  expect(Buffer.from(await decrypter.decrypt(new Uint8Array(closed))).equals(bytes(100_000))).toBe(true);
});

describe.skipIf(!age)('against the program age', () => {
  test('it opens what Howdah seals, and Howdah opens what it seals', async () => {
    const plain = bytes(300_000);
    writeFileSync(at('plain'), plain);
    writeFileSync(at('ours.age'), await sealed(plain, { recipient }));
    execFileSync(age ?? '', ['-d', '-i', at('key'), '-o', at('ours'), at('ours.age')]);
    expect(readFileSync(at('ours')).equals(plain)).toBe(true);
    execFileSync(age ?? '', ['-r', recipient, '-o', at('theirs.age'), at('plain')]);
    await runFileTask({
      kind: 'open',
      files: [{ from: at('theirs.age'), to: at('theirs') }],
      key: { identity },
    });
    expect(readFileSync(at('theirs')).equals(plain)).toBe(true);
  });
});

test('the thread writes, reads and hashes streams in order, and says what went wrong', async () => {
  const plain = bytes(3_000_000);
  const sink = fileSink({
    kind: 'sink',
    to: at('sink.age'),
    compression: { method: 'gzip' },
    lock: { recipient },
  });
  await pipeline(Readable.from([plain.subarray(0, 1_000_001), plain.subarray(1_000_001)]), sink.stream);
  const done = await sink.done;
  expect(done.file.bytes).toBe(readFileSync(at('sink.age')).length);
  const back = await buffer(fileSource({ kind: 'source', from: at('sink.age'), key: { identity } }));
  expect(gunzipSync(back).equals(plain)).toBe(true);
  const [digest] = await runFileTask({ kind: 'digest', paths: [at('sink.age')] });
  expect(digest?.file).toEqual(done.file);
  const nowhere = fileSink({ kind: 'sink', to: at('no/sink'), compression: { method: 'none' }, lock: null });
  await expect(pipeline(Readable.from([plain]), nowhere.stream)).rejects.toThrow('ENOENT');
  await expect(nowhere.done).rejects.toMatchObject({ code: 'ENOENT' });
});
