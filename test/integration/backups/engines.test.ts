import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineDraft, EngineProgress } from '../../../preload/contract/backup-engines.ts';
import { howdah as command } from '../../support/cli.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import {
  type Elsewhere,
  type EngineLab,
  noEngines,
  startElsewhere,
  startEngineLab,
} from '../../support/engines.ts';
import { noSshd } from '../../support/sshd.ts';

/* Real repositories of both engines, of one real server. Each test goes on with what the ones before have made. */
const why = noEngines();
if (why) console.log(`No tests of pgBackRest and Barman: ${why}.`);

let lab: EngineLab;
let howdah: TestConsole;
let shop: string;

/** Another host, which is this one by way of ssh; without an SSH server this one as it is. */
let elsewhere: Elsewhere | undefined;

const draft = (more: Partial<EngineDraft> = {}): EngineDraft => ({
  kind: 'pgbackrest',
  name: 'shop',
  where: lab.where,
  config: lab.configs[more.kind ?? 'pgbackrest'],
  environment: null,
  ...more,
});

type Type = 'full' | 'differential' | 'incremental';

/** Has a backup made; `onEvent` may cancel it. */
async function backUp(
  engine: string,
  asked: Type | { type?: Type; repository?: number } = 'full',
  onEvent: (event: EngineProgress, run: string) => unknown = () => undefined,
): Promise<EngineProgress[]> {
  const told: EngineProgress[] = [];
  const order = typeof asked === 'string' ? { type: asked } : asked;
  for await (const event of await howdah.client.backups.engines.backup({ engine, ...order })) {
    told.push(event);
    const [begun] = told;
    if (begun?.kind === 'begun') await onEvent(event, begun.run);
  }
  return told;
}

/** The engine after a backup, and its label. @throws when it failed */
async function made(
  ...args: Parameters<typeof backUp>
): Promise<{ engine: Engine; label: string; log: string }> {
  const told = await backUp(...args);
  const last = told.at(-1);
  if (last?.kind !== 'finished' || last.label === null) throw new Error(JSON.stringify(told, null, 1));
  const log = told.flatMap((event) => (event.kind === 'log' ? event.text : [])).join('\n');
  return { engine: last.engine, label: last.label, log };
}

const cancelAt = (pattern: RegExp) => async (event: EngineProgress, run: string) => {
  if (event.kind === 'log' && pattern.test(event.text)) await howdah.client.backups.cancel({ run });
};

/** Read again; of those that belong to the environment. */
const noted = async (id: string): Promise<Engine> => {
  const found = await howdah.client.backups.engines.list({ environment: 'shop', again: true });
  const engine = found.find((one) => one.id === id);
  if (!engine) throw new Error(`Engine ${id} is not listed.`);
  return engine;
};

const problemOf = async (
  work: Promise<unknown>,
): Promise<{ cause: string; field: string; command?: string; why: string }> =>
  await work.then(
    () => Promise.reject(new Error('It was not refused.')),
    (error: { data?: never }) => error.data ?? Promise.reject(error),
  );

/** The command line works on a data folder of its own, as cron would. */
async function onCommandLine(): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-test-engines-'));
  const call = async (...args: string[]) => {
    const { code, stdout, stderr } = await command(['backups', 'engines', ...args], { dataFolder });
    return { code, stderr, json: args.includes('--json') ? JSON.parse(stdout) : stdout };
  };
  try {
    const place = lab.where.kind === 'local' && lab.where.as ? ['--as', lab.where.as] : [];
    const config = ['--config', lab.configs.pgbackrest];
    expect(await call('add', 'pgbackrest', 'nothing', ...place, ...config, '--json')).toMatchObject({
      code: 2,
      json: { error: { code: 'INVALID', cause: 'engine-unknown-name' } },
    });
    const added = await call('add', 'pgbackrest', 'shop', ...place, ...config, '--json');
    expect(added).toMatchObject({ code: 0, json: { id: '1', backups: expect.any(Array) } });
    const made = await call('backup', '1', '--type', 'incremental', '--json');
    expect(made).toMatchObject({ code: 0, json: { label: expect.stringMatching(/I$/) } });
    expect(made.stderr).toContain('--type=incr');
    const { json } = await call('list');
    expect(json).toContain(made.json.label);
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

describe.skipIf(why)('pgBackRest and Barman', () => {
  beforeAll(async () => {
    lab = await startEngineLab();
    howdah = await openTestConsole();
    const { id } = await howdah.client.environments.add({
      draft: draftFor(lab.server.url(), { name: 'shop' }),
      password: { password: 'postgres', remember: false },
    });
    await howdah.client.environments.connect({ environment: id });
    shop = id;
    elsewhere = noSshd ? undefined : await startElsewhere();
  });
  afterAll(async () => {
    await howdah?.remove();
    await elsewhere?.remove();
    await lab?.remove();
  });

  it('stanzas are found in the repository and in the configuration, by their headings alone', async () => {
    process.env.PGBACKREST_CONFIG = lab.configs.pgbackrest;
    try {
      const found = await howdah.client.backups.engines.find({ where: lab.where });
      expect(found.filter(({ kind }) => kind === 'pgbackrest')).toEqual([
        draft({ config: null }),
        draft({ config: null, name: 'unmade' }),
      ]);
    } finally {
      delete process.env.PGBACKREST_CONFIG;
    }
  });

  let stanza: Engine;

  it('a stanza without backups has no window; its full and incremental backups, WAL and window are read', async () => {
    stanza = await howdah.client.backups.engines.add(draft({ environment: 'shop' }));
    expect(stanza).toMatchObject({
      environment: shop,
      version: expect.stringMatching(/^2\./),
      backups: [],
      window: null,
    });
    expect(stanza.problem).toBeUndefined();
    const full = await made(stanza.id);
    expect(full.log).toContain('full backup size');
    await lab.server.query(
      'CREATE TABLE items AS SELECT n, repeat($$x$$, 500) AS text FROM generate_series(1, 2000) n',
    );
    const { engine, label } = await made(stanza.id, 'incremental');
    const [second, first] = engine.backups;
    expect(first).toMatchObject({ label: full.label, type: 'full', needs: [], state: 'good' });
    expect(second).toMatchObject({ label, type: 'incremental', needs: [full.label], state: 'good' });
    expect(first?.bytes).toBeGreaterThan(20e6);
    expect(first?.repositoryBytes).toBeLessThan((first?.bytes ?? 0) / 2);
    expect(second?.repositoryBytes).toBeLessThan((first?.repositoryBytes ?? 0) / 2);
    expect(engine.walFrom && first?.walFrom && engine.walFrom <= first.walFrom).toBe(true);
    expect(engine.window?.from).toBe(first?.endedAt);
    expect(engine.window?.to).toBeGreaterThanOrEqual(second?.endedAt ?? Number.NaN);
    expect(engine.walTo && second?.walTo && engine.walTo >= second.walTo).toBe(true);
    expect(await howdah.client.backups.engines.list({ environment: 'shop' })).toEqual([engine]);
  });

  it('the server itself tells until when its newest segment reaches; without it only a lower bound is said', async () => {
    const before = Date.now();
    await lab.server.query('INSERT INTO items VALUES (0, $$late$$)');
    const [{ wal } = { wal: '' }] = await lab.server.query<{ wal: string }>(
      'SELECT pg_walfile_name(pg_switch_wal()) AS wal',
    );
    const archived = async (): Promise<Engine> => {
      for (;;) {
        const engine = await noted(stanza.id);
        const [row] = await lab.server.query<{ last: string }>(
          'SELECT last_archived_wal AS last FROM pg_stat_archiver',
        );
        if (engine.walTo === wal && row?.last === wal) return await noted(stanza.id);
      }
    };
    const connected = await archived();
    expect(connected.window?.to).toBeGreaterThan(before - 1000);
    expect(connected.unknown.join()).toContain(`archived segment ${wal}`);
    const { id: _, ...asDraft } = draft({ environment: null }) as EngineDraft & { id?: string };
    const alone = await howdah.client.backups.engines.change({ ...asDraft, id: stanza.id });
    expect(alone.window?.to).toBe(alone.backups[0]?.endedAt);
    expect(alone.unknown.join()).toContain(`as far as segment ${wal} goes`);
    await howdah.client.backups.engines.change({ ...asDraft, id: stanza.id, environment: shop });
  });

  it('a cancelled backup leaves no program, no lock and no listed backup behind; the next one is made', async () => {
    const count = (await noted(stanza.id)).backups.length;
    const told = await backUp(stanza.id, 'full', cancelAt(/execute .*backup start/));
    expect(told.at(-1)).toMatchObject({ kind: 'failed', cancelled: true, problem: { cause: 'cancelled' } });
    expect(readdirSync(join(lab.folder, 'lock'))).toEqual([]);
    expect((await noted(stanza.id)).backups).toHaveLength(count);
    const [{ busy } = { busy: -1 }] = await lab.server.query<{ busy: number }>(
      "SELECT count(*)::int AS busy FROM pg_stat_activity WHERE application_name LIKE 'pgBackRest%'",
    );
    expect(busy).toBe(0);
    // While another holds the stanza, that is said.
    const config = `--config=${lab.configs.pgbackrest}`;
    const slowly = ['--type=full', '--process-max=1', '--compress-level=9'];
    const holding = lab.byHand('pgbackrest', config, '--stanza=shop', ...slowly, 'backup');
    for (;;) {
      const { unknown } = await noted(stanza.id);
      if (unknown.some((said) => said.includes('is at work'))) break;
    }
    expect((await backUp(stanza.id)).at(-1)).toMatchObject({
      kind: 'failed',
      cancelled: false,
      problem: { cause: 'engine-busy' },
    });
    const { jobs } = howdah.client.backups;
    const action = { kind: 'engine', engine: stanza.id, type: 'incremental' } as const;
    await jobs.add({ name: 'by pgBackRest', environment: shop, action });
    const runOf = async () => {
      for await (const event of await jobs.run({ job: 'by pgBackRest' }))
        if (event.kind === 'ended') return event.run;
      throw new Error('The job came to no end.');
    };
    expect(await runOf()).toMatchObject({ outcome: 'failed', said: expect.stringContaining('shop') });
    await holding;
    expect((await noted(stanza.id)).backups[0]).toMatchObject({ type: 'full', state: 'good' });
    const run = await runOf();
    const [newest] = (await noted(stanza.id)).backups;
    expect(newest).toMatchObject({ type: 'incremental', state: 'good' });
    expect(run).toMatchObject({ outcome: 'done', said: expect.stringContaining(newest?.label ?? '-') });
  });

  it('a backup with pages that are damaged, and one whose WAL is gone, are bad and end no window', async () => {
    const [{ path } = { path: '' }] = await lab.server.query<{ path: string }>(
      "SELECT pg_relation_filepath('items') AS path FROM (SELECT 1) one",
    );
    await lab.server.query('CHECKPOINT');
    const table = openSync(join(lab.server.data, path), 'r+');
    writeSync(table, 'damage', 8192 + 4000);
    closeSync(table);
    const { engine, label } = await made(stanza.id, 'differential');
    expect(engine.backups[0]).toMatchObject({
      label,
      type: 'differential',
      state: 'bad',
      said: expect.stringContaining('checksum'),
    });
    const oldest = engine.backups.at(-1);
    const archive = join(lab.folder, 'repo/archive/shop');
    for (const name of readdirSync(archive, { recursive: true, encoding: 'utf8' }))
      if (/\/[0-9A-F]{24}-/.test(name) && (name.split('/').at(-1) ?? '') < `${oldest?.walTo}z`)
        rmSync(join(archive, name));
    const after = await noted(stanza.id);
    expect(after.backups.at(-1)).toMatchObject({
      label: oldest?.label,
      state: 'bad',
      said: expect.stringContaining('does not hold the WAL'),
    });
    expect(after.window?.from).toBeGreaterThan(oldest?.endedAt ?? Number.NaN);
  });

  it.skipIf(process.getuid?.() !== 0 || noSshd)(
    'pgBackRest is not run as root unless that is said',
    async () => {
      const asRoot = await howdah.client.backups.engines.add(draft({ where: elsewhere?.where ?? lab.where }));
      expect(asRoot.backups.length).toBeGreaterThan(0);
      expect((await backUp(asRoot.id)).at(-1)).toMatchObject({
        kind: 'failed',
        problem: { cause: 'engine-as-root' },
      });
      await howdah.client.backups.engines.remove({ id: asRoot.id });
    },
  );

  it('the command line notes an engine, has it back up and lists what is there', onCommandLine);

  it('what is named wrongly, can’t be read or has no key is refused with its field, and why', async () => {
    const add = async (more: Partial<EngineDraft>) => {
      const { cause, field } = await problemOf(howdah.client.backups.engines.add(draft(more)));
      return [cause, field];
    };
    expect(await add({})).toEqual(['engine-known', 'name']);
    expect(await add({ name: 'nothing' })).toEqual(['engine-unknown-name', 'name']);
    expect(await add({ name: '--stanza' })).toEqual(['engine-draft', 'name']);
    expect(await add({ config: '/nowhere/pgbackrest.conf' })).toEqual(['engine-config', 'config']);
    expect(await add({ where: { kind: 'local', as: 'no-such-account' } })).toEqual([
      'engine-account',
      'where',
    ]);
    expect(await add({ where: { kind: 'ssh', name: '-oProxyCommand=x' } })).toEqual([
      'engine-draft',
      'where',
    ]);
    expect(await add({ kind: 'barman', name: 'nothing' })).toEqual(['engine-unknown-name', 'name']);
    expect(await add({ kind: 'barman', name: 'all' })).toEqual(['engine-draft', 'name']);
    const key = ['repo1-cipher-type=aes-256-cbc', 'repo1-cipher-pass=kept-to-itself'];
    const path = `repo1-path=${join(lab.folder, 'sealed')}`;
    const sealed = lab.config('sealed.conf', lab.pgBackRestWith(path, ...key));
    await lab.byHand('pgbackrest', `--config=${sealed}`, '--stanza=shop', 'stanza-create');
    const keyless = lab.config('keyless.conf', lab.pgBackRestWith(path, key[0] ?? ''));
    expect(await add({ config: keyless })).toEqual(['engine-key-missing', 'config']);
    const plain = lab.config('plain.conf', lab.pgBackRestWith(path));
    expect(await add({ config: plain })).toEqual(['engine-key-missing', 'config']);
    // With one repository that can be read and one that can't, the one is shown and the other said.
    const both = lab.config(
      'both.conf',
      lab.pgBackRestWith(
        `repo2-path=${join(lab.folder, 'sealed')}`,
        'repo2-cipher-type=aes-256-cbc',
        'repo2-cipher-pass=another-one',
      ),
    );
    const engine = await howdah.client.backups.engines.add(draft({ config: both }));
    expect(engine.problem).toMatchObject({
      cause: 'engine-key-missing',
      what: expect.stringContaining('repository 2'),
    });
    expect(engine.backups.some(({ state, repository }) => state === 'good' && repository === 1)).toBe(true);
    expect(engine.repositories).toMatchObject([
      { key: 1, problem: null },
      { key: 2, problem: expect.stringContaining('FormatError') },
    ]);
    expect(JSON.stringify(engine)).not.toMatch(/Salted__|another-one/);
    expect(await howdah.client.backups.engines.remove({ id: engine.id })).toHaveLength(1);
  });

  it('with several repositories a backup goes to the one that is named, else to the first; each tells what it has', async () => {
    // Its pages were damaged above, and a backup that has them is rightly called bad.
    await lab.server.query('DROP TABLE IF EXISTS items');
    const path = `repo2-path=${join(lab.folder, 'second')}`;
    const config = lab.config('two.conf', lab.pgBackRestWith(path));
    await lab.byHand('pgbackrest', `--config=${config}`, '--stanza=shop', 'stanza-create');
    const engine = await howdah.client.backups.engines.add(draft({ config }));
    expect(engine.repositories).toMatchObject([{ key: 1 }, { key: 2, backups: 0, window: null }]);
    // Its WAL goes to both, as somebody with two repositories has set it up.
    const [{ archiving } = { archiving: '' }] = await lab.server.query<{ archiving: string }>(
      "SELECT current_setting('archive_command') AS archiving",
    );
    const archivingTo = async (text: string): Promise<void> => {
      await lab.server.query(`ALTER SYSTEM SET archive_command = '${text}'`);
      await lab.server.query('SELECT pg_reload_conf()');
    };
    await archivingTo(archiving.replace(lab.configs.pgbackrest, config));
    const { jobs } = howdah.client.backups;
    try {
      const second = await made(engine.id, { repository: 2 });
      expect(second.engine.backups.find(({ label }) => label === second.label)).toMatchObject({
        repository: 2,
        state: 'good',
      });
      expect(second.engine.repositories[1]).toMatchObject({
        backups: 1,
        window: { from: expect.any(Number) },
      });
      const action = { kind: 'engine', engine: engine.id, type: 'incremental', repository: 2 } as const;
      await jobs.add({ name: 'to the second', environment: shop, action });
      for await (const event of await jobs.run({ job: 'to the second' }))
        if (event.kind === 'ended') expect(event.run).toMatchObject({ outcome: 'done' });
      expect((await howdah.client.backups.engines.list({})).at(-1)?.backups[0]).toMatchObject({
        type: 'incremental',
        repository: 2,
        needs: [second.label],
      });
      const commandOf = async (order: { repository?: number }): Promise<string> => {
        const [begun] = await backUp(engine.id, order, (_, run) => howdah.client.backups.cancel({ run }));
        return begun?.kind === 'begun' ? begun.command : '';
      };
      expect(await commandOf({})).toContain('--repo=1');
      expect(await problemOf(backUp(engine.id, { repository: 3 }))).toMatchObject({
        cause: 'engine-repository-unknown',
        field: 'repository',
      });
    } finally {
      // Where it was not even made, the first failure is the one to be told.
      await jobs.remove({ job: 'to the second' }).catch(() => undefined);
      await archivingTo(archiving);
      await howdah.client.backups.engines.remove({ id: engine.id });
    }
  });

  let server: Engine;

  it('a server of Barman has no window before its first backup; that is read with its WAL', async () => {
    await lab.server.query('DROP TABLE IF EXISTS items');
    server = await howdah.client.backups.engines.add(draft({ kind: 'barman', environment: 'shop' }));
    expect(server).toMatchObject({ version: expect.stringMatching(/^\d/), backups: [], window: null });
    const { engine, label } = await made(server.id);
    const [backup] = engine.backups;
    expect(engine.backups).toMatchObject([{ label, type: 'full', state: 'good', needs: [] }]);
    expect(backup?.bytes).toBeGreaterThan(20e6);
    expect(backup?.walTo && engine.walTo && engine.walTo >= backup.walTo).toBe(true);
    expect(engine.window).toMatchObject({ from: backup?.endedAt });
    server = engine;
  });

  it('one that is cancelled through ssh is bad and holds no lock', async () => {
    const far = await howdah.client.backups.engines.add(
      draft({ kind: 'barman', where: elsewhere?.where ?? lab.where, config: lab.configs.slowBarman }),
    );
    expect(far.backups).toEqual(server.backups);
    const told = await backUp(far.id, 'full', cancelAt(/Starting backup copy/));
    expect(told.at(-1)).toMatchObject({
      kind: 'failed',
      cancelled: true,
      state: expect.stringContaining('barman delete shop'),
    });
    const { engine } = await made(server.id);
    expect(engine.backups.map(({ state }) => state)).toEqual(['good', 'bad', 'good']);
    // Barman or its pg_basebackup is the first to notice, and says it in other words.
    expect(engine.backups[1]?.said).toMatch(/^FAILED: ./);
  });

  it('Barman is not asked for what it can’t make', async () => {
    for (const type of ['differential', 'incremental'] as const)
      expect(await problemOf(backUp(server.id, { type }))).toMatchObject({
        cause: 'engine-backup-type',
        field: 'type',
      });
    // By files it can: those that have not changed are shared with the backup before.
    const files = await howdah.client.backups.engines.add(draft({ kind: 'barman', name: 'files' }));
    const [begun, last] = await backUp(files.id, 'incremental', (_, run) =>
      howdah.client.backups.cancel({ run }),
    );
    expect(begun).toMatchObject({ kind: 'begun', command: expect.stringContaining('--reuse-backup link') });
    expect(last).toMatchObject({ kind: 'failed', cancelled: true, state: 'No backup is listed for it.' });
  });
});
