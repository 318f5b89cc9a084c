import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BackupJobDraft, type JobProgress, type JobRun } from '../../../preload/contract/backup-jobs.ts';
import { howdah as command } from '../../support/cli.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { putSample } from '../../support/kept-sample.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { type SetClock, setClock } from '../../support/set-clock.ts';

/* Jobs as their callers see them: on a real server, by a clock that the tests set, and from the command line as built. */
let server: TestServer;
let howdah: TestConsole;
let clock: SetClock;
let shop: string;
const folder = mkdtempSync(join(tmpdir(), 'howdah-test-jobs-'));
const jobs = () => howdah.client.backups.jobs;

beforeAll(async () => {
  server = await startPostgres();
  // Whoever comes needs no password: a command has no keychain here.
  await server.hba(['host all all 127.0.0.1/32 trust']);
  await server.query('CREATE DATABASE shop');
  await server.query(
    "CREATE TABLE items AS SELECT n, 'item ' || n AS t FROM generate_series(1, 5000) n",
    'shop',
  );
  // A minute after the hour, so that an hour's jobs are far away.
  clock = setClock(new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 + 60_000).toISOString());
  howdah = await openTestConsole({ jobClock: clock, connect: false });
  await putSample(howdah.dataFolder);
  const draft = draftFor(server.url('shop'), { name: 'shop' });
  shop = (await howdah.client.environments.add({ draft })).id;
});
afterAll(async () => {
  await howdah?.remove();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Draft = Omit<Parameters<typeof BackupJobDraft.parse>[0] & object, 'environment'>;
const custom = { options: { format: 'custom' as const } };

async function add(draft: Draft, environment = shop): Promise<string> {
  return (await jobs().add(BackupJobDraft.parse({ environment, ...draft }))).id;
}
async function run(job: string, onEvent?: (event: JobProgress) => void): Promise<JobRun> {
  let last: JobProgress | undefined;
  for await (const event of await jobs().run({ job })) {
    onEvent?.(event);
    last = event;
  }
  if (last?.kind !== 'ended') throw new Error(`It did not end: ${JSON.stringify(last)}`);
  return last.run;
}
const ended = (job: string) =>
  eventually(async () => {
    const [last] = await jobs().history({ job });
    return last && last.outcome !== 'running' && last;
  });
const eventsOf = async (environment: string): Promise<string[]> => {
  const { events } = await howdah.client.metrics.history({ environment, window: '1h' });
  return events.map(({ kind, text }) => `${kind}: ${text}`);
};
/** Holds every dump up at its first lock, until it is ended. */
async function block(): Promise<pg.Client> {
  const locker = await server.connect({ database: 'shop' });
  await locker.query('BEGIN; LOCK TABLE items');
  return locker;
}
const dumping = () =>
  eventually(async () => {
    const rows = await server.query('SELECT FROM pg_locks WHERE NOT granted AND relation IS NOT NULL');
    return rows.length > 0;
  });

it('a job runs on its minute: it connects, makes the backup, restores and compares it, and says when it is next', async () => {
  const seen: (string | null)[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    for await (const list of await jobs().watch(undefined, { signal: stop.signal }))
      seen.push(list.find(({ name }) => name === 'nightly')?.lastRun?.outcome ?? null);
  })();
  const id = await add({
    name: 'nightly',
    action: { kind: 'backup', folder, proof: 'restorable', ...custom },
    schedule: { cron: '2 * * * *', timeZone: 'UTC' },
  });
  const due = Math.floor(clock.now() / 3_600_000) * 3_600_000 + 2 * 60_000;
  expect((await jobs().list())[0]).toMatchObject({
    id,
    nextAt: due,
    lastRun: null,
    run: null,
    trouble: null,
  });
  clock.set(due - 1);
  expect(await jobs().history({ job: id })).toEqual([]);
  clock.set(due);
  const done = await ended(id);
  expect(done).toMatchObject({ outcome: 'done', by: 'schedule', startedAt: due });
  expect(done.said).toMatch(/made and read back: .*It was restored and compared\..*Due at/);
  const [backup] = await howdah.client.backups.list({ environment: shop });
  expect(backup).toMatchObject({ id: done.backup, verification: { level: 'restorable', state: 'good' } });
  expect(backup?.path.startsWith(join(folder, 'shop_'))).toBe(true);
  expect(await jobs().list()).toMatchObject([{ nextAt: due + 3_600_000, lastRun: { outcome: 'done' } }]);
  expect((await eventsOf(shop)).join('\n')).toMatch(/backup-job: Job nightly done/);
  stop.abort();
  await watching.catch(() => undefined);
  expect(seen).toEqual(expect.arrayContaining([null, 'running', 'done']));
  // The clock is in the audit log as whoever asked for the run, and a job's change names its environment.
  const [listed] = await jobs().list();
  await jobs().change({ job: id, draft: { ...BackupJobDraft.parse(listed), isOn: false } });
  await jobs().remove({ job: 'nightly' });
  const { entries } = await howdah.client.audit.list({ environment: shop, text: 'backups.jobs' });
  expect(entries.map(({ procedure, who, outcome }) => [procedure, who, outcome])).toEqual([
    ['backups.jobs.remove', 'tester via test', 'done'],
    ['backups.jobs.change', 'tester via test', 'done'],
    ['backups.jobs.run', 'schedule via browser', 'done'],
    ['backups.jobs.add', 'tester via test', 'done'],
  ]);
  expect(entries[2]).toMatchObject({
    environmentName: 'shop',
    input: JSON.stringify({ job: 'nightly', by: 'schedule' }),
    result: expect.stringMatching(/^done: Backup of shop made and read back/),
  });
  expect(existsSync(backup?.path ?? '')).toBe(true);
}, 60_000);

it('a second run of a job is refused and told; those of one environment wait for each other; a cancel is told too', async () => {
  const [one, other] = [
    await add({ name: 'one', action: { kind: 'backup', ...custom } }),
    await add({ name: 'other', action: { kind: 'backup', ...custom } }),
  ];
  const locker = await block();
  const first = run(one);
  await dumping();
  const said: string[] = [];
  const second = run(other, (event) => event.kind === 'phase' && said.push(event.said));
  expect(await run(one)).toMatchObject({ outcome: 'overlapped' });
  expect(await run('one')).toMatchObject({ outcome: 'overlapped', said: expect.stringMatching(/2 times/) });
  await eventually(async () => said.length > 0);
  expect(said).toEqual(['Waiting for other jobs to end']);
  const { run: name } = (await jobs().list()).find(({ id }) => id === one) ?? {};
  expect(await howdah.client.backups.cancel({ run: name ?? '' })).toBe(true);
  expect(await first).toMatchObject({ outcome: 'cancelled', backup: null });
  await locker.query('ROLLBACK');
  expect(await second).toMatchObject({ outcome: 'done' });
  const history = await jobs().history({ job: one });
  expect(history.map(({ outcome }) => outcome)).toEqual(['overlapped', 'cancelled']);
  expect((await eventsOf(shop)).join('\n')).toMatch(/backup-job-failed: Job one was not begun/);
  await locker.end();
});

it('retention removes what the rules let go, only after a good run, and never what is not the job’s or the last good one', async () => {
  const place = join(folder, 'kept');
  const id = await add({
    name: 'kept',
    action: { kind: 'backup', folder: place, ...custom },
    retention: { newest: 2 },
  });
  const made = [await run(id), await run(id)];
  writeFileSync(join(place, 'notes.txt'), 'mine');
  const hand = join(place, 'by hand.dump');
  for await (const _ of await howdah.client.backups.create({
    environment: shop,
    options: custom.options,
    path: hand,
  }));
  const third = await run(id);
  const paths = (await howdah.client.backups.list({})).map(({ path }) => path);
  const pathOf = ({ said }: JobRun): string => /read back: (\S+)\. /.exec(`${said} `)?.[1] ?? '';
  expect(third.removed).toEqual([pathOf(made[0] as JobRun)]);
  expect(readdirSync(place).filter((name) => !name.endsWith('.howdah.json'))).toHaveLength(4);
  expect(paths).toContain(hand);
  expect(paths).not.toContain(third.removed[0]);

  // A run that fails removes nothing.
  await howdah.client.environments.disconnect({ environment: shop });
  await eventually(async () => Boolean(await server.query('ALTER DATABASE shop RENAME TO away')));
  try {
    const failed = await run(id);
    expect(failed).toMatchObject({ outcome: 'failed', removed: [] });
    expect(failed.said).toMatch(/shop/);
  } finally {
    await server.query('ALTER DATABASE away RENAME TO shop');
  }

  // Stricter rules, of which the plan tells; only what was shown goes.
  const job = (await jobs().list()).find((one) => one.id === id);
  if (!job) throw new Error('The job is gone.');
  await jobs().change({ job: id, draft: BackupJobDraft.parse({ ...job, retention: { newest: 1 } }) });
  const plan = await jobs().planPrune({ job: id });
  expect(plan.map(({ keeps }) => keeps)).toEqual([true, false]);
  const [newest, old] = plan;
  expect(await jobs().prune({ of: { job: id }, backups: [newest?.backup ?? ''] })).toMatchObject([
    { keeps: true },
  ]);
  // The newest turns bad: then the one before is the last good one.
  const broken = readFileSync(newest?.path ?? '');
  broken.fill(0, broken.length - 200);
  writeFileSync(newest?.path ?? '', broken);
  const check = await add({ name: 'check', action: { kind: 'verify', level: 'readable', newest: 2 } });
  const verified = await run(check);
  expect(verified).toMatchObject({ outcome: 'failed' });
  expect(verified.said).toMatch(/1 of 2 proven readable\..*is damaged/);
  expect((await eventsOf(shop)).join('\n')).toMatch(/backup-bad: A backup has turned bad/);
  const asked = { of: { job: id }, backups: plan.map(({ backup }) => backup) };
  // What somebody has put in a backup's place is not it.
  const beside = `${newest?.path}.howdah.json`;
  const manifest = readFileSync(beside, 'utf8');
  writeFileSync(beside, manifest.replace(/"sha256": ?"[0-9a-f]{8}/g, '"sha256": "00000000'));
  expect(await jobs().prune(asked)).toMatchObject([
    { keeps: true, why: expect.stringMatching(/^Something else/) },
    { keeps: true },
  ]);
  writeFileSync(beside, manifest);
  expect((await jobs().prune(asked)).map(({ backup, keeps }) => [backup, keeps])).toEqual([
    [newest?.backup, false],
    [old?.backup, true],
  ]);
  expect([existsSync(newest?.path ?? ''), existsSync(old?.path ?? '')]).toEqual([false, true]);
  // Of an environment by rules that are given: each job's backups, and those made by hand, for themselves.
  const all = await jobs().planPrune({
    environment: shop,
    retention: { ...job.retention, newest: 1 } as never,
  });
  expect(all.find(({ path }) => path === hand)?.keeps).toBe(true);
  expect(all.find(({ backup }) => backup === old?.backup)?.keeps).toBe(true);
});

it('what can’t be a job is refused with the field, and a passphrase is kept nowhere', async () => {
  await add({ name: 'taken', action: { kind: 'backup' } });
  const cases: [string, Draft][] = [
    ['name', { name: 'Taken', action: { kind: 'backup' } }],
    ['name', { name: '17', action: { kind: 'backup' } }],
    ['name', { name: 'two\nlines', action: { kind: 'backup' } }],
    ['cron', { name: 'a', action: { kind: 'backup' }, schedule: { cron: '0 0 31 2 *', timeZone: 'UTC' } }],
    [
      'timeZone',
      { name: 'a', action: { kind: 'backup' }, schedule: { cron: '0 0 * * *', timeZone: 'Mars' } },
    ],
    ['folder', { name: 'a', action: { kind: 'backup', folder: 'here' } }],
    [
      'encryption',
      {
        name: 'a',
        action: {
          kind: 'backup',
          options: { encryption: { kind: 'passphrase', passphrase: 'correct horse' } },
        },
      },
    ],
  ];
  for (const [field, draft] of cases)
    await expect(add(draft), field).rejects.toMatchObject({ code: 'INVALID', data: { field } });
  await expect(add({ name: 'a', action: { kind: 'backup' } }, 'nobody')).rejects.toMatchObject({
    code: 'ENVIRONMENT_UNKNOWN',
  });
  const engine = await add({ name: 'engine', action: { kind: 'engine', engine: '99' } });
  expect(await run(engine)).toMatchObject({
    outcome: 'failed',
    said: expect.stringMatching(/no such engine/i),
  });
  // One whose environment is gone says so, fails with that, and can be turned off.
  const draft = draftFor(server.url('shop'), { name: 'passing' });
  const passing = (await howdah.client.environments.add({ draft })).id;
  const orphan = await add({ name: 'orphan', action: { kind: 'backup' } }, passing);
  await howdah.client.environments.remove({ environment: passing });
  const left = (await jobs().list()).find(({ id }) => id === orphan);
  expect(left?.trouble).toMatch(/no environment/i);
  expect((await run(orphan)).said).toMatch(/no environment/i);
  const off = await jobs().change({ job: orphan, draft: BackupJobDraft.parse({ ...left, isOn: false }) });
  expect(off.isOn).toBe(false);
  await expect(jobs().history({ job: 'nobody' })).rejects.toMatchObject({ code: 'INVALID' });
  expect(readFileSync(join(howdah.dataFolder, 'howdah.db')).includes('correct horse')).toBe(false);
  const { next, said } = await jobs().preview({ cron: '30 2 * * 1-5', timeZone: 'Europe/Berlin' });
  expect([next.length, said]).toEqual([5, 'At 02:30 on weekdays, by the clock of Europe/Berlin.']);
});

it('a console that is closed ends its runs as lost; the next one makes up for it once', async () => {
  const place = join(folder, 'lost');
  const id = await add({
    name: 'lost',
    action: { kind: 'backup', folder: place, ...custom },
    schedule: { cron: '0 * * * *', timeZone: 'UTC' },
  });
  const locker = await block();
  clock.set(clock.now() + 3_600_000 - (clock.now() % 3_600_000));
  await dumping();
  await howdah.close();
  expect(readdirSync(place)).toEqual([]);
  await locker.end();
  howdah = await openTestConsole({ jobClock: clock, connect: false, dataFolder: howdah.dataFolder });
  const again = await ended(id);
  expect(again).toMatchObject({ outcome: 'done', by: 'catch-up' });
  expect((await jobs().history({ job: id })).map(({ outcome }) => outcome)).toEqual(['done', 'lost']);
  expect((await eventsOf(shop)).join('\n')).toMatch(/backup-job-failed: Job lost was lost/);
});

it('the command line adds, runs, prunes; two processes never run one job; one that is killed is lost, and holds nothing', async () => {
  const dataFolder = `${howdah.dataFolder}-cli`;
  const place = join(folder, 'cli');
  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await command(args, { dataFolder });
    return {
      code,
      stderr,
      said: stdout.startsWith('{') || stdout.startsWith('[') ? JSON.parse(stdout) : stdout,
    };
  };
  try {
    await cli('environments', 'add', server.url('shop').replace(/:[^:@/]*@/, '@'), '--name', 'shop');
    const options = ['--cron', '30 2 * * *', '--time-zone', 'UTC', '--folder', place, '--format', 'custom'];
    const added = await cli(
      'backups',
      'jobs',
      'add',
      "Ada's",
      'shop',
      ...options,
      '--newest',
      '1',
      '--by',
      'system',
      '--json',
    );
    expect([added.code, added.stderr], JSON.stringify(added.said)).toEqual([0, '']);
    expect(added.said).toMatchObject({ name: "Ada's", retention: { newest: 1 }, nextAt: null });
    expect((await cli('backups', 'jobs', 'add', 'second', 'shop', '--format', 'custom')).code).toBe(0);
    expect((await cli('backups', 'jobs', 'add', 'x', 'shop', '--cron', '0 0 * *')).code).toBe(2);
    expect((await cli('backups', 'run', 'nobody')).code).toBe(2);

    const locker = await block();
    const killed = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, '../../../dist/main/cli.js'),
        'backups',
        'run',
        "Ada's",
      ],
      {
        env: { PATH: process.env.PATH, HOWDAH_KEYCHAIN: 'off', HOWDAH_DATA_DIR: dataFolder },
        stdio: 'ignore',
      },
    );
    await dumping();
    const refused = await cli('backups', 'run', '--scheduled', "Ada's", '--json');
    expect([refused.code, refused.said]).toMatchObject([1, { outcome: 'overlapped', by: 'system' }]);
    // Of another job one waits for its turn, and a second one is refused.
    const both = [cli('backups', 'run', 'second', '--json'), cli('backups', 'run', 'second', '--json')];
    expect((await Promise.race(both)).said).toMatchObject({ outcome: 'overlapped' });
    killed.kill('SIGKILL');
    await new Promise((resolve) => killed.once('exit', resolve));
    await locker.end();
    expect((await Promise.all(both)).map(({ said }) => said.outcome).sort()).toEqual(['done', 'overlapped']);

    const done = await cli('backups', 'run', "Ada's", '--json');
    expect([done.code, done.said]).toMatchObject([0, { outcome: 'done', by: 'hand' }]);
    const history = await cli('backups', 'jobs', 'history', "Ada's", '--json');
    expect(history.said.map(({ outcome }: JobRun) => outcome)).toEqual(['done', 'overlapped', 'lost']);
    expect(readdirSync(place).filter((name) => name.includes('.partial-'))).toEqual([]);

    await cli('backups', 'jobs', 'change', "Ada's", '--keep-all');
    expect((await cli('backups', 'run', "Ada's")).said).toMatch(/^done: /);
    const rules = ['--environment', 'shop', '--newest', '1'];
    const dry = await cli('backups', 'prune', ...rules, '--dry-run', '--json');
    expect(dry.said.map(({ keeps }: { keeps: boolean }) => keeps)).toEqual([true, false, true]);
    const pruned = await cli('backups', 'prune', ...rules, '--json');
    expect([pruned.code, pruned.said.length, existsSync(pruned.said[0].path)]).toEqual([0, 1, false]);
    expect((await cli('backups', 'prune', '--job', "Ada's", '--newest', '1')).code).toBe(2);

    const system = await cli('backups', 'jobs', 'system', "Ada's", '--json');
    const text = JSON.stringify(system.said);
    expect(text).toContain(dataFolder);
    expect(system.said.map(({ kind }: { kind: string }) => kind)).toContain('crontab');
    await cli('backups', 'jobs', 'off', "Ada's");
    const off = await cli('backups', 'run', '--scheduled', "Ada's", '--json');
    expect([off.code, off.said.error.cause]).toEqual([2, 'job-off']);
    expect((await cli('backups', 'jobs', 'on', "Ada's")).said).toMatch(
      /Ada's +shop +backup +30 2 \* \* \* UTC/,
    );
    expect((await cli('backups', 'jobs', 'remove', "Ada's", '--json')).said).toHaveLength(1);
    expect((await cli('backups', 'list', '--json')).said).toHaveLength(2);
    const db = new DatabaseSync(join(dataFolder, 'howdah.db'));
    expect(db.prepare('SELECT count(*) AS n FROM backup_job_run').get()).toEqual({ n: 2 });
    db.close();
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}, 90_000);
