import { expect, it } from 'vitest';
import { hasOwnKey } from '../../../../main/backups/buckets/abandoned.ts';
import { bucketAddress } from '../../../../main/backups/buckets/address.ts';
import { bucketProblem } from '../../../../main/backups/buckets/problems.ts';
import { firstPart, leastPart, partSize } from '../../../../main/backups/buckets/spec.ts';
import { defaultName } from '../../../../main/backups/naming.ts';
import { BackupOptions, backupFormats } from '../../../../preload/contract/backups.ts';

it('a path is a place and a key; what would lead elsewhere on a disk is none', () => {
  expect(bucketAddress('s3://minio/demo/shop 1.dump')).toEqual({ name: 'minio', key: 'demo/shop 1.dump' });
  expect(bucketAddress('s3://minio/', { isFolder: true })).toEqual({ name: 'minio', key: '' });
  const wrong = [
    's3://',
    's3://a',
    's3:///k',
    's3://a/../b',
    's3://a/b/./c',
    's3://a/b//c',
    's3://a/b\\c',
    's3://a b/c',
  ];
  for (const path of [...wrong, 's3://a/b\nc', `s3://a/${'k'.repeat(701)}`, 's3://a/b.howdah.json', '/a/b'])
    expect(() => bucketAddress(path), path).toThrow(/can't be the name/);
});

it('every name that Howdah gives by itself is known as its own, and none that somebody chose', () => {
  for (const format of backupFormats)
    for (const method of ['none', 'gzip', 'zstd'] as const)
      for (const kind of ['none', 'key'] as const)
        for (const what of ['all', 'globals'] as const)
          for (const tag of [undefined, 'run12']) {
            const options = BackupOptions.parse({
              format,
              compression: { method },
              encryption: { kind },
              contents: { what },
            });
            const environment = { id: '1', name: 'a b' };
            const name = defaultName({
              folder: '/',
              environment,
              database: 'Größe/x',
              options,
              at: new Date(),
              tag,
            });
            expect(hasOwnKey(`at/${name}`, 'at/'), name).toBe(true);
            expect(hasOwnKey(`at/deep/${name}/toc.dat.age`, 'at/'), name).toBe(true);
            expect(hasOwnKey(`at/${name}/holiday.mp4`, 'at/'), name).toBe(false);
            expect(hasOwnKey(name, 'at/'), name).toBe(false);
          }
  for (const key of ['shop.dump', 'shop_2026.dump', 'toc.dat', 'x/toc.dat', 'shop_20261101_030000.mp4'])
    expect(hasOwnKey(key, ''), key).toBe(false);
});

it('a dump of any size that S3 takes fits into 10,000 parts, and parts of small ones stay small', () => {
  const total = (first: number): number => {
    let sum = 0;
    for (let number = 1; number <= 10_000; number += 1) sum += partSize(number, first);
    return sum;
  };
  expect(firstPart(0)).toBe(leastPart);
  expect(firstPart(30 * 2 ** 30)).toBe(leastPart);
  for (const guess of [50 * 2 ** 30, 2 ** 40, 5 * 2 ** 40])
    expect(total(firstPart(guess))).toBeGreaterThan(13 * guess);
  expect(total(leastPart)).toBeGreaterThan(500 * 2 ** 30);
  // S3's own limit of one part.
  expect(partSize(5000, firstPart(5 * 2 ** 40))).toBeLessThan(5 * 2 ** 30);
});

it('each failure is told by its cause, with the server’s words and never with the secret', () => {
  const spec = {
    bucket: 'b',
    region: 'r',
    endpoint: null,
    pathStyle: false,
    accessKey: 'a',
    secretKey: 'hidden-one',
  };
  const causeOf = (facts: object) => bucketProblem(Object.assign(new Error('says hidden-one'), facts), spec);
  const cases: [object, string][] = [
    [{ name: 'RequestTimeTooSkewed', $metadata: { httpStatusCode: 403 } }, 'clock-skew'],
    [{ name: 'Unknown', $metadata: { httpStatusCode: 403 } }, 'bucket-denied'],
    [{ name: 'PermanentRedirect', $metadata: { httpStatusCode: 301 } }, 'bucket-region'],
    [{ name: 'CredentialsProviderError' }, 'bucket-key-missing'],
    [{ name: 'TimeoutError' }, 'bucket-unreachable'],
    [{ code: 'ENOTFOUND' }, 'bucket-unreachable'],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'bucket-tls'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'bucket-tls'],
    [{ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } }, 'target-exists'],
    [{ name: 'SlowDown', $metadata: { httpStatusCode: 503 } }, 'bucket-throttled'],
    [{ name: 'Odd', $metadata: { httpStatusCode: 500 } }, 'bucket-failed'],
  ];
  for (const [facts, cause] of cases) {
    const problem = causeOf(facts);
    expect(problem?.cause, JSON.stringify(facts)).toBe(cause);
    expect(JSON.stringify(problem)).not.toContain('hidden-one');
  }
  expect(causeOf({})).toBeUndefined();
});
