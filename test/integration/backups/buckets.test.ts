import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAbandoned } from '../../../main/backups/buckets/abandoned.ts';
import { openBucket } from '../../../main/backups/buckets/client.ts';
import { openBucketWrites } from '../../../main/backups/buckets/writes.ts';
import { openStore } from '../../../main/store/index.ts';
import type { Backup, BackupProgress, VerifyProgress } from '../../../preload/contract/backups.ts';
import { howdah as howdahCommand } from '../../support/cli.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { startS3Front } from '../../support/s3-front.ts';
import { type S3Server, s3Server, startS3 } from '../../support/s3-server.ts';

/* The whole room against a real S3 server: Debian's OpenStack Swift. */
const missing = await s3Server();
const cli = join(import.meta.dirname, '../../../dist/main/cli.js');
let server: TestServer;
let s3: S3Server;
let howdah: TestConsole;
let shop: string;
let big: string;

type Options = NonNullable<Parameters<TestConsole['client']['backups']['create']>[0]['options']>;

describe.skipIf(missing !== undefined)(`buckets${missing ? ` (${missing})` : ''}`, () => {
  beforeAll(async () => {
    [server, s3, howdah] = await Promise.all([startPostgres(), startS3(), openTestConsole()]);
    await Promise.all(['backups', 'kills', 'small'].map((name) => s3.makeBucket(name)));
    await server.query('CREATE DATABASE shop');
    const session = await server.connect({ database: 'shop' });
    await session.query('CREATE TABLE items (id int PRIMARY KEY, name text)');
    await session.query("INSERT INTO items SELECT n, 'item ' || n FROM generate_series(1, 5000) n");
    await session.end();
    await server.query(
      `CREATE TABLE filler AS SELECT n, repeat(md5(n::text), 30) AS t FROM generate_series(1, 150000) n`,
    );
    shop = await connected('shop', 'shop');
    big = await connected('big', 'postgres');
    await howdah.client.backups.places.add({ draft: place('s3'), secretKey: s3.secretKey });
  });
  afterAll(async () => {
    await howdah?.remove();
    await Promise.all([server?.remove(), s3?.stop()]);
  });

  const place = (name: string, more: { bucket?: string; endpoint?: string } = {}) => ({
    name,
    bucket: 'backups',
    prefix: 'of/me',
    endpoint: s3.endpoint,
    pathStyle: true,
    accessKey: s3.accessKey,
    ...more,
  });
  async function connected(name: string, database: string): Promise<string> {
    const { id } = await howdah.client.environments.add({
      draft: draftFor(server.url(database), { name }),
      password: { password: 'postgres', remember: false },
    });
    await howdah.client.environments.connect({ environment: id });
    return id;
  }
  const all = async <E>(events: AsyncIterable<E>): Promise<E[]> => {
    const told: E[] = [];
    for await (const event of events) told.push(event);
    return told;
  };
  const last = async (
    path: string,
    options: Options = {},
    environment = shop,
  ): Promise<BackupProgress | undefined> =>
    (await all(await howdah.client.backups.create({ environment, path, options }))).at(-1);
  const made = async (path: string, options: Options = {}, environment = shop): Promise<Backup> => {
    const end = await last(path, options, environment);
    if (end?.kind !== 'finished') throw new Error(JSON.stringify(end));
    return end.backup;
  };
  const keysOf = async (key: string) =>
    (await s3.keys('backups')).filter((one) => one.startsWith(`of/me/${key}`));
  const verified = async (backup: string): Promise<VerifyProgress | undefined> =>
    (await all(await howdah.client.backups.verify({ backup, level: 'readable' }))).at(-1);
  const restored = async (backup: string, database: string, given?: string): Promise<number> => {
    const options = { backup, database, mode: 'new', ...(given ? { passphrase: given } : {}) } as const;
    const { token, faults } = await howdah.client.backups.planRestore({ environment: shop, options });
    expect(faults).toEqual([]);
    const end = (await all(await howdah.client.backups.restore({ environment: shop, options, token }))).at(
      -1,
    );
    if (end?.kind !== 'finished') throw new Error(JSON.stringify(end));
    const session = await server.connect({ database });
    const { rows } = await session.query('SELECT count(*)::int AS n FROM items');
    await session.end();
    return rows[0].n;
  };

  const passphrase = 'a long passphrase';
  const kinds: [string, Options][] = [
    ['custom.dump', { format: 'custom' }],
    ['tar.tar', { format: 'tar' }],
    ['plain.sql.gz', { format: 'plain', compression: { method: 'gzip' } }],
    ['sealed.dump.age', { format: 'custom', encryption: { kind: 'passphrase', passphrase } }],
    ['folder', { format: 'directory' }],
    ['sealed-folder', { format: 'directory', encryption: { kind: 'passphrase', passphrase } }],
    ['globals.sql', { contents: { what: 'globals' } }],
  ];
  it.each(kinds)(
    '%s goes there, is read back, listed, verified, and what is left here is nothing',
    async (name, options) => {
      const path = `s3://s3/kinds/${name}`;
      const backup = await made(path, options);
      expect(backup).toMatchObject({
        path,
        isThere: true,
        verification: { level: 'readable', state: 'good' },
      });
      const keys = await keysOf(`kinds/${name}`);
      expect(keys).toContain(`of/me/kinds/${name}.howdah.json`);
      expect(keys.length).toBeGreaterThan(1);
      expect(await s3.uploads('backups')).toEqual([]);
      const uploads = join(howdah.dataFolder, 'uploads');
      expect(existsSync(uploads) ? readdirSync(uploads) : []).toEqual([]);
      expect(await last(path, options)).toMatchObject({
        kind: 'failed',
        problem: { cause: 'target-exists' },
      });
      expect(await keysOf(`kinds/${name}`)).toEqual(keys);
      if (!backup.isEncrypted) {
        expect(await verified(path)).toMatchObject({ backup: { verification: { state: 'good' } } });
        const { toc } = await howdah.client.backups.show({ backup: path });
        if (name !== 'globals.sql') expect(toc.some((entry) => entry.name === 'items')).toBe(true);
      }
    },
  );

  it('the plan shows what one would do by hand, without secrets', async () => {
    const plan = async (format: 'custom' | 'directory') =>
      (await howdah.client.backups.plan({ environment: shop, path: 's3://s3/planned', options: { format } }))
        .command;
    expect(await plan('custom')).toMatch(
      /shop \| aws s3 cp --endpoint-url http:\S+ - s3:\/\/backups\/of\/me\/planned$/,
    );
    expect(await plan('directory')).toMatch(/--file=planned .* && aws s3 cp .* --recursive planned s3:/);
    expect(await plan('custom')).not.toContain(s3.secretKey);
  });

  it('what lies there is restored, found by its manifest or its content, adopted, and removed with all its objects', async () => {
    const { client } = howdah;
    expect(await restored('s3://s3/kinds/custom.dump', 'back_custom')).toBe(5000);
    expect(await restored('s3://s3/kinds/folder', 'back_folder')).toBe(5000);
    expect(await restored('s3://s3/kinds/sealed.dump.age', 'back_sealed', passphrase)).toBe(5000);
    const body = await read('of/me/kinds/custom.dump');
    await s3.s3.send(new PutObjectCommand({ Bucket: 'backups', Key: 'of/me/others/their.dump', Body: body }));
    await s3.s3.send(
      new PutObjectCommand({ Bucket: 'backups', Key: 'of/me/others/notes.txt', Body: 'no dump' }),
    );
    const found = await client.backups.find({ folder: 's3://s3/' });
    expect(found.map(({ path }) => path).sort()).toEqual(
      [...kinds.map(([name]) => `s3://s3/kinds/${name}`), 's3://s3/others/their.dump'].sort(),
    );
    const adopted = await client.backups.adopt({ environment: shop, path: 's3://s3/others/their.dump' });
    expect(adopted).toMatchObject({ database: 'shop', madeBy: 'other', isThere: true });
    for (const path of ['s3://s3/kinds/folder', 's3://s3/kinds/custom.dump', 's3://s3/others/their.dump'])
      await client.backups.remove({ backup: path, file: true });
    expect(await keysOf('kinds/folder')).toEqual([]);
    expect(await keysOf('kinds/custom')).toEqual([]);
    expect(await keysOf('others/')).toEqual(['of/me/others/notes.txt']);
    await expect(
      client.backups.remove({ backup: 's3://s3/others/notes.txt', file: true }),
    ).rejects.toMatchObject({ data: { cause: 'backup-no-dump' } });
  });

  const read = async (key: string): Promise<Buffer> => {
    const { Body } = await s3.s3.send(new GetObjectCommand({ Bucket: 'backups', Key: key }));
    return await buffer(Body as Readable);
  };

  it('a changed byte is found by verify, and such a backup is not restored', async () => {
    const path = 's3://s3/damaged.sql';
    await made(path, { format: 'plain' });
    const body = await read('of/me/damaged.sql');
    const at = body.indexOf('item 77\n');
    body[at] = 'j'.charCodeAt(0);
    await s3.s3.send(new PutObjectCommand({ Bucket: 'backups', Key: 'of/me/damaged.sql', Body: body }));
    expect(await verified(path)).toMatchObject({
      kind: 'verified',
      backup: { verification: { state: 'bad' } },
    });
    const options = { backup: path, database: 'never', mode: 'new' } as const;
    await expect(howdah.client.backups.planRestore({ environment: shop, options })).rejects.toMatchObject({
      data: { cause: 'backup-damaged' },
    });
  });

  it('a place is tested for real, and what is wrong is said without its secret', async () => {
    const { places } = howdah.client.backups;
    const [saved] = await places.list();
    expect(await places.test({ id: saved?.id ?? '' })).toMatchObject({ ok: true });
    const wrong = async (draft: ReturnType<typeof place>, secretKey = s3.secretKey) => {
      const { ok, problem } = await places.test({ draft, secretKey });
      expect(ok).toBe(false);
      expect(JSON.stringify(problem)).not.toContain(secretKey);
      return problem?.cause;
    };
    expect(await wrong(place('x'), 'a wrong secret')).toBe('bucket-key-wrong');
    expect(await wrong(place('x', { bucket: 'not-there' }))).toBe('bucket-missing');
    expect(await wrong(place('x', { endpoint: 'http://127.0.0.1:1' }))).toBe('bucket-unreachable');
    expect(await wrong(place('x', { endpoint: s3.endpoint.replace('http', 'https') }))).toBe('bucket-tls');
    expect(await wrong({ ...place('x'), accessKey: s3.stranger.accessKey }, s3.stranger.secretKey)).toMatch(
      /^bucket-(denied|missing)$/,
    );
    expect(JSON.stringify(saved)).not.toContain(s3.secretKey);
    expect(JSON.stringify(await howdah.client.audit.list({}))).not.toContain(s3.secretKey);
  });

  it('keys that lead elsewhere and places that are not there are refused', async () => {
    for (const path of [
      's3://s3/../x',
      's3://s3/a//b',
      's3://s3/',
      's3://s3/x.howdah.json',
      's3://no/x',
      's3://',
    ])
      await expect(last(path)).rejects.toMatchObject({
        data: { cause: expect.stringMatching(/^(name-impossible|place-unknown)$/) },
      });
  });

  it('a server that throttles is waited for; one that lets nothing be removed keeps what it has, and it is said', async () => {
    let throttled = 0;
    let denies = false;
    const front = await startS3Front(s3.port, (method, url) => {
      if (method === 'PUT' && url.includes('partNumber') && throttled < 2) {
        throttled += 1;
        return [503, 'SlowDown'];
      }
      return denies && method === 'DELETE' ? [403, 'AccessDenied'] : undefined;
    });
    const { client } = howdah;
    await client.backups.places.add({
      draft: place('slow', { endpoint: front.url }),
      secretKey: s3.secretKey,
    });
    await made('s3://slow/slow.dump', { format: 'custom' });
    expect(throttled).toBe(2);
    denies = true;
    await expect(client.backups.remove({ backup: 's3://slow/slow.dump', file: true })).rejects.toMatchObject({
      data: { cause: 'bucket-denied' },
    });
    expect((await keysOf('slow')).length).toBe(2);
    const [slow] = (await client.backups.places.list()).filter(({ name }) => name === 'slow');
    expect(await client.backups.places.test({ id: slow?.id ?? '' })).toMatchObject({
      problem: { cause: 'bucket-delete-denied' },
    });
    await front.close();
  });

  it('150 MB stream through with flat memory, and a cancel on the way leaves nothing', {
    timeout: 120_000,
  }, async () => {
    const before = process.memoryUsage().rss;
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    const backup = await made('s3://s3/big.sql', { format: 'plain' }, big);
    clearInterval(timer);
    expect(backup.bytes).toBeGreaterThan(140e6);
    expect(most).toBeLessThan(150 * 1024 * 1024);
    for await (const event of await howdah.client.backups.create({
      environment: big,
      path: 's3://s3/cancelled.sql',
      options: { format: 'plain' },
    }))
      if (event.kind === 'progress' && event.bytes > 0 && (await s3.uploads('backups')).length > 0) break;
    await eventually(async () => (await s3.uploads('backups')).length === 0);
    expect(await keysOf('cancelled')).toEqual([]);
  });

  it('an upload that somebody ends under it fails the backup, and leaves nothing', {
    timeout: 60_000,
  }, async () => {
    const running = last('s3://s3/ended.sql', { format: 'plain' }, big);
    await eventually(async () => (await s3.uploads('backups')).length === 1);
    await s3.endUploads('backups');
    expect(await running).toMatchObject({
      kind: 'failed',
      problem: { cause: 'upload-gone' },
      state: 'Nothing was left behind.',
    });
    expect(await keysOf('ended')).toEqual([]);
  });

  it('a bucket that is removed under an upload fails the backup; the next run says so, and the one after it goes on', {
    timeout: 60_000,
  }, async () => {
    const Bucket = 'doomed';
    await s3.makeBucket(Bucket);
    const { client } = howdah;
    await client.backups.places.add({ draft: place(Bucket, { bucket: Bucket }), secretKey: s3.secretKey });
    const running = last('s3://doomed/cut.sql', { format: 'plain' }, big);
    await eventually(async () => (await s3.uploads(Bucket)).length === 1);
    await s3.s3.send(new DeleteBucketCommand({ Bucket }));
    const missing = {
      kind: 'failed',
      problem: { cause: 'bucket-missing' },
      state: 'Nothing was left behind.',
    };
    expect(await running).toMatchObject(missing);
    expect(await last('s3://doomed/next.dump', { format: 'custom' })).toMatchObject(missing);
    const listed = (await client.backups.list({})).map(({ path }) => path);
    expect(listed.filter((path) => path.startsWith('s3://doomed/'))).toEqual([]);
    await s3.makeBucket(Bucket);
    expect([await s3.keys(Bucket), await s3.uploads(Bucket)]).toEqual([[], []]);
    await made('s3://doomed/next.dump', { format: 'custom' });
  });

  it('uploads that died on another machine more than a day ago are ended, and nobody else’s', async () => {
    const Bucket = 'left';
    await s3.makeBucket(Bucket);
    const begin = async (Key: string): Promise<string> =>
      (await s3.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? '';
    const living = 'of/me/crm_20261101_030000_run8.dump.age';
    const left = ['of/me/shop_20261101_030000_run7.sql.gz', 'of/me/jobs/shop_20261101_040000/4711.dat.zst'];
    const others = ['of/me/holiday.mp4', 'of/me/by hand.dump', 'else/shop_20261101_030000.dump'];
    const UploadId = await begin(living);
    for (const key of [...left, ...others]) await begin(key);
    await s3.s3.send(
      new UploadPartCommand({
        Bucket,
        Key: left[0],
        UploadId: await begin(left[0] ?? ''),
        PartNumber: 1,
        Body: 'x',
      }),
    );
    const client = await openBucket({ ...s3, bucket: Bucket, region: 'us-east-1', pathStyle: true });
    const store = openStore(mkdtempSync(join(howdah.dataFolder, 'writes-')));
    const target = {
      place: {
        id: 1,
        name: Bucket,
        prefix: 'of/me/',
        spec: { ...s3, bucket: Bucket, region: '', pathStyle: true },
      },
      writes: openBucketWrites(store),
    };
    expect(await endAbandoned(client, target)).toEqual([]);
    // Seconds are all that the server tells of times.
    await sleep(1100);
    await s3.s3.send(new UploadPartCommand({ Bucket, Key: living, UploadId, PartNumber: 1, Body: 'x' }));
    const newest = (await client.newestPart(living, UploadId)) ?? 0;
    const said = await endAbandoned(client, target, undefined, newest + 86_400_000 - 1);
    expect(said).toHaveLength(3);
    expect(said.join()).toMatch(
      /^Ended an upload to of\/me\/jobs\/shop_20261101_040000\/4711.dat.zst that was begun/,
    );
    expect((await s3.uploads(Bucket)).sort()).toEqual([...others, living].sort());
    client.close();
    store.close();
  });

  it('a server that is killed on the way fails the backup, and the next run clears what was left', {
    timeout: 120_000,
  }, async () => {
    const running = last('s3://s3/cut.sql', { format: 'plain' }, big);
    await eventually(async () => (await s3.uploads('backups')).length === 1);
    await s3.kill();
    expect(await running).toMatchObject({
      kind: 'failed',
      cancelled: false,
      problem: { cause: 'bucket-unreachable' },
      state: expect.stringContaining('s3://s3/cut.sql'),
    });
    await s3.restart();
    await made('s3://s3/after.dump', { format: 'custom' });
    expect(await s3.uploads('backups')).toEqual([]);
    expect(await keysOf('cut')).toEqual([]);
  });

  it('the command line keeps places and fills them; killed on the way it leaves no backup, and its next run clears up', {
    timeout: 120_000,
  }, async () => {
    const dataFolder = mkdtempSync('/tmp/howdah-test-bucket-kill-');
    // Without a keychain a secret would not outlive the command: these come as the AWS SDK has them.
    const env = {
      AWS_ACCESS_KEY_ID: s3.accessKey,
      AWS_SECRET_ACCESS_KEY: s3.secretKey,
      HOWDAH_S3_SECRET_KEY: s3.secretKey,
    };
    const said: string[] = [];
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await howdahCommand(['backups', ...args], { dataFolder, env });
      said.push(stdout, stderr);
      return { code, stdout, stderr };
    };
    const at = ['--bucket', 'kills', '--endpoint', s3.endpoint, '--path-style'];
    expect(await run('places', 'add', 'kills', ...at)).toMatchObject({ code: 0 });
    expect(await run('places', 'add', 'kills', ...at)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('already'),
    });
    expect(await run('places', 'test', 'kills')).toMatchObject({ code: 0 });
    expect((await run('places', 'list', '--json')).stdout).toContain('"bucket": "kills"');
    const keyed = await run('places', 'add', 'keyed', ...at, '--access-key', s3.accessKey, '--json');
    expect(JSON.parse(keyed.stdout)).toMatchObject({ accessKey: s3.accessKey, hasSecret: true });
    const create = ['create', server.url('postgres'), '--format', 'plain'];
    const child = spawn(process.execPath, [cli, 'backups', ...create, '-o', 's3://kills/killed.sql'], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, HOWDAH_KEYCHAIN: 'off', HOWDAH_DATA_DIR: dataFolder, ...env },
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await eventually(async () => (await s3.uploads('kills')).length === 1, 30_000);
    child.kill('SIGKILL');
    await exited;
    expect(await s3.keys('kills')).toEqual([]);
    expect(await run(...create, '--schema-only', '-o', 's3://kills/next.sql')).toMatchObject({ code: 0 });
    expect(await s3.uploads('kills')).toEqual([]);
    expect(await s3.keys('kills')).toEqual(['next.sql', 'next.sql.howdah.json']);
    expect((await run('find', 's3://kills')).stdout).toContain('s3://kills/next.sql');
    expect(await run('places', 'remove', 'kills')).toMatchObject({ code: 0 });
    expect(said.join('')).not.toContain(s3.secretKey);
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('retention removes there too', async () => {
    const { client } = howdah;
    const environment = await connected('pruned', 'shop');
    const options = { format: 'custom', contents: { what: 'schema' } } as const;
    for (const nth of [1, 2, 3]) await made(`s3://s3/kept/${nth}.dump`, options, environment);
    const of = { environment, retention: { newest: 1 } };
    const going = (await client.backups.jobs.planPrune(of)).filter(({ keeps }) => !keeps);
    expect(going.map(({ path }) => path).sort()).toEqual(['s3://s3/kept/1.dump', 's3://s3/kept/2.dump']);
    // By other hands another backup has come to lie where the second one was.
    const Bucket = 'backups';
    const other = await s3.s3.send(new GetObjectCommand({ Bucket, Key: 'of/me/kept/3.dump.howdah.json' }));
    const Body = (await other.Body?.transformToString()) ?? '';
    await s3.s3.send(new PutObjectCommand({ Bucket, Key: 'of/me/kept/2.dump.howdah.json', Body }));
    const done = await client.backups.jobs.prune({ of, backups: going.map(({ backup }) => backup) });
    expect(done.filter(({ keeps }) => keeps)).toMatchObject([
      { path: 's3://s3/kept/2.dump', why: 'Something else than this backup lies there by now.' },
    ]);
    expect(await keysOf('kept')).toEqual(
      ['2.dump', '2.dump.howdah.json', '3.dump', '3.dump.howdah.json'].map((name) => `of/me/kept/${name}`),
    );
    expect((await client.backups.list({ environment })).map(({ path }) => path)).toEqual([
      's3://s3/kept/3.dump',
      's3://s3/kept/2.dump',
    ]);
  });
});
